extension FileSystem {
  /// Whether a file holds, packed or not, what the beginning of another holds, and no more. No, when one
  /// is not there.
  ///
  /// - Throws: when one cannot be read.
  func isCopy(_ path: String, of base: String) throws(IngestError) -> Bool {
    guard let copy = try openIfThere(path), let original = try openIfThere(base) else {
      return false
    }
    // What is packed in a form that is not read here is taken for no copy.
    var head: [UInt8] = []
    _ = try copy.read(at: 0, count: UnreadForm.magicSize, into: &head)
    if UnreadForm(head: head, path: path) != nil { return false }
    let readers = (ContentReader(copy, path: path), ContentReader(original, path: base))
    var left: [UInt8] = []
    var right: [UInt8] = []
    var isEmpty = true
    while !readers.0.isAtEnd {
      left.removeAll(keepingCapacity: true)
      try readers.0.read(into: &left, count: 1 << 20)
      while right.count < left.count, !readers.1.isAtEnd {
        try readers.1.read(into: &right, count: 1 << 20)
      }
      if !right.starts(with: left) { return false }
      right.removeFirst(left.count)
      isEmpty = isEmpty && left.isEmpty
    }
    return !isEmpty
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
