internal import Bytes
package import Events
package import Views

/// An event of the log as it is shown.
package struct ShownEvent: Sendable {
  package let offset: Offset
  package let envelope: Envelope
  package let sourceName: String
  package let line: [UInt8]
  /// The canonical fields, where they were asked for.
  package let fields: Fields?

  package init(
    offset: Offset, envelope: Envelope, sourceName: String, line: [UInt8], fields: Fields? = nil
  ) {
    self.offset = offset
    self.envelope = envelope
    self.sourceName = sourceName
    self.line = line
    self.fields = fields
  }
}

extension ShownEvent {
  /// Offset, time, stream, kind, source with position, and line, tabs between. A time that the line
  /// did not say has a `~` before it.
  package var text: String {
    let mark = envelope.isTimeInferred ? "~" : ""
    return "\(offset)\t\(mark)\(envelope.time)\t\(envelope.stream)\t\(envelope.kind)\t"
      + "\(sourceName):\(envelope.position)\t\(String(decoding: line, as: UTF8.self))"
  }

  /// An object of JSON, in which `line` is the event's own object, as it was written.
  package var json: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(UInt8(ascii: "{"))
    bytes.append(members: self)
    bytes.append(ascii: ",\"line\":")
    // A byte-order mark is no part of the value.
    bytes += line.starts(with: byteOrderMark) ? line.dropFirst(byteOrderMark.count) : line[...]
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }
}

extension ShownEvent {
  /// An object of JSON on one line, of cells by their names.
  package static func object(_ members: [(name: String, cell: Cell)]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (place, member) in members.enumerated() {
      bytes.append(UInt8(ascii: place == 0 ? "{" : ","))
      bytes.append(json: member.name)
      bytes.append(UInt8(ascii: ":"))
      bytes.append(json: member.cell)
    }
    return bytes + [UInt8(ascii: "}")]
  }
}

private let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

extension [UInt8] {
  /// What is known of an event, but for its line, as members of an object.
  mutating func append(members event: ShownEvent) {
    let envelope = event.envelope
    append(ascii: "\"offset\":")
    append(unsigned: event.offset)
    append(member: "stream", .text(envelope.stream.name))
    append(member: "kind", .text(envelope.kind))
    append(member: "time", .time(envelope.time))
    append(member: "is_time_inferred", .bool(envelope.isTimeInferred))
    append(member: "source", .text(event.sourceName))
    append(member: "position", Cell(envelope.position))
    append(member: "recorded", .time(envelope.recorded))
    guard let fields = event.fields else { return }
    append(ascii: ",\"fields\":")
    append(fields: fields)
  }

  /// Canonical fields as an object.
  mutating func append(fields: Fields) {
    append(UInt8(ascii: "{"))
    var isFirst = true
    fields.forEach { field, value in
      if !isFirst { append(UInt8(ascii: ",")) }
      isFirst = false
      append(json: field.name)
      append(UInt8(ascii: ":"))
      append(json: Cell(value))
    }
    append(UInt8(ascii: "}"))
  }

  /// `,"name":value`.
  mutating func append(member name: String, _ cell: Cell) {
    append(UInt8(ascii: ","))
    append(json: name)
    append(UInt8(ascii: ":"))
    append(json: cell)
  }
}
