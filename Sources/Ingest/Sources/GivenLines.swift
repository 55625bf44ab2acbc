package import Bytes
internal import Events

/// The lines that a file gave before, in the log and in quarantine: how often each, and where.
package struct GivenLines: Sendable {
  package private(set) var counts: [Hash128: Int] = [:]
  /// By position, of the newest source that the file gave lines as.
  private var newest: [UInt64: Hash128] = [:]

  package init() {}

  package mutating func add(_ line: Hash128, at position: UInt64, isOfNewest: Bool) {
    counts[line, default: 0] += 1
    if isOfNewest { newest[position] = line }
  }

  /// Takes a line once out of what was given; false when it was not given, or not so often.
  package mutating func remove(_ line: Hash128) -> Bool {
    guard let count = counts[line], count > 0 else { return false }
    counts[line] = count - 1
    return true
  }

  /// Whether the newest source gave this line at this position.
  package func holds(_ line: Hash128, at position: UInt64) -> Bool { newest[position] == line }
}

/// Leaves out the lines of a rewritten file that it gave before, each as often as it gave it.
struct GivenFilter {
  private var given: GivenLines
  /// Lines left out since it was made.
  private(set) var skipped: UInt64 = 0

  init(_ given: GivenLines) { self.given = given }

  /// Goes on behind lines that were decided about before.
  mutating func pass(_ bytes: Span<UInt8>) {
    forEachLine(bytes) { _, line in _ = given.remove(Hash128(of: line)) }
  }

  /// Makes lines blank that begin before `end` and were given before.
  mutating func blank(_ bytes: inout [UInt8], upTo end: Int) {
    var spans: [Range<Int>] = []
    forEachLine(bytes.span) { start, line in
      if start < end, given.remove(Hash128(of: line)) { spans.append(start..<start + line.count) }
    }
    for span in spans {
      for index in span { bytes[index] = UInt8(ascii: " ") }
    }
    skipped += UInt64(spans.count)
  }
}
