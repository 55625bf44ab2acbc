internal import Bytes
package import Events
internal import JSON

/// A chunk's lines, decided about.
package struct ParsedChunk: Sendable {
  package var events = EventBlock()
  package var rejected = EventBlock()
  package var blank: UInt64 = 0
  /// How many events at the beginning do not say their time, nor does one before them in the chunk.
  package var untimedCount = 0
  /// The first and the last time that an event of the chunk has.
  package fileprivate(set) var firstTime: Timestamp?
  package var lastTime: Timestamp?
  /// The tool whose lines it holds, where they tell.
  package fileprivate(set) var format: String?
  /// When the chunk was taken in.
  package let recorded: Timestamp

  package init(recorded: Timestamp) { self.recorded = recorded }

  /// Gives the events at the beginning the time of the event before the chunk.
  package mutating func inferLeadingTimes(from time: Timestamp) {
    for index in 0..<untimedCount { events.infer(time, for: index) }
    untimedCount = 0
    if lastTime == nil, !events.isEmpty { lastTime = time }
  }
}

/// Decides about lines: event, blank, or quarantine. One for each thread.
package final class ChunkParser {
  private let decoder: LineDecoder
  private let formats: FormatSet

  /// Lines at the beginning of a chunk by which the tool is known that wrote it.
  private static let tellingMax = 64

  /// - Parameter formats: the other tools' lines that it knows.
  package init(formats: FormatSet = .native) {
    self.formats = formats
    decoder = LineDecoder(formats: formats)
  }

  /// Decides about each line of a chunk. Sources are numbered by the caller later: 0 until then.
  package func parse(_ chunk: LineChunk, _ context: SourceContext) -> ParsedChunk {
    var parsed = ParsedChunk(recorded: context.recorded)
    parsed.events.reserve(bytes: chunk.count + 1, events: chunk.count / 256)
    let bytes = chunk.bytes
    var start = 0
    while start < chunk.count {
      let found = firstIndex(of: UInt8(ascii: "\n"), in: bytes.span, from: start)
      let end = min(found ?? chunk.count, chunk.count)
      let line = bytes.span.extracting(start..<end)
      if isBlank(line) {
        parsed.blank += 1
      } else {
        take(line, at: start, of: chunk, context, &parsed)
      }
      start = end + 1
    }
    parsed.blank -= min(parsed.blank, chunk.skipped)
    return parsed
  }

  private func take(
    _ line: Span<UInt8>, at start: Int, of chunk: LineChunk, _ context: SourceContext,
    _ parsed: inout ParsedChunk
  ) {
    let position = chunk.position + UInt64(start)
    let reason: String
    do throws(JSONError) {
      var envelope = try envelope(of: line, context, parsed.format ?? context.format)
      if parsed.format == nil, parsed.events.count < Self.tellingMax {
        parsed.format = formats.format(ofKind: envelope.kind)?.name
      }
      if envelope.stream == nil, parsed.format == nil, context.format == nil {
        // Those that follow may tell.
        parsed.format = format(of: chunk, from: start + line.count, context)
        if let format = parsed.format { envelope = try self.envelope(of: line, context, format) }
      }
      if let stream = envelope.stream {
        append(line, stream, envelope, at: position, context, &parsed)
        return
      }
      reason = "the stream stays open: give --stream, or name the file after it"
    } catch {
      reason = "\(error.reason) (byte \(error.position) of the line)"
    }
    parsed.rejected.append(
      line: line,
      kind: EventBlock.KindEntry(stream: EventBlock.quarantineStream, name: reason),
      time: context.recorded, isTimeInferred: true, source: 0, position: position,
      recorded: context.recorded)
  }

  private func envelope(
    of line: Span<UInt8>, _ context: SourceContext, _ format: String?
  ) throws(JSONError) -> LineEnvelope {
    try decoder.envelope(
      of: line, isPadded: true, given: context.givenStream, fileName: context.nameStream,
      format: format)
  }

  /// The tool whose lines follow, by the first that tells.
  private func format(
    of chunk: LineChunk, from start: Int, _ context: SourceContext
  ) -> String? {
    if formats.isEmpty { return nil }
    var start = start
    var count = 0
    while start < chunk.count, count < Self.tellingMax {
      let found = firstIndex(of: UInt8(ascii: "\n"), in: chunk.bytes.span, from: start)
      let end = min(found ?? chunk.count, chunk.count)
      let line = chunk.bytes.span.extracting(start..<end)
      start = end + 1
      count += 1
      if let known = try? envelope(of: line, context, nil),
        let format = formats.format(ofKind: known.kind)
      {
        return format.name
      }
    }
    return nil
  }

  private func append(
    _ line: Span<UInt8>, _ stream: Stream, _ envelope: LineEnvelope, at position: UInt64,
    _ context: SourceContext, _ parsed: inout ParsedChunk
  ) {
    if let time = envelope.time {
      if parsed.firstTime == nil { parsed.firstTime = time }
      parsed.lastTime = time
    }
    if parsed.lastTime == nil { parsed.untimedCount += 1 }
    parsed.events.append(
      line: line, kind: EventBlock.KindEntry(stream: stream.rawValue, name: envelope.kind),
      time: parsed.lastTime ?? context.recorded, isTimeInferred: envelope.time == nil, source: 0,
      position: position, recorded: context.recorded)
  }
}
