internal import Bytes

/// What was read of a source and not handed out yet.
///
/// The beginning of a long line is put aside in pieces, which are given back one by one when they are
/// joined: so the line is in memory once, and reading on copies none of it.
struct LineBuffer {
  /// Bytes of a line from which on it is put aside, and a person is told.
  static let longLineSizeMin = 64 << 20

  /// The last bytes that were read; before them come those that were put aside.
  var bytes: [UInt8]
  private var pieces: [[UInt8]] = []
  private var pieceSize = 0
  /// Where the search for a newline in `bytes` goes on.
  private var searched = 0
  private var newestNewline: Int?

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Bytes that are held, put aside or not.
  var count: Int { pieceSize + bytes.count }

  /// The last of the held bytes, up to a size: of those that were put aside only if nothing was read
  /// since. Empty when none are held.
  func end(atMost size: Int) -> ArraySlice<UInt8> {
    if !bytes.isEmpty { return bytes.suffix(size) }
    return pieces.last?.suffix(size) ?? []
  }

  /// Where the last newline in `bytes` is. Looks only at bytes that were not looked at before.
  mutating func lastNewline() -> Int? {
    if firstIndex(of: UInt8(ascii: "\n"), in: bytes.span, from: searched) == nil {
      searched = bytes.count
      return newestNewline
    }
    var index = bytes.count - 1
    while index >= searched {
      if bytes[index] == UInt8(ascii: "\n") {
        newestNewline = index
        break
      }
      index -= 1
    }
    searched = bytes.count
    return newestNewline
  }

  /// Puts aside what was read of a line whose end has not come, once it is long. Returns whether it did.
  mutating func putAsideLongLine() -> Bool {
    if newestNewline != nil || bytes.count < Self.longLineSizeMin { return false }
    pieceSize += bytes.count
    pieces.append(bytes)
    bytes = []
    searched = 0
    return true
  }

  /// Takes out what is held up to an index of `bytes`, behind which no newline may be.
  ///
  /// - Parameter room: for how many bytes behind them memory is set apart when pieces are joined.
  mutating func take(upTo end: Int, room: Int) -> [UInt8] {
    var taken = Array(bytes[end...])
    bytes.removeSubrange(end...)
    swap(&taken, &bytes)
    searched = bytes.count
    newestNewline = nil
    if pieceSize == 0 { return taken }
    var whole: [UInt8] = []
    whole.reserveCapacity(pieceSize + taken.count + room)
    pieces.reverse()
    while let piece = pieces.popLast() { whole.append(contentsOf: piece) }
    whole.append(contentsOf: taken)
    pieceSize = 0
    return whole
  }
}
