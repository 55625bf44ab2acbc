import Effects
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
      /// Whether no answer says how long it is, and its end is that of the connection.
      var hidesLength = false
      /// What a broken answer says its length is, whatever comes.
      var wrongLength: String?
      /// The most that is given of what is asked for by a range, and whether its whole length is told.
      var rangeMost = Int.max
      var hidesSize = false
      /// More of each head.
      var headers: [String] = []
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
      let state: Guarded<State>
      init(_ state: State) { self.state = Guarded(state) }

      func answer(_ request: LoopbackServer.Request) -> [LoopbackServer.Step] {
        state.withLock { state in
          let all = Array(state.content.utf8)
          var headers = (state.version.map { ["ETag: \($0)"] } ?? []) + state.headers
          if let known = request.headers["if-modified-since"],
            state.headers.contains("Last-Modified: \(known)")
          {
            return [.send(Array("HTTP/1.1 304 Not Modified\r\n\r\n".utf8))]
          }
          if let version = state.version, request.headers["if-none-match"] == version {
            return [.send(Array("HTTP/1.1 304 Not Modified\r\n\r\n".utf8))]
          }
          var (status, bytes) = (200, all[...])
          if state.knowsRanges, let range = request.headers["range"],
            request.headers["if-range"] == state.version,
            let first = Int(range.dropFirst("bytes=".count).dropLast())
          {
            guard first < all.count else {
              return LoopbackServer.answer(
                416, state.hidesSize ? [] : ["Content-Range: bytes */\(all.count)"])
            }
            (status, bytes) = (206, all[first...].prefix(state.rangeMost))
            headers.append(
              "Content-Range: bytes \(first)-\(bytes.endIndex - 1)/"
                + (state.hidesSize ? "*" : "\(all.count)"))
          }
          let isBroken = state.brokenAnswers > 0
          if isBroken { state.brokenAnswers -= 1 }
          let length = bytes.count + (isBroken ? state.liedBytes : 0)
          let told =
            state.hidesLength ? [] : [isBroken ? state.wrongLength ?? "\(length)" : "\(length)"]
          let head =
            ["HTTP/1.1 \(status) OK"] + told.map { "Content-Length: \($0)" } + headers
          let sent = isBroken && state.liedBytes == 0 ? bytes.prefix(bytes.count / 2) : bytes
          return [.send(Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + sent)]
            + (isBroken || state.hidesLength ? [.close] : [])
        }
      }
    }

    var ranges: [String?] { server.requests.map { $0.headers["range"] } }
  }

  private static let lines = (0..<100).map { "line \($0)\n" }.joined()

  private func content(_ path: String) throws -> String { try run("cat", [path]).output }

  private func fetch(
    _ server: FileServer, into directory: TemporaryDirectory, _ path: String = "/a/events.jsonl",
    isWhole: (String) -> Bool = { _ in true }
  ) throws -> String {
    try content(
      RemoteFile(server.server.address(path))
        .fetch(into: directory.file("downloads"), isWhole: isWhole))
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

  @Test func `a page for people does not take the place of the file`() throws {
    let server = try FileServer(Self.lines)
    let directory = try TemporaryDirectory()
    #expect(try fetch(server, into: directory) == Self.lines)
    let page = "<!DOCTYPE html>\n<html>" + String(repeating: "login\n", count: 400)
    for isBroken in [false, true] {
      server.change {
        ($0.content, $0.version, $0.brokenAnswers) = (page, "\"p\"", isBroken ? 3 : 0)
      }
      let error = #expect(throws: RemoteFileError.self) { try fetch(server, into: directory) }
      #expect(isBroken || error?.description.contains("a page for people is answered") == true)
      #expect(
        try run("sh", ["-c", "cat '\(directory.file("downloads"))'/*/*.jsonl"]).output == Self.lines
      )
    }
    // No part of the page is gone on with.
    #expect(server.ranges.allSatisfy { $0 == nil })
    server.change { ($0.content, $0.version, $0.brokenAnswers) = (Self.lines, "\"1\"", 0) }
    #expect(try fetch(server, into: directory) == Self.lines)
    #expect(server.server.requests.last?.headers["if-none-match"] == "\"1\"")
  }

  @Test(arguments: [false, true])
  func `what a server gives in pieces of its own choice is taken whole`(hidesSize: Bool) throws {
    let server = try FileServer(Self.lines) {
      ($0.brokenAnswers, $0.rangeMost, $0.hidesSize) = (1, 100, hidesSize)
    }
    let directory = try TemporaryDirectory()
    #expect(try fetch(server, into: directory) == Self.lines)
    #expect(server.ranges.count > 4)
    #expect(try fetch(server, into: directory) == Self.lines)
  }

  @Test func `one address is one file, whatever way it is written`() throws {
    let server = try FileServer(Self.lines)
    let directory = try TemporaryDirectory()
    let downloads = directory.file("downloads")
    let port = server.server.port
    let ways = [
      "http://127.0.0.1:\(port)/a/events.jsonl", "HTTP://127.0.0.1:\(port)/a/events.jsonl#top",
      "http://127.0.0.1:\(port)/./a/b/../events.jsonl", "http://127.1:\(port)/a/%65vents%2ejsonl",
    ]
    let paths = try ways.map { try RemoteFile($0).fetch(into: downloads) }
    #expect(Set(paths).count == 1, "\(paths)")
    let (one, other) = (
      try RemoteFile(ways[0] + "?sig=1"), try RemoteFile(ways[1].prefix { $0 != "#" } + "?sig=2")
    )
    #expect(try one.isPerhapsKnown(in: downloads))
    #expect(try one.fetch(into: downloads) != other.fetch(into: downloads))
    #expect(try !one.isPerhapsKnown(in: downloads))
    #expect(try !RemoteFile(ways[0] + "?sig=3", source: "fleet").isPerhapsKnown(in: downloads))
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

  @Test func `half of a file whose length nobody told is not kept as the whole`() throws {
    for wrongLength in [String?.none, "99999999999999999999999"] {
      let server = try FileServer(Self.lines) {
        ($0.hidesLength, $0.brokenAnswers) = (wrongLength == nil, 1)
        $0.wrongLength = wrongLength
      }
      let directory = try TemporaryDirectory()
      // Nothing tells that it is a half.
      #expect(
        try fetch(server, into: directory) == String(Self.lines.prefix(Self.lines.utf8.count / 2)))
      server.change { $0.hidesLength = false }
      #expect(try fetch(server, into: directory) == Self.lines)
      #expect(server.server.requests.allSatisfy { $0.headers["if-none-match"] == nil })
    }
  }

  @Test func `a copy that ends within a line is asked for anew`() throws {
    // The server says that the half is all.
    let half = Self.lines.utf8.count / 2
    let server = try FileServer(Self.lines) {
      ($0.brokenAnswers, $0.wrongLength) = (1, "\(half)")
    }
    let directory = try TemporaryDirectory()
    #expect(try fetch(server, into: directory) == String(Self.lines.prefix(half)))
    #expect(try fetch(server, into: directory) { _ in false } == Self.lines)
    #expect(server.server.requests[1].headers["if-none-match"] == nil)
    #expect(try fetch(server, into: directory) == Self.lines)
    #expect(server.server.requests[2].headers["if-none-match"] == "\"1\"")
  }

  @Test func `what changed within the second of the answer is asked for without a condition`()
    throws
  {
    let changed = "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT"
    let cases: [(String?, Bool)] = [
      ("Sun, 06 Nov 1994 08:49:37 GMT", false), ("Sun, 06 Nov 1994 08:49:38 GMT", false),
      ("Sun, 06 Nov 1994 08:49:39 GMT", true), ("yesterday", false), (nil, false),
    ]
    for (date, isKept) in cases {
      let server = try FileServer(Self.lines) { state in
        state.version = nil
        state.headers = [changed] + (date.map { ["Date: \($0)"] } ?? [])
      }
      let directory = try TemporaryDirectory()
      #expect(try fetch(server, into: directory) == Self.lines)
      server.change { $0.content += "more\n" }
      let grown = try fetch(server, into: directory)
      #expect(grown == (isKept ? Self.lines : Self.lines + "more\n"), "\(date ?? "none")")
    }
  }

  @Test func `a server that asks for it is left alone, and what it says is told`() throws {
    for (wait, count) in [("3600", 1), ("0", 3)] {
      let server = try LoopbackServer { _, _ in LoopbackServer.answer(429, ["Retry-After: \(wait)"])
      }
      let directory = try TemporaryDirectory()
      let error = #expect(throws: RemoteFileError.self) {
        try RemoteFile(server.address("/x.jsonl")).fetch(into: directory.file("downloads"))
      }
      #expect(server.requests.count == count)
      #expect(error?.description.contains("come again after \(wait) s") == true)
    }
  }

  @Test func `of a copy that cannot be gone on with, nothing stays`() throws {
    let server = try FileServer(Self.lines) { ($0.version, $0.brokenAnswers) = (nil, 3) }
    let directory = try TemporaryDirectory()
    #expect(throws: RemoteFileError.self) { try fetch(server, into: directory) }
    #expect(try run("find", [directory.file("downloads"), "-name", ".part*"]).output.isEmpty)
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
