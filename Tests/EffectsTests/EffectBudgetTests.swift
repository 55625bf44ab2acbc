import Bytes
import Effects
import Events
import HTTP
import TestSupport
import Testing
import Views

/// What a day may take, against servers that are paid, silent, absent, or lead on.
@Suite struct EffectBudgetTests {
  @Test func `a budget holds, over restarts`() throws {
    let server = try LoopbackServer { _, _ in LoopbackServer.answer() }
    let book = EffectBook()
    book.budget.calls = 5
    var report = try book.driver(hook(server)).run(EffectBook.tasks(9))
    #expect(report.answered == 5 && report.waiting == 4 && server.requests.count == 5)
    #expect(report.budgetReached?.contains("5 of 5 calls (react.daily_calls)") == true)
    report = try book.driver(hook(server)).run(EffectBook.tasks(9))
    #expect(report.answered == 0 && server.requests.count == 5)
    // What costs nothing needs no money.
    book.calls = 0
    book.cost = .one
    report = try book.driver(hook(server)).run(EffectBook.tasks(1))
    #expect(report.answered == 1 && report.budgetReached == nil)
  }

  /// Costs money, and comes after alerts.
  private struct Costly: Effect {
    let kind: String
    let address: HTTPAddress
    var price = FixedPoint(hundredths: 10)

    func cost(expectedOf task: EffectTask) -> FixedPoint { price }
    func explanation(in response: HTTPResponse) -> String? { nil }

    func request(for task: EffectTask, at time: Timestamp) -> HTTPRequest {
      var request = HTTPRequest(address)
      request.body = Array(task.requestID.utf8)
      return request
    }

    func result(
      of response: HTTPResponse, to task: EffectTask, latency_ms: Int
    ) -> EffectResult { EffectResult(kind: "done", cost: price) { _ in } }
  }

  private static func costly(_ count: Int) -> [EffectTask] {
    (0..<count).map {
      EffectTask(
        requestID: "c\($0)", kind: "costly", subject: "s", row: AnswerRow(columns: [], cells: []))
    }
  }

  @Test func `a call that does not fit is not made, and keeps nobody from others`() throws {
    let server = try LoopbackServer { _, _ in LoopbackServer.answer() }
    let address = try HTTPAddress(server.address("/v1"))
    let book = EffectBook()
    // Two fit, a third would go beyond.
    book.budget.cost = FixedPoint(hundredths: 29)
    let all = Self.costly(5) + EffectBook.tasks(2)
    var report = try book.driver(Costly(kind: "costly", address: address), hook(server)).run(all)
    #expect(book.answered == ["c0", "c1", "id0", "id1"] && report.waiting == 3)
    #expect(book.cost == FixedPoint(hundredths: 20))
    #expect(
      report.budgetReached
        == "the budget of a day is reached: a call may cost 0.1 USD, and 0.09 of 0.29 are left "
        + "(react.daily_usd)")
    // With nothing to spend, what is free is done all the same.
    for (budget, price) in [
      (FixedPoint.zero, FixedPoint(hundredths: 1)), (.one, FixedPoint(hundredths: 200)),
    ] {
      let book = EffectBook()
      book.budget.cost = budget
      report = try book.driver(
        Costly(kind: "costly", address: address, price: price), hook(server)
      ).run(all)
      #expect(book.answered == ["id0", "id1"] && report.waiting == 5)
      #expect(report.budgetReached?.contains("and a day \(budget): it is not made") == true)
    }
    let free = EffectBook()
    free.budget.cost = .zero
    report = try free.driver(Costly(kind: "costly", address: address, price: .zero)).run(all)
    #expect(report.answered == 5)
  }

  @Test func `what is asked of models leaves calls for alerts`() throws {
    let server = try LoopbackServer { _, _ in LoopbackServer.answer() }
    let book = EffectBook()
    book.budget.calls = 5
    let driver = try book.driver(
      Costly(kind: "costly", address: try HTTPAddress(server.address("/v1")), price: .zero),
      hook(server))
    var report = try driver.run(Self.costly(9))
    #expect(report.answered == 4 && report.budgetReached?.contains("kept for alerts") == true)
    report = try driver.run(EffectBook.tasks(2))
    #expect(report.answered == 1 && report.waiting == 1)
  }

  @Test func `nobody who was not asked is counted, and who was silent is paid`() throws {
    let server = try LoopbackServer { _, _ in [.wait(milliseconds: 3_000)] }
    let address = try HTTPAddress(server.address("/v1"))
    struct Hasty: Effect {
      let costly: Costly
      var kind: String { costly.kind }
      var address: HTTPAddress { costly.address }
      func cost(expectedOf task: EffectTask) -> FixedPoint { costly.price }
      func explanation(in response: HTTPResponse) -> String? { nil }
      func request(for task: EffectTask, at time: Timestamp) -> HTTPRequest {
        var request = costly.request(for: task, at: time)
        request.timeouts.silence_ms = 100
        return request
      }
      func result(
        of response: HTTPResponse, to task: EffectTask, latency_ms: Int
      ) -> EffectResult { costly.result(of: response, to: task, latency_ms: latency_ms) }
    }
    var book = EffectBook()
    let hasty = Hasty(costly: Costly(kind: "costly", address: address))
    #expect(try book.driver(hasty).run(Self.costly(1)).failed == 1)
    #expect(book.calls == 3 && book.cost == FixedPoint(hundredths: 30))
    server.stop()
    book = EffectBook()
    let report = try book.driver(hasty).run(Self.costly(1))
    #expect(report.failed == 1 && report.calls == 0)
    #expect(
      book.calls == 0 && book.cost == .zero && text(book.outcomes.first).contains(#""calls":0"#))
    // Who says that nothing was done is not paid.
    let refusing = try LoopbackServer { _, _ in LoopbackServer.answer(400) }
    book = EffectBook()
    _ = try book.driver(
      Costly(kind: "costly", address: try HTTPAddress(refusing.address("/v1")))
    ).run(Self.costly(1))
    #expect(book.calls == 1 && book.cost == .zero)
  }

  @Test func `each request is counted, of dying connections and of redirects too`() throws {
    // A connection ends as its second request has come.
    let count = Guarded<[Int: Int]>([:])
    let server = try LoopbackServer { request, _ in
      let number = count.withLock { count in
        count[request.connection, default: 0] += 1
        return count[request.connection]
      }
      return number == 2 ? [.close] : LoopbackServer.answer()
    }
    var book = EffectBook()
    var report = try book.driver(hook(server)).run(EffectBook.tasks(12))
    #expect(report.answered + report.failed == 12 && report.answered > 0)
    #expect(report.calls == UInt64(server.requests.count) && book.calls == report.calls)
    let leading = try LoopbackServer { request, _ in
      request.target == "/hook"
        ? LoopbackServer.answer(308, ["Location: /there"]) : LoopbackServer.answer()
    }
    book = EffectBook()
    report = try book.driver(hook(leading)).run(EffectBook.tasks(3))
    #expect(report.answered == 3 && report.calls == 6 && book.calls == 6)
  }
}
