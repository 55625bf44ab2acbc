import Bytes
import HTTP
import Synchronization
import TestSupport
import Testing

@Suite struct HTTPClientTests {
  private func request(_ server: LoopbackServer, _ path: String = "/") throws -> HTTPRequest {
    HTTPRequest(try HTTPAddress(server.address(path)))
  }

  private func failure(_ request: HTTPRequest) throws -> HTTPError {
    try #require(throws: HTTPError.self) { try HTTPClient().run(request) }
  }

  @Test func `an answer has status, headers and body, over one connection`() throws {
    let server = try LoopbackServer { request, number in
      LoopbackServer.answer(number == 0 ? 200 : 404, ["ETag: \"a\""], "\(request.target) \(number)")
    }
    let client = try HTTPClient()
    let first = try client.run(try request(server, "/one?x=1"))
    #expect(first.status == 200 && first["etag"] == "\"a\"" && first.version == 1)
    #expect(String(decoding: first.body, as: UTF8.self) == "/one?x=1 0")
    var post = try request(server, "/two")
    post.body = Array("body".utf8)
    post.headers = [HTTPHeader("X-Id", "7")]
    #expect(try client.run(post).status == 404)
    #expect(server.requests.map(\.method) == ["GET", "POST"])
    #expect(server.requests.map(\.connection) == [0, 0])
    #expect(server.requests[1].headers["x-id"] == "7")
    #expect(server.requests[1].body == post.body)
    #expect(server.requests[1].headers["expect"] == nil)
  }

  @Test func `several are asked side by side`() throws {
    let asked = Atomic(0)
    // None is answered before all are asked.
    let server = try LoopbackServer { _, _ in
      asked.add(1, ordering: .relaxed)
      _ = eventually { asked.load(ordering: .relaxed) == 4 }
      return LoopbackServer.answer()
    }
    let client = try HTTPClient()
    let transfers = try (0..<4).map { try client.start(try request(server, "/\($0)")) }
    var ended = 0
    while client.inFlight > 0 { ended += try client.wait(atMost: 5_000).count }
    #expect(ended == 4)
    #expect(transfers.allSatisfy { (try? $0.result?.get().status) == 200 })
  }

  @Test func `a server that is slow is given up`() throws {
    let server = try LoopbackServer { _, _ in [.wait(milliseconds: 3_000)] }
    var silent = try request(server)
    silent.timeouts.silence_ms = 100
    #expect(try failure(silent).kind == .timedOut)
    let dripping = try LoopbackServer { _, _ in
      [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".utf8))]
        + (0..<100).flatMap { _ in [.send([0x61]), .wait(milliseconds: 20)] }
    }
    var slow = try request(dripping)
    slow.timeouts.whole_ms = 200
    let error = try failure(slow)
    #expect(error.kind == .timedOut && error.isPassing)
  }

  @Test func `a server that dies half-way, or lies about lengths, gave no answer`() throws {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"
    let server = try LoopbackServer { request, _ in
      switch request.target {
      case "/half": [.send(Array(head.utf8)), .close]
      case "/none": [.close]
      case "/chunks":
        [.send(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab".utf8)), .close]
      default: [.send(Array("220 mail.example ESMTP\r\n".utf8)), .close]
      }
    }
    for path in ["/half", "/none", "/chunks"] {
      let error = try failure(try request(server, path))
      #expect(error.kind == .endedEarly && error.isPassing, "\(path): \(error)")
    }
    #expect(try failure(try request(server, "/mail")).isPassing == false)
    // What is behind the length that was told belongs to no answer.
    let more = try LoopbackServer { _, _ in
      [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabcdef".utf8)), .close]
    }
    #expect(try HTTPClient().run(try request(more)).body == Array("ab".utf8))
  }

  @Test func `an answer that is too long is refused, told or not`() throws {
    let server = try LoopbackServer { request, _ in
      let body = String(repeating: "x", count: 5_000)
      if request.target == "/told" { return LoopbackServer.answer(200, [], body) }
      if request.target == "/head" {
        return LoopbackServer.answer(200, ["A: \(body)", "B: \(body)"])
      }
      return [.send(Array("HTTP/1.0 200 OK\r\n\r\n\(body)".utf8)), .close]
    }
    for path in ["/told", "/untold"] {
      var small = try request(server, path)
      small.limit = 4_999
      #expect(try failure(small).kind == .tooLong)
      small.limit = 5_000
      #expect(try HTTPClient().run(small).body.count == 5_000)
    }
    #expect(try HTTPClient().run(try request(server, "/head")).headers.count == 3)
  }

  @Test func `redirects are followed on the same server alone`() throws {
    let other = try LoopbackServer { _, _ in LoopbackServer.answer(200, [], "other") }
    let elsewhere = other.address("/secret-path")
    let server = try LoopbackServer { request, _ in
      switch request.target {
      case "/away": LoopbackServer.answer(302, ["Location: \(elsewhere)"])
      case "/file": LoopbackServer.answer(302, ["Location: file:///etc/passwd"])
      case "/loop": LoopbackServer.answer(307, ["Location: /loop"])
      case "/post": LoopbackServer.answer(308, ["Location: /there"])
      case "/get": LoopbackServer.answer(302, ["Location: there"])
      default: LoopbackServer.answer(200, [], request.method)
      }
    }
    let away = try failure(try request(server, "/away"))
    #expect(away.kind == .redirected)
    #expect(away.description.contains("http://127.0.0.1:\(other.port)"))
    #expect(!away.description.contains("secret-path"))
    #expect(other.requests.isEmpty)
    #expect(try failure(try request(server, "/file")).kind == .redirected)
    #expect(try failure(try request(server, "/loop")).kind == .redirected)
    #expect(try HTTPClient().run(try request(server, "/get")).body == Array("GET".utf8))
    var post = try request(server, "/post")
    post.body = Array("x".utf8)
    #expect(try HTTPClient().run(post).body == Array("POST".utf8))
    post = try request(server, "/get")
    post.body = Array("x".utf8)
    #expect(try failure(post).kind == .redirected)
  }

  @Test func `a stream is taken in pieces, and the server waits for its reader`() throws {
    let size = 8 << 20
    let server = try LoopbackServer { _, _ in
      LoopbackServer.answer(200, [], String(repeating: "y", count: size))
    }
    var streamed = try request(server)
    streamed.streamed = 64 << 10
    streamed.limit = size
    let client = try HTTPClient()
    let transfer = try client.start(streamed)
    var taken = 0
    while transfer.result == nil {
      _ = try client.wait(atMost: 1_000)
      let piece = transfer.takeBytes()
      #expect(piece.count < 256 << 10)
      taken += piece.count
    }
    let rest = try #require(try transfer.result?.get()).body
    #expect(taken + rest.count == size && transfer.status == 200)
  }

  @Test func `a request is given up when it is asked for`() throws {
    let server = try LoopbackServer { _, _ in [.wait(milliseconds: 5_000)] }
    let client = try HTTPClient()
    var rounds = 0
    let error = try #require(throws: HTTPError.self) {
      try client.run(try request(server)) {
        rounds += 1
        return rounds > 1
      }
    }
    #expect(error.kind == .cancelled && client.inFlight == 0)
  }

  @Test func `errors say what and where, and nothing secret`() throws {
    let server = try LoopbackServer { _, _ in [] }
    server.stop()
    var gone = try request(server, "/T0/B0/secret")
    gone.headers = [HTTPHeader("Authorization", "Bearer secret")]
    let error = try failure(gone)
    #expect(error.kind == .unreachable)
    #expect(
      error.description
        == "http://127.0.0.1:\(server.port): nobody answers there: is the server running?")
    for text in ["ftp://host/x", "host", "", "http://", "http://a b/"] {
      #expect(throws: HTTPError.self, "\(text)") { try HTTPAddress(text) }
    }
    let named = #expect(throws: HTTPError.self) { try HTTPAddress("https://me:secret@host/x") }
    #expect(named?.description.contains("secret") == false)
    var broken = try request(server)
    broken.headers = [HTTPHeader("X", "a\r\nY: secret")]
    let refused = try failure(broken)
    #expect(refused.kind == .badAddress && !refused.description.contains("secret"))
    #expect(try HTTPAddress("https://Host/x").place == "https://host")
  }

  @Test func `HTTP/2 is spoken where TLS agrees on it, with those who are trusted`() throws {
    let server = try LoopbackServer { request, _ in
      LoopbackServer.answer(200, [], String(decoding: request.body, as: UTF8.self))
    }
    let front = try SecureFront(before: server)
    var post = HTTPRequest(try HTTPAddress(front.address))
    post.body = Array("over two".utf8)
    let client = try HTTPClient(environment: { $0 == "CURL_CA_BUNDLE" ? front.authority : nil })
    let answer = try client.run(post)
    #expect(answer.version == 2 && answer.body == post.body)
    let error = try failure(post)
    #expect(error.kind == .untrusted && error.description.contains("CURL_CA_BUNDLE"))
  }
}
