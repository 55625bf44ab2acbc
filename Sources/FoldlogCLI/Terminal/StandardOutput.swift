import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Standard output could not be written.
struct OutputError: Error, CustomStringConvertible {
  let code: Int32
  var description: String { "standard output: \(unsafe String(cString: strerror(code)))" }
}

/// Standard output behind a buffer of 64 KiB.
final class StandardOutput: Sendable {
  private let buffer = Mutex<[UInt8]>([])
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
    try writeAll(bytes, to: STDOUT_FILENO)
  }

  /// Makes a closed pipe an error of the write rather than the end of the process.
  static func ignoreBrokenPipes() { _ = signal(SIGPIPE, SIG_IGN) }
}

/// One for the process.
let standardOutput = StandardOutput()

private func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws {
  var start = 0
  while start < bytes.count {
    let count = unsafe bytes[start...].withUnsafeBytes { buffer in
      unsafe write(descriptor, buffer.baseAddress, buffer.count)
    }
    if count >= 0 {
      start += count
    } else if errno == EPIPE {
      // The reader went away: nothing is wrong, and nothing more is wanted.
      exit(EXIT_SUCCESS)
    } else if errno != EINTR {
      throw OutputError(code: errno)
    }
  }
}

/// Tells a person something, on standard error.
func complain(_ text: String) { try? writeAll(Array("\(text)\n".utf8), to: STDERR_FILENO) }

/// Draws over the last line of standard error.
func drawOver(_ text: String) { try? writeAll(Array("\r\(text)\u{1b}[K".utf8), to: STDERR_FILENO) }
