internal import Facts
internal import Bytes
internal import Events
internal import Projection
internal import Views

/// How often a strategy succeeds, and how sure that is: computed from the sums of its level.
/// A partial outcome is neither, as in the metric `success`.
struct Strategy: Row {
  var strategy = ""
  var successes: UInt64 = 0
  var failures: UInt64 = 0
  var samples = SampleOffsets()

  init() {}

  init(_ row: LevelRow) {
    let sums = row.metrics[.success]
    strategy = row.level
    successes = UInt64(clamping: sums.sum / Int128(FixedPoint.one.units))
    failures = sums.count - min(successes, sums.count)
    samples = row.offsets
  }

  private var interval: BetaInterval { BetaInterval(successes: successes, failures: failures) }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Strategy, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    visit.derived("strategy", isKey: true, "The strategy.") { row.strategy }
    visit.derived("successes", "Outcome success.") { row.successes }
    visit.derived("failures", "Outcome failure; what is partial is neither.") { row.failures }
    let interval = row.interval
    visit.derived(
      "mean", unit: .fraction, "The expected rate of success.",
      rule: "(1 + successes) / (2 + successes + failures)"
    ) { interval.mean }
    visit.derived(
      "ci_low", unit: .fraction, "Lower end of its 95 % interval.",
      rule: "2.5 % of Beta(1 + successes, 1 + failures) lie below"
    ) { interval.low }
    visit.derived(
      "ci_high", unit: .fraction, "Upper end.",
      rule: "2.5 % of Beta(1 + successes, 1 + failures) lie above"
    ) { interval.high }
    visit.samples(row.samples)
  }

  static let answer = Answer<Strategy>(
    "correlations/strategies",
    """
    How well each strategy works. Over the scored interactions with it, from a flat prior: what is known of its rate of \
    success is the distribution Beta(1 + successes, 1 + failures).
    """,
    rows: { tables, body throws(TableError) in
      var rows: [LevelRow] = []
      let first = LevelKey(.strategy, hash: Hash128(value: 0))
      try tables.read(LevelRow.table).forEach(from: first) { key, row in
        if key.factor != Factor.strategy.rawValue { return false }
        if row.offsets.count > 0 { rows.append(row) }
        return true
      }
      for row in rows.sorted(by: { isBefore($0.level, $1.level) }) {
        if try !body(Strategy(row)) { return }
      }
    },
    row: { key, tables throws(TableError) in
      guard let strategy = key[0] else { return nil }
      return try row(strategy, tables)
    }
  ).showing(first: "mean").touched { subject, tables throws(TableError) in
    guard let strategy = subject.interaction?.fields.text(.strategy) else { return [] }
    return try row(strategy, tables).map { [$0] } ?? []
  }.whenEmpty { _ in
    ["a strategy has a row by a scored interaction whose lines name it (`strategy`): none does"]
  }

  private static func row(
    _ strategy: String, _ tables: any ViewReader
  ) throws(TableError) -> Strategy? {
    let row = try tables.read(LevelRow.table).row(LevelKey(Level(.strategy, strategy)))
    return row.flatMap { $0.offsets.count > 0 ? Strategy($0) : nil }
  }
}

/// What is known of a rate after so many successes and failures, from a flat prior: the
/// distribution Beta(1 + successes, 1 + failures).
struct BetaInterval: Equatable, Sendable {
  let mean: Double
  /// 2.5 % of the distribution lie below.
  let low: Double
  /// 2.5 % of the distribution lie above.
  let high: Double

  init(successes: UInt64, failures: UInt64) {
    let a = 1 + Double(successes)
    let b = 1 + Double(failures)
    mean = a / (a + b)
    low = Self.bound(a, b, isUpper: false)
    high = Self.bound(a, b, isUpper: true)
  }

  /// The x beyond which 2.5 % of the distribution lie.
  private static func bound(_ a: Double, _ b: Double, isUpper: Bool) -> Double {
    // Sought is the smaller of x and 1 − x, so that it has all its digits.
    if a > b { return 1 - bound(b, a, isUpper: !isUpper) }
    var low = 0.0
    var high = 1.0
    var x = a / (a + b)
    // Newton's method, halving where it leaves what brackets the root.
    for _ in 0..<200 {
      let beta = IncompleteBeta(a: a, b: b, x: x, y: 1 - x)
      let excess = isUpper ? 0.025 - beta.upper : beta.lower - 0.025
      if excess > 0 { high = x } else { low = x }
      var next = x - excess * x * (1 - x) / beta.density
      // Also when the density has vanished and the step is no number.
      if !(next > low && next < high) { next = (low + high) / 2 }
      let step = next - x
      x = next
      if step.magnitude <= 1e-11 * x { return x }
    }
    return .nan
  }
}
