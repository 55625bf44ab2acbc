import Bytes
import Events
import Ingest
import JSON
import TestSupport
import Testing

@Suite struct ChunkParserTests {
  private func parse(
    _ text: String, given: Stream? = .hybrid, format: String? = nil, formats: FormatSet = .native
  ) -> ParsedChunk {
    let bytes = Array(text.utf8)
    let chunk = LineChunk(
      bytes: bytes + [UInt8](repeating: 0, count: LineDecoder.padding), count: bytes.count,
      position: 1_000)
    let context = SourceContext(
      givenStream: given, nameStream: nil, format: format, recorded: Timestamp(nanoseconds: 77))
    return ChunkParser(formats: formats).parse(chunk, context)
  }

  @Test func `each line is an event, blank, or in quarantine with its reason and place`() {
    let parsed = parse(
      "{\"event\":\"query\"}\n \t\r\n\nnot json\n[1]\n{\"kind\":\"x\"}\r\n{\"a\":1}")
    #expect(parsed.events.count == 3)
    #expect(parsed.blank == 2)
    #expect(parsed.rejected.count == 2)
    #expect(String(decoding: parsed.events.line(1), as: UTF8.self) == "{\"kind\":\"x\"}\r")
    #expect(parsed.events.positions == [1_000, 1_036, 1_050])
    #expect(parsed.rejected.positions == [1_023, 1_032])
    #expect(parsed.rejected.kind(1).stream == EventBlock.quarantineStream)
  }

  @Test func `a line whose stream stays open goes to quarantine`() {
    let parsed = parse("{\"a\":1}\n", given: nil)
    #expect(parsed.events.isEmpty)
    #expect(parsed.rejected.kind(0).name.contains("--stream"))
  }

  @Test func `a line that tells nothing is of the tool whose lines its source holds`() throws {
    let formats = FormatSet([MadeUpFormat()])
    let known = #"{"made":"up"}"#
    let bare = #"{"type":"summary"}"#
    // Before the first line that tells, behind it, or in a source of which lines were read before.
    for (text, format) in [
      ("\(bare)\n\(known)\n", nil), ("\(known)\n\(bare)\n", nil), ("\(bare)\n", "made-up"),
    ] as [(String, String?)] {
      let parsed = parse(text, given: nil, format: format, formats: formats)
      #expect(parsed.rejected.isEmpty)
      #expect(parsed.format == "made-up")
      let kinds = (0..<parsed.events.count).map { parsed.events.kind($0).name }
      #expect(kinds.contains("made-up/summary"))
    }
    #expect(parse("\(bare)\n", given: nil, formats: formats).rejected.count == 1)
    let forced = try #require(formats.forcing("made-up"))
    let native = parse(#"{"event":"query","iteration":1}"#, given: nil, formats: forced)
    #expect(native.events.kind(0).name == "made-up/query")
    #expect(formats.forcing("none") == nil)
  }

  @Test func `an event without a time has that of the event before it`() {
    var parsed = parse(
      "{\"a\":1}\n{\"ts\":\"2026-01-09T10:33:00Z\"}\n{\"a\":2}\n{\"ts\":1767955000}\n{\"a\":3}\n")
    #expect(parsed.untimedCount == 1)
    parsed.inferLeadingTimes(from: Timestamp(nanoseconds: 5_000_000_000))
    #expect(
      parsed.events.times == [
        5_000_000_000, 1_767_954_780_000_000_000, 1_767_954_780_000_000_000,
        1_767_955_000_000_000_000, 1_767_955_000_000_000_000,
      ])
    #expect(parsed.events.inferred == [true, false, true, false, true])
  }
}

private struct MadeUpFormat: LineFormat {
  let name = "made-up"
  let title = "Made up"
  let version: UInt32 = 1
  let stream = Stream.ralph
  let isRead = true

  func nativeKind(of line: JSONObject) -> String? { line["made"] == nil ? nil : "line" }

  func read(_ line: JSONObject, _ envelope: Envelope, _ events: inout EventCollector) {}
}
