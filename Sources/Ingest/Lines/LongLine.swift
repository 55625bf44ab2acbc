/// What was read of a line that fills more than a buffer, until its end comes: in pieces that are given
/// back one by one when they are joined, so that the line is in memory once.
struct LongLine {
  /// Bytes of a line from which on it is held here, and a person is told.
  static let sizeMin = 64 << 20

  private var pieces: [[UInt8]] = []
  private(set) var count = 0
  /// The last bytes, as many as tell what was read from something else.
  var end: ArraySlice<UInt8> { pieces.last?.suffix(KnownContent.guardSize) ?? [] }

  /// Takes what was read; leaves the buffer empty.
  mutating func take(_ buffer: inout [UInt8]) {
    count += buffer.count
    pieces.append(buffer)
    buffer = []
  }

  /// Puts what is held before what a buffer holds, with room for more behind it; holds nothing then.
  mutating func give(to buffer: inout [UInt8], room: Int) {
    var whole: [UInt8] = []
    whole.reserveCapacity(count + buffer.count + room)
    pieces.reverse()
    while let piece = pieces.popLast() { whole.append(contentsOf: piece) }
    whole.append(contentsOf: buffer)
    buffer = whole
    count = 0
  }
}
