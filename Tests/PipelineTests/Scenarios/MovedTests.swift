import Pipeline
import TestSupport
import Testing

/// Folders whose files were read, and that are elsewhere by now.
@Suite struct MovedTests {
  /// What stands in the folder: from one line to 10 MB.
  enum Shape: CaseIterable, Sendable {
    case line, lines, megabytes, mixed

    /// Names, each with how many lines the file has, and how long they are.
    var files: [(name: String, count: Int, length: Int)] {
      switch self {
      case .line: [("f.jsonl", 1, 0)]
      case .lines: [("f.jsonl", 60, 100), ("f.jsonl.1", 30, 200)]
      case .megabytes: [("f.jsonl", 100, 100_000)]
      case .mixed:
        [
          ("f.jsonl", 2, 0), ("f.jsonl.1", 1, 0), ("f.jsonl.2", 70, 90), ("g.jsonl", 1, 0),
          ("x/f.jsonl", 1, 0), ("x/y/f.jsonl", 5, 2_000), ("y/f.jsonl", 3_000, 1_000),
        ]
      }
    }
  }

  /// How the folder `a` comes to be the folder `b`.
  enum Way: String, CaseIterable, Sendable {
    case renamed = "mv a b"
    case copied = "cp -r a b && rm -r a"
    case filesRenamed = "mkdir b && mv a/* b"
    case emptied = "cp -r a b && rm -r a/*"
    case underAFile = "cp -r a b && rm -r a && touch a"
    case far = "mkdir -p p/q && cp -rp a p/q/b && rm -r a && mv p/q/b b"
    case byLink = "mkdir r && cp -r a r/b && rm -r a && ln -s r/b b"
    case twice = "cp -r a c && rm -r a && cp -r c b && rm -r c"
    case there = "cp -r a c && rm -r a && cp -r c a && rm -r c && mv a b"
    case replaced =
      "cp -r a b && rm -r a && mkdir a && echo '{\"n\":-1}' > a/f.jsonl && echo '{\"n\":-2}' > a/g.jsonl"
  }

  /// Who takes what the folder `b` has.
  enum Reader: CaseIterable, Sendable {
    case ingest, followerBefore, followerAfter, followerOfFile
  }

  private final class Moving {
    let folder: TailedFolder
    let shape: Shape
    private(set) var written: [String] = []

    init(_ shape: Shape, following name: String = "b") throws {
      self.shape = shape
      folder = try TailedFolder(name)
      try folder.directory.makeFolder("in/a")
      try folder.shell("mkdir -p a/x/y a/y")
    }

    /// Adds lines to each file of a folder.
    func write(in place: String, count: Int? = nil) throws {
      for file in shape.files {
        let numbers = written.count..<written.count + (count ?? file.count)
        let added = file.length == 0 ? lines(numbers) : longLines(numbers, length: file.length)
        try folder.append("\(place)/\(file.name)", added)
        written += added
      }
    }

    func ingest(_ place: String) throws {
      for file in shape.files {
        let report = try folder.ingest("\(place)/\(file.name)")
        #expect(report.failures.isEmpty && report.warnings.isEmpty)
      }
    }

    /// Whether each line was taken once.
    func isWhole() throws -> Bool { try folder.lines().sorted() == written.sorted() }
  }

  @Test(arguments: Shape.allCases, Way.allCases)
  func `what a folder gains elsewhere is taken, and nothing else`(
    _ shape: Shape, _ way: Way
  ) throws {
    for reader in Reader.allCases where shape != .megabytes || reader == .ingest {
      let isOfFile = reader == .followerOfFile
      if isOfFile, shape == .mixed { continue }
      let moving = try Moving(shape, following: isOfFile ? "b/f.jsonl" : "b")
      try moving.write(in: "a")
      try moving.ingest("a")
      // Not taken before it is moved.
      try moving.write(in: "a", count: 1)
      if reader == .followerBefore { try moving.folder.follow() }
      try moving.folder.shell(way.rawValue)
      for _ in 0..<3 {
        if reader == .ingest { try moving.ingest("b") } else { try moving.folder.follow() }
        #expect(try moving.isWhole(), "\(reader)")
        try moving.write(in: "b", count: 2)
      }
      if reader != .ingest { try moving.folder.restart() } else { try moving.ingest("b") }
      #expect(try moving.isWhole(), "\(reader)")
      #expect(moving.folder.notes == "")
    }
  }

  @Test func `files that are moved one by one while they are followed go on`() throws {
    let moving = try Moving(.mixed, following: ".")
    try moving.write(in: "a")
    try moving.folder.follow()
    try moving.folder.shell("mkdir -p b/x/y b/y")
    for file in moving.shape.files {
      try moving.folder.shell("cp a/\(file.name) b/\(file.name) && rm a/\(file.name)")
      try moving.folder.follow()
    }
    #expect(try moving.isWhole())
    try moving.write(in: "b", count: 1)
    try moving.folder.follow()
    #expect(try moving.isWhole())
  }

  @Test(arguments: Shape.allCases)
  func `a copy whose original stands is another source`(_ shape: Shape) throws {
    let moving = try Moving(shape)
    try moving.write(in: "a")
    try moving.ingest("a")
    let before = moving.written
    try moving.folder.shell("cp -r a b")
    for file in shape.files { try moving.folder.ingest("b/\(file.name)") }
    #expect(try moving.folder.lines().sorted() == (before + before).sorted())
    try moving.write(in: "a", count: 1)
    try moving.write(in: "b", count: 1)
    try moving.ingest("a")
    try moving.ingest("b")
    #expect(try moving.folder.lines().sorted() == (before + moving.written).sorted())
    // From then on each goes its way, wherever they are.
    try moving.folder.shell("rm -r a && cp -r b c && rm -r b")
    try moving.write(in: "c", count: 1)
    try moving.ingest("c")
    #expect(try moving.folder.lines().sorted() == (before + moving.written).sorted())
  }

  @Test func `a copy that was rewritten is another source`() throws {
    let folder = try TailedFolder("b")
    try folder.directory.makeFolder("in/a")
    try folder.append("a/f.jsonl", lines(1...3))
    try folder.ingest("a/f.jsonl")
    try folder.shell("cp -r a b && rm -r a")
    try folder.rewrite("b/f.jsonl", lines([1, 2, 9]))
    let report = try folder.ingest("b/f.jsonl")
    #expect(report.failures.isEmpty)
    #expect(try folder.lines() == lines([1, 2, 3, 1, 2, 9]))
  }

  @Test(arguments: [true, false])
  func `a copy that is still arriving gives nothing before it holds more`(
    _ isFollowed: Bool
  ) throws {
    let folder = try TailedFolder("b")
    try folder.shell("mkdir a b")
    try folder.append("a/f.jsonl", longLines(1...300, length: 10_000))
    try folder.ingest("a/f.jsonl")
    try folder.append("a/f.jsonl", longLines(301...301, length: 10_000))
    func take() throws {
      guard !isFollowed else {
        // What may have come from elsewhere is decided about when all is looked at.
        for _ in 0..<2 { try folder.follow() }
        return
      }
      #expect(try folder.ingest("b/f.jsonl").failures.isEmpty)
    }
    try folder.shell("mv a/f.jsonl all && rmdir a && touch b/f.jsonl")
    try take()
    for part in [4_096, 5_000, 1_000_000, 1_500_000] {
      try folder.shell("head -c \(part) all > b/f.jsonl")
      try take()
      #expect(try folder.lines() == longLines(1...300, length: 10_000))
    }
    try folder.shell("cat all > b/f.jsonl")
    try take()
    #expect(try folder.lines() == longLines(1...301, length: 10_000))
  }

  @Test func `a rotated file that nobody has read is found where its folder went`() throws {
    for command in ["mv a b", "cp -r a b && rm -r a"] {
      let folder = try TailedFolder("b/f.jsonl")
      try folder.directory.makeFolder("in/a")
      try folder.append("a/f.jsonl", lines(1...3))
      try folder.ingest("a/f.jsonl")
      try folder.append("a/f.jsonl", lines(4...4))
      for number in 5...6 {
        try folder.shell(
          "test ! -e a/f.jsonl.1 || mv a/f.jsonl.1 a/f.jsonl.2; mv a/f.jsonl a/f.jsonl.1")
        try folder.append("a/f.jsonl", lines([number]))
      }
      try folder.shell(command)
      try folder.follow()
      try folder.append("b/f.jsonl.1", lines(7...7))
      try folder.follow()
      // A copy's time does not tell which of two is older.
      #expect(try folder.lines().sorted() == lines(1...7), "\(command)")
    }
  }

  @Test func `files whose inodes have changed places are known by their names`() throws {
    let folder = try TailedFolder("a")
    try folder.shell("mkdir a")
    for (name, numbers) in [("f", 1...3), ("g", 4...7), ("h", 8...9)] {
      try folder.append("a/\(name).jsonl", lines(numbers))
      try folder.ingest("a/\(name).jsonl")
    }
    // As on a machine where everything was put back: each file has the number that another had.
    try folder.shell(
      "cd a && cp f.jsonl 1 && cp g.jsonl 2 && cp h.jsonl 3 && cat 1 > g.jsonl && cat 2 > h.jsonl "
        + "&& cat 3 > f.jsonl && rm 1 2 3 && mv f.jsonl t && mv g.jsonl f.jsonl && mv h.jsonl g.jsonl "
        + "&& mv t h.jsonl")
    for name in ["f", "g", "h"] { try folder.append("a/\(name).jsonl", lines([10])) }
    for name in ["f", "g", "h"] { try folder.ingest("a/\(name).jsonl") }
    try folder.follow()
    #expect(try folder.lines() == lines(1...9) + lines([10, 10, 10]))
  }

  @Test(arguments: [
    "in/f.jsonl", "in/./f.jsonl", "in//f.jsonl", "in/x/../f.jsonl", "link/f.jsonl",
    "in/x/../../link/x/../f.jsonl",
  ])
  func `a file is the same by every path`(_ path: String) throws {
    let folder = try TailedFolder("x")
    try folder.shell("mkdir x && ln -s in ../link")
    try folder.append("f.jsonl", lines(1...2))
    try folder.ingest("f.jsonl")
    try folder.append("f.jsonl", lines(3...3))
    try folder.ingest("../\(path)")
    #expect(try folder.lines() == lines(1...3))
    #expect(try folder.sources().count == 1)
  }
}
