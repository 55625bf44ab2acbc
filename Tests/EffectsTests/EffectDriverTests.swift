import Bytes
import Effects
import Events
import HTTP
import JSON
import Synchronization
import TestSupport
import Testing
import Views

/// The driver against servers that do what servers do.
@Suite struct EffectDriverTests {
  @Test func `each want is told once, signed, at most four at a time`() throws {
    let flying = Atomic(0)
    let most = Atomic(0)
    let server = try LoopbackServer { _, _ in
      let now = flying.add(1, ordering: .relaxed).newValue
      _ = most.max(now, ordering: .relaxed)
      pause(milliseconds: 20)
      flying.subtract(1, ordering: .relaxed)
      return LoopbackServer.answer(204)
    }
    let book = EffectBook()
    let report = try book.driver(hook(server, key: "key-of-ours")).run(EffectBook.tasks(9))
    #expect(report.answered == 9 && report.calls == 9 && report.failed == 0)
    #expect(book.answered == (0..<9).map { "id\($0)" })
    #expect(most.load(ordering: .relaxed) <= 4)
    #expect(
      text(book.outcomes.first { $0.task.requestID == "id3" }).hasPrefix(
        #"{"event":"alert_sent","timestamp":"2026-01-05T17:49:37Z","request_id":"id3","calls":1,"#
          + #""alert_id":"alert3","channel":"webhook","ok":true,"#))
    let asked = try #require(server.requests.first { $0.headers["webhook-id"] == "id3" })
    #expect(
      String(decoding: asked.body, as: UTF8.self)
        == #"{"type":"alert","timestamp":"2026-01-05T17:49:37Z","#
        + #""data":{"alert_id":"alert3","count":3}}"#)
    #expect(asked.headers["webhook-timestamp"] == "1767635377")
    // By hand: printf 'id3.1767635377.BODY' | openssl dgst -sha256 -hmac key-of-ours -binary | base64
    #expect(asked.headers["webhook-signature"] == "v1,sfEPD7m/oDM1aI1GMs0zlGIAVyjGyPZJjgC4UAqGlF8=")
    #expect(server.requests.allSatisfy { $0.headers.values.allSatisfy { !$0.contains("ours") } })
  }

  @Test func `a server that throttles, fails or dies is asked again, and each want counts once`()
    throws
  {
    let seen = Guarded<[String: Int]>([:])
    let server = try LoopbackServer { request, _ in
      let id = request.headers["webhook-id"] ?? ""
      let time = seen.withLock { seen in
        seen[id, default: 0] += 1
        return seen[id] ?? 0
      }
      if time > 1 { return LoopbackServer.answer() }
      switch id {
      case "id0": return LoopbackServer.answer(429, ["Retry-After: 1"])
      case "id1":
        return [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab".utf8)), .close]
      case "id2": return LoopbackServer.answer(503)
      default: return LoopbackServer.answer()
      }
    }
    let book = EffectBook()
    let report = try book.driver(hook(server)).run(EffectBook.tasks(4))
    #expect(report.answered == 4 && report.failed == 0)
    #expect(book.answered == ["id0", "id1", "id2", "id3"])
    #expect(report.calls == 7 && server.requests.count == 7)
  }

  @Test func `three tries, then a failure that is wanted still`() throws {
    let server = try LoopbackServer { _, _ in LoopbackServer.answer(500, [], "secret of theirs") }
    let book = EffectBook()
    let report = try book.driver(hook(server)).run(EffectBook.tasks(1))
    #expect(report.failed == 1 && report.calls == 3 && book.answered.isEmpty)
    let line = text(book.outcomes.first)
    #expect(
      line.hasPrefix(
        #"{"event":"effect_failed","timestamp":"2026-01-05T17:49:37Z","request_id":"id0","#
          + #""kind":"webhook","subject":"subject 0","status":"500","#))
    #expect(line.contains(#""final":false,"calls":3"#) && !line.contains("secret"))
  }

  @Test func `five failures in a row, and a server is left alone`() throws {
    let server = try LoopbackServer { _, _ in LoopbackServer.answer(500) }
    let book = EffectBook()
    let driver = try book.driver(hook(server))
    let report = try driver.run(EffectBook.tasks(40))
    // Four may be on their way when the fifth fails.
    #expect((5...8).contains(server.requests.count))
    #expect(report.waiting >= 32 && (report.nextTry_ms ?? 0) > 30_000)
    #expect(report.calls == UInt64(server.requests.count))
    // The next run finds it left alone, too.
    let count = server.requests.count
    #expect(try driver.run(EffectBook.tasks(2)).waiting == 2)
    #expect(server.requests.count == count)
  }

  @Test func `what somebody must mend is tried once, and no want is taken away for it`() throws {
    for (status, count) in [(401, 1...4), (402, 1...4), (404, 1...4), (422, 3...6), (400, 3...6)] {
      let server = try LoopbackServer { _, _ in LoopbackServer.answer(status) }
      let book = EffectBook()
      let report = try book.driver(hook(server)).run(EffectBook.tasks(6))
      #expect(count.contains(server.requests.count), "\(status)")
      #expect(book.outcomes.allSatisfy { !$0.isFinal }, "\(status)")
      #expect(book.outcomes.allSatisfy { !text($0).contains(#""refused":true"#) }, "\(status)")
      #expect(report.failed + report.waiting == 6 && report.givenUp == 0)
      #expect(book.outcomes.contains { $0.failure?.remedy == .settings }, "\(status)")
    }
    let elsewhere = try LoopbackServer { _, _ in
      LoopbackServer.answer(302, ["Location: http://127.0.0.2:1/x"])
    }
    let book = EffectBook()
    #expect(try book.driver(hook(elsewhere)).run(EffectBook.tasks(1)).failed == 1)
    #expect(text(book.outcomes.first).contains(#""status":"redirected""#))
  }

  @Test func `what a server says of a refusal is told, without the key`() throws {
    let server = try LoopbackServer { _, _ in
      LoopbackServer.answer(
        400, [], #"{"error":{"message":"Unsupported parameter: max_tokens (key-of-ours)"}}"#)
    }
    let book = EffectBook()
    let report = try book.driver(hook(server, key: "key-of-ours")).run(EffectBook.tasks(1))
    #expect(
      report.explanations
        == ["http://127.0.0.1:\(server.port) says: Unsupported parameter: max_tokens ([KEY])"])
    #expect(!text(book.outcomes.first).contains("Unsupported"))
  }

  @Test func `bytes that are no HTTP are a passing fault of the server`() throws {
    let server = try LoopbackServer { request, number in
      number == 0
        ? [.send(Array("\0\u{1}garbage\r\n\r\n".utf8)), .close] : LoopbackServer.answer()
    }
    let book = EffectBook()
    #expect(try book.driver(hook(server)).run(EffectBook.tasks(3)).answered == 3)
  }

  @Test func `what comes to be wanted meanwhile is done in the same run, alerts first`() throws {
    let server = try LoopbackServer { _, _ in
      pause(milliseconds: 600)
      return LoopbackServer.answer()
    }
    let book = EffectBook()
    var looks = 0
    let all = EffectBook.tasks(50)
    let report = try book.driver(hook(server)).run(
      Array(all.prefix(40)),
      fresh: {
        looks += 1
        return looks < 3 ? Array(all[..<44]) : nil
      })
    // With the third look nothing new is begun.
    #expect(looks == 3 && book.answered.contains("id43") && !book.answered.contains("id39"))
    #expect(Set(book.answered).count == book.answered.count && report.answered < 40)
    #expect(report.waiting + report.answered == 44)
  }

  @Test func `one answer that is none stops no kind of which others were taken`() throws {
    let server = try LoopbackServer { _, number in
      LoopbackServer.answer(200, [], number == 1 ? "<html>starting" : "ok")
    }
    let book = EffectBook()
    let driver = try book.driver(hook(server))
    #expect(try driver.run(EffectBook.tasks(1)).answered == 1)
    #expect(try driver.run(Array(EffectBook.tasks(4).dropFirst())).answered == 3)
    #expect(server.requests.count == 5)
  }

  @Test func `a page for people is no proof that an alert was sent`() throws {
    let server = try LoopbackServer { _, number in
      let login = "<!DOCTYPE html>\n<html><form action=/login></form></html>"
      return LoopbackServer.answer(
        200, ["Content-Type: text/html; charset=utf-8"], number == 0 ? login : "OK")
    }
    let book = EffectBook()
    let report = try book.driver(hook(server)).run(EffectBook.tasks(1))
    #expect(report.failed == 1 && report.answered == 0 && server.requests.count == 1)
    let line = text(book.outcomes.first)
    #expect(
      line.contains(#""status":"wrong_answer""#) && line.contains(#""final":false"#), "\(line)")
    #expect(line.contains("a page for people is answered (status 200)") && !line.contains("<form"))
    // Frameworks call any text a page.
    #expect(try book.driver(hook(server)).run(EffectBook.tasks(1)).answered == 1)
    #expect(server.requests.map { $0.headers["webhook-id"] } == ["id0", "id0"])
  }

  @Test func `what is on its way when it is to stop stays wanted`() throws {
    let server = try LoopbackServer { _, _ in [.wait(milliseconds: 5_000)] }
    let book = EffectBook()
    let report = try book.driver(hook(server)).run(EffectBook.tasks(6)) { !server.requests.isEmpty }
    #expect(report.answered == 0 && book.answered.isEmpty && report.waiting >= 2)
    #expect(
      book.outcomes.allSatisfy { text($0).contains(#""status":"cancelled""#) },
      "\(book.outcomes.map(text))")
  }

  @Test func `what cannot be written down ends the run`() throws {
    struct Full: Error {}
    let server = try LoopbackServer { _, _ in LoopbackServer.answer() }
    let driver = EffectDriver(
      [try hook(server)], budget: Budget(calls: 9, cost: .one), client: try HTTPClient(),
      now: { Timestamp(nanoseconds: 0) }, spent: { _ in (0, .zero) },
      hold: { _, _ in }, record: { _ in throw Full() })
    #expect(throws: Full.self) { try driver.run(EffectBook.tasks(1)) }
  }

  @Test func `nothing is asked before it is written down that it will be`() throws {
    struct Full: Error {}
    let server = try LoopbackServer { _, _ in LoopbackServer.answer() }
    let driver = EffectDriver(
      [try hook(server)], budget: Budget(calls: 9, cost: .one), client: try HTTPClient(),
      now: { Timestamp(nanoseconds: 0) }, spent: { _ in (0, .zero) },
      hold: { _, _ in throw Full() }, record: { _ in })
    #expect(throws: Full.self) { try driver.run(EffectBook.tasks(1)) }
    #expect(server.requests.isEmpty)
  }

  @Test func `what a server refuses while it takes others is given up after the fifth time`()
    throws
  {
    let server = try LoopbackServer { request, _ in
      LoopbackServer.answer(request.headers["webhook-id"] == "id" ? 400 : 200)
    }
    for (refusals, isLast) in [(UInt64(0), false), (3, false), (4, true), (9, true)] {
      let book = EffectBook()
      let task = EffectTask(
        requestID: "id", kind: "webhook", subject: "s", refusals: refusals,
        row: AnswerRow(columns: [], cells: []))
      let driver = try book.driver(hook(server))
      #expect(try driver.run(EffectBook.tasks(1)).answered == 1)
      let report = try driver.run([task])
      #expect(report.failed == 1 && report.givenUp == (isLast ? 1 : 0))
      let line = text(book.outcomes.last)
      #expect(line.contains(#""refused":true,"final":\#(isLast)"#), "\(line)")
      #expect(line.contains("given up after \(refusals + 1) refusals") == isLast)
      // Of a server that took none, nobody knows whose fault it is.
      #expect(try book.driver(hook(server)).run([task]).givenUp == 0)
      #expect(text(book.outcomes.last).contains(#""refused":false,"final":false"#))
    }
    // A server that takes no more of what it took is at fault after five, whatever came before.
    let changing = try LoopbackServer { _, number in
      LoopbackServer.answer(number < 2 ? 200 : 400)
    }
    let book = EffectBook()
    let driver = try book.driver(hook(changing))
    _ = try driver.run(EffectBook.tasks(2))
    for _ in 0..<5 { _ = try driver.run(EffectBook.tasks(20)) }
    let refused = book.outcomes.count { text($0).contains(#""refused":true"#) }
    #expect((1...4).contains(refused) && !book.outcomes.dropFirst(2).contains(where: \.isFinal))
    // A server that is down refuses nothing.
    server.stop()
    let down = EffectBook()
    let task = EffectTask(
      requestID: "id", kind: "webhook", subject: "s", refusals: 9,
      row: AnswerRow(columns: [], cells: []))
    _ = try down.driver(hook(server)).run([task])
    #expect(down.outcomes.map(\.isFinal) == [false])
  }

  @Test func `a server is asked over HTTP/2, too`() throws {
    let server = try LoopbackServer { _, _ in LoopbackServer.answer() }
    let front = try SecureFront(before: server)
    let book = EffectBook()
    let authority = front.authority
    let driver = EffectDriver(
      [WebhookEffect(try HTTPAddress(front.address), key: nil, timeouts: HTTPTimeouts())],
      budget: book.budget,
      client: try HTTPClient(environment: { $0 == "CURL_CA_BUNDLE" ? authority : nil }),
      now: { Timestamp(nanoseconds: 0) }, spent: { _ in (0, .zero) },
      hold: { _, _ in }, record: { book.outcomes.append($0) })
    #expect(try driver.run(EffectBook.tasks(9)).answered == 9)
    #expect(book.answered == (0..<9).map { "id\($0)" })
  }
}
