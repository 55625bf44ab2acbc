import Bytes
import Files
import TestSupport
import Testing

/// A name of a file or folder: bytes.
struct OddName: CustomTestStringConvertible {
  /// As `pathText` has it.
  let text: String

  init(_ bytes: [UInt8]) { text = pathText(bytes) }

  var testDescription: String { shownPath(text) }

  /// Names that are text, all the same.
  private static let texts = [
    "new\nline", "a\ttab", "\u{1b}[31m", "-dash", "---dash", "--folow=x", "*?[", "cafe\u{301}",
    "caf\u{e9}",
    "\u{301}mark", "a\r\nb", " ", "\\xe9", "'\"$`", "=", "a...", "#", "7",
    // Written by a name itself, this would be taken for an escape of a path's text.
    "\u{10ffe9}",
  ]

  private static let bytes: [[UInt8]] = [
    [0x6f, 0x6c, 0x64, 0xe9], [0x64, 0xff], [0xff, 0xf4, 0x8f, 0xbf, 0xbf],
    [UInt8](repeating: 0xff, count: 240),
  ]

  /// Those for which each command is tried that takes many steps.
  static let some = all.filter { name in
    ["\n", "--d", "*", "\u{e9}", "\u{10ffe9}"].contains { name.text.contains(pathText(of: $0)) }
      || name.text == pathText([0x64, 0xff])
  }

  static let all = texts.map { OddName(Array($0.utf8)) } + bytes.map { OddName($0) }
}

/// Names are any bytes but zero and the slash, wherever one is given.
@Suite struct NameTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func line(_ number: Int) -> String {
    """
    {"event":"query_completion","query_id":"q\(number)","query":"what is \(number)?",\
    "response":"it is \(number)","success":true,"timestamp":"2026-05-01T10:00:00Z"}\n
    """
  }

  /// Runs foldlog in the folder, so that names stand alone.
  private func foldlog(
    _ words: String..., input: String = "", variables: [String]? = nil
  ) throws -> ChildResult {
    try run(
      "sh", ["-c", "cd \"$0\" && exec \"$@\"", directory.path, foldlogBinary] + words,
      input: Array(input.utf8), variables: variables ?? ["FOLDLOG_DATA=data"])
  }

  private func expectEvents(
    _ count: Int, _ words: String..., variables: [String]? = nil
  ) throws {
    let result = try run(
      "sh",
      ["-c", "cd \"$0\" && exec \"$@\"", directory.path, foldlogBinary, "log", "export"] + words,
      variables: variables ?? ["FOLDLOG_DATA=data"])
    #expect(
      result.status == 0 && result.output.split(separator: "\n").count == count,
      "\(words.map(shownPath)): \(result)")
  }

  @Test(arguments: OddName.all) func `a file`(name: OddName) throws {
    let file = "\(name.text).jsonl"
    try directory.write(file, line(1))
    // The shell gives what stands in the folder.
    try expectTaken("foldlog=$1; \"$foldlog\" ingest --stream aidb *.jsonl")
    try expectEvents(1, "--source", file)
    // Another way to the same file gives nothing twice.
    #expect(try foldlog("ingest", "--stream", "aidb", "./\(file)").output.hasPrefix("0 lines"))
    try directory.write("other.jsonl", line(2))
    #expect(
      try foldlog("ingest", "--stream", "aidb", "other.jsonl", file).output.hasPrefix("1 line"))
    try expectEvents(1, "--source", file)
    let json = try foldlog("log", "show", "--format", "json", "--source", file)
    #expect(json.status == 0)
    #expect(StrictJSON(Array(json.output.utf8)) != nil, "\(json.output)")
    let shown = try foldlog("status")
    #expect(shown.status == 0 && !shown.output.unicodeScalars.contains { $0.value > 0x10_0000 })
  }

  private func expectTaken(_ script: String) throws {
    let result = try run(
      "sh", ["-c", "cd \"$0\" && \(script)", directory.path, foldlogBinary],
      variables: ["FOLDLOG_DATA=data"])
    #expect(result.status == 0 && result.output.hasPrefix("1 line: 1 event"), "\(result)")
  }

  @Test(arguments: OddName.some) func `a folder, and a pattern that names it`(name: OddName) throws
  {
    try directory.makeFolder(name.text)
    try directory.write("\(name.text)/aidb-a.jsonl", line(1))
    let result = try foldlog("ingest", name.text)
    #expect(result.status == 0 && result.output.hasPrefix("1 line: 1 event"), "\(result)")
    let pattern = try foldlog("ingest", "--data", "other", "?*/aidb-*.jsonl")
    #expect(pattern.status == 0 && pattern.output.hasPrefix("1 line: 1 event"), "\(pattern)")
    try expectEvents(1, "--source", "\(name.text)/aidb-a.jsonl")
  }

  @Test(arguments: OddName.some) func `a data directory`(name: OddName) throws {
    try directory.write("aidb-a.jsonl", line(1))
    for (variables, words, place) in [
      ([String](), ["--data", name.text], name.text),
      (["FOLDLOG_DATA=\(directory.file("v"))/\(name.text)"], [], "v/\(name.text)"),
      (["XDG_DATA_HOME=\(directory.file("x"))/\(name.text)"], [], "x/\(name.text)/foldlog"),
      (["HOME=\(directory.file("h"))/\(name.text)"], [], "h/\(name.text)/.local/share/foldlog"),
    ] {
      let foldlog = { (command: [String]) in
        try run(
          "sh",
          ["-c", "cd \"$0\" && exec env -u HOME \"$@\"", self.directory.path] + variables
            + [foldlogBinary] + words + command)
      }
      let taken = try foldlog(["ingest", "aidb-a.jsonl"])
      #expect(taken.status == 0 && taken.output.hasPrefix("1 line: 1 event"), "\(taken)")
      #expect(directory.exists("\(place)/log/data.mdb"), "\(shownPath(place))")
      let rows = try foldlog(["query", "values", "--format", "csv"])
      #expect(rows.output.contains("q1"), "\(rows)")
    }
    #expect(
      Set(try folderNames(directory.path)) == [name.text, "aidb-a.jsonl", "v", "x", "h"])
  }

  @Test(arguments: OddName.some) func `an export and its manifest, and settings`(name: OddName)
    throws
  {
    let text = try run("cat", ["\(packageRoot)/fixtures/aidb-events.jsonl"]).output
    try directory.write("aidb-a.jsonl", text)
    #expect(try foldlog("ingest", "aidb-a.jsonl").status == 0)
    let export = try foldlog("dataset", "export", "--format", "examples", "--out", name.text)
    #expect(export.status == 0, "\(export)")
    #expect(try directory.text(name.text).hasPrefix("{"))
    #expect(StrictJSON(try directory.bytes("\(name.text).manifest.json")) != nil)
    let before = Set(try folderNames(directory.path))
    #expect(
      before == [name.text, "\(name.text).manifest.json", "aidb-a.jsonl", "data"])
    try directory.write(name.text, "[values.weights]\noutcome = 0.5\nfeedback = 0.1\n")
    let forecast = try foldlog("replay", "--what-if", name.text, "--format", "json")
    #expect(forecast.status == 0, "\(forecast)")
    try directory.write(name.text, "nonsense = 1\n")
    let refused = try foldlog("replay", "--what-if", name.text)
    let place = Array("foldlog: \(shownPath(name.text)):1: ".utf8)
    #expect(refused.status == 64 && refused.errors.utf8.starts(with: place), "\(refused)")
  }

  @Test func `named pipes`() throws {
    for (number, source) in OddName.all.enumerated() {
      let result = try foldlog(
        "ingest", "--stream", "aidb", "--no-project", "--source", source.text, input: line(number))
      #expect(result.status == 0 && result.output.hasPrefix("1 line: 1 event"), "\(result)")
    }
    let last = OddName.all.count - 1
    let again = try foldlog(
      "ingest", "--stream", "aidb", "--no-project", "--source", OddName.all[last].text,
      input: line(last) + line(100))
    #expect(again.output.hasPrefix("1 line: 1 event"), "\(again)")
    for (number, source) in OddName.all.enumerated() {
      let export = try foldlog("log", "export", "--source", source.text)
      #expect(export.output == line(number) + (number == last ? line(100) : ""), "\(export)")
    }
  }

  @Test func `a filter by a name that is no text`() throws {
    let file = pathText(Array("old".utf8) + [0xe9] + Array(".jsonl".utf8))
    try directory.write(file, line(1))
    try directory.write("aidb-a.jsonl", line(2))
    #expect(try foldlog("ingest", "--stream", "aidb", file, "aidb-a.jsonl").status == 0)
    try expectEvents(1, "--where", "source = \(file)")
    try expectEvents(1, "--where", "source ~ \\xe9")
  }

  @Test func `two spellings of a letter are two names`() throws {
    for (number, name) in ["cafe\u{301}.jsonl", "caf\u{e9}.jsonl"].enumerated() {
      try directory.write(name, line(number))
      #expect(try foldlog("ingest", "--stream", "aidb", name).output.hasPrefix("1 line"))
      try expectEvents(1, "--source", name)
    }
    try expectEvents(2)
  }

  @Test func `a name of 255 bytes`() throws {
    let name = pathText([UInt8](repeating: 0xff, count: 255))
    try directory.makeFolder(name)
    try directory.write("\(name)/aidb-a.jsonl", line(1))
    #expect(try foldlog("ingest", name).output.hasPrefix("1 line: 1 event"))
    #expect(try foldlog("--data", name, "ingest", name).output.hasPrefix("1 line: 1 event"))
    // Its manifest would have a name of 269.
    let export = try foldlog("dataset", "export", "--format", "examples", "--out", "\(name)x")
    #expect(export.status == 74 && export.errors.contains("name too long"), "\(export)")
    let taken = try foldlog("dataset", "export", "--format", "examples", "--out", "x\(name)")
    #expect(taken.status == 74)
    #expect(Set(try folderNames(directory.path)) == [name, "data"])
  }

  @Test func `paths of a home that are relative count as none`() throws {
    try directory.write("aidb-a.jsonl", line(1))
    let both = try foldlog(
      "ingest", "aidb-a.jsonl",
      variables: ["XDG_DATA_HOME=rel", "HOME=\(directory.file("home"))"])
    #expect(both.status == 0, "\(both)")
    #expect(directory.exists("home/.local/share/foldlog/log/data.mdb"))
    let none = try foldlog(
      "ingest", "aidb-a.jsonl", variables: ["XDG_DATA_HOME=rel", "HOME=rel"])
    #expect(none.status == 64 && none.errors.contains("--data DIR"), "\(none)")
    #expect(try foldlog("--data", "", "status").status == 64)
    #expect(!directory.exists("rel"))
  }

  @Test func `a dash before a name is no option, and an option is no name`() throws {
    try directory.write("-h.jsonl", line(1))
    try directory.write("--strict", line(2))
    let known = try foldlog("ingest", "--stream", "aidb", "--strict", "-h.jsonl", "-")
    #expect(known.status == 0 && known.output.hasPrefix("1 line: 1 event"), "\(known)")
    let all = try foldlog("ingest", "--stream", "aidb", "--", "--strict", "-h.jsonl")
    #expect(all.status == 0 && all.output.hasPrefix("1 line: 1 event"), "\(all)")
    let absent = try foldlog("ingest", "--folow", "-h.jsonl")
    #expect(absent.status == 64 && absent.errors.contains("--follow"), "\(absent)")
  }
}
