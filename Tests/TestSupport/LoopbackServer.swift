import Dispatch

#if canImport(Glibc)
  import Glibc
#endif

/// A small HTTP/1.1 server of a test's own, on a port that the system chooses. What it answers is
/// given byte by byte, so that it can be wrong in every way. It ends with its owner.
package final class LoopbackServer: Sendable {
  /// What it was asked.
  package struct Request: Equatable, Sendable {
    package let method: String
    package let target: String
    /// By lower-case names.
    package let headers: [String: String]
    package let body: [UInt8]
    /// Which connection it came by, from 0.
    package let connection: Int
  }

  /// What it does to answer.
  package enum Step: Sendable {
    case send([UInt8])
    case wait(milliseconds: UInt32)
    /// Ends the connection, as a server that dies.
    case close
  }

  private struct State {
    var requests: [Request] = []
    var connections: [Int32] = []
    var isOpen = true
  }

  /// What its threads share.
  private final class Book: Sendable {
    let state = Guarded(State())
  }

  package let port: UInt16
  private let listener: Int32
  private let book = Book()
  private let queue = DispatchQueue(label: "loopback", attributes: .concurrent)
  /// A test that hangs is ended by this: no connection is read or waited on for longer.
  private static let patience_s = 30

  /// - Parameter answer: what is done for a request; the second is its number, from 0.
  package init(_ answer: @escaping @Sendable (Request, Int) -> [Step]) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(listener, $0, size) == 0 && listen(listener, 64) == 0
          && getsockname(listener, $0, &size) == 0
      }
    }
    guard isListening else { throw LoopbackError() }
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    queue.async { [book, queue] in
      defer { _ = close(listener) }
      while true {
        let connection = accept4(listener)
        if connection < 0 { return }
        let number = book.state.withLock { state -> Int? in
          if !state.isOpen { return nil }
          state.connections.append(connection)
          return state.connections.count - 1
        }
        guard let number else {
          _ = close(connection)
          return
        }
        queue.async { Self.serve(connection, number, book, answer) }
      }
    }
  }

  deinit { stop() }

  /// Answers no more, as a server that was ended.
  package func stop() {
    let connections = book.state.withLock { state -> [Int32] in
      if !state.isOpen { return [] }
      state.isOpen = false
      _ = shutdown(listener, Int32(SHUT_RDWR))
      return state.connections
    }
    for connection in connections where connection >= 0 {
      _ = shutdown(connection, Int32(SHUT_RDWR))
    }
  }

  package func address(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }
  package var requests: [Request] { book.state.withLock { $0.requests } }

  /// A whole answer.
  package static func answer(
    _ status: Int = 200, _ headers: [String] = [], _ body: String = ""
  ) -> [Step] {
    let lines =
      [
        "HTTP/1.1 \(status) \(status == 200 ? "OK" : "Other")",
        "Content-Length: \(body.utf8.count)",
      ]
      + headers
    return [.send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))]
  }

  private static func serve(
    _ connection: Int32, _ number: Int, _ book: Book,
    _ answer: (Request, Int) -> [Step]
  ) {
    var time = timeval(tv_sec: patience_s, tv_usec: 0)
    _ = unsafe setsockopt(
      connection, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    var rest: [UInt8] = []
    serving: while let request = read(connection, number, &rest) {
      let place = book.state.withLock { state in
        state.requests.append(request)
        return state.requests.count - 1
      }
      for step in answer(request, place) {
        switch step {
        case .send(let bytes): if !send(bytes, connection) { break serving }
        case .wait(let milliseconds): usleep(min(milliseconds, UInt32(patience_s) * 1000) * 1000)
        case .close: break serving
        }
      }
    }
    book.state.withLock { $0.connections[number] = -1 }
    _ = shutdown(connection, Int32(SHUT_RDWR))
    _ = close(connection)
  }

  private static func send(_ bytes: [UInt8], _ connection: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.send(
          connection, $0.baseAddress.map { unsafe $0 + sent }, bytes.count - sent,
          Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  private static func read(
    _ connection: Int32, _ number: Int, _ rest: inout [UInt8]
  ) -> Request? {
    func more() -> Bool {
      var piece = [UInt8](repeating: 0, count: 1 << 16)
      let count = unsafe recv(connection, &piece, piece.count, 0)
      if count <= 0 || rest.count > 16 << 20 { return false }
      rest += piece[..<count]
      return true
    }
    let end = Array("\r\n\r\n".utf8)
    var head: Int?
    while head == nil {
      head = rest.indices.first { rest[$0...].starts(with: end) }
      if head == nil, !more() { return nil }
    }
    guard let head else { return nil }
    let lines = String(decoding: rest[..<head], as: UTF8.self).split(separator: "\r\n")
    let words = (lines.first ?? "").split(separator: " ")
    guard words.count == 3 else { return nil }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 {
        headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
      }
    }
    let length = headers["content-length"].flatMap { Int($0) } ?? 0
    while rest.count < head + 4 + length { if !more() { return nil } }
    let body = Array(rest[(head + 4)..<(head + 4 + length)])
    rest.removeFirst(head + 4 + length)
    return Request(
      method: String(words[0]), target: String(words[1]), headers: headers, body: body,
      connection: number)
  }
}

/// That no port could be had.
package struct LoopbackError: Error {}

private func accept4(_ listener: Int32) -> Int32 {
  while true {
    let connection = accept(listener, nil, nil)
    if connection >= 0 { _ = fcntl(connection, F_SETFD, FD_CLOEXEC) }
    if connection >= 0 || errno != EINTR { return connection }
  }
}
