import Events
import Ingest
import TestSupport
import Testing

/// Content that is packed in a way that is not read here.
@Suite struct UnsupportedFormTests {
  /// What files begin with, and what says so.
  static let forms: [(name: String, tool: String, head: [UInt8])] = [
    ("xz", "xz -dc", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]),
    ("bzip2", "bzip2 -dc", Array("BZh91AY&SY".utf8)),
    ("lz4", "lz4 -dc", [0x04, 0x22, 0x4d, 0x18]),
    ("zip", "unzip -p", Array("PK".utf8) + [3, 4]),
    ("7z", "7z x -so", [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]),
  ]

  /// What is inside does not matter: nothing of it is read.
  private func content(_ head: [UInt8]) -> [UInt8] { head + Array("\nno\nline\n".utf8) }

  @Test(arguments: forms.indices)
  func `what cannot be unpacked says what it is and what to do, and gives nothing`(
    _ index: Int
  ) throws {
    let form = Self.forms[index]
    for name in ["a.jsonl.packed", "a.jsonl"] {
      let directory = try TemporaryDirectory()
      let path = try directory.write(name, content(form.head))
      let resolver = SourceResolver(
        files: DiskFiles(), registry: SourceRegistry(MemoryLog()), isFollowing: false)
      let error = try #require(throws: IngestError.self) {
        _ = try resolver.open(path).session?.nextChunk()
      }
      #expect(error.code == .unreadable && error.path == path)
      #expect(error.reason.contains("packed as \(form.name)"))
      #expect(error.reason.contains("`\(form.tool) FILE | foldlog ingest`"))
    }
  }

  @Test(arguments: forms.indices)
  func `a follower tells once of what it cannot unpack, and takes the others`(_ index: Int) throws {
    let following = Following(nil)
    following.write("a.jsonl", "1")
    try following.turns(2)
    let file = following.files.create("a.jsonl.packed")
    following.files.append(content(Self.forms[index].head), to: file)
    following.write("b.jsonl", "2")
    try following.turns(5)
    #expect(following.lines == ["1", "2"])
    #expect(following.taker.told.count == 1)
    #expect(following.reportedErrors.descriptions.count == 1)
    following.restart()
    try following.turns(5)
    #expect(following.lines == ["1", "2"])
  }

  @Test func `an archive that is older than what was read is left alone`() throws {
    let following = Following("a.jsonl")
    let old = following.files.create("a.jsonl.9.xz")
    following.files.append(content(Self.forms[0].head), to: old)
    following.pass(3_600_000)
    following.write("a.jsonl", "1")
    try following.turns(3)
    following.write("a.jsonl", "2")
    try following.turns(3)
    #expect(following.lines == ["1", "2"])
    #expect(following.taker.told == [])
    // One that was made since may hold what was not read.
    let young = following.files.create("a.jsonl.1.xz")
    following.files.append(content(Self.forms[0].head), to: young)
    following.files.remove("a.jsonl")
    following.write("a.jsonl", "3")
    try following.turns(5)
    #expect(following.lines == ["1", "2", "3"])
    #expect(following.taker.told.count == 1)
    #expect(following.taker.told.joined().contains("a.jsonl.1.xz"))
  }

  @Test func `brotli is told by its name, unless it holds text`() throws {
    let following = Following(nil)
    let packed = following.files.create("a.jsonl.br")
    following.files.append([0x8b, 0x02, 0x80] + content([]), to: packed)
    following.write("b.jsonl.br", "{}")
    try following.turns(3)
    #expect(following.lines == ["{}"])
    #expect(following.taker.told.count == 1)
    #expect(following.taker.told.joined().contains("brotli"))
  }

  @Test(arguments: ["BZh", "BZh is no form", "P", "PK", "7z", "7", "BZh91"])
  func `text that begins alike is text`(_ text: String) throws {
    let following = Following(nil)
    following.write("a.jsonl", text)
    try following.turns(3)
    #expect(following.lines == [text])
    #expect(following.taker.told == [])
  }

  @Test func `what is being written is not taken for text before its first bytes are there`() throws
  {
    let following = Following(nil)
    for (index, byte) in content(Self.forms[0].head).enumerated() {
      let file = following.files["a.jsonl"] ?? following.files.create("a.jsonl")
      following.files.append([byte], to: file)
      try following.turns(3)
      #expect(following.lines == [], "byte \(index)")
    }
    #expect(following.taker.told.count == 1)
  }

  @Test(arguments: [".md5", ".sha1", ".sha256", ".sha512", ".sig", ".asc"])
  func `checksums beside files are not telemetry`(_ suffix: String) throws {
    for name in ["a.jsonl", nil] {
      let following = Following(name)
      following.write("a.jsonl", "1")
      try following.turns(2)
      following.write("a.jsonl\(suffix)", "5ca1ab1e  a.jsonl")
      following.write("b.jsonl\(suffix)", "5ca1ab1e  b.jsonl")
      try following.turns(3)
      #expect(following.lines == ["1"])
    }
    let directory = try TemporaryDirectory()
    let path = try directory.write("a.jsonl", "{}\n")
    try directory.write("a.jsonl\(suffix)", "5ca1ab1e  a.jsonl\n")
    var inputs: [Input] = []
    inputs = expandInputs([directory.path], standardInputName: nil) { _ in }
    #expect(inputs == [.file(path: path)])
  }
}
