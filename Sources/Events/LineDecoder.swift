package import JSON

/// From the bytes of a line to its envelope and its fields. For one thread at a time; keep one and
/// use it for many lines.
package final class LineDecoder {
  /// Bytes beyond a line that `isPadded` promises to be readable.
  package static var padding: Int { JSONParser.padding }

  private var parser = JSONParser()
  private var envelopes = EnvelopeReader()
  private var fieldDecoder = FieldDecoder()
  /// Nil while nobody wants a payload.
  private var payloadDecoder: PayloadDecoder?

  /// - Parameter payloads: those that `event` decodes, of the lines whose kinds carry them.
  package init(payloads: [any Payload.Type] = []) {
    payloadDecoder = payloads.isEmpty ? nil : PayloadDecoder(payloads)
  }

  /// Forgets the texts that lines had in common. To be called between batches that go to other
  /// threads: counting references to one text from several threads is slow.
  package func forgetTexts() { fieldDecoder.forgetTexts() }

  /// The envelope that a line tells, as far as it does.
  ///
  /// `isPadded` promises that `padding` bytes beyond the line are readable; else the line
  /// is copied. `given` is the stream that the user named, `fileName` the one that the file's name
  /// tells. Throws when the line is no event.
  package func envelope(
    of line: Span<UInt8>, isPadded: Bool, given: Stream?, fileName: Stream?
  ) throws(JSONError) -> LineEnvelope {
    try parser.withObject(line, isPadded: isPadded) { object in
      envelopes.read(object, given: given, fileName: fileName)
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

  /// The canonical fields of a line whose envelope is known, and the payloads that are wanted.
  package func event(
    of line: Span<UInt8>, isPadded: Bool, kind: String, stream: Stream
  ) throws(JSONError) -> (fields: DecodedFields, payloads: DecodedPayloads) {
    try parser.withObject(line, isPadded: isPadded) { object in
      (
        fieldDecoder.decode(object, kind: kind, stream: stream),
        payloadDecoder?.decode(object, kind: kind) ?? DecodedPayloads()
      )
    }
  }
}
