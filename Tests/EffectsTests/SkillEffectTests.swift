import Bytes
import Effects
import Events
import HTTP
import JSON
import TestSupport
import Testing
import Views

/// Skills that a model on loopback writes down.
@Suite struct SkillEffectTests {
  private static let good =
    #"{"name":"quote-yaml","description":"Quotes values.","prerequisites":[],"#
    + #""steps":["Look.","Quote."],"tags":["build","yaml"],"example":""}"#

  /// A chat completion that says a text.
  private static func completion(_ text: String, ending: String = "stop") -> [LoopbackServer.Step] {
    var message = JSONLineWriter()
    message.member("role", text: "assistant")
    message.member("content", text: text)
    return LoopbackServer.answer(
      200, ["Content-Type: application/json"],
      #"{"id":"c","model":"m-1","choices":[{"index":0,"finish_reason":"\#(ending)","#
        + #""message":\#(String(decoding: message.bytes, as: UTF8.self))}],"#
        + #""usage":{"prompt_tokens":1000,"completion_tokens":200}}"#)
  }

  private static let task = EffectTask(
    requestID: "0a", kind: "extract_skill", subject: "s",
    row: AnswerRow(
      columns: [
        Column("source_offset", .integer), Column("prompt_version", .integer),
        Column("task_type", .text), Column("prompt", .text), Column("response", .text),
      ],
      cells: [
        .integer(7), .integer(2), .text("build"), .text("mend \"this\"\nfile"), .text("quote it"),
      ]))

  private final class Book {
    var outcomes: [EffectOutcome] = []

    var held = FixedPoint.zero

    /// With what is held back.
    var spent: FixedPoint { outcomes.reduce(held) { $0 + $1.correction.cost } }
    var cost: FixedPoint { outcomes.reduce(.zero) { $0 + $1.cost } }
    var lines: [String] { outcomes.map { String(decoding: $0.line, as: UTF8.self) } }
  }

  private func run(
    _ server: LoopbackServer, _ book: Book, key: String? = nil, budget: FixedPoint = .one,
    count: Int = 1
  ) throws -> EffectReport {
    let effect = try SkillEffect(
      chatURL: server.address("/v1"), model: "m", key: try key.map { try Secret($0) },
      timeout_s: 20,
      // A cent for an answer.
      price: { model, input, output in
        let isExpected = model == "m" && input >= 1_500 && output == 800
        #expect(isExpected || model == "m-1" && input == 1_000 && output == 200)
        return FixedPoint(hundredths: 1)
      })
    let driver = EffectDriver(
      [effect], budget: Budget(calls: 1_000, cost: budget), client: try HTTPClient(),
      now: { Timestamp(nanoseconds: 1_767_635_377_000_000_000) }, spent: { _ in (0, book.spent) },
      hold: { amount, _ in book.held = book.held + amount.cost },
      record: { book.outcomes.append($0) })
    return try driver.run(Array(repeating: Self.task, count: count))
  }

  @Test func `a model is asked as the page says, and its answer becomes an event`() throws {
    let server = try LoopbackServer { _, _ in Self.completion(Self.good) }
    let book = Book()
    #expect(try run(server, book, key: "key-of-ours").answered == 1)
    let asked = try #require(server.requests.first)
    #expect(asked.target == "/v1/chat/completions" && asked.method == "POST")
    #expect(asked.headers["authorization"] == "Bearer key-of-ours")
    let body = String(decoding: asked.body, as: UTF8.self)
    for part in [
      #""model":"m""#, #""max_tokens":800"#, #""temperature":0.3"#, #""type":"json_schema""#,
      #"mend \"this\"\nfile"#, "quote it", "Kind of task: build", "First decide which",
    ] { #expect(body.contains(part), "\(part)") }
    #expect(!body.contains("key-of-ours") && !body.contains("request_id"))
    _ = try JSONParser.withText(body) { $0["messages"]?.array?.count }
    let line = try #require(book.lines.first)
    #expect(
      line.hasPrefix(
        #"{"event":"skill_extracted","timestamp":"2026-01-05T17:49:37Z","request_id":"0a","#
          + #""calls":1,"cost_usd":0.01,"source_offset":7,"prompt_version":2,"model":"m-1","#
          + #""name":"quote-yaml","description":"Quotes values.","prerequisites":[],"#
          + #""steps":["Look.","Quote."],"tags":["build","yaml"],"tokens_input":1000,"#
          + #""tokens_output":200,"latency_ms":"#), "\(line)")
    #expect(book.outcomes[0].isFinal && book.cost == FixedPoint(hundredths: 1))
  }

  @Test func `an object stands among thoughts and fences`() throws {
    for text in [
      "```json\n\(Self.good)\n```", "<think>Well.</think>\n\(Self.good)",
      "Here it is:\n\(Self.good)", "```json\n\(Self.good)\n```\nHope {this} \"helps\".",
      "<think>maybe {x} is good, or \(Self.good.replacing("quote-yaml", with: "draft"))</think>\n"
        + Self.good,
    ] {
      let server = try LoopbackServer { _, _ in Self.completion(text) }
      let book = Book()
      #expect(try run(server, book).answered == 1, "\(text)")
      #expect(book.lines[0].contains(#""name":"quote-yaml""#), "\(text)")
    }
    let parts = try LoopbackServer { _, _ in
      var part = JSONLineWriter()
      part.member("type", text: "text")
      part.member("text", text: Self.good)
      let text = String(decoding: part.bytes, as: UTF8.self)
      return LoopbackServer.answer(
        200, [],
        #"{"model":"m-1","choices":[{"message":{"content":[\#(text)]}}],"#
          + #""usage":{"prompt_tokens":1000,"completion_tokens":200}}"#)
    }
    #expect(try run(parts, Book()).answered == 1)
  }

  @Test func `a text of braces that are never closed takes no longer than another`() throws {
    let server = try LoopbackServer { _, number in
      Self.completion(
        number < 2 ? String(repeating: number == 0 ? "{" : "{\"", count: 200_000) : Self.good)
    }
    let book = Book()
    let start = milliseconds()
    #expect(try run(server, book).answered == 1)
    #expect(server.requests.count == 3 && milliseconds() - start < 15_000)
  }

  @Test func `what is not needed is left out where it is wrong, and nothing is without bounds`()
    throws
  {
    let long = String(repeating: "n", count: 100_000)
    for (text, rest) in [
      (#"{"name":"n","description":"d","steps":["s"],"tags":"a, b"}"#, #""tags":[],"#),
      (#"{"name":"n","description":"d","steps":["s"],"tags":["a",1]}"#, #""tags":["a"],"#),
      (#"{"name":"n","description":"d","steps":["s"],"example":{"a":1}}"#, #""steps":["s"],"#),
      (#"{"name":"\#(long)","description":"d","steps":["s"]}"#, #""name":"nnn"#),
    ] {
      let server = try LoopbackServer { _, _ in Self.completion(text) }
      let book = Book()
      #expect(try run(server, book).answered == 1, "\(text)")
      #expect(book.lines[0].contains(rest) && book.lines[0].utf8.count < 1_000, "\(book.lines)")
    }
  }

  @Test func `what a server says of tokens is believed as far as it can be`() throws {
    let priced: CallPrice = { _, input, output in
      FixedPoint(units: Int64(clamping: input) + 1_000_000 * Int64(clamping: output))
    }
    for (usage, most) in [
      (#"{"prompt_tokens":1000000000000000000,"completion_tokens":1000000000000000000}"#, 2_000),
      (#"{"prompt_tokens":1.5,"completion_tokens":-3}"#, 800), ("{}", 800), ("null", 800),
    ] {
      let server = try LoopbackServer { _, _ in
        var message = JSONLineWriter()
        message.member("content", text: Self.good)
        return LoopbackServer.answer(
          200, [],
          #"{"choices":[{"message":\#(String(decoding: message.bytes, as: UTF8.self))}],"#
            + #""usage":\#(usage)}"#)
      }
      let effect = try SkillEffect(
        chatURL: server.address("/v1"), model: "m", key: nil, timeout_s: 20, price: priced)
      let book = Book()
      let driver = EffectDriver(
        [effect], budget: Budget(calls: 9, cost: .one), client: try HTTPClient(),
        now: { Timestamp(nanoseconds: 0) }, spent: { _ in (0, book.spent) },
        hold: { amount, _ in book.held = book.held + amount.cost },
        record: { book.outcomes.append($0) })
      #expect(try driver.run([Self.task]).answered == 1)
      #expect(book.cost >= FixedPoint(units: 800_000_000), "\(usage)")
      #expect(book.cost <= FixedPoint(units: 1_000_000 * Int64(most) + 100_000), "\(usage)")
      #expect(book.spent == book.cost)
    }
  }

  @Test func `no text ends its own quotation`() throws {
    let server = try LoopbackServer { _, _ in Self.completion(Self.good) }
    _ = try run(server, Book())
    let body = String(decoding: try #require(server.requests.first).body, as: UTF8.self)
    let mark = try #require(body.firstRange(of: "<task-")).upperBound
    #expect(body.contains("</task-\(body[mark...].prefix(12))>"))
    #expect(!body.contains("<task>") && !body.contains("</task>"))
  }

  @Test func `a wrong answer is asked for anew, and paid for`() throws {
    let wrong = [
      "", "no JSON", "{}", #"{"name":"n"}"#, #"{"name":"n","description":"d","steps":[]}"#,
      #"{"name":"n","description":"d","steps":"one"}"#,
      #"{"name":"n","description":"d","steps":[1]}"#,
      #"{"name":1,"description":"d","steps":["s"]}"#,
    ]
    for text in wrong {
      let server = try LoopbackServer { _, number in
        // The last of three is good for some.
        Self.completion(number == 2 && text.isEmpty ? Self.good : text)
      }
      let book = Book()
      let report = try run(server, book)
      #expect(server.requests.count == 3 && report.calls == 3, "\(text)")
      #expect(report.answered == (text.isEmpty ? 1 : 0), "\(text)")
      #expect(book.cost == FixedPoint(hundredths: 3), "\(text)")
      if text.isEmpty { continue }
      let line = book.lines[0]
      #expect(line.contains(#""event":"effect_failed""#) && line.contains(#""final":false"#))
      #expect(line.contains(#""status":"wrong_answer""#) && line.contains(#""cost_usd":0.03"#))
    }
    let cut = try LoopbackServer { _, _ in Self.completion(Self.good, ending: "length") }
    let book = Book()
    #expect(try run(cut, book).failed == 1)
    #expect(book.lines[0].contains("cut off after 800 tokens"))
  }

  @Test func `a want is given up for wrong answers only where others have right ones`() throws {
    let server = try LoopbackServer { _, number in Self.completion(number == 0 ? Self.good : "no") }
    let book = Book()
    _ = try run(server, book, count: 1)
    #expect(book.outcomes.map(\.isFinal) == [true])
    let mixed = try LoopbackServer { _, number in Self.completion(number == 0 ? Self.good : "no") }
    let second = Book()
    let report = try run(mixed, second, count: 2)
    #expect(report.answered == 1 && report.givenUp == 1)
    // A model that cannot write one at all takes no want away.
    let weak = try LoopbackServer { _, _ in Self.completion("I cannot.") }
    let third = Book()
    let all = try run(weak, third, count: 20)
    #expect(all.givenUp == 0 && third.outcomes.allSatisfy { !$0.isFinal })
    #expect(all.waiting > 0, "\(all)")
    #expect(third.outcomes.contains { $0.failure?.remedy == .settings })
  }

  @Test func `what is no chat completion is a matter of settings`() throws {
    for body in ["<html>hello</html>", "{}", #"{"choices":[]}"#, "[1]"] {
      let server = try LoopbackServer { _, _ in LoopbackServer.answer(200, [], body) }
      let book = Book()
      #expect(try run(server, book).failed == 1)
      #expect(server.requests.count == 1 && !book.outcomes[0].isFinal, "\(body)")
      #expect(book.lines[0].contains("react.chat_url"))
    }
  }

  @Test func `a budget in dollars ends a run`() throws {
    let server = try LoopbackServer { _, _ in Self.completion(Self.good) }
    let report = try run(server, Book(), budget: FixedPoint(hundredths: 3), count: 20)
    // What those on their way may cost is held back.
    #expect(report.answered == 3 && report.waiting == 17)
    #expect(report.budgetReached?.contains("(react.daily_usd)") == true)
  }
}
