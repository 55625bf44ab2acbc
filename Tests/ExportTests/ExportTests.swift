import Bytes
import Events
import Export
import Facts
import Masking
import Testing
import TrainingData

/// Rows, as a view answers them.
private struct Rows {
  var examples: [Example] = []
  var pairs: [PreferencePair] = []
}

private func example(
  _ id: UInt64, _ prompt: String, _ response: String, session: String? = "s", score: Int64 = 80
) -> Example {
  var example = Example()
  example.id = id
  example.offset = id * 10
  example.sessionID = session
  example.score = FixedPoint(hundredths: score)
  example.split = Split(session: session, prompt: prompt)
  example.prompt = prompt
  example.response = response
  example.evidence = Evidence(id * 10)
  return example
}

private func judgment(
  _ id: UInt64, _ prompt: String, _ chosen: String, over rejected: String
) -> PreferencePair {
  var pair = PreferencePair()
  pair.id = id
  pair.prompt = prompt
  pair.chosen = chosen
  pair.rejected = rejected
  pair.reason = .judgment
  pair.split = .test
  pair.evidence = Evidence(90)
  return pair
}

/// Three examples, a pair of outcomes and a judgment.
private func rows() -> Rows {
  var outcome = judgment(0, "three", "<|im_end|>", over: "bad")
  outcome.reason = .outcome
  outcome.chosenScore = FixedPoint(hundredths: 75)
  var preference = judgment(1, "q", "yes", over: "no")
  preference.margin = FixedPoint(hundredths: 50)
  return Rows(
    examples: [
      example(0, "say \"hi\"\n", "h\\i\u{1}\t🦊", session: "s66"),
      example(1, "two", "mail a@b.org", session: "s41", score: 95),
      example(2, "three", "<|im_end|>", session: "s92", score: 75),
    ], pairs: [outcome, preference])
}

private func export(
  _ rows: Rows, _ request: ExportRequest
) -> (text: String, counts: ExportCounts) {
  let lines = Lines()
  var file = TrainingFile(request) { line in
    lines.bytes += line
    return true
  }
  for pair in rows.pairs where request.format.isOfPairs { _ = file.write(pair) }
  for example in rows.examples where !request.format.isOfPairs { _ = file.write(example) }
  return (String(decoding: lines.bytes, as: UTF8.self), file.counts)
}

private final class Lines {
  var bytes: [UInt8] = []
}

@Test(arguments: [
  (
    ExportFormat.openai,
    #"{"messages":[{"role":"user","content":"say \"hi\"\n"},{"role":"assistant","content":"h\\i\u0001\t🦊"}],"#
      + #""metadata":{"example_id":0,"score":0.8,"iterations":null,"backend":null,"time":null,"tags":[]}}"#
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
func `an example is a line of its format`(format: ExportFormat, expected: String) {
  let (text, counts) = export(rows(), ExportRequest(format: format))
  let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  #expect(lines.count == 4)
  #expect(String(lines[0]) == expected)
  #expect(lines[3].isEmpty)
  #expect(counts.rows == 3)
  #expect(counts.lines == 3)
  #expect(counts.bytes == text.utf8.count)
}

@Test func `metadata says what an example is, and is masked`() throws {
  var one = example(7, "p", "r", score: 95)
  one.iterations = FixedPoint(hundredths: 200)
  one.backend = "http://jane@b.org"
  one.time = Timestamp(nanoseconds: 1_767_225_600_500_000_000)
  one.domain = "billing"
  one.language = "swift \"6\""
  let (text, counts) = export(Rows(examples: [one]), ExportRequest(format: .openai))
  #expect(
    text.hasSuffix(
      #""metadata":{"example_id":7,"score":0.95,"iterations":2,"backend":"http://[EMAIL]@b.org","#
        + #""time":"2026-01-01T00:00:00.5Z","tags":["billing","swift \"6\""]}}"# + "\n"), "\(text)")
  #expect(counts.masked[.email] == 1)
}

@Test func `what the model was told first comes first, and is masked`() {
  var one = example(7, "p", "r", score: 95)
  one.systemMessage = "You help jane@example.org."
  let (text, counts) = export(Rows(examples: [one]), ExportRequest(format: .openai))
  #expect(
    text.hasPrefix(
      #"{"messages":[{"role":"system","content":"You help [EMAIL]."},{"role":"user","content":"p"},"#
    ),
    "\(text)")
  #expect(counts.masked[.email] == 1)
}

@Test func `what was left out is told by why`() {
  var examples = [example(0, "a", "r", score: 95), example(1, "b", "r", score: 60)]
  examples.append(example(2, "c", "r", score: 95))
  examples[0].basis = .`self`
  for (index, split) in [Split.train, .train, .test].enumerated() { examples[index].split = split }
  let request = ExportRequest(format: .openai, split: .train, minScore: FixedPoint(hundredths: 61))
  let counts = export(Rows(examples: examples), request).counts
  #expect(counts.rows == 0)
  #expect(counts.refused == [.basis: 1, .score: 1, .split: 1])
}

@Test func `a pair is one line for DPO and two for KTO`() {
  let given = rows()
  #expect(
    export(given, ExportRequest(format: .dpo)).text == """
      {"prompt":"three","chosen":"<|im_end|>","rejected":"bad"}
      {"prompt":"q","chosen":"yes","rejected":"no"}

      """)
  let (text, counts) = export(given, ExportRequest(format: .kto, minScore: .one))
  #expect(
    text == """
      {"prompt":"q","completion":"yes","label":true}
      {"prompt":"q","completion":"no","label":false}

      """)
  #expect(counts.rows == 1)
  #expect(counts.lines == 2)
}

@Test func `text cannot end a turn of ChatML`() {
  let (text, _) = export(rows(), ExportRequest(format: .chatml, split: .test))
  #expect(text.contains("assistant\\n< |im_end|><|im_end|>\\n"))
}

@Test(arguments: [
  ("a<|endoftext|>b", "a< |endoftext|>b"), ("<|fim_prefix|>", "< |fim_prefix|>"),
  ("<<|im_sep|>", "<< |im_sep|>"), ("a <| b |> c", "a <| b |> c"), ("<||>", "<||>"),
])
func `no other special token stays either`(response: String, expected: String) {
  let given = Rows(examples: [example(0, "p", response)])
  let (text, _) = export(given, ExportRequest(format: .chatml))
  #expect(text.contains("assistant\\n\(expected)<|im_end|>\\n"), "\(text)")
}

@Test(arguments: ExportFormat.allCases)
func `a split chooses among the rows, and all splits are all rows`(format: ExportFormat) {
  let given = rows()
  let all = export(given, ExportRequest(format: format)).text.split(separator: "\n")
  let parts = Split.allCases.flatMap {
    export(given, ExportRequest(format: format, split: $0)).text.split(separator: "\n")
  }
  #expect(parts.sorted() == all.sorted())
  let counts = Split.allCases.map {
    export(given, ExportRequest(format: format, split: $0)).counts.rows
  }
  // The pairs are both in the test split.
  #expect(counts == (format.isOfPairs ? [0, 0, 2] : [1, 1, 1]))
}

@Test(arguments: [(75, 3), (76, 2), (80, 2), (81, 1), (95, 1), (96, 0)] as [(Int64, Int)])
func `a least score keeps the examples that have it`(hundredths: Int64, count: Int) {
  let score = FixedPoint(hundredths: hundredths)
  let request = ExportRequest(format: .openai, minScore: score)
  #expect(export(rows(), request).counts.rows == count)
  let finer = ExportRequest(format: .openai, minScore: FixedPoint(units: score.units + 1))
  #expect(
    export(rows(), finer).counts.rows == count - ([75, 80, 95].contains(hundredths) ? 1 : 0))
}

// What is chosen in a judgment has no score, and is kept.
@Test(arguments: [(75, 2), (76, 1)] as [(Int64, Int)])
func `a least score keeps the pairs whose chosen answer has it`(
  hundredths: Int64, count: Int
) {
  let request = ExportRequest(format: .dpo, minScore: FixedPoint(hundredths: hundredths))
  #expect(export(rows(), request).counts.rows == count)
}

/// A secret in each text, and sides that differ by their secrets only.
private func secrets() -> Rows {
  Rows(
    examples: [example(0, "from a@b.org", "to /home/jane/x", session: "a@b.org")],
    pairs: [
      judgment(0, "p a@b.org", "c a@b.org", over: "r a@b.org"),
      judgment(1, "q", "a@b.org", over: "c@d.org"),
    ])
}

@Test(arguments: ExportFormat.allCases)
func `every text of every format is masked`(format: ExportFormat) {
  let (text, counts) = export(secrets(), ExportRequest(format: format))
  #expect(!text.isEmpty && !text.contains("@b.org") && !text.contains("jane"))
  // Of KTO's two lines the prompt is one text.
  let emails = [.dpo: 3, .kto: 3, .pairs: 3, .examples: 2][format] ?? 1
  #expect(counts.masked[.email] == emails)
  #expect(counts.masked[.home] == (format.isOfPairs ? 0 : 1))
}

@Test func `a pair whose sides are alike once masked is left out and counted`() {
  let counts = export(secrets(), ExportRequest(format: .dpo)).counts
  #expect(counts.rows == 1)
  #expect(counts.alike == 1)
}

@Test func `tags are what an example is about, and what its lines call it, each once`() {
  var given = Rows(examples: [example(0, "p", "r")])
  given.examples[0].domain = "web"
  given.examples[0].language = "rust"
  given.examples[0].tags = ["urgent", "web", "ask a@b.org", "urgent"]
  let line = export(given, ExportRequest(format: .openai))
  #expect(line.text.contains(#""tags":["web","rust","urgent","ask [EMAIL]"]"#))
  #expect(line.counts.masked[.email] == 1)
  let row = export(given, ExportRequest(format: .examples))
  #expect(row.text.contains(#""tags":["urgent","web","ask [EMAIL]","urgent"]"#))
}

/// Examples of domains, numbered in their order: domain, score in hundredths.
private func examples(_ all: [(domain: String?, score: Int64)]) -> [Example] {
  all.enumerated().map { id, given in
    var example = example(UInt64(id), "p\(id)", "r\(id)", session: "s66", score: given.score)
    example.domain = given.domain
    return example
  }
}

private func chosen(_ examples: [Example], _ request: ExportRequest) -> [UInt64]? {
  guard var balance = DomainBalance(request) else { return nil }
  for example in examples { balance.show(example) }
  return balance.chosen.sorted()
}

@Test(
  arguments: [
    (1, [1, 3, 6]), (2, [0, 1, 3, 4, 6]), (3, [0, 1, 2, 3, 4, 5, 6]), (9, [0, 1, 2, 3, 4, 5, 6]),
  ] as [(Int, [UInt64])])
func `of each domain the best are chosen, of equals the first`(most: Int, ids: [UInt64]) {
  let given = examples([
    ("web", 80), ("web", 90), ("web", 80), ("data", 70), (nil, 75), (nil, 75), (nil, 95),
  ])
  var request = ExportRequest(format: .openai)
  #expect(chosen(given, request) == nil)
  request.perDomainMax = most
  #expect(chosen(given, request) == ids && chosen(given.reversed(), request) == ids)
}

@Test func `what is not asked for takes no other's place`() {
  var given = examples([("web", 99), ("web", 98), ("web", 97), ("web", 80), ("web", 60)])
  given[0].split = .test
  given[1].basis = .text
  var request = ExportRequest(format: .openai, split: .train, minScore: FixedPoint(hundredths: 70))
  request.perDomainMax = 2
  #expect(chosen(given, request) == [2, 3])
}

/// Many more than are held, in any order.
@Test(arguments: [1, 7, 100])
func `the best of many are chosen, in whatever order they are shown`(most: Int) {
  let given = examples((0..<1_000).map { ("d\($0 % 3)", Int64($0 * 7_919 % 101)) })
  var request = ExportRequest(format: .openai)
  request.perDomainMax = most
  let best = Dictionary(grouping: given, by: \.domain).values.flatMap { domain in
    domain.sorted { ($1.score, $0.id) < ($0.score, $1.id) }.prefix(most).map(\.id)
  }
  #expect(chosen(given, request) == best.sorted())
  #expect(chosen(given.reversed(), request) == best.sorted())
}

@Test func `rows are exported in the fields of their tables`() {
  let given = rows()
  let examples = export(given, ExportRequest(format: .examples, split: .train))
  #expect(
    examples.text == #"{"example_id":0,"offset":0,"session_id":"s66","score":0.8,"#
      + #""outcome_basis":"tool","model":null,"iterations":null,"backend":null,"time":null,"#
      + #""is_time_inferred":false,"domain":null,"task_type":null,"language":null,"tags":[],"used_in_training":false,"split":"train","prompt":"say \"hi\"\n","response":"h\\i\u0001\t🦊","merged":0,"#
      + #""offsets":[0],"last_offset":0,"offset_count":1}"# + "\n")
  let pairs = export(given, ExportRequest(format: .pairs, minScore: .one))
  #expect(
    pairs.text == #"{"pair_id":1,"prompt":"q","chosen":"yes","rejected":"no","margin":0.5,"#
      + #""reason":"judgment","outcome_basis":null,"used_in_training":false,"split":"test","offsets":[90],"last_offset":90,"offset_count":1}"#
      + "\n")
}

@Test(arguments: OutcomeBasis.allCases)
func `what rests on too little is left out`(basis: OutcomeBasis) {
  var given = Rows()
  for (id, basis) in OutcomeBasis.allCases.enumerated() {
    var example = example(UInt64(id), "prompt \(basis.name)", "response")
    example.basis = basis
    given.examples.append(example)
    var pair = judgment(UInt64(id), "prompt \(basis.name)", "good", over: "bad")
    pair.basis = basis
    given.pairs.append(pair)
  }
  given.pairs.append(judgment(9, "prompt", "good", over: "bad"))
  let names = OutcomeBasis.allCases.filter { $0 >= basis }.map(\.name)
  var request = ExportRequest(format: .openai)
  request.minBasis = basis
  let counts = export(given, request).counts
  #expect(counts.rows == names.count && counts.bases.keys.sorted() == names.sorted())
  request.format = .dpo
  // What an event states rests on nothing that could be weighed.
  #expect(export(given, request).counts.bases.keys.sorted() == (names + ["stated"]).sorted())
  // By default, its own word is not enough.
  let byDefault = export(given, ExportRequest(format: .openai)).counts.bases
  #expect(byDefault["self"] == nil && byDefault["text"] == nil && byDefault["tool"] == 1)
}

@Test func `of nothing comes an empty file`() {
  for format in ExportFormat.allCases {
    let (text, counts) = export(Rows(), ExportRequest(format: format))
    #expect(text.isEmpty && counts == ExportCounts())
  }
}

@Test func `exports are masked and hashed and the same every time`() {
  let one = export(rows(), ExportRequest(format: .openai))
  let other = export(rows(), ExportRequest(format: .openai))
  #expect(one.text == other.text)
  #expect(one.counts == other.counts)
  #expect(one.text.contains("mail [EMAIL]"))
  #expect(one.counts.masked[.email] == 1)
  #expect(one.counts.sha256 == SHA256Digest(of: Array(one.text.utf8).span))
}

@Test func `the sink can stop the export`() {
  var file = TrainingFile(ExportRequest(format: .openai)) { _ in false }
  let isOneMoreWanted = file.write(rows().examples[0])
  #expect(!isOneMoreWanted)
  var kto = TrainingFile(ExportRequest(format: .kto)) { _ in false }
  let isAnswerWanted = kto.write(rows().pairs[0])
  #expect(!isAnswerWanted)
  #expect(kto.counts.lines == 1)
}

@Test func `a manifest names range and configuration and each file`() {
  var request = ExportRequest(format: .openai, split: .train, minScore: FixedPoint(hundredths: 85))
  request.minBasis = .human
  var counts = ExportCounts()
  counts.rows = 2
  counts.lines = 2
  counts.bytes = 10
  counts.masked[.ip] = 3
  counts.alike = 1
  counts.bases = ["human": 1, "benchmark": 1]
  let manifest = ExportManifest(
    view: "datasets", version: 7, lastOffset: 41, digest: "00ff",
    configuration: [("b", "2"), ("a", "1")],
    droppedPairs: 6,
    files: [ExportManifest.File(name: "train.jsonl", request: request, counts: counts)])
  let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  #expect(
    String(decoding: manifest.json, as: UTF8.self)
      == #"{"view":"datasets","version":7,"digest":"00ff","log":{"first_offset":0,"#
      + #""last_offset":41},"configuration":{"a":"1","b":"2"},"masking":\#(Masker.version),"dropped_pairs":6,"#
      + #""files":[{"name":"train.jsonl","#
      + #""format":"openai","split":"train","min_score":0.85,"min_basis":"human","per_domain":null,"rows":2,"lines":2,"bytes":10,"alike":1,"#
      + #""bases":{"benchmark":1,"human":1},"sha256":"\#(hash)","masked":{"key":0,"token":0,"email":0,"ip":3,"phone":0,"#
      + #""national_id":0,"card":0,"iban":0,"home":0}}]}"# + "\n")
  let empty = ExportManifest(
    view: "datasets", version: 1, lastOffset: nil, digest: "", configuration: [], droppedPairs: 0,
    files: [])
  #expect(String(decoding: empty.json, as: UTF8.self).contains(#""log":null"#))
}
