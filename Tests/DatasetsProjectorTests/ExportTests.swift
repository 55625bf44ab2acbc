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

/// A file's bytes, and what was counted.
func exported(
  _ spec: ProjectorSpec<DatasetsProjector>, _ request: ExportRequest
) throws -> (bytes: [UInt8], counts: ExportCounts) {
  let lines = Lines()
  let counts = try DatasetExport(tables: spec.tables).write(request) { line in
    lines.bytes += line
    return true
  }
  return (lines.bytes, counts)
}

private func export(
  _ spec: ProjectorSpec<DatasetsProjector>, _ request: ExportRequest
) throws -> (text: String, counts: ExportCounts) {
  let (bytes, counts) = try exported(spec, request)
  return (String(decoding: bytes, as: UTF8.self), counts)
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

@Test(arguments: [
  ("a<|endoftext|>b", "a< |endoftext|>b"), ("<|fim_prefix|>", "< |fim_prefix|>"),
  ("<<|im_sep|>", "<< |im_sep|>"), ("a <| b |> c", "a <| b |> c"), ("<||>", "<||>"),
])
func `no other special token stays either`(response: String, expected: String) throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  try spec.given(facts: [asserted(answered(0, prompt: "p", response: response, score: 90))])
  let (text, _) = try export(spec, ExportRequest(format: .chatml))
  #expect(text.contains("assistant\\n\(expected)<|im_end|>\\n"), "\(text)")
}

@Test(arguments: ExportFormat.allCases)
func `a split chooses among the rows, and all splits are all rows`(format: ExportFormat) throws {
  let spec = try view()
  let all = try export(spec, ExportRequest(format: format)).text.split(separator: "\n")
  let parts = try Split.allCases.flatMap {
    try export(spec, ExportRequest(format: format, split: $0)).text.split(separator: "\n")
  }
  #expect(parts.sorted() == all.sorted())
  let counts = try Split.allCases.map {
    try export(spec, ExportRequest(format: format, split: $0)).counts.rows
  }
  // The pairs are both in the test split.
  #expect(counts == (format.isOfPairs ? [0, 0, 2] : [1, 1, 1]))
}

@Test(arguments: [(75, 3), (76, 2), (80, 2), (81, 1), (95, 1), (96, 0)] as [(Int64, Int)])
func `a least score keeps the examples that have it`(hundredths: Int64, count: Int) throws {
  let score = FixedPoint(hundredths: hundredths)
  let request = ExportRequest(format: .openai, minScore: score)
  #expect(try export(view(), request).counts.rows == count)
  let finer = ExportRequest(format: .openai, minScore: FixedPoint(units: score.units + 1))
  #expect(
    try export(view(), finer).counts.rows == count - ([75, 80, 95].contains(hundredths) ? 1 : 0))
}

// What is chosen in a judgment has no score, and is kept.
@Test(arguments: [(75, 2), (76, 1)] as [(Int64, Int)])
func `a least score keeps the pairs whose chosen answer has it`(
  hundredths: Int64, count: Int
) throws {
  let request = ExportRequest(format: .dpo, minScore: FixedPoint(hundredths: hundredths))
  #expect(try export(view(), request).counts.rows == count)
}

/// A secret in each text, and sides that differ by their secrets only.
private func secrets() throws -> ProjectorSpec<DatasetsProjector> {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  try spec.given(
    [
      event(
        90, "preference",
        [.prompt: "p a@b.org", .chosen: "c a@b.org", .rejected: "r a@b.org"]),
      event(91, "preference", [.prompt: "q", .chosen: "a@b.org", .rejected: "c@d.org"]),
    ],
    facts: [
      asserted(
        answered(0, prompt: "from a@b.org", response: "to /home/jane/x", session: "a@b.org"))
    ])
  return spec
}

@Test(arguments: ExportFormat.allCases)
func `every text of every format is masked`(format: ExportFormat) throws {
  let (text, counts) = try export(secrets(), ExportRequest(format: format))
  #expect(!text.isEmpty && !text.contains("@b.org") && !text.contains("jane"))
  // Of KTO's two lines the prompt is one text.
  let emails = [.dpo: 3, .kto: 3, .pairs: 3, .examples: 2][format] ?? 1
  #expect(counts.masked[.email] == emails)
  #expect(counts.masked[.home] == (format.isOfPairs ? 0 : 1))
}

@Test func `a pair whose sides are alike once masked is left out and counted`() throws {
  let counts = try export(secrets(), ExportRequest(format: .dpo)).counts
  #expect(counts.rows == 1)
  #expect(counts.alike == 1)
}

@Test func `rows are exported in the fields of their tables`() throws {
  let spec = try view()
  let examples = try export(spec, ExportRequest(format: .examples, split: .train))
  #expect(
    examples.text == #"{"example_id":0,"offset":0,"session_id":"s66","score":0.8,"model":null,"#
      + #""split":"train","prompt":"say \"hi\"\n","response":"h\\i\u0001\t🦊","merged":0,"#
      + #""offsets":[0],"last_offset":0,"offset_count":1}"# + "\n")
  let pairs = try export(spec, ExportRequest(format: .pairs, minScore: .one))
  #expect(
    pairs.text == #"{"pair_id":1,"prompt":"q","chosen":"yes","rejected":"no","margin":0.5,"#
      + #""reason":"judgment","split":"test","offsets":[90],"last_offset":90,"offset_count":1}"#
      + "\n")
}

@Test func `of nothing comes an empty file`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  for format in ExportFormat.allCases {
    let (text, counts) = try export(spec, ExportRequest(format: format))
    #expect(text.isEmpty && counts == ExportCounts())
  }
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
  counts.alike = 1
  let manifest = ExportManifest(
    version: 7, lastOffset: 41, digest: "00ff", configuration: [("b", "2"), ("a", "1")],
    droppedPairs: 6,
    files: [ExportManifest.File(name: "train.jsonl", request: request, counts: counts)])
  let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  #expect(
    String(decoding: manifest.json, as: UTF8.self)
      == #"{"view":"datasets","version":7,"digest":"00ff","log":{"first_offset":0,"#
      + #""last_offset":41},"configuration":{"a":"1","b":"2"},"masking":3,"dropped_pairs":6,"#
      + #""files":[{"name":"train.jsonl","#
      + #""format":"openai","split":"train","min_score":0.85,"rows":2,"lines":2,"bytes":10,"alike":1,"#
      + #""sha256":"\#(hash)","masked":{"key":0,"token":0,"email":0,"ip":3,"phone":0,"#
      + #""national_id":0,"card":0,"iban":0,"home":0}}]}"# + "\n")
  let empty = ExportManifest(
    version: 1, lastOffset: nil, digest: "", configuration: [], droppedPairs: 0, files: [])
  #expect(String(decoding: empty.json, as: UTF8.self).contains(#""log":null"#))
}
