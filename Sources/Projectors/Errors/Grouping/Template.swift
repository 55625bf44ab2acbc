extension Scanner {
  /// The template of the line that was scanned, and the punctuation after its last word.
  func template(of line: Span<UInt8>) -> (pieces: [Piece], tail: String) {
    var pieces: [Piece] = []
    for token in tokens {
      let word =
        switch token.mask {
        case .whole: Piece.wildcard
        case .suffix: String(repairing: line.extracting(token.start..<token.end)) + Piece.wildcard
        case .none: String(repairing: line.extracting(token.start..<token.end))
        }
      pieces.append(
        Piece(separator: separator(line, token.separatorStart..<token.start), word: word))
    }
    return (pieces, separator(line, end..<line.count))
  }

  /// The punctuation of a range, spaces of any kind and number becoming one.
  private func separator(_ line: Span<UInt8>, _ range: Range<Int>) -> String {
    var bytes: [UInt8] = []
    for index in range {
      let byte = line[index]
      if bytes.count >= Limits.separatorSizeMax { break }
      if !byte.isSpace, byte >= 0x20 {
        bytes.append(byte)
      } else if bytes.last != 0x20 {
        bytes.append(0x20)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
