import Bytes
import Events
import Facts
import Tables
import Views

// What runs say that they used in all: what their calls do not come to is a call of its own, which
// nothing is told of. Which of the two is told first makes no difference.
extension Conversations {
  /// A process begins: what its file told before is of no total that follows.
  func begin(
    run stream: Events.Stream, _ session: String?, source: SourceID
  ) throws(TableError) {
    try changeRuns(agentKey(stream, session, nil)) { $0.begin(source) }
  }

  /// A run told of a call, which may be known from elsewhere.
  func join(_ key: Hash128, _ fold: inout ConversationFold) throws(TableError) {
    guard let call = try calls.row(key), !call.isUnattributed,
      call.context.session == fold.session
    else { return }
    let runKey = agentKey(call.context.stream, call.context.session, nil)
    let isFree = try runsOfCalls.row(key) == nil
    let source = fold.event.envelope.source
    try changeRuns(runKey) { state in
      state.join(key, from: source)
      if isFree { state.move(call, key, from: nil, to: 0) }
    }
    if isFree {
      try runsOfCalls.put(key, 0)
      try bookRests(runKey, of: nil, &fold)
    }
    if call.context.project == nil, let project = fold.fields.text(.project) {
      var placed = call
      placed.context.project = project
      try keep(placed, call, key, &fold)
    }
  }

  /// Counts what changed of a call.
  func count(
    _ call: ModelCall, _ before: ModelCall?, _ key: Hash128, _ fold: inout ConversationFold
  ) throws(TableError) {
    let runKey = agentKey(call.context.stream, call.context.session, nil)
    let place = before == nil ? nil : try runsOfCalls.row(key).map { $0 >> Self.sizeBits }
    let (number, isTotalled) = try changeRuns(runKey) { state in
      (state.count(call, before, key, in: place), state.isTotalled)
    }
    guard isTotalled else { return }
    if let number {
      try move(key, to: number, among: .max, runKey, &fold)
    } else if let place, place > 0, let time = call.saidTime, before?.saidTime != time {
      for key in try changeRuns(runKey, { $0.work(at: time, for: place) }) {
        try move(key, to: place, among: .max, runKey, &fold)
      }
    }
    try bookRests(runKey, of: place == 0 ? nil : place ?? number, &fold)
  }

  /// - Parameter isCopy: whether the line was told before, in another file.
  func total(
    _ total: RunTotal, isCopy: Bool, _ fold: inout ConversationFold
  ) throws(TableError) {
    let runKey = agentKey(fold.event.stream, fold.session, nil)
    let reported = ModelSums(total)
    if total.isOfSession {
      if isCopy { return }
      let free = try changeRuns(runKey) { state in
        state.take(ofSession: reported)
        return state.totals.isEmpty ? state.freeCalls : []
      }
      for call in free { try say(call.key, by: reported, &fold) }
      return try bookRests(runKey, of: nil, &fold)
    }
    if !isCopy, let turn = total.turn { fold.openTurn(endingAs: turn) }
    guard let line = lastLine?.key else { return }
    let source = fold.event.envelope.source
    var number = try runsOfCalls.row(line)
    var told: [Hash128] = []
    if let number {
      told = try changeRuns(runKey) { $0.takeAgain(number, reported, from: source) }
    } else if !isCopy {
      let (event, context) = (fold.event.id, fold.callContext)
      let taken = try changeRuns(runKey) {
        $0.take(reported, known: line, at: event, context, from: source)
      }
      (number, told) = (taken.number, taken.calls)
      try runsOfCalls.put(line, taken.number)
    }
    guard let number else { return }
    for key in told { try move(key, to: number, among: told.count, runKey, &fold) }
    try bookRests(runKey, of: nil, &fold)
  }

  /// A call is of a total: of several that files tell behind it, of the one with the fewest calls, for
  /// a file may lack the others.
  private func move(
    _ key: Hash128, to number: UInt64, among count: Int, _ runKey: Hash128,
    _ fold: inout ConversationFold
  ) throws(TableError) {
    guard let call = try calls.row(key) else { return }
    let size = UInt64(clamping: min(count, Self.sizeMax))
    let place = try runsOfCalls.row(key)
    let old = place.map { $0 >> Self.sizeBits }
    if let place, place != 0, old == number || place & UInt64(Self.sizeMax) <= size { return }
    try runsOfCalls.put(key, number << Self.sizeBits | size)
    let (isSaid, beside) = try changeRuns(runKey) { state in
      state.move(call, key, from: old, to: number)
      let beside = call.saidTime.map { state.work(at: $0, for: number) } ?? []
      return (call.cost != nil || state.says(costOf: call.model, in: number), beside)
    }
    if isSaid { try say(key, by: nil, &fold) }
    for key in beside { try move(key, to: number, among: .max, runKey, &fold) }
  }

  /// The number of a call's total stands above the number of calls that this is of.
  private static let sizeBits: UInt64 = 16
  private static let sizeMax = 0xffff

  /// What a call cost is said: the total tells what that is beyond its tokens' price.
  ///
  /// - Parameter total: nil where it is known to say so.
  private func say(
    _ key: Hash128, by total: ModelSums?, _ fold: inout ConversationFold
  ) throws(TableError) {
    guard let before = try calls.row(key), before.basis != .said,
      before.cost != nil || total?.saysCost(of: before.model) ?? true
    else { return }
    var said = before
    said.basis = .said
    if said.cost == nil { said.cost = Money() }
    try keep(said, before, key, &fold)
  }

  /// In place: a copy of a long session's state is costly.
  private func changeRuns<Result>(
    _ key: Hash128, _ body: (inout RunState) -> Result
  ) throws(TableError) -> Result {
    try runs.change(key) { slot in
      var state = slot.take() ?? RunState()
      defer { slot = state }
      return body(&state)
    }
  }

  /// Books for totals what their calls do not come to.
  private func bookRests(
    _ runKey: Hash128, of number: UInt64?, _ fold: inout ConversationFold
  ) throws(TableError) {
    guard let state = try runs.row(runKey), state.isTotalled else { return }
    for rest in state.rests(of: number) {
      let total = state.totals.first { $0.number == rest.number }
      let id = "\(fold.session ?? "")/total \(rest.number)/\(rest.model)"
      let key = Hash128(of: id)
      let before = try calls.row(key)
      let isEmpty = rest.usage.isZero && (rest.cost ?? Money()) == Money()
      if before == nil, isEmpty, !rest.isUncertain { continue }
      var context = total?.context ?? before?.context ?? fold.callContext
      if let end = total?.end { (context.time, context.isTimeInferred) = (end, false) }
      if context.project == nil { context.project = fold.fields.text(.project) }
      var call =
        before
        ?? ModelCall(
          event: total?.event ?? fold.event.id, id: id, context: context,
          model: rest.model.isEmpty ? nil : rest.model, usage: rest.usage, cost: nil,
          basis: .unknown)
      call.context = context
      call.usage = rest.usage
      call.cost = rest.cost
      call.basis = rest.cost == nil ? .unknown : rest.isUncertain ? .partial : .said
      call.isUnattributed = true
      try keep(call, before, key, &fold)
    }
  }
}
