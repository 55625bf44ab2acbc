#if canImport(Glibc)
  import Glibc
#endif

/// The reader of a pipe went away: nothing is wrong, and nothing more is wanted.
struct BrokenPipe: Error {}

/// Standard output could not be written.
struct OutputError: Error, CustomStringConvertible {
  let code: Int32
  var description: String { "standard output: \(unsafe String(cString: strerror(code)))" }
}

/// Standard output behind a buffer of 64 KiB.
final class StandardOutput {
  private var buffer: [UInt8] = []
  private static let bufferSize = 1 << 16

  func write(_ bytes: [UInt8]) throws {
    buffer += bytes
    if buffer.count >= Self.bufferSize { try flush() }
  }

  func write(_ text: String) throws { try write(Array(text.utf8)) }

  func writeLine(_ text: String) throws { try write(Array(text.utf8) + [UInt8(ascii: "\n")]) }

  func flush() throws {
    let bytes = buffer
    buffer.removeAll(keepingCapacity: true)
    try writeAll(bytes, to: STDOUT_FILENO)
  }

  /// Makes a closed pipe an error of the write rather than the end of the process.
  static func ignoreBrokenPipes() { _ = unsafe signal(SIGPIPE, SIG_IGN) }
}

/// One for the process, which writes from one thread.
nonisolated(unsafe) let standardOutput = StandardOutput()

private func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws {
  var start = 0
  while start < bytes.count {
    let count = unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe write(descriptor, buffer.baseAddress! + start, buffer.count - start)
    }
    if count >= 0 {
      start += count
    } else if errno == EPIPE {
      throw BrokenPipe()
    } else if errno != EINTR {
      throw OutputError(code: errno)
    }
  }
}

/// Tells a person something, on standard error.
func complain(_ text: String) { try? writeAll(Array("\(text)\n".utf8), to: STDERR_FILENO) }

/// Draws over the last line of standard error.
func drawOver(_ text: String) { try? writeAll(Array("\r\(text)\u{1b}[K".utf8), to: STDERR_FILENO) }
