internal import Bytes
internal import Events

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
