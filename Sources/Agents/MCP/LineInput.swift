#if canImport(Glibc)
  internal import Glibc
#endif

/// Lines that come in through a descriptor, such as a pipe.
final class LineInput {
  enum Line: Equatable {
    case line([UInt8])
    /// It was longer than is read: but for its beginning it is passed over.
    case tooLong(start: [UInt8])
  }

  private let descriptor: Int32
  private let sizeMax: Int
  private var rest: [UInt8] = []
  /// The beginning of a line that is passed over.
  private var passedOver: [UInt8]?
  private var isAtEnd = false
  private var waiting: [Line] = []

  /// - Parameter sizeMax: bytes of a line, at most.
  init(_ descriptor: Int32, sizeMax: Int) {
    self.descriptor = descriptor
    self.sizeMax = sizeMax
  }

  /// Lines that wait may take so much memory before more is read.
  private static let waitingMax = 256

  /// The lines that have come, at least one of them; none at the end.
  func next() -> [Line] {
    while waiting.isEmpty, !isAtEnd { read() }
    return takeWaiting()
  }

  /// The lines that have come since, without a wait for more.
  func more() -> [Line] {
    while waiting.count < Self.waitingMax, !isAtEnd, isReadable { read() }
    return takeWaiting()
  }

  private func takeWaiting() -> [Line] {
    defer { waiting = [] }
    return waiting
  }

  private var isReadable: Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&request, 1, 0) > 0
  }

  private func read() {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
    }
    if count < 0, errno == EINTR { return }
    guard count > 0 else {
      isAtEnd = true
      if let passedOver {
        waiting.append(.tooLong(start: passedOver))
      } else if !rest.isEmpty {
        waiting.append(.line(rest))
      }
      rest = []
      return
    }
    for byte in bytes[..<count] {
      if byte == UInt8(ascii: "\n") {
        waiting.append(passedOver.map { .tooLong(start: $0) } ?? .line(rest))
        rest.removeAll(keepingCapacity: rest.capacity <= 1 << 16)
        passedOver = nil
      } else if passedOver == nil {
        rest.append(byte)
        if rest.count > sizeMax {
          passedOver = Array(rest.prefix(Self.startMax))
          rest = []
        }
      }
    }
  }

  /// Bytes of a line that is too long in which it is looked for what it is.
  private static let startMax = 4_096
}
