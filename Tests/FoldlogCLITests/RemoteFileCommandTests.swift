import Synchronization
import TestSupport
import Testing

/// `foldlog ingest https://…`: each line once, whatever the server does.
@Suite struct RemoteFileCommandTests {
  private final class File: Sendable {
    let content = Mutex<(bytes: [UInt8], version: Int)>(([], 0))

    func set(_ bytes: [UInt8]) {
      content.withLock { $0 = (bytes, $0.version + 1) }
    }

    /// The first half of the first answer comes at once, the rest when it pleases.
    func server(slowFirst: Bool = false) throws -> LoopbackServer {
      try LoopbackServer { [self] request, number in
        let (all, version) = content.withLock { $0 }
        let tag = "\"v\(version)\""
        if request.headers["if-none-match"] == tag {
          return [.send(Array("HTTP/1.1 304 Not Modified\r\n\r\n".utf8))]
        }
        var (head, bytes) = ("HTTP/1.1 200 OK\r\n", all[...])
        if let range = request.headers["range"], request.headers["if-range"] == tag,
          let first = Int(range.dropFirst("bytes=".count).dropLast())
        {
          bytes = all[first...]
          head =
            "HTTP/1.1 206 Partial\r\nContent-Range: bytes \(first)-\(all.count - 1)/\(all.count)\r\n"
        }
        head += "ETag: \(tag)\r\nContent-Length: \(bytes.count)\r\n\r\n"
        let half = bytes.count / 2
        return slowFirst && number == 0
          ? [.send(Array(head.utf8) + bytes.prefix(half)), .wait(milliseconds: 30_000)]
          : [.send(Array(head.utf8) + bytes)]
      }
    }
  }

  private static func lines(_ numbers: some Sequence<Int>) -> [String] {
    numbers.map {
      #"{"event":"query","query_id":"q\#($0)","prompt":"p \#($0)","ts":"2026-03-01T00:00:00Z"}"#
    }
  }

  private static func bytes(_ numbers: some Sequence<Int>) -> [UInt8] {
    Array((lines(numbers).joined(separator: "\n") + "\n").utf8)
  }

  private func taken(_ session: Session) throws -> [String] {
    try session.foldlog("log", "export").output.split(separator: "\n").map(String.init).sorted()
  }

  @Test func `each line is taken once, over growth, truncation and change`() throws {
    let file = File()
    let server = try file.server()
    let session = try Session()
    let address = server.address("/logs/aidb-events.jsonl?key=key-of-ours")
    file.set(Self.bytes(0..<400))
    let first = try session.foldlog("ingest", address)
    #expect(first.status == 0 && first.output.hasPrefix("400 lines: 400 events"), "\(first.errors)")
    #expect(try session.foldlog("ingest", address).output.hasPrefix("0 lines"))
    file.set(Self.bytes(0..<500))
    #expect(try session.foldlog("ingest", address).output.hasPrefix("100 lines"))
    #expect(try taken(session) == Self.lines(0..<500).sorted())
    // Cut off, then grown again: what was there was taken.
    file.set(Self.bytes(0..<300))
    _ = try session.foldlog("ingest", address)
    #expect(try taken(session) == Self.lines(0..<500).sorted())
    file.set(Self.bytes(0..<600))
    _ = try session.foldlog("ingest", address)
    #expect(try taken(session) == Self.lines(0..<600).sorted())
    // Another file, in the place of the first.
    file.set(Self.bytes(1_000..<1_400))
    #expect(try session.foldlog("ingest", address).status == 0)
    let all = Self.lines(0..<600) + Self.lines(1_000..<1_400)
    #expect(try taken(session) == all.sorted())
    #expect(try session.foldlog("verify").status == 0)
    #expect(try session.foldlog("log", "verify").status == 0)
  }

  @Test(arguments: ["gz", "zst"])
  func `a compressed file is taken as one that is not`(form: String) throws {
    let session = try Session()
    let plain = try session.directory.write(
      "plain.jsonl", String(decoding: Self.bytes(0..<300), as: UTF8.self))
    let tool = form == "gz" ? ["gzip", "-k", plain] : ["zstd", "-q", "-k", plain]
    guard try run("which", [tool[0]]).status == 0 else { return }
    #expect(try run(tool[0], Array(tool.dropFirst())).status == 0)
    let base64 = try run("base64", ["-w0", "\(plain).\(form)"]).output
    let file = File()
    file.set(try decoded(base64))
    let server = try file.server()
    let address = server.address("/aidb-events.jsonl.\(form)")
    let first = try session.foldlog("ingest", address)
    #expect(first.output.hasPrefix("300 lines: 300 events"), "\(first.errors)")
    #expect(try session.foldlog("ingest", address).output.hasPrefix("0 lines"))
    #expect(try taken(session) == Self.lines(0..<300).sorted())
  }

  @Test func `what is killed half-way goes on, and nothing is lost or doubled`() throws {
    let file = File()
    file.set(Self.bytes(0..<2_000))
    let server = try file.server(slowFirst: true)
    let session = try Session()
    let address = server.address("/aidb-events.jsonl")
    let data = session.directory.file("data")
    let child = try ChildProcess(
      foldlogBinary, ["ingest", address], variables: ["FOLDLOG_DATA=\(data)"])
    let half = file.content.withLock { $0.bytes.count / 2 }
    #expect(
      eventually {
        let size = try? run("sh", ["-c", "cat '\(data)'/downloads/*/.part | wc -c"]).output
        return size.flatMap { Int($0.filter(\.isNumber)) } == half
      })
    child.signal(9)
    _ = try child.wait()
    #expect(try session.foldlog("ingest", address).output.hasPrefix("2,000 lines"))
    #expect(server.requests.last?.headers["range"] == "bytes=\(half)-")
    #expect(try taken(session) == Self.lines(0..<2_000).sorted())
  }

  @Test func `a rotated file that is half put up is not taken twice, in any order`() throws {
    for isRotatedFirst in [false, true] {
      let (live, rotated) = (File(), File())
      let server = try LoopbackServer { request, _ in
        let file = request.target.hasSuffix(".1") ? rotated : live
        let (bytes, version) = file.content.withLock { $0 }
        let head =
          "HTTP/1.1 200 OK\r\nETag: \"v\(version)\"\r\nContent-Length: \(bytes.count)\r\n\r\n"
        return bytes.isEmpty ? LoopbackServer.answer(404) : [.send(Array(head.utf8) + bytes)]
      }
      let session = try Session()
      let address = server.address("/aidb-events.jsonl")
      let all = isRotatedFirst ? [address + ".1", address] : [address, address + ".1"]
      live.set(Self.bytes(0..<900))
      #expect(try session.foldlog("ingest", address).output.hasPrefix("900 lines"))
      // Half of it, within a line; then more; then all, and what had come since it was read.
      let whole = Self.bytes(0..<1_000)
      live.set(Self.bytes(1_000..<1_100))
      for size in [whole.count / 2 - 7, whole.count / 2 + 50_000, whole.count] {
        rotated.set(Array(whole.prefix(size)))
        for one in all { #expect(try session.foldlog("ingest", one).status == 0) }
      }
      #expect(try taken(session) == Self.lines(0..<1_100).sorted(), "\(isRotatedFirst)")
      #expect(try session.foldlog("ingest", all[0], all[1]).output.hasPrefix("0 lines"))
      #expect(try session.foldlog("log", "verify").status == 0)
    }
  }

  @Test func `a named file is known by its name, wherever it is`() throws {
    let file = File()
    let (first, second) = (try file.server(), try file.server())
    let session = try Session()
    file.set(Self.bytes(0..<200))
    func ingest(_ address: String) throws -> String {
      let result = try session.foldlog("ingest", "--source", "fleet", address)
      #expect(result.status == 0, "\(result.errors)")
      return result.output
    }
    #expect(try ingest(first.address("/aidb-events.jsonl?sign=key-of-ours")).hasPrefix("200 lines"))
    #expect(try ingest(first.address("/aidb-events.jsonl?sign=other-of-ours")).hasPrefix("0 lines"))
    // The version counts whatever is asked besides, but not at another server.
    #expect(first.requests.last?.headers["if-none-match"] == "\"v1\"")
    file.set(Self.bytes(0..<250))
    #expect(try ingest(second.address("/new-name.jsonl")).hasPrefix("50 lines"))
    #expect(second.requests.first?.headers["if-none-match"] == nil)
    #expect(try taken(session) == Self.lines(0..<250).sorted())
    second.stop()
    let failed = try session.foldlog(
      "ingest", "--source", "fleet", second.address("/new-name.jsonl"))
    #expect(failed.status == 74)
    let status = try session.foldlog("status", "--format", "json").output
    #expect(status.contains(#""source": "fleet""#) || status.contains(#""source":"fleet""#))
    let text = try session.foldlog("status").output
    let line = text.split(separator: "\n").first { $0.contains("fleet") } ?? ""
    #expect(line.contains("/…/new-name.jsonl") && line.contains("\"v2\""), "\(text)")
    #expect(line.contains("\(Self.bytes(0..<250).count)".suffix(3)), "\(line)")
    #expect(!line.contains("up to date"), "\(line)")
    #expect(!(status + text).contains("of-ours"))
    for wrong in [
      ["a.jsonl"], ["-", first.address("/x")], [first.address("/x"), first.address("/y")],
    ] {
      let refused = try run(
        foldlogBinary, ["ingest", "--source", "fleet"] + wrong,
        variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
      #expect(refused.status == 64, "\(wrong) \(refused.errors)")
    }
  }

  @Test func `what is wrong with an address is said, without its secrets`() throws {
    let session = try Session()
    let user = try session.foldlog("ingest", "https://me:key-of-ours@host/e.jsonl")
    #expect(user.status == 64 && user.errors.contains("no user and no password"), "\(user.errors)")
    let server = try LoopbackServer { _, _ in LoopbackServer.answer(404) }
    let absent = try session.foldlog("ingest", server.address("/key-of-ours/e.jsonl"))
    #expect(absent.status == 74 && absent.errors.contains("there is nothing at this address"))
    let followed = try session.foldlog("ingest", "--follow", server.address("/e.jsonl"))
    #expect(
      followed.status == 64 && followed.errors.contains("--follow takes files of this machine"))
    // Others are taken all the same.
    let lines = try session.directory.write(
      "aidb-events.jsonl", String(decoding: Self.bytes(0..<3), as: UTF8.self))
    let both = try session.foldlog("ingest", server.address("/key-of-ours/e.jsonl"), lines)
    #expect(both.status == 74 && both.output.hasPrefix("3 lines"), "\(both.errors)")
    for result in [user, absent, followed, both] {
      #expect(!result.errors.contains("key-of-ours") && !result.output.contains("key-of-ours"))
    }
  }
}

private func decoded(_ base64: String) throws -> [UInt8] {
  let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var bytes: [UInt8] = []
  var (bits, count) = (UInt32(0), 0)
  for character in base64.utf8 where character != UInt8(ascii: "=") {
    guard let value = digits.firstIndex(of: character) else { continue }
    bits = bits << 6 | UInt32(value)
    count += 6
    if count >= 8 {
      count -= 8
      bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
    }
  }
  return bytes
}
