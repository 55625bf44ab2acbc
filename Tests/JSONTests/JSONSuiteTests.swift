import TestSupport
import Testing

@testable import JSON

@Suite struct JSONSuiteTests {
  @Test(.enabled(if: Files.suite != nil)) func `the public suite is judged as its names say`()
    throws
  {
    let folder = try #require(Files.suite)
    var parser = JSONParser()
    var counts: [Character: Int] = [:]
    for name in Files.names(in: folder) {
      let bytes = Files.bytes(of: "\(folder)/\(name)")
      let outcome = read(bytes, with: &parser)
      #expect(readStrictly(bytes, with: &parser) == outcome, "\(name)")
      counts[name.first ?? "?", default: 0] += 1
      switch name.first {
      case "y":
        let isObject = bytes.first { $0 > 0x20 } == UInt8(ascii: "{")
        #expect(outcome.isAccepted == isObject, "\(name): \(outcome)")
        if !isObject { #expect(outcome.code == .notObject, "\(name): \(outcome)") }
      case "n":
        #expect(!outcome.isAccepted && outcome.code != .notObject, "\(name): \(outcome)")
      default: break
      }
    }
    #expect(counts["y", default: 0] > 90 && counts["n", default: 0] > 180)
  }

  @Test(.enabled(if: Files.derived != nil)) func `both parsers agree on damaged real lines`() throws
  {
    let folder = try #require(Files.derived)
    var parser = JSONParser()
    for name in Files.names(in: folder) {
      for line in Files.bytes(of: "\(folder)/\(name)").split(separator: UInt8(ascii: "\n"))
      where line.count < 20_000 {
        let bytes = Array(line)
        let outcome = read(bytes, with: &parser)
        #expect(readStrictly(bytes, with: &parser) == outcome, "\(name)")
      }
    }
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `both parsers agree on random damage`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var parser = JSONParser()
    var accepted = 0
    for _ in 0..<1_000 {
      let line = damaged(randomObject(&random, depth: 3), &random)
      let outcome = read(line, with: &parser)
      accepted += outcome.isAccepted ? 1 : 0
      let strict = readStrictly(line, with: &parser)
      #expect(strict == outcome, "seed \(seed): \(String(decoding: line, as: UTF8.self))")
    }
    #expect(100..<900 ~= accepted, "seed \(seed): damage is neither rare nor total")
  }

  /// Some bytes replaced, taken away, added or repeated; about half of the lines stay whole.
  private func damaged(_ line: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var line = line
    let likely =
      Array("{}[]\",:\\u0dD8e+-.Etfn19 \t\u{0}\u{7f}".utf8) + [0x80, 0xc0, 0xed, 0xf4, 0xff]
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      let index = Int.random(in: 0..<line.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: line[index] = likely.randomElement(using: &random) ?? 0
      case 1: line.remove(at: index)
      case 2: line.insert(likely.randomElement(using: &random) ?? 0, at: index)
      default: line += line[index...].prefix(8)
      }
    }
    return line
  }

  private func randomObject(_ random: inout SeededRandom, depth: Int) -> [UInt8] {
    var text = "{"
    for index in 0..<Int.random(in: 0...4, using: &random) {
      text += index > 0 ? ", " : ""
      text += "\"\(randomText(&random))\": \(randomValue(&random, depth: depth))"
    }
    return Array((text + "}").utf8)
  }

  private func randomValue(_ random: inout SeededRandom, depth: Int) -> String {
    let numbers = [
      "0", "-0", "-1", "9223372036854775807", "9223372036854775808", "18446744073709551615",
      "18446744073709551616", "-9223372036854775808", "-9223372036854775809", "1e400", "-1e400",
      "1e-400", "5e-324", "1E+2", "1.0", "0.1", "1780116545.8977802", "123456789012345678901234",
      "2.2250738585072011e-308", "1.7976931348623157e308", "1.7976931348623159e308", "0e0",
    ]
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return "true"
    case 1: return "false"
    case 2: return "null"
    case 3, 4: return numbers.randomElement(using: &random) ?? "0"
    case 5 where depth > 0:
      return String(decoding: randomObject(&random, depth: depth - 1), as: UTF8.self)
    case 6 where depth > 0:
      let count = Int.random(in: 0...3, using: &random)
      let elements = (0..<count).map { _ in randomValue(&random, depth: depth - 1) }
      return "[\(elements.joined(separator: " ,"))]"
    default: return "\"\(randomText(&random))\""
    }
  }

  private func randomText(_ random: inout SeededRandom) -> String {
    let parts = [
      "a", "event", "é", "日本", "🙂", "\\n", "\\\"", "\\\\", "\\/", "\\u0000", "\\u00e9",
      "\\ud83d\\ude42",
      "\\ud83d", "\\ude42", "\\uD83D\\u0041", "\u{2028}", "\u{7f}", "a longer part of text",
    ]
    return (0..<Int.random(in: 0...4, using: &random))
      .map { _ in parts.randomElement(using: &random) ?? "" }.joined()
  }
}
