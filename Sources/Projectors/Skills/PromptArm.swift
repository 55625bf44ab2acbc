internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// A version of the prompt by which skills are asked for, and what came of it.
struct PromptArm: Row, Equatable {
  var version: UInt64 = 0
  var asked = Count()
  var parsed = Count()
  /// Of the skills that it gave.
  var trials = Trials()
  var evidence = Evidence()

  static let table = StoredTable<UInt64, PromptArm>("prompts")

  /// How many versions there are.
  static let count: UInt64 = 3
  /// Before so many uses that went well or badly, of each version, none is better.
  static let usesMin: UInt64 = 30
  /// How sure it must be that a version is better than each other.
  static let confidence = 0.95

  private var mean: Double {
    Double(1 + trials.successes.value) / Double(2 + decided)
  }

  var decided: UInt64 { trials.successes.value + trials.failures.value }

  private var interval: WilsonInterval? {
    WilsonInterval(successes: trials.successes.value, failures: trials.failures.value)
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout PromptArm, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("prompt_version", &row.version, "The version, from 0.")
    try visit.column(
      "asked", &row.asked, unit: .count, "Wants that it was sent for, and that were answered.")
    try visit.column("parsed", &row.parsed, unit: .count, "Answers that were skills.")
    try visit.column("uses", &row.trials.uses, unit: .count, "How often its skills were used.")
    try visit.column("successes", &row.trials.successes, "Uses that succeeded.")
    try visit.column("failures", &row.trials.failures, "Uses that failed.")
    visit.derived(
      "mean", unit: .fraction, "How often its skills work.",
      rule: "(1 + successes) / (2 + successes + failures)"
    ) { row.mean }
    visit.derived(
      "low", unit: .fraction, "Where the rate lies, with 95 %: not below.",
      rule: "Wilson's interval of successes among successes + failures"
    ) { row.interval?.low }
    visit.derived(
      "high", unit: .fraction, "Where the rate lies, with 95 %: not above.",
      rule: "Wilson's interval of successes among successes + failures"
    ) { row.interval?.high }
    try visit.evidence(&row.evidence)
  }

  static let answer = Answer(
    "skills/prompts",
    """
    A version of the prompt by which skills are asked for, and what came of it. A want has one of the \
    \(count) by its hash, until one is better than each other with a probability of \(confidence), of at \
    least \(usesMin) uses each that succeeded or failed: then that one.
    """,
    of: table, key: { $0.number(0) }
  ).showing(first: "asked", "parsed", "uses", "mean", "low", "high")

  /// The version that is better than each other; nil while none is.
  static func better(_ arms: [PromptArm]) -> UInt64? {
    guard arms.count == Int(count), arms.allSatisfy({ $0.decided >= usesMin }) else { return nil }
    return arms.first { arm in
      arms.allSatisfy {
        $0.version == arm.version
          || probability(that: arm.trials, isBetterThan: $0.trials) >= confidence
      }
    }?.version
  }

  /// The version that a want gets by its hash.
  static func version(ofRequest id: String) -> UInt64 {
    UInt64((UInt128(id, radix: 16) ?? 0) % UInt128(count))
  }
}

/// The probability that one rate is above another, each known by its successes and failures, before
/// which every rate was as likely as any other.
///
/// The sum of E. Miller, Formulas for Bayesian A/B Testing (2014), term by term from its first: only
/// the four operations that are the same on every machine, since the result decides what is asked.
func probability(that first: Trials, isBetterThan second: Trials) -> Double {
  let (a1, b1) = (Double(1 + second.successes.value), Double(1 + second.failures.value))
  let (a2, b2) = (Double(1 + first.successes.value), Double(1 + first.failures.value))
  var term = ScaledDouble(1)
  var step = 0.0
  while step < b2 {
    term.multiply((b1 + step) / (a1 + b1 + step))
    step += 1
  }
  var sum = 0.0
  step = 0
  while step < a2 {
    sum += term.value
    term.multiply((a1 + step) / (a1 + b1 + b2 + step) * ((b2 + step) / (1 + step)))
    step += 1
  }
  return sum
}

/// A positive number that may be far below what a `Double` holds.
private struct ScaledDouble {
  private var significand: Double
  private var exponent = 0

  init(_ value: Double) { significand = value }

  mutating func multiply(_ factor: Double) {
    significand *= factor
    // By powers of two, which rounds nothing.
    while significand < 0x1p-256, significand > 0 {
      significand *= 0x1p256
      exponent -= 256
    }
    while significand > 0x1p256 {
      significand *= 0x1p-256
      exponent += 256
    }
  }

  var value: Double {
    exponent < -1_024 ? 0 : Double(sign: .plus, exponent: exponent, significand: significand)
  }
}
