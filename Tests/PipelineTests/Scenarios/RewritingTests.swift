import EventLog
import Events
import Pipeline
import TestSupport
import Testing

/// Files that do not hold what was read of them any more: scenarios 10 to 12 and 14 to 17.
@Suite struct RewritingTests {
  @Test(arguments: Watching.allCases)
  func `a file truncated and grown past the old position is taken from its beginning`(
    _ watching: Watching
  ) throws {
    for isSeen in [true, false] {
      for isStopped in [false, true] {
        let folder = try TailedFolder("a.jsonl", watching: watching)
        try folder.append("a.jsonl", lines(1...5))
        try folder.follow()
        try folder.truncate("a.jsonl")
        if isSeen { try folder.follow() }
        if isStopped { folder.kill() }
        try folder.append("a.jsonl", lines(10...30))
        try folder.follow()
        let all = lines(1...5) + lines(10...30)
        #expect(try folder.lines() == all, "seen: \(isSeen), stopped: \(isStopped)")
        try folder.restart()
        #expect(try folder.lines() == all, "seen: \(isSeen), stopped: \(isStopped)")
      }
    }
  }

  @Test(arguments: Watching.allCases)
  func `a file replaced by a shorter, an equal and a longer one is taken from its beginning`(
    _ watching: Watching
  ) throws {
    for isStopped in [false, true] {
      let folder = try TailedFolder("a.jsonl", watching: watching)
      try folder.append("a.jsonl", lines(100...104))
      try folder.follow()
      var all = lines(100...104)
      for numbers in [200...202, 300...302, 400...410] {
        if isStopped { folder.kill() }
        try folder.replace("a.jsonl", lines(numbers))
        try folder.follow()
        all += lines(numbers)
        #expect(try folder.lines() == all, "stopped: \(isStopped)")
      }
      // What had stood there was read to its end before.
      try folder.append("a.jsonl", lines(411...411))
      try folder.replace("a.jsonl", lines(500...501))
      try folder.follow()
      #expect(try folder.lines().suffix(2) == lines(500...501))
    }
  }

  @Test func `a one-shot ingest finds a shorter, an equal and a longer one`() throws {
    let folder = try TailedFolder("a.jsonl")
    for numbers in [100...104, 200...202, 300...302, 400...410] {
      try folder.replace("a.jsonl", lines(numbers))
      #expect(try folder.ingest("a.jsonl").events == UInt64(numbers.count))
      #expect(try folder.ingest("a.jsonl").lines == 0)
    }
  }

  @Test(arguments: Watching.allCases)
  func `a file deleted and made again at once, with its inode, is another`(
    _ watching: Watching
  ) throws {
    let folder = try TailedFolder("a.jsonl", watching: watching)
    try folder.append("a.jsonl", lines(1...3))
    try folder.follow()
    var all = lines(1...3)
    // Shorter, as long, and longer than what was read.
    for numbers in [10...11, 20...21, 30...39] {
      folder.kill()
      let inode = try folder.directory.inode("in/a.jsonl")
      // The file system gives a number again once it is free, though not always at once.
      for attempt in 0..<50 {
        try folder.remove("a.jsonl")
        try folder.append("a.jsonl", lines(numbers))
        if try folder.directory.inode("in/a.jsonl") == inode { break }
        if attempt == 49 { print("skipped: this file system did not use an inode again") }
      }
      try folder.follow()
      all += lines(numbers)
      #expect(try folder.lines() == all)
    }
    // While it is followed.
    try folder.remove("a.jsonl")
    try folder.append("a.jsonl", lines(50...51))
    try folder.follow()
    #expect(try folder.lines() == all + lines(50...51))
  }

  @Test(arguments: Watching.allCases)
  func `a tail rewritten below the position gives the lines that are new`(
    _ watching: Watching
  ) throws {
    for isStopped in [false, true] {
      let folder = try TailedFolder("a.jsonl", watching: watching)
      try folder.append("a.jsonl", lines(10..<20))
      try folder.follow()
      if isStopped { folder.kill() }
      // As long as before; then longer; then shorter.
      try folder.rewrite("a.jsonl", lines(10..<17) + lines([77, 78, 79]))
      try folder.follow()
      #expect(try folder.lines() == lines(10..<20) + lines(77...79))
      if isStopped { folder.kill() }
      try folder.rewrite("a.jsonl", lines(10..<17) + lines([77]) + lines(880..<890))
      try folder.follow()
      #expect(try folder.lines() == lines(10..<20) + lines(77...79) + lines(880..<890))
      if isStopped { folder.kill() }
      try folder.rewrite("a.jsonl", lines(10..<12) + lines([91]))
      try folder.follow()
      #expect(
        try folder.lines() == lines(10..<20) + lines(77...79) + lines(880..<890) + lines([91]))
      #expect(folder.notes.contains("was rewritten"))
    }
  }

  @Test func `an edit of the same length far below the position is found by a one-shot ingest`()
    throws
  {
    let folder = try TailedFolder("a.jsonl")
    let original = longLines(1_000..<1_160, length: 20_000)
    try folder.append("a.jsonl", original)
    try folder.ingest("a.jsonl")
    #expect(try folder.lines() == original)
    // The second line of a file of three segments: its first byte of text.
    var edited = original
    edited[1] = edited[1].replacing("1001 is", with: "9999 is")
    let time = 1_800_000_000
    try folder.directory.setTime("in/a.jsonl", seconds: time)
    try folder.rewrite("a.jsonl", edited)
    try folder.directory.setTime("in/a.jsonl", seconds: time)
    let report = try folder.ingest("a.jsonl")
    #expect(report.events == 1)
    #expect(report.warnings.joined().contains("was rewritten: 159 of its lines"))
    #expect(try folder.lines() == original + [edited[1]])
    #expect(try folder.ingest("a.jsonl").lines == 0)
    try folder.follow()
    #expect(try folder.lines().count == 161)
  }

  // MARK: Rewritten without the oldest lines

  /// How what changed is taken.
  enum Taking: CaseIterable, Sendable {
    case onceEach, followed, followedAgain
  }

  private func take(_ taking: Taking, _ folder: TailedFolder) throws {
    switch taking {
    case .onceEach: _ = try folder.ingest("a.jsonl")
    case .followed: try folder.follow()
    case .followedAgain: try folder.restart()
    }
  }

  @Test(arguments: Taking.allCases, [true, false])
  func `a file rewritten without its oldest lines does not give the kept ones again`(
    _ taking: Taking, _ isInPlace: Bool
  ) throws {
    let folder = try TailedFolder("a.jsonl")
    let same = [String](repeating: "{\"always\":\"the same\"}", count: 41)
    let refused = [String](repeating: "no event", count: 3)
    let put = isInPlace ? folder.rewrite : folder.replace
    try folder.append("a.jsonl", lines(1...10) + same + refused + ["", "  "])
    try take(taking, folder)
    #expect(try folder.lines() == lines(1...10) + same)
    #expect(try folder.lines(.quarantine) == refused)

    try put("a.jsonl", lines(8...10) + same + refused + [""])
    try take(taking, folder)
    #expect(try folder.lines().count == 51)
    #expect(try folder.lines(.quarantine) == refused)

    // As often as they are more: lines of the log, and of the quarantine.
    try put(
      "a.jsonl",
      lines(10...10) + same + refused + same.prefix(4) + refused.prefix(1) + lines(11...11))
    try take(taking, folder)
    #expect(try folder.lines() == lines(1...10) + same + same.prefix(4) + lines(11...11))
    #expect(try folder.lines(.quarantine) == refused + refused.prefix(1))

    // What a file gave as it was before counts too, though it was not there meanwhile.
    try put("a.jsonl", lines(9...11) + lines(12...12))
    try take(taking, folder)
    #expect(try folder.lines().count == 57)
    #expect(try folder.lines().last == lines(12...12).last)
    try take(taking, folder)
    #expect(try folder.lines().count == 57)
  }

  @Test(arguments: Taking.allCases)
  func `a file that is seen empty starts anew, and gives all of its lines`(_ taking: Taking) throws
  {
    let folder = try TailedFolder("a.jsonl")
    try folder.append("a.jsonl", lines(1...5))
    try take(taking, folder)
    try folder.truncate("a.jsonl")
    try take(taking, folder)
    try folder.append("a.jsonl", lines(3...6))
    try take(taking, folder)
    #expect(try folder.lines() == lines(1...5) + lines(3...6))
    try take(taking, folder)
    #expect(try folder.lines().count == 9)
    // And from then on as any other.
    try folder.rewrite("a.jsonl", lines(5...7))
    try take(taking, folder)
    #expect(try folder.lines() == lines(1...5) + lines(3...6) + lines(7...7))
    // Though it holds the very same again.
    try folder.truncate("a.jsonl")
    try take(taking, folder)
    try folder.append("a.jsonl", lines(5...7))
    try take(taking, folder)
    #expect(try folder.lines() == lines(1...5) + lines(3...6) + lines(7...7) + lines(5...7))
    try take(taking, folder)
    #expect(try folder.lines().count == 13)
  }

  @Test(arguments: Taking.allCases)
  func `a file that holds none of what it gave starts anew`(_ taking: Taking) throws {
    let folder = try TailedFolder("a.jsonl")
    try folder.append("a.jsonl", lines(1...5))
    try take(taking, folder)
    try folder.rewrite("a.jsonl", lines(10...12))
    try take(taking, folder)
    // What it gave before it began anew is forgotten.
    try folder.rewrite("a.jsonl", lines(2...5))
    try take(taking, folder)
    #expect(try folder.lines() == lines(1...5) + lines(10...12) + lines(2...5))
    try take(taking, folder)
    #expect(try folder.lines().count == 12)
  }

  @Test(arguments: Watching.allCases)
  func `a file rewritten in place that also grows gives its growth by position`(
    _ watching: Watching
  ) throws {
    for isStopped in [false, true] {
      let folder = try TailedFolder("a.jsonl", watching: watching)
      try folder.append("a.jsonl", lines(1...10))
      try folder.follow()
      if isStopped { folder.kill() }
      try folder.rewrite("a.jsonl", lines(4...12))
      try folder.follow()
      #expect(try folder.lines() == lines(1...12))
      // Growth is growth, also by lines that were given before.
      try folder.append("a.jsonl", lines(4...5))
      try folder.follow()
      #expect(try folder.lines() == lines(1...12) + lines(4...5))
      try folder.append("a.jsonl", lines(13...13))
      try folder.restart()
      #expect(try folder.lines() == lines(1...12) + lines(4...5) + lines(13...13))
    }
  }

  @Test func `a rewritten file is taken once though the follower is killed in its middle`() throws {
    let folder = try TailedFolder("a.jsonl")
    let original = longLines(1_000..<1_400, length: 20_000)
    try folder.append("a.jsonl", original)
    try folder.follow()
    let kept = Array(original[50...]) + longLines(5_000..<5_100, length: 20_000)
    try folder.rewrite("a.jsonl", kept)
    for chunks in [3, 4] {
      folder.chunksBeforeStop = chunks
      try folder.follow()
      folder.kill()
    }
    folder.chunksBeforeStop = nil
    try folder.follow()
    #expect(try folder.lines() == original + longLines(5_000..<5_100, length: 20_000))
  }
}
