import Bytes
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Standard output could not be written.
struct OutputError: Error, CustomStringConvertible {
  let code: Int32
  /// Bytes of the write that were written before it failed.
  var written = 0

  var isFull: Bool { code == ENOSPC || code == EDQUOT }
  var description: String {
    code == EBADF
      ? "standard output is closed: the answer has nowhere to go"
      : "standard output: \(unsafe String(cString: strerror(code)))"
  }
}

/// Standard output behind a buffer of 64 KiB.
final class StandardOutput: Sendable {
  private let buffer = Mutex<[UInt8]>([])
  private let spool = Mutex<OutputSpool?>(nil)
  private static let bufferSize = 1 << 16

  func write(_ bytes: [UInt8]) throws {
    let isFull = buffer.withLock { buffer in
      buffer += bytes
      return buffer.count >= Self.bufferSize
    }
    if isFull { try flush() }
  }

  func write(_ text: String) throws { try write(Array(text.utf8)) }

  func writeLine(_ text: String) throws { try write(Array(text.utf8) + [UInt8(ascii: "\n")]) }

  func flush() throws {
    let bytes = buffer.withLock { buffer in
      let bytes = buffer
      buffer.removeAll(keepingCapacity: true)
      return bytes
    }
    let isTaken = try spool.withLock { spool in
      try spool?.take(bytes)
      return spool != nil
    }
    if !isTaken { try writeAll(bytes, to: STDOUT_FILENO) }
  }

  /// Runs `body`, whose output is set aside where the reader of a pipe does not take it, and given
  /// out afterwards: what `body` holds on to is not held for as long as the reader likes.
  func settingAside<Result>(_ body: () throws -> Result) throws -> Result {
    try flush()
    spool.withLock { $0 = OutputSpool() }
    defer { spool.withLock { $0 = nil } }
    let result = try body()
    try flush()
    try spool.withLock { try $0?.giveOut() }
    return result
  }

  /// Makes a closed pipe an error of the write rather than the end of the process.
  static func ignoreBrokenPipes() { _ = signal(SIGPIPE, SIG_IGN) }
}

/// One for the process.
let standardOutput = StandardOutput()

func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws {
  var start = 0
  while start < bytes.count {
    let count = unsafe bytes[start...].withUnsafeBytes { buffer in
      unsafe write(descriptor, buffer.baseAddress, buffer.count)
    }
    if count >= 0 {
      start += count
    } else if errno == EPIPE, descriptor == STDOUT_FILENO {
      // The reader went away: nothing is wrong, and nothing more is wanted.
      exit(EXIT_SUCCESS)
    } else if errno != EINTR {
      throw OutputError(code: errno, written: start)
    }
  }
}

/// Tells a person something, on standard error, with the program's name before it; nobody, if nobody listens there any more. Names that
/// stand in it as they were given are shown, and what a terminal might obey is spelled out.
func complain(_ text: String) {
  let lines = withShownNames(text).split(separator: "\n", omittingEmptySubsequences: false)
  let shown = lines.map { shownPath(String($0)) }.joined(separator: "\n")
  try? writeAll(Array("foldlog: \(shown)\n".utf8), to: STDERR_FILENO)
}

/// Draws over the last line of standard error.
func drawOver(_ text: String) { try? writeAll(Array("\r\(text)\u{1b}[K".utf8), to: STDERR_FILENO) }
