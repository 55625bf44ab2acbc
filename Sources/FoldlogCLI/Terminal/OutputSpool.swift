import Files
import Foldlog

#if canImport(Glibc)
  import Glibc
#endif

/// Standard output that never waits: what the other end of a pipe does not take lies in a file without
/// a name until `giveOut`. A disk without room for it makes it wait after all.
struct OutputSpool: ~Copyable {
  private var file: Int32 = -1
  private var isWaiting = false

  /// What a pipe that says it is ready takes without a wait: PIPE_BUF.
  private static let pieceSize = 4096
  private static let patience_ms: Int32 = 50

  deinit { if file >= 0 { close(file) } }

  mutating func take(_ bytes: [UInt8]) throws {
    if isWaiting { return try writeAll(bytes, to: STDOUT_FILENO) }
    var rest = bytes[...]
    while file < 0, !rest.isEmpty {
      guard isReady() else {
        file = makeSpoolFile()
        if file < 0 { return try wait(with: rest) }
        break
      }
      try writeAll(Array(rest.prefix(Self.pieceSize)), to: STDOUT_FILENO)
      rest = rest.dropFirst(Self.pieceSize)
    }
    if rest.isEmpty { return }
    do { try writeAll(Array(rest), to: file) } catch let error as OutputError where error.isFull {
      // What of it is in the file already must not be given twice.
      try wait(with: rest.dropFirst(error.written))
    }
  }

  private mutating func wait(with rest: ArraySlice<UInt8>) throws {
    try giveOut()
    isWaiting = true
    try writeAll(Array(rest), to: STDOUT_FILENO)
  }

  private func isReady() -> Bool {
    var request = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
    // An error is the write's to tell.
    return unsafe poll(&request, 1, Self.patience_ms) != 0
  }

  /// Gives out what was set aside, however long that takes.
  mutating func giveOut() throws {
    guard file >= 0 else { return }
    defer {
      close(file)
      file = -1
    }
    lseek(file, 0, SEEK_SET)
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe piece.withUnsafeMutableBytes { buffer in
        unsafe read(file, buffer.baseAddress, buffer.count)
      }
      if count < 0, errno != EINTR { throw OutputError(code: errno) }
      if count == 0 { return }
      if count > 0 { try writeAll(Array(piece[..<count]), to: STDOUT_FILENO) }
    }
  }
}

/// A file that is gone when it is closed, in `$TMPDIR` or /tmp; below 0 when there can be none.
private func makeSpoolFile() -> Int32 {
  let given = processEnvironment("TMPDIR") ?? ""
  return (try? makeNamelessFile(in: given.isEmpty ? "/tmp" : given)) ?? -1
}
