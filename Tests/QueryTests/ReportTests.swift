import TestSupport
import Testing

@testable import Query

@Suite struct HumanNumbersTests {
  @Test(arguments: [
    (0, "0"), (7, "7"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"),
    (-12_345, "-12,345"),
    (Int64.min, "-9,223,372,036,854,775,808"),
  ])
  func `groups digits`(value: Int64, text: String) {
    #expect(HumanNumbers.grouped(value) == text)
  }

  @Test(arguments: [
    (0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (1_049, "1.0 kB"), (1_050, "1.1 kB"),
    (999_949, "999.9 kB"), (999_950, "1.0 MB"), (585_200_000, "585.2 MB"),
    (1_000_000_000, "1.0 GB"), (UInt64.max, "18.4 EB"),
  ])
  func `writes bytes`(count: UInt64, text: String) {
    #expect(HumanNumbers.bytes(count) == text)
  }

  @Test(arguments: [
    (0.0, "0 ms"), (0.8504, "850 ms"), (0.9996, "1 s"), (2.4, "2 s"), (59.6, "1 min"),
    (190, "3 min 10 s"), (3_600, "1 h"), (3_900, "1 h 5 min"), (183_600, "2 d 3 h"), (-1, ""),
    (.nan, ""), (.infinity, ""),
  ])
  func `writes durations`(seconds: Double, text: String) {
    #expect(HumanNumbers.duration(seconds: seconds) == text)
  }

  @Test func `writes rates and shares`() {
    #expect(HumanNumbers.rate(420_668, seconds: 2) == "210,334/s")
    #expect(HumanNumbers.byteRate(835_000_000, seconds: 1) == "835.0 MB/s")
    #expect(HumanNumbers.rate(1, seconds: 0) == "")
    #expect(HumanNumbers.rate(.max, seconds: .leastNonzeroMagnitude) == "")
    #expect(HumanNumbers.percent(1, of: 3) == "33.3 %")
    #expect(HumanNumbers.percent(3, of: 3) == "100 %")
    #expect(HumanNumbers.percent(0, of: 0) == "")
    #expect(HumanNumbers.percent(.max, of: .max) == "100 %")
  }
}

@Suite struct ProgressBarTests {
  private let bar = ProgressBar("replay", unit: .count("events"), width: 78)

  @Test func `says how far, how fast, how long`() {
    #expect(
      bar.line(done: 612_000, total: 1_000_000, elapsedSeconds: 2.9097)
        == "replay  ████████░░░░░░  61 %  612,000 of 1,000,000 events  210,331/s  2 s left")
    #expect(
      bar.line(done: 0, total: 1_000_000, elapsedSeconds: 0)
        == "replay  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░   0 %  0 of 1,000,000 events")
    #expect(
      bar.line(done: 1_000_000, total: 1_000_000, elapsedSeconds: 4.75)
        == "replay  ██████████████ 100 %  1,000,000 of 1,000,000 events  210,526/s  in 5 s")
  }

  @Test func `what was done before counts neither for the rate nor for the time left`() {
    let line = bar.line(done: 750_000, total: 1_000_000, from: 500_000, elapsedSeconds: 5)
    #expect(line.contains(" 75 %") && line.contains("50,000/s") && line.contains("5 s left"))
  }

  @Test func `only the end is 100 %`() {
    let line = bar.line(done: 999_999, total: 1_000_000, elapsedSeconds: 3)
    #expect(line.contains(" 99 %"))
  }

  @Test func `in ASCII, and in bytes`() {
    let bar = ProgressBar("ingest", unit: .bytes, width: 72, isASCII: true)
    #expect(
      bar.line(done: 120_300_000, total: 585_200_000, elapsedSeconds: 1)
        == "ingest  ##............  20 %  120.3 MB of 585.2 MB  120.3 MB/s  4 s left")
  }

  @Test func `without a total`() {
    #expect(
      bar.line(done: 612_000, total: nil, elapsedSeconds: 3)
        == "replay  612,000 events  204,000/s  3 s")
  }

  @Test func `leaves out what does not fit`() {
    let expected = [
      (65, "replay  ███████░░░░░  61 %  612,000 of 1,000,000 events  2 s left"),
      (40, "replay  █████████░░░░░░░  61 %  2 s left"),
      (26, "replay  ███████░░░░░  61 %"), (20, "replay   61 %"), (12, "replay"), (4, "rep…"),
      (0, ""),
    ]
    for (width, line) in expected {
      var narrow = bar
      narrow.width = width
      #expect(narrow.line(done: 612_000, total: 1_000_000, elapsedSeconds: 2.9) == line)
    }
  }

  @Test func `never longer than the width, and never traps`() {
    var random = SeededRandom(seed: 9)
    let amounts: [UInt64] = [0, 1, 999, 612_000, 1_000_000, .max]
    let times: [Double] = [0, 1e-300, 0.1, 3, 1e9, .infinity, .nan, -1]
    for width in 0...200 {
      for unit in [ProgressBar.Unit.bytes, .count("events")] {
        let bar = ProgressBar("replay", unit: unit, width: width)
        let done = amounts.randomElement(using: &random) ?? 0
        let total = Bool.random(using: &random) ? amounts.randomElement(using: &random) : nil
        for time in times {
          let line = bar.line(done: done, total: total, elapsedSeconds: time)
          #expect(DisplayText(line).width <= width, "\(line)")
        }
      }
    }
  }
}

@Suite struct KeyValueBlockTests {
  @Test func `values stand below one another`() {
    let head = KeyValueBlock(["head": "999,999", "log": "585.2 MB", "empty": ""])
    #expect(head.lines() == ["head   999,999", "log    585.2 MB", "empty"])
    var sources = KeyValueBlock(title: "sources")
    sources.append("ralph-events.jsonl", "at 1,024\nrotated once")
    #expect(
      KeyValueBlock.lines([head, sources]).joined(separator: "\n") == """
        head                999,999
        log                 585.2 MB
        empty

        sources
          ralph-events.jsonl  at 1,024
                              rotated once
        """)
  }

  @Test func `lines fit, and titles are bold when asked for`() {
    let block = KeyValueBlock(title: "views", ["values\u{1b}": "live\u{7}, 日本語 and more"])
    #expect(
      block.lines(TextStyle(width: 20, isColored: true)) == [
        "\u{1b}[1mviews\u{1b}[0m", "  values␛  live␇, …",
      ])
  }
}

@Suite struct TextGridTests {
  private func grid() -> TextGrid {
    var grid = TextGrid([
      TextGrid.Column("view"), TextGrid.Column("offset", isNumber: true),
      TextGrid.Column("digest"), TextGrid.Column("state"),
    ])
    grid.append(["values", "999,999", "5f0c9b7e5f0c9b7e5f0c9b7e5f0c9b7e", "live"])
    grid.append(["errors", "12", "00000000000000000000000000000000", "stopped at 13"])
    return grid
  }

  @Test func `as wide as its cells`() {
    #expect(
      grid().lines().joined(separator: "\n") == """
        view     offset  digest                            state
        ──────  ───────  ────────────────────────────────  ─────────────
        values  999,999  5f0c9b7e5f0c9b7e5f0c9b7e5f0c9b7e  live
        errors       12  00000000000000000000000000000000  stopped at 13
        """)
  }

  @Test func `cuts, then hides the last`() {
    #expect(
      grid().lines(TextStyle(width: 44)).joined(separator: "\n") == """
        view     offset  digest
        ──────  ───────  ───────────────────────────
        values  999,999  5f0c9b7e5f0c9b7e5f0c9b7e5f…
        errors       12  00000000000000000000000000…
        hidden: state
        """)
    #expect(
      grid().lines(TextStyle(width: 20, isASCII: true)).joined(separator: "\n") == """
        view     offset
        ------  -------
        values  999,999
        errors       12
        hidden: digest,
          state
        """)
  }
}
