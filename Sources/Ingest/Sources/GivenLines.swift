package import Bytes

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

/// Calls `body` with each line that is not blank, and where it begins; the last may lack its newline.
func forEachLine(_ bytes: Span<UInt8>, _ body: (Int, Span<UInt8>) -> Void) {
  var start = 0
  while start < bytes.count {
    let end = firstIndex(of: UInt8(ascii: "\n"), in: bytes, from: start) ?? bytes.count
    let line = bytes.extracting(start..<end)
    if !isBlank(line) { body(start, line) }
    start = end + 1
  }
}
