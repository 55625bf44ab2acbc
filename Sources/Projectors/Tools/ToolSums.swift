internal import Bytes
internal import Events
internal import Facts
internal import Views

/// What calls of tools came to.
struct ToolSums: Equatable {
  var calls = Count()
  var successes = Count()
  var failures = Count()
  var rejections = Count()
  var retries = Count()
  /// Of the calls that ran and whose time is known.
  var timed = Count()
  var latencySum = ExactSum()
  var latencyMax: FixedPoint?
  var outputSize = Count()
  var sessions: UInt64 = 0
  var evidence = Evidence()

  /// - Parameters:
  ///   - added: how many more sessions made such calls.
  ///   - ending: how a call ended, as the row has it.
  mutating func fold(
    _ change: CallChange<ToolCall>, sessions added: Int,
    ending: (ToolCall) -> ToolCall.Ending = \.ending
  ) {
    if let before = change.before { subtract(before, ending(before)) }
    add(change.after, ending(change.after))
    sessions &+= UInt64(bitPattern: Int64(added))
    evidence.add(change.event.offset)
  }

  /// Takes back a call that turned out to be one of another command.
  mutating func takeBack(
    _ call: ToolCall, of change: CallChange<ToolCall>, sessions added: Int
  ) {
    subtract(call, call.commandEnding)
    sessions &+= UInt64(bitPattern: Int64(added))
    evidence.add(change.event.offset)
  }

  /// Whether all calls that there were turned out to be told twice.
  var isEmpty: Bool { calls.value == 0 }

  private mutating func add(_ call: ToolCall, _ ending: ToolCall.Ending) {
    if call.isToldTwice { return }
    calls += 1
    switch ending {
    case .open: break
    case .succeeded: successes += 1
    case .failed: failures += 1
    case .rejected: rejections += 1
    }
    if call.isRetry { retries += 1 }
    outputSize += call.outputSize
    guard let latency = call.runTime else { return }
    timed += 1
    latencySum += latency
    latencyMax = latencyMax.map { max($0, latency) } ?? latency
  }

  /// The greatest time stays: a call that has ended does not change.
  private mutating func subtract(_ call: ToolCall, _ ending: ToolCall.Ending) {
    calls -= 1
    switch ending {
    case .open: break
    case .succeeded: successes -= 1
    case .failed: failures -= 1
    case .rejected: rejections -= 1
    }
    if call.isRetry { retries -= 1 }
    outputSize -= call.outputSize
    guard let latency = call.runTime else { return }
    timed -= 1
    latencySum -= latency
  }

  /// Of the calls that came to an end, those that failed.
  private var failureRate: Double? {
    let ended = successes.value &+ failures.value
    return ended == 0 ? nil : Double(failures.value) / Double(ended)
  }

  static func columns<Visitor: ColumnVisitor>(
    _ sums: inout ToolSums, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.column("calls", &sums.calls, "All of them, also those whose result has not come.")
    try visit.column("successes", &sums.successes, "Those that did what they should.")
    try visit.column("failures", &sums.failures, "Those that ended with an error.")
    try visit.column("rejections", &sums.rejections, "Those that a person did not let run.")
    visit.derived(
      "failure_rate", unit: .fraction, rule: "failures / (successes + failures)"
    ) { sums.failureRate }
    try visit.column(
      "retries", &sums.retries,
      "Those with the same input again after that had failed earlier in the turn.")
    try visit.hidden("timed", &sums.timed)
    try visit.hidden("latency_sum", &sums.latencySum)
    visit.derived(
      "mean_ms", unit: .milliseconds,
      """
      From the call to its result, of those that ran; a wait of over \(ToolCall.runMinutesMax) minutes is \
      one for a person.
      """,
      rule: "the sum of their times / their number"
    ) { sums.latencySum.mean(of: sums.timed) }
    try visit.column("max_ms", &sums.latencyMax, unit: .milliseconds, "The longest of these times.")
    try visit.column(
      "output_bytes", &sums.outputSize, unit: .bytes, "What the model was given to read of them.")
    try visit.column("sessions", &sums.sessions, "Different sessions that made such calls.")
    try visit.evidence(&sums.evidence)
  }

  /// Adds what the mean is made of to an explanation.
  static func explain(_ explanation: inout Explanation, _ kept: ToolSums?) {
    guard let kept else { return }
    explanation.add(Input("times", kept.timed.cell), to: "mean_ms")
    explanation.add(Input("sum_ms", kept.latencySum.cell), to: "mean_ms")
  }
}

extension ToolCall {
  /// How long it ran; nil where it did not end, or did not run.
  fileprivate var runTime: FixedPoint? {
    ending == .succeeded || ending == .failed ? latencyMS : nil
  }
}
