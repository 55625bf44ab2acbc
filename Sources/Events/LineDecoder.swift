package import JSON

/// From the bytes of a line to its envelope and its fields. For one thread at a time; keep one and
/// use it for many lines.
package final class LineDecoder {
  /// Bytes beyond a line that `isPadded` promises to be readable.
  package static var padding: Int { JSONParser.padding }

  @safe @exclusivity(unchecked) private var parser = JSONParser()
  @safe @exclusivity(unchecked) private var envelopes: EnvelopeReader
  @safe @exclusivity(unchecked) private var fieldDecoder = FieldDecoder()
  @safe @exclusivity(unchecked) private var collector: EventCollector
  @safe @exclusivity(unchecked) private var needs = NeedsCheck()

  /// - Parameters:
  ///   - payloads: those that are decoded, of events whose kinds carry them.
  ///   - formats: those by which envelopes are read.
  package init(payloads: [any Payload.Type] = [], formats: FormatSet = .native) {
    envelopes = EnvelopeReader(formats: formats)
    collector = EventCollector(FieldDecoder(), PayloadDecoder(payloads))
  }

  /// Forgets the texts that lines had in common. To be called between batches that go to other
  /// threads: counting references to one text from several threads is slow.
  package func forgetTexts() { fieldDecoder.forgetTexts() }

  /// The envelope of a line, as far as the line gives it.
  ///
  /// `isPadded` promises that `padding` bytes beyond the line are readable; else the line
  /// is copied. `given` is the stream that the user named, `fileName` the one that follows
  /// from the file's name, `format` the tool whose lines its source holds. Throws when the line is no
  /// event.
  package func envelope(
    of line: Span<UInt8>, isPadded: Bool, given: Stream?, fileName: Stream?, format: String? = nil
  ) throws(JSONError) -> LineEnvelope {
    do throws(JSONError) {
      return try parser.withObject(line, isPadded: isPadded) { object in
        envelopes.read(object, given: given, fileName: fileName, format: format)
      }
    } catch {
      guard error.code == .notObject, let list = listed(line),
        let known = try? parser.withObject(list.span, isPadded: false, { envelopes.read(list: $0) })
      else { throw error }
      return known
    }
  }

  /// The canonical fields of a line whose envelope is known.
  package func fields(
    of line: Span<UInt8>, isPadded: Bool, kind: String, stream: Stream
  ) throws(JSONError) -> DecodedFields {
    try parser.withObject(line, isPadded: isPadded) { object in
      fieldDecoder.decode(object, kind: kind, stream: stream)
    }
  }

  /// The event that a native line is, of a known envelope.
  package func event(
    of line: Span<UInt8>, isPadded: Bool, _ envelope: Envelope
  ) throws(JSONError) -> EventCollector.DecodedEvent {
    try parser.withObject(line, isPadded: isPadded) { object in
      var event = EventCollector.DecodedEvent(
        envelope: envelope,
        fields: fieldDecoder.decode(object, kind: envelope.kind, stream: envelope.stream),
        payloads: collector.payloads(of: object, kind: envelope.kind))
      event.missing = needs.missing(kind: envelope.kind, event.fields, event.payloads)
      if envelope.isTimeInferred { event.unreadTime = envelopes.givenTime(object) }
      return event
    }
  }

  /// The events that a line of another tool holds, in their order.
  package func events(
    of line: Span<UInt8>, isPadded: Bool, _ envelope: Envelope, by format: any LineFormat
  ) throws(JSONError) -> [EventCollector.DecodedEvent] {
    collector.begin(line)
    if FormatSet.isList(envelope.kind), let list = listed(line) {
      return try parser.withObject(list.span, isPadded: false) { object in
        FormatSet.read(list: object, envelope, by: format, &collector)
        return collector.events
      }
    }
    return try parser.withObject(line, isPadded: isPadded) { object in
      format.read(object, envelope, &collector)
      return collector.events
    }
  }

  /// A line that is a list, as an object with the list as its only member; nil for any other line.
  private func listed(_ line: Span<UInt8>) -> [UInt8]? {
    var start = 0
    while start < line.count, [0x20, 0x09, 0x0d].contains(line[start]) { start += 1 }
    guard start < line.count, line[start] == UInt8(ascii: "[") else { return nil }
    var bytes = Array("{\"\(FormatSet.list)\":".utf8)
    for index in start..<line.count { bytes.append(line[index]) }
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }
}
