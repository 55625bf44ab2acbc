import Bytes
import Conversations
import Events
import Facts
import Tables
import TestSupport
import Testing

/// What calls cost, worked out by hand.
@Suite struct PriceTests {
  /// 2026-05-01.
  private let may = Timestamp(nanoseconds: 1_777_593_600_000_000_000)

  private func dollars(_ money: Money?) -> String? { money?.dollars.description }

  @Test func `each kind of tokens has its price`() throws {
    // 5 dollars a million read, 0.1 × from a cache, 1.25 × for five minutes, 2 × for an hour; 25
    // written.
    let price = try #require(PriceList.builtIn.price(of: "claude-opus-4-5-20251101", at: may))
    #expect(
      [price.input, price.cacheRead, price.cacheWrite, price.longCacheWrite, price.output]
        .map(\.description) == ["5", "0.5", "6.25", "10", "25"])
    let usage = TokenUsage(
      input: 1_000, cacheRead: 200_000, cacheWrite: 4_000, longCacheWrite: 300, output: 2_000,
      reasoning: 1_500)
    // 0.005 + 0.1 + 0.025 + 0.003 + 0.05; reasoning is part of the output.
    for (isPartial, expected) in [(false, CostBasis.priced), (true, .partial)] {
      let (cost, basis) = PriceList.builtIn.cost(
        of: usage, model: "claude-opus-4-5-20251101", at: may, isPartial: isPartial)
      #expect(dollars(cost) == "0.183")
      #expect(basis == expected)
    }
  }

  @Test(arguments: [
    // The next version has no price, rather than that of another.
    ("claude-opus-4-9", nil), ("claude-opus-5", "5"), ("claude-opus-5-5", "4"),
    ("claude-opus-5-7", nil), ("claude-opus-4-1-20250805", "15"), ("claude-opus-4-6[1m]", "5"),
    ("claude-sonnet-4-20250514", "3"), ("gpt-5", "1.25"), ("gpt-5-codex", "1.25"),
    ("gpt-5-mini-2025-08-07", "0.25"), ("gpt-5.1-codex", "1.25"), ("gpt-5.9", nil), ("o3", "2"),
    ("o3-mini", "1.1"), ("qwen3-coder-plus", "1"), ("gemini-2.5-pro", "1.25"),
    // As providers write them.
    ("anthropic/claude-opus-4-5-20251101", "5"), ("openrouter/anthropic/claude-sonnet-4.5", "3"),
    ("us.anthropic.claude-haiku-4-5-20251001-v1:0", "1"),
    ("anthropic.claude-opus-4-1-20250805-v1:0", "15"),
    ("bedrock/us-east-1/eu.anthropic.claude-sonnet-4-20250514-v1:0", "3"),
    ("vertex_ai/claude-opus-4-5@20251101", "5"), ("azure/gpt-5-mini", "0.25"),
    ("openai/gpt-5", "1.25"),
    // Another version, however its number begins, and what costs nothing there.
    ("claude-opus-4-55", nil), ("anthropic/claude-opus-4.55", nil), ("claude-opus-4-5-1", nil),
    ("gpt-5.15", nil), ("gpt-4.1-2025-04-14", "2"), ("openrouter/qwen/qwen3-coder-plus:free", nil),
    // Run by people themselves.
    ("ollama/gpt-5", nil),
    ("qwen3-coder-30b", nil), ("deepseek-r1:14b", nil), ("llama3", nil), ("", nil),
  ])
  func `the built-in prices are those of the model itself`(_ model: String, _ input: String?) {
    #expect(PriceList.builtIn.price(of: model, at: may)?.input.description == input)
  }

  @Test func `a call is priced by what was asked on its day`() throws {
    let usage = TokenUsage(input: 1_000_000, output: 1_000_000)
    for model in ["o3", "o3-2025-04-16"] {
      let costs = try ["2025-06-09T23:59:59Z", "2025-06-10T00:00:00Z"].map {
        let time = try #require(Timestamp(parsing: $0))
        return dollars(
          PriceList.builtIn.cost(of: usage, model: model, at: time, isPartial: false).0)
      }
      #expect(costs == ["50", "10"])
    }
  }

  @Test func `the built-in table is whole, and what is more exact comes later`() {
    let prices = PriceList.builtIn.prices
    #expect(prices.count == builtInPriceCount && prices.count > 150)
    let entries = prices.map { "\($0.model) \($0.above) \($0.from.nanoseconds)" }
    #expect(Set(entries).count == prices.count)
    for (index, price) in prices.enumerated() {
      let name = price.model.hasSuffix("*") ? String(price.model.dropLast()) : price.model
      for later in prices[(index + 1)...]
      where later.above <= price.above && later.model != price.model {
        #expect(!later.fits(name), "\(later.model) hides \(price.model)")
      }
      #expect(price.cacheRead <= price.input, "\(price.model)")
    }
  }

  @Test func `of the entries that fit the model and the day the last counts`() {
    func price(_ model: String, from: Timestamp = Timestamp(nanoseconds: 0), _ input: Int64)
      -> Price
    {
      Price(model: model, from: from, input: FixedPoint(units: input), output: .zero)
    }
    let list = PriceList([
      price("a-1", 1), price("a*", 2), price("a-2*", from: may, 3), price("a-2", 4),
      price("a-2x", from: may, 5),
    ])
    let before = Timestamp(nanoseconds: may.nanoseconds - 1)
    for (model, time, input) in [
      ("a-1", may, 2), ("a-2", may, 4), ("a-2", before, 4), ("a-2x", may, 5),
      ("a-2x", before, 2), ("a-2y", may, 3), ("b", may, nil),
    ] as [(String, Timestamp, Int64?)] {
      #expect(list.price(of: model, at: time)?.input.units == input, "\(model)")
    }
  }

  @Test func `lists are the same for a model where its calls cost the same`() {
    let (june, july) = (
      Timestamp(nanoseconds: may.nanoseconds + 31 * 86_400_000_000_000),
      Timestamp(nanoseconds: may.nanoseconds + 61 * 86_400_000_000_000)
    )
    let base = [Price(model: "a*", input: .one, output: .one)]
    func digest(_ more: [Price], _ model: String = "a-1", through end: Timestamp? = nil) -> Hash128
    {
      PriceList(base + more).digest(of: model, from: may, through: end ?? june)
    }
    let two = FixedPoint(units: 2_000_000_000)
    let same: [[Price]] = [
      [Price(model: "b", input: two, output: two)],
      [Price(model: "a-2", input: two, output: two)],
      [Price(model: "a*", from: july, input: two, output: two)],
      [Price(model: "a-1", input: .one, output: .one)],
      [Price(model: "a-1", from: june, input: .one, output: .one)],
      [
        Price(model: "a-1", input: two, output: two), Price(model: "a*", input: .one, output: .one),
      ],
    ]
    for more in same { #expect(digest(more) == digest([]), "\(more)") }
    let other: [[Price]] = [
      [Price(model: "a-1", input: two, output: .one)],
      [Price(model: "a-1", from: june, input: .one, output: two)],
      [
        Price(
          model: "a*", from: Timestamp(nanoseconds: may.nanoseconds + 1), input: two, output: two)
      ],
    ]
    for more in other { #expect(digest(more) != digest([]), "\(more)") }
    #expect(digest(other[1]) != digest([Price(model: "a-1", input: .one, output: two)]))
    // Of a model without a price, one that comes.
    #expect(digest(same[0], "b") != digest([], "b"))
    #expect(digest(same[0], "c") == digest([], "c"))
    // All of it, where models are too many to tell apart.
    #expect(digest(same[0], "") != digest([], ""))
  }

  @Test func `a call that reads more than an entry is for costs what the entry says`() {
    let list = PriceList([
      Price(model: "m*", input: .one, output: .one),
      Price(
        model: "m*", input: FixedPoint(units: 2_000_000_000), cacheRead: .zero,
        output: FixedPoint(units: 3_000_000_000), above: 200_000),
    ])
    func cost(_ usage: TokenUsage) -> String? {
      list.cost(of: usage, model: "m-1", at: may, isPartial: false).0?.dollars.description
    }
    #expect(cost(TokenUsage(input: 200_000, output: 1_000_000)) == "1.2")
    #expect(cost(TokenUsage(input: 200_001, output: 1_000_000)) == "3.400002")
    // What comes from a cache is read, too; all tokens of the call cost more then.
    #expect(cost(TokenUsage(input: 100_000, cacheRead: 100_001, output: 0)) == "0.2")
    let short = PriceList(Array(list.prices.prefix(1)))
    #expect(
      list.digest(of: "m-1", from: may, through: may)
        != short.digest(of: "m-1", from: may, through: may))
    let price = PriceList.builtIn.price(of: "gpt-5.5", at: may, reading: 272_001)
    #expect(price?.input.description == "10" && price?.output.description == "45")
  }

  @Test func `what an entry does not say costs what is nearest to it`() {
    let one = Price(model: "m", input: FixedPoint(units: 8), output: FixedPoint(units: 9))
    #expect(
      [one.cacheRead, one.cacheWrite, one.longCacheWrite].map(\.units) == [8, 8, 8])
    let two = Price(
      model: "m", input: FixedPoint(units: 8), cacheWrite: FixedPoint(units: 10), output: .zero)
    #expect(two.longCacheWrite.units == 10)
  }

  @Test func `what the record says counts, then whether the model is local, then the price`() throws
  {
    let tokens: [Field: FieldValue] = [.tokensInput: 1_000_000, .tokensOutput: 100_000]
    let said: [[Field: FieldValue]] = [
      [.model: "gpt-5", .costUSD: 0.125], [.model: "gpt-5"], [.model: "gpt-5", .isLocal: true],
      [.model: "mine-7b"], [.model: "who"], [:],
    ]
    let conversations = try Conversations(
      tables: FoldTables(view: Conversations.tables, provider: MemoryTables()),
      prices: PriceList(
        PriceList.builtIn.prices + [Price(model: "mine*", input: .zero, output: .zero)]))
    let facts = said.enumerated().map { index, fields in
      let all = tokens.merging(fields) { _, field in field }
      return asserted(interaction(UInt64(index), at: UInt64(index), all))
    }
    let calls = conversations.nativeCalls(of: facts).map(\.after)
    // 1.25 dollars for a million, and 10 for a million times 0.1.
    #expect(calls.map { dollars($0.cost) } == ["0.125", "2.25", "0", "0", nil, nil])
    #expect(calls.map(\.basis) == [.said, .priced, .local, .local, .unknown, .unknown])
    // What was asked for, and found or not.
    #expect(conversations.priced.times.keys.sorted() == ["gpt-5", "mine-7b", "who"])
  }

  @Test func `a call that states its dollars and no tokens is one, and keeps them`() throws {
    let said: [[Field: FieldValue]] = [
      [.costUSD: 0.125], [.costUSD: 0], [.model: "gpt-5"], [.costUSD: 0.5, .tokensOutput: 3],
      [.tokensCacheRead: 1_000_000, .model: "gpt-5"],
    ]
    let calls = try native(said)
    #expect(calls.map { dollars($0.cost) } == ["0.125", "0", "0.5", "0.125"])
    #expect(calls.map(\.basis) == [.said, .said, .said, .priced])
    #expect(calls[0].usage == TokenUsage())
  }

  @Test func `a total without its parts is neither read nor written, and has no price`() throws {
    let million: FieldValue = 1_000_000
    let said: [[Field: FieldValue]] = [
      [.tokensUsed: million], [.tokensUsed: 1_100_000, .tokensInput: million],
      [.tokensUsed: 1_100_000, .tokensOutput: 100_000],
      [.tokensUsed: 1_100_000, .tokensInput: 500_000, .tokensCacheRead: 500_000],
      [.tokensUsed: 5, .tokensInput: million],
      [.tokensUsed: 9, .tokensInput: million, .tokensOutput: 100_000],
      [.tokensUsed: 9, .isLocal: true], [.tokensUsed: 9, .costUSD: 0.5],
      [.tokensUsed: 9, .tokensCacheRead: 4], [.tokensUsed: 0],
    ]
    let calls = try native(said.map { $0.merging([.model: "gpt-5"]) { field, _ in field } })
    #expect(
      calls.map(\.tokensUnsplit) == [1_000_000, nil, nil, nil, nil, nil, 9, 9, 5, nil])
    #expect(
      calls.map(\.usage.output) == [
        nil, 100_000, 100_000, 100_000, nil, 100_000, nil, nil, nil, nil,
      ])
    #expect(calls[2].usage.input == 1_000_000)
    // 1.25 dollars for a million read, 0.125 of it from a cache, and 10 for a million written.
    #expect(
      calls.map { dollars($0.cost) } == [
        nil, "2.25", "2.25", "1.6875", "1.25", "2.25", "0", "0.5", nil, "0",
      ])
    #expect(
      calls.map(\.basis) == [
        .unknown, .priced, .priced, .priced, .priced, .priced, .local, .said, .unknown, .priced,
      ])
  }

  @Test func `where a model ran is no name of it, and a local one costs nothing`() throws {
    let said: [[Field: FieldValue]] = [
      [.llmUsed: "local"], [.llmUsed: "remote"], [.llmUsed: "Remote", .model: "who"],
      [.llmUsed: "who"], [.model: "local"], [.model: "local", .llmUsed: "who"],
    ]
    let calls = try native(said.map { $0.merging([.tokensOutput: 5]) { field, _ in field } })
    #expect(calls.map(\.model) == [nil, nil, "who", "who", nil, "who"])
    #expect(
      calls.map(\.basis) == [.local, .unknown, .unknown, .unknown, .local, .local])
  }

  @Test func `a call is that of the person whom its line names`() throws {
    let calls = try native([[.tokensOutput: 5, .userID: "u"], [.tokensOutput: 5]])
    #expect(calls.map(\.context.user) == ["u", nil])
  }

  /// The calls that interactions with these fields are.
  private func native(_ said: [[Field: FieldValue]]) throws -> [ModelCall] {
    let conversations = try Conversations(
      tables: FoldTables(view: Conversations.tables, provider: MemoryTables()), prices: .builtIn)
    return conversations.nativeCalls(
      of: said.enumerated().map { index, fields in
        asserted(interaction(UInt64(index), at: UInt64(index), fields))
      }
    ).map(\.after)
  }

  @Test func `what may wait costs half, what comes first no less, and searches are asked for`() {
    let million = TokenUsage(input: 1_000_000)
    let cost = { (usage: TokenUsage, tier: String?) in
      PriceList.builtIn.cost(
        of: usage, model: "claude-opus-4-5", at: may, tier: tier, isPartial: false)
    }
    for (tier, dollars, basis) in [
      (nil, "5", CostBasis.priced), ("batch", "2.5", .priced), ("flex", "2.5", .priced),
      ("priority", "5", .partial),
    ] {
      let (money, found) = cost(million, tier)
      #expect(self.dollars(money) == dollars)
      #expect(found == basis)
    }
    #expect(dollars(cost(TokenUsage(output: 0, webSearches: 3), nil).0) == "0.03")
    // An entry that says nothing of searches leaves them as they are.
    let list = PriceList(
      PriceList.builtIn.prices + [Price(model: "claude*", input: .one, output: .one)])
    let searched = TokenUsage(input: 1_000_000, webSearches: 2)
    #expect(
      dollars(list.cost(of: searched, model: "claude-opus-4-5", at: may, isPartial: false).0)
        == "1.02")
  }

  @Test func `a call is priced by its tier of service and its searches`() throws {
    var transcript = Transcript(prices: PriceList.builtIn)
    try transcript.fold([
      Claude.prompt("p", "look"),
      Claude.line(
        "assistant", "a", at: 1,
        """
        "message":{"id":"m","model":"claude-opus-4-5","content":[],"stop_reason":"end_turn",\
        "usage":{"input_tokens":1000000,"output_tokens":0,"service_tier":"batch",\
        "server_tool_use":{"web_search_requests":2}}}
        """),
    ])
    #expect(dollars(transcript.modelCalls["m"]?.cost) == "2.52")
  }
}
