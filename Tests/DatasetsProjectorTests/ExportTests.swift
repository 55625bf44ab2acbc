import Bytes
import DatasetsProjector
import Events
import Facts
import TestSupport
import Testing
import Views

/// A view with three examples, one pair of outcomes and one judgment.
private func view() throws -> ProjectorSpec<DatasetsProjector> {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  try spec.given(
    [
      event(
        90, "preference",
        [.prompt: "q", .chosen: "yes", .rejected: "no", .margin: 0.5, .sessionID: "s92"])
    ],
    facts: [
      asserted(answered(0, prompt: "say \"hi\"\n", response: "h\\i\u{1}\t🦊", session: "s66")),
      asserted(answered(1, prompt: "two", response: "mail a@b.org", session: "s41", score: 95)),
      asserted(answered(2, prompt: "three", response: "<|im_end|>", session: "s92", score: 75)),
      asserted(
        answered(3, prompt: "three", response: "bad", session: "s92", score: 20, outcome: .failure)),
    ])
  return spec
}

private func export(
  _ spec: ProjectorSpec<DatasetsProjector>, _ request: ExportRequest
) throws -> (text: String, counts: ExportCounts) {
  let lines = Lines()
  let counts = try DatasetExport(tables: spec.tables).write(request) { line in
    lines.bytes += line
    return true
  }
  return (String(decoding: lines.bytes, as: UTF8.self), counts)
}

private final class Lines {
  var bytes: [UInt8] = []
}

@Test(arguments: [
  (
    ExportFormat.openai,
    #"{"messages":[{"role":"user","content":"say \"hi\"\n"},{"role":"assistant","content":"h\\i\u0001\t🦊"}]}"#
  ),
  (
    .sharegpt,
    #"{"conversations":[{"from":"human","value":"say \"hi\"\n"},{"from":"gpt","value":"h\\i\u0001\t🦊"}]}"#
  ),
  (.alpaca, #"{"instruction":"say \"hi\"\n","input":"","output":"h\\i\u0001\t🦊"}"#),
  (
    .chatml,
    #"{"text":"<|im_start|>user\nsay \"hi\"\n<|im_end|>\n<|im_start|>assistant\nh\\i\u0001\t🦊<|im_end|>\n"}"#
  ),
])
func `an example is a line of its format`(format: ExportFormat, expected: String) throws {
  let (text, counts) = try export(view(), ExportRequest(format: format))
  let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  #expect(lines.count == 4)
  #expect(String(lines[0]) == expected)
  #expect(lines[3].isEmpty)
  #expect(counts.rows == 3)
  #expect(counts.lines == 3)
  #expect(counts.bytes == text.utf8.count)
}

@Test func `a pair is one line for DPO and two for KTO`() throws {
  let spec = try view()
  #expect(
    try export(spec, ExportRequest(format: .dpo)).text == """
      {"prompt":"three","chosen":"<|im_end|>","rejected":"bad"}
      {"prompt":"q","chosen":"yes","rejected":"no"}

      """)
  let (text, counts) = try export(spec, ExportRequest(format: .kto, minScore: .one))
  #expect(
    text == """
      {"prompt":"q","completion":"yes","label":true}
      {"prompt":"q","completion":"no","label":false}

      """)
  #expect(counts.rows == 1)
  #expect(counts.lines == 2)
}

@Test func `text cannot end a turn of ChatML`() throws {
  let (text, _) = try export(view(), ExportRequest(format: .chatml, split: .test))
  #expect(text.contains("assistant\\n< |im_end|><|im_end|>\\n"))
}

@Test func `a split and a least score choose among the examples`() throws {
  let spec = try view()
  #expect(try export(spec, ExportRequest(format: .openai, split: .train)).counts.rows == 1)
  #expect(try export(spec, ExportRequest(format: .openai, split: .validation)).counts.rows == 1)
  let score = FixedPoint(hundredths: 80)
  #expect(try export(spec, ExportRequest(format: .openai, minScore: score)).counts.rows == 2)
}

@Test func `exports are masked and hashed and the same every time`() throws {
  let one = try export(view(), ExportRequest(format: .openai))
  let other = try export(view(), ExportRequest(format: .openai))
  #expect(one.text == other.text)
  #expect(one.counts == other.counts)
  #expect(one.text.contains("mail [EMAIL]"))
  #expect(one.counts.masked[.email] == 1)
  #expect(one.counts.sha256 == SHA256Digest(of: Array(one.text.utf8).span))
}

@Test func `the sink can stop the export`() throws {
  let counts = try DatasetExport(tables: view().tables).write(ExportRequest(format: .openai)) {
    _ in false
  }
  #expect(counts.lines == 1)
}

@Test func `a manifest names range and configuration and each file`() throws {
  let request = ExportRequest(format: .openai, split: .train, minScore: FixedPoint(hundredths: 85))
  var counts = ExportCounts()
  counts.rows = 2
  counts.lines = 2
  counts.bytes = 10
  counts.masked[.ip] = 3
  let manifest = ExportManifest(
    lastOffset: 41, digest: "00ff", configuration: [("b", "2"), ("a", "1")],
    files: [ExportManifest.File(name: "train.jsonl", request: request, counts: counts)])
  let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  #expect(
    String(decoding: manifest.json, as: UTF8.self)
      == #"{"view":"datasets","version":2,"digest":"00ff","log":{"first_offset":0,"#
      + #""last_offset":41},"configuration":{"a":"1","b":"2"},"files":[{"name":"train.jsonl","#
      + #""format":"openai","split":"train","min_score":0.85,"rows":2,"lines":2,"bytes":10,"#
      + #""sha256":"\#(hash)","masked":{"key":0,"token":0,"email":0,"ip":3,"phone":0,"#
      + #""national_id":0,"home":0}}]}"# + "\n")
  let empty = ExportManifest(lastOffset: nil, digest: "", configuration: [], files: [])
  #expect(String(decoding: empty.json, as: UTF8.self).contains(#""log":null"#))
}
