extension FileSystem {
  /// Whether a file holds what the beginning of another holds, and no more. No, when one is not there.
  ///
  /// - Throws: when one cannot be read.
  func isCopy(_ path: String, of base: String) throws(IngestError) -> Bool {
    guard let copy = try openIfThere(path), let original = try openIfThere(base) else {
      return false
    }
    var position: UInt64 = 0
    while true {
      var left: [UInt8] = []
      var right: [UInt8] = []
      let count = try copy.read(at: position, count: 1 << 20, into: &left)
      if count == 0 { return position > 0 }
      guard try original.read(at: position, count: count, into: &right) == count, left == right
      else { return false }
      position += UInt64(count)
    }
  }

  /// Nil when nothing is there, or no regular file: a pipe would wait for its writer.
  ///
  /// - Throws: when something is there, or may be, but cannot be opened: that is not the same.
  func openIfThere(_ path: String) throws(IngestError) -> (any OpenFile)? {
    if let status = status(path), !status.isRegular { return nil }
    do { return try open(path) } catch {
      if error.code == .absent { return nil }
      throw error
    }
  }
}
