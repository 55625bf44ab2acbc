import Bytes
import Events
import Testing

/// What foldlog itself appends, as its lines are read.
@Suite struct OwnEventTests {
  private func event(_ line: String) throws -> Event {
    let decoder = LineDecoder(payloads: OwnEvents.payloads)
    let bytes = Array(line.utf8)
    let known = try decoder.envelope(of: bytes.span, isPadded: false, given: nil, fileName: nil)
    let envelope = Envelope(
      stream: try #require(known.stream), kind: known.kind,
      time: known.time ?? Timestamp(nanoseconds: 0), isTimeInferred: false, source: 1, position: 0,
      recorded: Timestamp(nanoseconds: 0))
    let told = try decoder.event(of: bytes.span, isPadded: false, envelope)
    #expect(told.payloads.mismatched.isEmpty)
    return Event(
      EventID(0), envelope: envelope, fields: told.fields.fields, payloads: told.payloads.all)
  }

  @Test func `a failed effect says what was tried, and is no kind of that name`() throws {
    let event = try event(
      #"{"event":"effect_failed","stream":"foldlog","ts":"2026-03-01T00:00:00Z","#
        + #""kind":"extract_skill","subject":"7","request_id":"ab","status":"503","#
        + #""reason":"busy","final":true}"#)
    #expect(event.kind == "effect_failed" && event.stream == .foldlog)
    let failed = try #require(event.payload(FailedEffect.self))
    #expect(failed.effect == "extract_skill" && failed.subject == "7" && failed.requestID == "ab")
    #expect(failed.status == "503" && failed.reason == "busy" && failed.isFinal == true)
  }

  @Test func `a skill has what the model wrote, and stands for no interaction`() throws {
    let event = try event(
      #"{"event":"skill_extracted","stream":"foldlog","ts":"2026-03-01T00:00:00Z","#
        + #""request_id":"ab","id":"x","source_offset":7,"prompt_version":2,"model":"m","#
        + #""name":"mend-yaml","description":"Mends YAML.","steps":["look","mend"],"#
        + #""tags":["yaml"],"prompt":"p","response":"r","success":true,"cost_usd":0.01}"#)
    let skill = try #require(event.payload(ExtractedSkill.self))
    #expect(skill.requestID == "ab" && skill.sourceOffset == 7 && skill.promptVersion == 2)
    #expect(skill.content.name == "mend-yaml" && skill.content.steps == ["look", "mend"])
    #expect(event.fields.text(.interactionID) == nil)
    #expect(EventRole(of: event) == .none)
  }

  @Test func `a request_id of others names their interaction as before`() throws {
    let event = try event(
      #"{"event":"query","stream":"aidb","ts":"2026-03-01T00:00:00Z","request_id":"ab"}"#)
    #expect(event.fields.text(.interactionID) == "ab")
  }

  @Test func `a line that names one of these kinds alone is of the stream foldlog`() throws {
    #expect(
      try event(#"{"event":"effect_failed","kind":"webhook","subject":"a","request_id":"b"}"#)
        .stream == .foldlog)
    // What foldlog writes for people is no file of its stream.
    #expect(streamOfFileName("foldlog-export.jsonl") == nil)
    #expect(Stream(name: "foldlog") == .foldlog)
  }
}
