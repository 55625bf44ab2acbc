import Effects
import Synchronization
import TestSupport
import Testing

/// Copies of files that servers have, against servers that do what servers do.
@Suite struct RemoteFileTests {
  /// A file on a server, which knows versions and ranges as far as it is told to.
  private final class FileServer: Sendable {
    struct State {
      var content = ""
      var version: String? = "\"1\""
      var knowsRanges = true
      /// For how many answers only the first half comes, of the length that is told and so much more.
      var brokenAnswers = 0
      var liedBytes = 0
    }

    let server: LoopbackServer
    private let shared: Book

    init(_ content: String, _ change: (inout State) -> Void = { _ in }) throws {
      var state = State()
      state.content = content
      change(&state)
      let shared = Book(state)
      self.shared = shared
      server = try LoopbackServer { request, _ in shared.answer(request) }
    }

    func change(_ body: (inout State) -> Void) { shared.state.withLock { body(&$0) } }

    final class Book: Sendable {
      let state: Mutex<State>
      init(_ state: State) { self.state = Mutex(state) }

      func answer(_ request: LoopbackServer.Request) -> [LoopbackServer.Step] {
        state.withLock { state in
          let all = Array(state.content.utf8)
          var headers = state.version.map { ["ETag: \($0)"] } ?? []
          if let version = state.version, request.headers["if-none-match"] == version {
            return [.send(Array("HTTP/1.1 304 Not Modified\r\n\r\n".utf8))]
          }
          var (status, bytes) = (200, all[...])
          if state.knowsRanges, let range = request.headers["range"],
            request.headers["if-range"] == state.version,
            let first = Int(range.dropFirst("bytes=".count).dropLast())
          {
            guard first < all.count else {
              return LoopbackServer.answer(416, ["Content-Range: bytes */\(all.count)"])
            }
            (status, bytes) = (206, all[first...])
            headers.append("Content-Range: bytes \(first)-\(all.count - 1)/\(all.count)")
          }
          let isBroken = state.brokenAnswers > 0
          if isBroken { state.brokenAnswers -= 1 }
          let length = bytes.count + (isBroken ? state.liedBytes : 0)
          let head = ["HTTP/1.1 \(status) OK", "Content-Length: \(length)"] + headers
          let sent = isBroken && state.liedBytes == 0 ? bytes.prefix(bytes.count / 2) : bytes
          return [.send(Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + sent)]
            + (isBroken ? [.close] : [])
        }
      }
    }

    var ranges: [String?] { server.requests.map { $0.headers["range"] } }
  }

  private static let lines = (0..<100).map { "line \($0)\n" }.joined()

  private func content(_ path: String) throws -> String { try run("cat", [path]).output }

  private func fetch(
    _ server: FileServer, into directory: TemporaryDirectory, _ path: String = "/a/events.jsonl"
  ) throws -> String {
    try content(
      RemoteFile(server.server.address(path)).fetch(into: directory.file("downloads")))
  }

  @Test func `what has not changed is not fetched again, and what has replaces it`() throws {
    let server = try FileServer(Self.lines)
    let directory = try TemporaryDirectory()
    for _ in 0..<2 { #expect(try fetch(server, into: directory) == Self.lines) }
    #expect(server.server.requests.count == 2)
    #expect(server.server.requests[1].headers["if-none-match"] == "\"1\"")
    server.change { ($0.content, $0.version) = ("short\n", "\"2\"") }
    #expect(try fetch(server, into: directory) == "short\n")
    server.change { ($0.content, $0.version) = ("short\nlonger\n", "W/\"3\"") }
    #expect(try fetch(server, into: directory) == "short\nlonger\n")
    #expect(server.ranges == [nil, nil, nil, nil])
  }

  @Test func `what broke off goes on where it ended`() throws {
    let server = try FileServer(Self.lines) { $0.brokenAnswers = 1 }
    let directory = try TemporaryDirectory()
    #expect(try fetch(server, into: directory) == Self.lines)
    #expect(server.ranges == [nil, "bytes=\(Self.lines.utf8.count / 2)-"])
    #expect(server.server.requests[1].headers["if-range"] == "\"1\"")
  }

  @Test func `another process goes on, too, and nothing of an unfinished copy is seen`() throws {
    let server = try FileServer(Self.lines) { $0.brokenAnswers = 3 }
    let directory = try TemporaryDirectory()
    let error = #expect(throws: RemoteFileError.self) { try fetch(server, into: directory) }
    #expect(error?.description.contains("the connection ended before the answer did") == true)
    let files = try run("find", [directory.file("downloads"), "-name", "*.jsonl"]).output
    #expect(files.isEmpty)
    #expect(try fetch(server, into: directory) == Self.lines)
    #expect(server.ranges.last??.hasPrefix("bytes=") == true)
  }

  @Test func `what changes under way comes anew`() throws {
    let server = try FileServer(Self.lines) { $0.brokenAnswers = 3 }
    let directory = try TemporaryDirectory()
    #expect(throws: RemoteFileError.self) { try fetch(server, into: directory) }
    let other = String(Self.lines.reversed())
    server.change { ($0.content, $0.version) = (other, "\"2\"") }
    #expect(try fetch(server, into: directory) == other)
  }

  @Test(arguments: [(String?.none, true), ("W/\"1\"", true), ("\"1\"", false)])
  func `without versions or ranges all of it comes anew`(
    version: String?, knowsRanges: Bool
  ) throws {
    let server = try FileServer(Self.lines) {
      ($0.version, $0.knowsRanges, $0.brokenAnswers) = (version, knowsRanges, 2)
    }
    let directory = try TemporaryDirectory()
    #expect(try fetch(server, into: directory) == Self.lines)
    #expect(server.server.requests.count == 3)
    if version?.hasPrefix("\"") != true { #expect(server.ranges == [nil, nil, nil]) }
  }

  @Test func `a length that is a lie loses nothing and doubles nothing`() throws {
    let server = try FileServer(Self.lines) { ($0.brokenAnswers, $0.liedBytes) = (1, 10) }
    let directory = try TemporaryDirectory()
    #expect(try fetch(server, into: directory) == Self.lines)
    // All of it had come: the server says so.
    #expect(server.ranges == [nil, "bytes=\(Self.lines.utf8.count)-"])
  }

  @Test func `a part that was not asked for is refused, and the next try begins anew`() throws {
    let half = Self.lines.utf8.count / 2
    let server = try LoopbackServer { request, number in
      let all = Array(Self.lines.utf8)
      if number == 0 {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: \(all.count)\r\nETag: \"1\"\r\n\r\n"
        return [.send(Array(head.utf8) + all[..<half]), .close]
      }
      if request.headers["range"] != nil {
        return LoopbackServer.answer(
          206, ["Content-Range: bytes 3-\(all.count - 1)/\(all.count)"],
          String(Self.lines.dropFirst(3)))
      }
      return LoopbackServer.answer(200, ["ETag: \"1\""], Self.lines)
    }
    let directory = try TemporaryDirectory()
    let file = try RemoteFile(server.address("/x.jsonl"))
    let error = #expect(throws: RemoteFileError.self) {
      try file.fetch(into: directory.file("downloads"))
    }
    #expect(error?.description.contains("a part of the file that was not asked for") == true)
    #expect(try content(file.fetch(into: directory.file("downloads"))) == Self.lines)
  }

  @Test func `what is wrong is a sentence, and tells no secret of an address`() throws {
    let other = try LoopbackServer { _, _ in LoopbackServer.answer(200, [], "other") }
    let elsewhere = other.address("/key-of-ours.jsonl")
    let server = try LoopbackServer { request, _ in
      switch request.target.split(separator: "?").first.map(String.init) ?? "" {
      case "/key-of-ours/away.jsonl": LoopbackServer.answer(302, ["Location: \(elsewhere)"])
      case "/key-of-ours/refused.jsonl": LoopbackServer.answer(403, [], "key-of-ours")
      default: LoopbackServer.answer(404)
      }
    }
    let directory = try TemporaryDirectory()
    for (path, sentence) in [
      ("away.jsonl", "leads to another server"), ("refused.jsonl", "it is not given to everybody"),
      ("none.jsonl", "there is nothing at this address (status 404)"),
    ] {
      let file = try RemoteFile(server.address("/key-of-ours/\(path)?token=key-of-ours"))
      let error = #expect(throws: RemoteFileError.self) {
        try file.fetch(into: directory.file("downloads"))
      }
      let text = error?.description ?? ""
      #expect(text.hasPrefix("http://127.0.0.1:\(server.port)/…/\(path): "), "\(text)")
      #expect(text.contains(sentence) && !text.contains("key-of-ours"), "\(text)")
    }
    #expect(other.requests.isEmpty)
    let error = #expect(throws: RemoteFileError.self) {
      try RemoteFile("https://me:key-of-ours@host/events.jsonl")
    }
    #expect(error?.isUsage == true && error?.description.contains("key-of-ours") == false)
    let names = try run("find", [directory.file("downloads")]).output
    #expect(!names.contains("key-of-ours"))
  }

  @Test func `only one process fetches a file at a time`() throws {
    let server = try FileServer(Self.lines)
    let directory = try TemporaryDirectory()
    let path = try RemoteFile(server.server.address("/a.jsonl"))
      .fetch(into: directory.file("downloads"))
    let folder = String(path.dropLast("/a.jsonl".count))
    let holder = try ChildProcess(
      "flock", ["-x", "\(folder)/.lock", "sh", "-c", "echo held; sleep 30"])
    #expect(
      eventually {
        (try? run("flock", ["-n", "\(folder)/.lock", "true"]).status) == 1
      })
    let error = #expect(throws: RemoteFileError.self) {
      try fetch(server, into: directory, "/a.jsonl")
    }
    #expect(error?.isLocked == true)
    holder.signal(9)
    _ = try holder.wait()
  }
}
