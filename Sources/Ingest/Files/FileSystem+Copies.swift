extension FileSystem {
  /// Whether a file holds what the beginning of another holds, and no more.
  func isCopy(_ path: String, of base: String) -> Bool {
    guard let copy = try? open(path), let original = try? open(base) else {
      return false
    }
    var position: UInt64 = 0
    while true {
      var left: [UInt8] = []
      var right: [UInt8] = []
      guard let count = try? copy.read(at: position, count: 1 << 20, into: &left) else {
        return false
      }
      if count == 0 { return position > 0 }
      guard let other = try? original.read(at: position, count: count, into: &right),
        other == count, left == right
      else { return false }
      position += UInt64(count)
    }
  }
}
