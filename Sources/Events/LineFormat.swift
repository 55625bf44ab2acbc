package import Bytes
package import JSON

/// How the lines of one tool are read: which events a line holds.
///
/// It knows the line and nothing else, so that the same line gives the same events whenever it is
/// read. The events keep the line's offset, and differ by their part: their number in the order in
/// which they are added.
package protocol LineFormat: Sendable {
  /// What the stored kinds of its lines begin with, before a slash: `NAME/NATIVE`.
  var name: String { get }

  /// What people call the tool: `Claude Code`.
  var title: String { get }

  /// Changes whenever the same line would give other events.
  var version: UInt32 { get }

  /// The stream of all its events.
  var stream: Stream { get }

  /// Whether its lines are read; others are kept, and known by their format alone.
  var isRead: Bool { get }

  /// What the tool calls a line of it; nil where the line is none of the format's, as far as the
  /// line itself tells.
  func nativeKind(of line: JSONObject) -> String?

  /// Whether lines of a kind are known, be they read or dropped; others are counted as unknown.
  func knows(nativeKind: String) -> Bool

  /// Adds the events of a line, in their order: none, one or several.
  ///
  /// - Parameter envelope: the line's, as it was stored.
  func read(_ line: JSONObject, _ envelope: Envelope, _ events: inout EventCollector)
}

extension LineFormat {
  package func knows(nativeKind: String) -> Bool { true }
}

/// Collects the events that a line holds.
package struct EventCollector {
  /// What an event carries; its envelope is the line's, but for what the format reads otherwise.
  package struct DecodedEvent: Sendable {
    package var envelope: Envelope
    package var fields: DecodedFields
    package var payloads: DecodedPayloads
    package var record: ConversationRecord?
    /// Fields that its kind needs, and that it does not carry.
    package var missing: [String] = []
    /// Of a line whose time was not read, the name under which it gives one.
    package var unreadTime: String?

    package init(
      envelope: Envelope, fields: DecodedFields, payloads: DecodedPayloads = DecodedPayloads(),
      record: ConversationRecord? = nil
    ) {
      self.envelope = envelope
      self.fields = fields
      self.payloads = payloads
      self.record = record
    }
  }

  package private(set) var events: [DecodedEvent] = []
  /// Of the bytes of the line at hand.
  package private(set) var bytes = Hash128(value: 0)
  private var decoder: FieldDecoder
  /// Nil when no payload is wanted.
  private var payloadDecoder: PayloadDecoder?

  init(_ decoder: consuming FieldDecoder, _ payloadDecoder: PayloadDecoder?) {
    self.decoder = decoder
    self.payloadDecoder = payloadDecoder
  }

  /// The payloads that are wanted of an object, of an event of a kind.
  mutating func payloads(of object: JSONObject, kind: String) -> DecodedPayloads {
    payloadDecoder?.decode(object, kind: kind) ?? DecodedPayloads()
  }

  /// An event whose canonical fields, and payload, are members of an object under their own names.
  package mutating func add(
    _ object: JSONObject, kind: String, in envelope: Envelope
  ) {
    var envelope = envelope
    envelope.kind = kind
    let fields = decoder.decode(object, kind: kind, stream: envelope.stream)
    events.append(
      DecodedEvent(envelope: envelope, fields: fields, payloads: payloads(of: object, kind: kind)))
  }

  /// An event that the format makes of what the line says.
  package mutating func add(
    kind: String, _ fields: Fields, _ record: ConversationRecord, in envelope: Envelope
  ) {
    var envelope = envelope
    envelope.kind = kind
    events.append(
      DecodedEvent(envelope: envelope, fields: DecodedFields(fields: fields), record: record))
  }

  mutating func begin(_ line: Span<UInt8>) {
    bytes = Hash128(of: line)
    events.removeAll(keepingCapacity: true)
  }

  /// Goes on with a line of several that stand in one.
  fileprivate mutating func beginNext() { bytes = Hash128(value: bytes.value &+ 1) }
}

/// The formats that are known, beside native lines.
package struct FormatSet: Sendable {
  package let formats: [any LineFormat]
  /// The one that all lines are taken for; nil where each tells by what it holds.
  package private(set) var forced: (any LineFormat)?

  /// Native lines alone.
  package static let native = FormatSet([])

  package init(_ formats: [any LineFormat]) { self.formats = formats }

  /// The same, which takes all lines for one format's; nil where no format has the name.
  package func forcing(_ name: String) -> FormatSet? {
    var set = self
    set.forced = formats.first { $0.name == name }
    return set.forced == nil ? nil : set
  }

  package func format(named name: String) -> (any LineFormat)? {
    formats.first { $0.name.utf8.elementsEqual(name.utf8) }
  }

  package var isEmpty: Bool { formats.isEmpty }

  /// The format of a line, by what the line holds, and what the tool calls such a line.
  package func recognise(_ line: JSONObject) -> (format: any LineFormat, kind: String)? {
    for format in formats {
      if let kind = format.nativeKind(of: line) { return (format, kind) }
    }
    return nil
  }

  /// Whether the lines of a stored kind are read, and known to their format.
  package func knows(kind: String) -> Bool {
    guard let format = format(ofKind: kind), format.isRead else { return false }
    if Self.isList(kind) { return true }
    return format.knows(nativeKind: String(kind.dropFirst(format.name.count + 1)))
  }

  /// The format of the lines of a stored kind; nil for native ones.
  package func format(ofKind kind: String) -> (any LineFormat)? {
    guard let slash = kind.utf8.firstIndex(of: UInt8(ascii: "/")) else { return nil }
    let name = kind.utf8[..<slash]
    return formats.first { $0.name.utf8.elementsEqual(name) }
  }
}

// Some tools write all lines of a run as a list, which is one line.
extension FormatSet {
  /// What the kind of such a line ends with.
  static let list = "list"

  static func isList(_ kind: String) -> Bool { kind.utf8.reversed().starts(with: "tsil/".utf8) }

  /// The format of which all elements are lines; nil for an empty list.
  func recognise(_ list: JSONArray) -> (any LineFormat)? {
    for format in formats where format.isRead && holds(list, only: format) { return format }
    return nil
  }

  private func holds(_ list: JSONArray, only format: any LineFormat) -> Bool {
    var elements = list.elements
    var count = 0
    while let element = elements.next() {
      guard let line = element.object, format.nativeKind(of: line) != nil else { return false }
      count += 1
    }
    return count > 0
  }

  /// Adds the events of each element, at its own time where it says one.
  static func read(
    list object: JSONObject, _ envelope: Envelope, by format: any LineFormat,
    _ events: inout EventCollector
  ) {
    guard let array = object[list]?.array else { return }
    var elements = array.elements
    while let element = elements.next() {
      guard let line = element.object else { continue }
      var own = envelope
      if let value = line["timestamp"], let time = Timestamp(value) {
        (own.time, own.isTimeInferred) = (time, false)
      }
      events.beginNext()
      format.read(line, own, &events)
    }
  }
}
