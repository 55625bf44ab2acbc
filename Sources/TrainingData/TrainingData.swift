public import Bytes
public import Events
public import Facts
public import Views

/// Something to train on by imitation: a prompt and a response of high value.
public struct Example: Row, Equatable {
  public var id: UInt64 = 0
  public var offset: Offset = 0
  public var sessionID: String?
  public var score = FixedPoint.zero
  public var basis = OutcomeBasis.trainingMin
  public var model: String?
  public var iterations: FixedPoint?
  public var backend: String?
  public var time: Timestamp?
  public var isTimeInferred = false
  public var domain: String?
  public var taskType: String?
  public var language: String?
  public var tags: [String] = []
  public var isUsedInTraining = false
  public var split = Split.train
  /// What the model was told first; nil where nothing says.
  public var systemMessage: String?
  public var prompt = ""
  public var response = ""
  /// How many others say nearly the same, and are left out for it.
  public var merged: UInt64 = 0
  public var evidence = Evidence()

  @inlinable
  public init() {}

  @inlinable
  public static func columns<Visitor: ColumnVisitor>(
    _ row: inout Example, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key(
      "example_id", &row.id, "Numbers the cluster of near-duplicates that the example stands for.")
    try visit.column(
      "offset", &row.offset, "The interaction that stands for the cluster (`values`).",
      rule: """
        of the members, in the order in which they joined, the best-scored that still is an example; of \
        equals the one with the lowest offset
        """)
    try visit.column("session_id", &row.sessionID, "Its session.")
    try visit.column(
      "score", &row.score, unit: .fraction,
      "Its value score; `foldlog explain values` tells how it came.")
    try visit.column(
      "outcome_basis", &row.basis,
      """
      What says that it succeeded; an export leaves out what is below \
      \(OutcomeBasis.trainingMin.name), unless told otherwise.
      """)
    try visit.column("model", &row.model, "Its model.")
    try visit.column("iterations", &row.iterations, "How many attempts it took.")
    try visit.column("backend", &row.backend, "What served the model.")
    try visit.column("time", &row.time, "When it ended.")
    try visit.column("is_time_inferred", &row.isTimeInferred, "Whether its line does not say it.")
    try visit.column("domain", &row.domain, "Its field of work.")
    try visit.column("task_type", &row.taskType, "What kind of task it was.")
    try visit.column("language", &row.language, "The programming language.")
    try visit.column("tags", &row.tags, "What it is about, in words of its lines.")
    try visit.column(
      "used_in_training", &row.isUsedInTraining,
      """
      Whether it is in the split train, and a training that was on examples, or said nothing of it, \
      was read as completed after that the cluster has an example that counts in datasets/readiness.
      """)
    try visit.column(
      "split", &row.split,
      """
      The part of the data set that it belongs to: that of its masked prompt, which the first example, or \
      side of a pair, that asked it decides, by its session, or without one by the prompt.
      """, rule: Split.rule)
    try visit.hidden("system_message", &row.systemMessage)
    try visit.column("prompt", &row.prompt, "What was asked.")
    try visit.column("response", &row.response, "What was answered.")
    try visit.column(
      "merged", &row.merged,
      """
      Near-duplicates beside it that have joined its cluster, whether they still are examples or not.
      """, rule: "members − 1")
    try visit.evidence(&row.evidence)
  }
}

/// Of two answers to one prompt the better and the worse.
public struct PreferencePair: Row, Equatable {
  public var id: UInt64 = 0
  public var prompt = ""
  public var chosen = ""
  public var rejected = ""
  /// How much better the chosen answer is, from 0 to 1; nil: nobody said.
  public var margin: FixedPoint?
  /// Nil when what is chosen was not scored: people's own words.
  public var chosenScore: FixedPoint?
  public var reason = PairReason.correction
  /// Nil where an event states which is better.
  public var basis: OutcomeBasis?
  public var isUsedInTraining = false
  public var split = Split.train
  public var evidence = Evidence()

  @inlinable
  public init() {}

  @inlinable
  public static func columns<Visitor: ColumnVisitor>(
    _ row: inout PreferencePair, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("pair_id", &row.id, "Numbers the pair, in the order of first appearance.")
    try visit.column("prompt", &row.prompt, "What was asked.")
    try visit.column("chosen", &row.chosen, "The better answer.")
    try visit.column("rejected", &row.rejected, "The worse answer.")
    try visit.column(
      "margin", &row.margin, unit: .fraction,
      """
      How much better, 0 to 1: as said (`margin`, to 1, or to 100; the last counts), else for a \
      correction 1 − the similarity of both, for two answers the difference of their scores; null \
      when nobody said, or not from 0 to 100.
      """)
    try visit.hidden("chosen_score", &row.chosenScore)
    try visit.column(
      "reason", &row.reason,
      """
      Where the pair comes from: a corrected response, different outcomes, a retry, a failed attempt \
      and what mended it, a judgment or preference.
      """)
    try visit.column(
      "outcome_basis", &row.basis,
      """
      What says that the chosen one is better: of two outcomes the weaker basis; null: an event states \
      it.
      """)
    try visit.column(
      "used_in_training", &row.isUsedInTraining,
      """
      Whether it is in the split train, and a training that was on pairs, or said nothing of it, \
      was read as completed after that it counts in datasets/readiness.
      """)
    try visit.column(
      "split", &row.split, "As for examples, by the prompt of the chosen answer.",
      rule: Split.rule)
    try visit.evidence(&row.evidence)
  }
}

extension OutcomeBasis {
  /// The weakest that is trained on by default. What is weaker rests on the word of what was to
  /// succeed.
  public static var trainingMin: OutcomeBasis { .tool }
}

/// Where a preference pair comes from.
public enum PairReason: UInt8, NamedChoice {
  case correction = 0
  case outcome = 1
  case retry = 2
  case judgment = 3
  case journey = 4

  public var name: String {
    switch self {
    case .correction: "correction"
    case .outcome: "outcome"
    case .retry: "retry"
    case .judgment: "judgment"
    case .journey: "journey"
    }
  }
}

/// Which part of a data set something belongs to.
public enum Split: UInt8, NamedChoice {
  case train = 0
  case validation = 1
  case test = 2

  public var name: String {
    switch self {
    case .train: "train"
    case .validation: "validation"
    case .test: "test"
    }
  }

  /// How one comes about, for columns.
  public static let rule = """
    SHA-256 of the UTF-8 bytes of the text, as one big-endian integer, modulo 100: below \(trainEnd) \
    train, below \(validationEnd) validation, else test
    """

  /// Where the splits end among the remainders from 0 to 99.
  private static let trainEnd = 80
  private static let validationEnd = 90

  /// By the session, else the prompt.
  public init(session: String?, prompt: String) {
    let percent = Self.percent(SHA256Digest(of: (session ?? prompt).utf8.span))
    self =
      percent < Self.trainEnd ? .train : percent < Self.validationEnd ? .validation : .test
  }

  /// A digest as one big-endian integer, modulo 100.
  public static func percent(_ digest: SHA256Digest) -> Int {
    digest.bytes.reduce(0) { ($0 * 256 + Int($1)) % 100 }
  }
}
