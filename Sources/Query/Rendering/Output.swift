#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Why output could not be written.
package struct OutputError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The system's `errno`.
  package let code: Int32

  package var description: String {
    let reason = unsafe strerror(code).map { unsafe String(cString: $0) }
    return "cannot write the output: \(reason ?? "error \(code)")"
  }
}

/// A file descriptor to which bytes are written in large pieces.
///
/// When the reader has gone away (EPIPE) it closes and says nothing; any other failure closes it and
/// is kept. What comes after is dropped. It calls write(2).
package final class Output {
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private static let bufferByteCount = 64 * 1024
  /// Whether writing still has a sense.
  package private(set) var isOpen = true
  /// Why it closed, unless the reader went away.
  package private(set) var failure: OutputError?

  package init(descriptor: Int32 = 1) { self.descriptor = descriptor }

  /// Makes a write to a pipe without a reader fail with EPIPE, where it would end the process.
  package static func ignoreBrokenPipes() { _ = signal(SIGPIPE, SIG_IGN) }

  package func append(_ bytes: [UInt8]) {
    guard isOpen else { return }
    if bytes.count >= Self.bufferByteCount {
      flush()
      write(bytes)
      return
    }
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferByteCount { flush() }
  }

  package func append(_ text: String) { append(Array(text.utf8)) }

  /// Writes what is in the buffer; to be called before the process ends.
  package func flush() {
    guard isOpen, !buffer.isEmpty else { return }
    let bytes = buffer
    buffer.removeAll(keepingCapacity: true)
    write(bytes)
  }

  private func write(_ bytes: [UInt8]) {
    var done = 0
    while isOpen, done < bytes.count {
      let rest = bytes.span.extracting(done...)
      let (written, code) = unsafe rest.withUnsafeBytes { buffer in
        let written = unsafe systemWrite(descriptor, buffer.baseAddress, buffer.count)
        return (written, errno)
      }
      if written >= 0 { done += written } else { handle(code) }
    }
  }

  private func handle(_ code: Int32) {
    switch code {
    case EINTR: return
    case EAGAIN: waitUntilWritable()
    case EPIPE: isOpen = false
    default:
      failure = OutputError(code: code)
      isOpen = false
    }
  }

  private func waitUntilWritable() {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = unsafe poll(&request, 1, -1)
  }
}

/// write(2), by a name that methods called `write` do not hide.
private func systemWrite(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
  unsafe write(descriptor, start, count)
}
