internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Tables
internal import TrainingData
internal import Views

/// An interaction that the outcome gate kept out of the examples.
struct Gated: Row {
  var response = ResponseRow()

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    visit.derived("offset", isKey: true, "The event that gave it an outcome.") {
      row.response.offset
    }
    visit.derived("session_id", "Its session.") { row.response.sessionID }
    visit.derived("score", unit: .fraction, "What it is worth, as in values.") {
      row.response.score
    }
    visit.derived("outcome", "How it ended.") { row.response.outcome }
    visit.derived("outcome_basis", "What says so.") { row.response.basis }
    visit.derived("model", "Its model.") { row.response.model }
    visit.derived("domain", "Its field of work.") { row.response.domain }
    visit.derived("prompt", "What was asked.") { row.response.prompt }
    visit.derived("offsets", "The events that it comes from: the first \(Evidence.keptMax).") {
      row.response.evidence.first
    }
    visit.derived("last_offset", "The last of them.") { row.response.evidence.last }
    visit.derived("offset_count", "How many they are.") { row.response.evidence.count }
  }

  static let answer = Answer<Gated>(
    "datasets/gated",
    """
    Interactions of high value with a readable prompt and response that are no examples, since they did \
    not succeed: outcome says how they ended. While the setting datasets.outcome_gate is false, none.
    """,
    rows: { tables, body throws(TableError) in
      var gated: [(offset: Offset, number: UInt64)] = []
      let responses = try tables.read(ResponseRow.table)
      try responses.forEach { number, response in
        if response.isGated { gated.append((response.offset, number)) }
        return true
      }
      for (_, number) in gated.sorted(by: { ($0.offset, $0.number) < ($1.offset, $1.number) }) {
        guard let response = try responses.row(number) else { continue }
        if try !body(Gated(response: response)) { return }
      }
    },
    row: { key, tables throws(TableError) in
      guard let wanted = key.number(0) else { return nil }
      var found: Gated?
      try tables.read(ResponseRow.table).forEach { _, response in
        if response.isGated, response.offset == wanted { found = Gated(response: response) }
        return found == nil
      }
      return found
    }
  ).showing(first: "score", "outcome", "prompt").touched {
    subject, tables throws(TableError) in
    guard let number = subject.interaction?.number,
      let response = try tables.read(ResponseRow.table).row(number), response.isGated
    else { return [] }
    return [Gated(response: response)]
  }.whenEmpty(ResponseCounts.whyNoneGated).ofInteractions

  init(response: ResponseRow) { self.response = response }
  init() {}
}

/// What the responses that are known come to, for who asks why there is no example, or no pair.
struct ResponseCounts {
  private var all: UInt64 = 0
  private var gated: UInt64 = 0
  private var failed: UInt64 = 0
  private var partial: UInt64 = 0
  private var corrected: UInt64 = 0
  private var refused: UInt64 = 0
  private var best: FixedPoint?
  private var bestUnsuccessful: FixedPoint?
  private var groups: [UInt64: (size: UInt64, outcomes: Set<Outcome>)] = [:]

  /// Looks at all of them.
  private init(in tables: any ViewReader) throws(TableError) {
    try tables.read(ResponseRow.table).forEach { _, response in
      all += 1
      if response.isGated { gated += 1 }
      if response.outcome == .failure { failed += 1 }
      if response.outcome == .partial { partial += 1 }
      if response.correction != nil { corrected += 1 }
      if response.verdict == .rejected { refused += 1 }
      best = max(best ?? response.score, response.score)
      if response.outcome != .success {
        bestUnsuccessful = max(bestUnsuccessful ?? response.score, response.score)
      }
      let group = response.promptPosition.group
      groups[group, default: (0, [])].size += 1
      groups[group, default: (0, [])].outcomes.insert(response.outcome)
      return true
    }
  }

  static let whyNoExample: Answer<Example>.Reasons = { tables throws(TableError) in
    let counts = try ResponseCounts(in: tables)
    guard counts.all > 0, let best = counts.best else {
      return ["no interaction with an outcome has both a prompt and a response that can be read"]
    }
    let gated =
      counts.gated == 0
      ? "" : "; \(counts.gated) of high value did not succeed: `foldlog query datasets/gated`"
    return [
      "of \(counts.all) interactions with a readable prompt and response none succeeded and is of "
        + "high value; the best score is \(best)\(gated)"
    ]
  }

  static let whyNoneGated: Answer<Gated>.Reasons = { tables throws(TableError) in
    let counts = try ResponseCounts(in: tables)
    let best = counts.bestUnsuccessful.map { ", the best of them scores \($0)" } ?? ""
    return [
      "the gate keeps out what is of high value and did not succeed: of \(counts.all) interactions with a "
        + "readable prompt and response \(counts.failed) failed and \(counts.partial) came half-way\(best)",
      "by the weights that foldlog has a failure scores 0.68 at most: one is here only where "
        + "values.thresholds.high_value is no more than that",
    ]
  }

  static let whyNoPair: Answer<PreferencePair>.Reasons = { tables throws(TableError) in
    let counts = try ResponseCounts(in: tables)
    let repeated = counts.groups.values.filter { $0.size > 1 }
    let differing = repeated.count { $0.outcomes.count > 1 }
    return [
      "a pair is of two answers to one prompt of which one is better. Of \(counts.all) answers "
        + "\(counts.failed) failed, \(counts.partial) came half-way, \(counts.corrected) were corrected "
        + "and \(counts.refused) refused by a person; \(repeated.count) prompts were answered more than "
        + "once, \(differing) of them with different outcomes; no judgment or preference states two",
      "what an agent mends within a turn is one answer, and what is asked otherwise another prompt: "
        + "neither is a pair (`foldlog query errors/fixes` has what mended errors)",
    ]
  }
}
