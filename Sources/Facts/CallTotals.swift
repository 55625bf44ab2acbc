public import Bytes
public import Events
public import Views

/// What calls of models come to: a group of columns that rows have in common.
///
/// A call that changes is subtracted as it was and added as it is.
public struct CallTotals: Equatable, Sendable {
  public var modelCalls = Count()
  public var tokensInput = Count()
  public var tokensCacheRead = Count()
  public var tokensCacheWrite = Count()
  public var tokensOutput = Count()
  public var tokensReasoning = Count()
  public var tokensUnsplit = Count()
  public var cost = MoneySum()
  public var bases = BasisCounts()

  public init() {}

  public mutating func add(_ call: ModelCall) {
    if call.isToldTwice { return }
    if !call.isUnattributed { modelCalls += 1 }
    let usage = call.usage
    tokensInput += usage.input ?? 0
    tokensCacheRead += usage.cacheRead ?? 0
    tokensCacheWrite += (usage.cacheWrite ?? 0) &+ (usage.longCacheWrite ?? 0)
    tokensOutput += usage.output ?? 0
    tokensReasoning += usage.reasoning ?? 0
    tokensUnsplit += call.tokensUnsplit ?? 0
    if let dollars = call.cost { cost.add(dollars) }
    bases.add(call.basis)
  }

  public mutating func subtract(_ call: ModelCall) {
    if call.isToldTwice { return }
    if !call.isUnattributed { modelCalls -= 1 }
    let usage = call.usage
    tokensInput -= usage.input ?? 0
    tokensCacheRead -= usage.cacheRead ?? 0
    tokensCacheWrite -= (usage.cacheWrite ?? 0) &+ (usage.longCacheWrite ?? 0)
    tokensOutput -= usage.output ?? 0
    tokensReasoning -= usage.reasoning ?? 0
    tokensUnsplit -= call.tokensUnsplit ?? 0
    if let dollars = call.cost { cost.subtract(dollars) }
    bases.subtract(call.basis)
  }

  public mutating func apply(_ change: CallChange<ModelCall>) {
    if let before = change.before { subtract(before) }
    add(change.after)
  }

  /// Dollars of the calls that have a price; nil where none has.
  public var costUSD: FixedPoint? { bases.pricedCount == 0 ? nil : cost.total.dollars }

  @inlinable
  public static func columns<Visitor: ColumnVisitor>(
    _ totals: inout CallTotals, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.column(
      "model_calls", &totals.modelCalls, unit: .count, "Calls of models; each counts once.")
    try visit.column(
      "tokens_input", &totals.tokensInput, unit: .tokens,
      "Tokens that models read, without what came from a cache or went into it.")
    try visit.column(
      "tokens_cache_read", &totals.tokensCacheRead, unit: .tokens, "Tokens read from a cache.")
    try visit.column(
      "tokens_cache_write", &totals.tokensCacheWrite, unit: .tokens, "Tokens written to a cache.")
    try visit.column(
      "tokens_output", &totals.tokensOutput, unit: .tokens, "Tokens that models wrote.")
    try visit.column(
      "tokens_reasoning", &totals.tokensReasoning, unit: .tokens,
      "Of the output, what models thought with.")
    try visit.column(
      "tokens_unsplit", &totals.tokensUnsplit, unit: .tokens,
      """
      Tokens read and written together (tokens_used), of calls of which nobody told how many of each: in \
      no other count, and without a price, unless the model runs here or the call says its cost.
      """)
    try visit.hidden("cost", &totals.cost)
    try visit.hidden("bases", &totals.bases)
    let (cost, bases) = (totals.costUSD, totals.bases)
    visit.derived(
      "cost_usd", unit: .usd, rule: "the calls that have a price, each tokens × price or as said"
    ) { cost }
    visit.derived("cost_basis", rule: "the weakest that a call's dollars rest on") {
      bases.weakest
    }
    visit.derived(
      "unpriced_calls", unit: .count,
      rule: "calls whose model has no price, or of which tokens_unsplit alone is known"
    ) {
      bases.unpricedCount
    }
  }
}

/// A sum of money that is exact in any order.
public struct MoneySum: Mergeable, Equatable, Sendable, ByteCodable {
  public private(set) var total = Money()

  public init() {}

  public mutating func add(_ money: Money) { total += money }
  public mutating func subtract(_ money: Money) { total -= money }
  public mutating func merge(_ later: MoneySum) { total += later.total }

  public func encode(into writer: inout ByteWriter) { total.encode(into: &writer) }
  public init(from reader: inout ByteReader) throws(BytesError) {
    total = try Money(from: &reader)
  }
}

/// How many calls have dollars of each basis.
public struct BasisCounts: Mergeable, Equatable, Sendable, ByteCodable {
  private var counts = [UInt64](repeating: 0, count: CostBasis.allCases.count)

  public init() {}

  public mutating func add(_ basis: CostBasis) { counts[Int(basis.rawValue)] &+= 1 }
  public mutating func subtract(_ basis: CostBasis) { counts[Int(basis.rawValue)] &-= 1 }
  public mutating func merge(_ later: BasisCounts) {
    for index in counts.indices { counts[index] &+= later.counts[index] }
  }

  public subscript(_ basis: CostBasis) -> UInt64 { counts[Int(basis.rawValue)] }

  /// The weakest that occurs; nil without calls.
  public var weakest: CostBasis? { CostBasis.allCases.first { counts[Int($0.rawValue)] > 0 } }
  public var unpricedCount: UInt64 { counts[Int(CostBasis.unknown.rawValue)] }
  public var pricedCount: UInt64 { counts.reduce(0, &+) &- unpricedCount }

  public func encode(into writer: inout ByteWriter) {
    for count in counts { writer.append(varint: count) }
  }
  public init(from reader: inout ByteReader) throws(BytesError) {
    for index in counts.indices { counts[index] = try reader.varint() }
  }
}
