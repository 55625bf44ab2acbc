import Events
import Foldlog
import Logging
import Synchronization
import Testing

/// Lines that were written.
private final class Lines: Sendable {
  private let all = Mutex<[String]>([])

  var written: [String] { all.withLock { $0 } }

  func logger(_ level: Logger.Level, _ form: LineLogHandler.Form = .timestamped) -> Logger {
    Logger(label: "foldlog") { label in
      LineLogHandler(
        label: label, level: level, form: form, now: { Timestamp(nanoseconds: 0) },
        write: { line in self.all.withLock { $0.append(String(decoding: line, as: UTF8.self)) } })
    }
  }
}

private struct Refused: Error, CustomStringConvertible {
  let description = "no such \"thing\""
}

/// What an entry of the log looks like.
@Suite struct LogLineTests {
  @Test func `an entry is a line with its time, its level and what belongs to it`() {
    let lines = Lines()
    var logger = lines.logger(.info)
    logger[metadataKey: "pid"] = "7"
    logger.info("source found", metadata: ["path": "/a/b c.jsonl", "source": "3"])
    logger.debug("nothing")
    logger.error("retry", error: Refused(), metadata: ["attempt": ""])
    #expect(
      lines.written == [
        "1970-01-01T00:00:00Z info foldlog: source found path=\"/a/b c.jsonl\" pid=7 source=3\n",
        "1970-01-01T00:00:00Z error foldlog: retry attempt=\"\" pid=7 cause=\"no such \\\"thing\\\"\"\n",
      ])
  }

  @Test(
    arguments: [
      (.debug, 7), (.info, 6), (.notice, 5), (.warning, 4), (.error, 3), (.critical, 2),
    ] as [(Logger.Level, Int)])
  func `for the journal a line begins with its priority, and has no time`(
    _ level: Logger.Level, _ priority: Int
  ) {
    let lines = Lines()
    lines.logger(.trace, .prioritised).log(level: level, "m")
    #expect(lines.written == ["<\(priority)>foldlog: m\n"])
  }

  @Test func `no value makes a second line, or a long one`() {
    let lines = Lines()
    let logger = lines.logger(.trace)
    logger.info("a\nb\u{1b}[2J", metadata: ["path": "x\ny=\"z\"\\"])
    logger.info("\(String(repeating: "é", count: 100_000))")
    let many = (0..<1_000).map { ("key\($0)", String(repeating: "\n", count: 10_000)) }
    logger.info("m", metadata: Dictionary(uniqueKeysWithValues: many.map { ($0, "\($1)") }))
    #expect(lines.written.count == 3)
    for line in lines.written {
      #expect(line.utf8.count <= LineLogHandler.lineSizeMax)
      #expect(line.hasSuffix("\n") && !line.dropLast().contains { $0.isNewline || $0 == "\u{1b}" })
    }
    #expect(lines.written[0].contains("path=\"x\\\\x0ay=\\\"z\\\"\\\\\""), "\(lines.written[0])")
  }

  @Test func `a level has one of seven names`() throws {
    #expect(try Logger.Level.named("warning") == .warning && Logger.Level.named(nil) == nil)
    let error = #expect(throws: FoldlogError.self) { try Logger.Level.named("loud") }
    #expect(error?.code == .usage && error?.description.contains("debug, info, notice") == true)
  }
}
