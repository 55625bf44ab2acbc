import Bytes
import Events
import Facts
import Tables
import Views

// What runs say that they used in all: what their calls do not come to is a call of its own, which
// nothing is told of. Which of the two is told first makes no difference.
extension Conversations {
  /// A process begins, whose totals count from here.
  func begin(
    run stream: Events.Stream, _ session: String?, source: SourceID
  ) throws(TableError) {
    try runs.change(agentKey(stream, session, nil)) { slot in
      var state = slot ?? RunState()
      state.begin(source, isBegun: true)
      slot = state
    }
  }

  /// A copy of a line with which a process begins: what its file tells from here on is of that
  /// process, whichever it is.
  func passBegin(
    run stream: Events.Stream, _ session: String?, source: SourceID
  ) throws(TableError) {
    let key = agentKey(stream, session, nil)
    guard var state = try runs.row(key), state.leave(source) else { return }
    try runs.put(key, state)
  }

  /// A run told of a call, which may be known from elsewhere.
  func join(_ key: Hash128, _ fold: inout ConversationFold) throws(TableError) {
    guard let call = try calls.row(key), !call.isUnattributed,
      call.context.session == fold.session
    else { return }
    let runKey = agentKey(call.context.stream, call.context.session, nil)
    let source = fold.event.envelope.source
    var state = try runs.row(runKey) ?? RunState()
    if let number = try runsOfCalls.row(key) {
      // Another file tells of the same run, and perhaps more of it.
      guard let moved = state.enter(source, run: number) else { return }
      for key in moved { try runsOfCalls.put(key, number) }
    } else {
      state.free.subtract(call)
      try runsOfCalls.put(key, state.join(call, key, from: source))
    }
    try runs.put(runKey, state)
    try bookRests(runKey, call.context.session, &fold)
  }

  /// Counts what changed of a call: for the run that told of it, else for the session.
  func count(
    _ call: ModelCall, _ before: ModelCall?, _ key: Hash128, _ fold: inout ConversationFold
  ) throws(TableError) {
    let runKey = agentKey(call.context.stream, call.context.session, nil)
    let number = before == nil ? nil : try runsOfCalls.row(key)
    var isTotalled = false
    try runs.change(runKey) { slot in
      var state = slot ?? RunState()
      if let before { state.all.subtract(before) }
      state.all.add(call)
      if let number {
        if let index = state.runs.firstIndex(where: { $0.number == number }) {
          if let before { state.runs[index].known.subtract(before) }
          state.runs[index].known.add(call)
        }
      } else {
        if let before { state.free.subtract(before) }
        state.free.add(call)
        if before == nil, state.freeCalls.count < RunState.callsMax { state.freeCalls.append(key) }
      }
      isTotalled = state.isTotalled
      slot = state
    }
    if isTotalled { try bookRests(runKey, call.context.session, &fold) }
  }

  func total(_ total: RunTotal, _ fold: inout ConversationFold) throws(TableError) {
    if let turn = total.turn { fold.openTurn(endingAs: turn) }
    let key = agentKey(fold.event.stream, fold.session, nil)
    var state = try runs.row(key) ?? RunState()
    let reported =
      total.models.isEmpty
      ? [ModelSums.OfModel(model: "", cost: total.costUSD.map(Money.init(dollars:)))]
      : total.models.map {
        ModelSums.OfModel(
          model: $0.model, usage: $0.usage, cost: $0.costUSD.map(Money.init(dollars:)))
      }
    let source = fold.event.envelope.source
    let (counted, isOfOther) = state.take(
      ModelSums(models: reported), isOfSession: total.isOfSession, from: source)
    if isOfOther {
      // The calls since the last total are of the process that tells this one.
      for key in counted {
        guard let call = try calls.row(key), let number = try runsOfCalls.row(key) else { continue }
        try runsOfCalls.put(key, state.move(call, from: number, toRunOf: source))
      }
    }
    try runs.put(key, state)
    let isOfAll = total.models.isEmpty
    for call in counted {
      guard let before = try calls.row(call), before.basis != .said,
        reported.contains(where: { $0.cost != nil && (isOfAll || $0.model == before.model) })
          || before.cost != nil
      else { continue }
      var said = before
      said.basis = .said
      // The run says what its models cost: what that is beyond calls with a price is told beside them.
      if said.cost == nil { said.cost = Money() }
      try keep(said, before, call, &fold)
    }
    try bookRests(key, fold.session, &fold)
  }

  /// Books for each total what its calls do not come to.
  private func bookRests(
    _ key: Hash128, _ session: String?, _ fold: inout ConversationFold
  ) throws(TableError) {
    guard let state = try runs.row(key), state.isTotalled else { return }
    for rest in state.rests() {
      let id = "\(session ?? "")/total \(rest.number)/\(rest.model)"
      let key = Hash128(of: id)
      let before = try calls.row(key)
      if before == nil, rest.usage.isZero, (rest.cost ?? Money()) == Money() { continue }
      var call =
        before
        ?? ModelCall(
          event: fold.event.id, id: id, context: fold.callContext,
          model: rest.model.isEmpty ? nil : rest.model, usage: rest.usage, cost: nil,
          basis: .unknown)
      call.usage = rest.usage
      call.cost = rest.cost
      call.basis = rest.cost == nil ? .unknown : .said
      call.isUnattributed = true
      try keep(call, before, key, &fold)
    }
  }
}

/// The runs of a session, to hold their calls against the totals that they tell.
struct RunState: StoredRow, Equatable {
  struct Run: Equatable, ByteCodable {
    var number: UInt64
    /// The files that are telling of it: more than one where its output was copied.
    var sources: [SourceID]
    /// Whether a line tells its beginning.
    var isBegun: Bool
    /// What the calls that it told of come to.
    var known = ModelSums()
    /// Those since its last total, the first ones: their dollars are said by the next.
    var calls: [Hash128] = []
    /// Its last total.
    var reported: ModelSums?

    init(number: UInt64, source: SourceID, isBegun: Bool) {
      self.number = number
      sources = [source]
      self.isBegun = isBegun
    }

    func encode(into writer: inout ByteWriter) {
      writer.append(varint: number)
      sources.encode(into: &writer)
      writer.append(bool: isBegun)
      known.encode(into: &writer)
      calls.encode(into: &writer)
      reported.encode(into: &writer)
    }

    init(from reader: inout ByteReader) throws(BytesError) {
      number = try reader.varint()
      sources = try [SourceID](from: &reader)
      isBegun = try reader.bool()
      known = try ModelSums(from: &reader)
      calls = try [Hash128](from: &reader)
      reported = try ModelSums?(from: &reader)
    }
  }

  /// A part of a total that calls do not account for.
  struct Rest {
    var number: UInt64
    var model: String
    var usage: TokenUsage
    var cost: Money?
  }

  /// The last ones: what others told is settled.
  var runs: [Run] = []
  var runCount: UInt64 = 0
  /// What all calls come to, and those that no run told of.
  var all = ModelSums()
  var free = ModelSums()
  /// Those that no run told of, the first ones since a total of the session.
  var freeCalls: [Hash128] = []
  /// The session's last total, and what totals came to that it no longer counts.
  var session: ModelSums?
  var sessionBefore = ModelSums()

  static let callsMax = 4_096
  static let runsMax = 32

  init() {}

  var isTotalled: Bool { session != nil || runs.contains { $0.reported != nil } }

  mutating func begin(_ source: SourceID, isBegun: Bool) {
    leave(source)
    if runs.count == Self.runsMax {
      // One that was stopped tells no total any more.
      runs.remove(at: runs.firstIndex { $0.reported == nil && $0.sources.isEmpty } ?? 0)
    }
    runCount &+= 1
    runs.append(Run(number: runCount, source: source, isBegun: isBegun))
  }

  /// The run that a source is telling of.
  private func index(of source: SourceID) -> Int? {
    runs.firstIndex { $0.sources.contains(source) }
  }

  /// What a source tells next is of another run. Whether it was telling of one.
  @discardableResult
  mutating func leave(_ source: SourceID) -> Bool {
    guard let index = index(of: source) else { return false }
    runs[index].sources.removeAll { $0 == source }
    return true
  }

  /// A source tells of a run that another source told of before. Gives the calls that are of that run
  /// now, since the source told of them as of one that it took for another; nil where all is known.
  mutating func enter(_ source: SourceID, run number: UInt64) -> [Hash128]? {
    guard let target = runs.firstIndex(where: { $0.number == number }),
      !runs[target].sources.contains(source)
    else { return nil }
    guard let own = index(of: source), runs[own].reported == nil, runs[own].sources == [source]
    else {
      leave(source)
      runs[target].sources.append(source)
      return []
    }
    let part = runs[own]
    runs[target].sources.append(source)
    runs[target].isBegun = runs[target].isBegun || part.isBegun
    runs[target].known.add(part.known)
    runs[target].calls = Array((part.calls + runs[target].calls).prefix(Self.callsMax))
    runs.remove(at: own)
    return part.calls
  }

  /// Counts a call that a run told of; gives the number of the run.
  mutating func join(_ call: ModelCall, _ key: Hash128, from source: SourceID) -> UInt64 {
    if index(of: source) == nil { begin(source, isBegun: false) }
    let index = index(of: source) ?? runs.count - 1
    runs[index].known.add(call)
    if runs[index].calls.count < Self.callsMax { runs[index].calls.append(key) }
    freeCalls.removeAll { $0 == key }
    return runs[index].number
  }

  /// Takes a total; gives the calls whose dollars it says, and whether it is of another process than
  /// the source's last total.
  mutating func take(
    _ total: ModelSums, isOfSession: Bool, from source: SourceID
  ) -> (counted: [Hash128], isOfOther: Bool) {
    if isOfSession {
      if let session, !session.isExceeded(by: total) { sessionBefore.add(session) }
      session = total
      let counted = runs.isEmpty ? freeCalls : []
      freeCalls = []
      return (counted, false)
    }
    var counted: [Hash128] = []
    var isOther = false
    if let index = index(of: source) {
      let run = runs[index]
      counted = run.calls
      runs[index].calls = []
      // A total that nothing came before is that of a process that told nothing else.
      let isSame =
        (run.isBegun || !run.calls.isEmpty) && run.known.isExceeded(by: total)
        && run.reported?.isExceeded(by: total) != false
      isOther = run.reported != nil && !isSame
    }
    if isOther || index(of: source) == nil { begin(source, isBegun: false) }
    if let index = index(of: source) { runs[index].reported = total }
    return (counted, isOther)
  }

  /// Counts a call for the run that a source is telling of instead of another; gives the number of
  /// the run.
  mutating func move(
    _ call: ModelCall, from number: UInt64, toRunOf source: SourceID
  ) -> UInt64 {
    guard let index = index(of: source) else { return number }
    if let before = runs.firstIndex(where: { $0.number == number }) {
      runs[before].known.subtract(call)
    }
    runs[index].known.add(call)
    return runs[index].number
  }

  /// What calls do not account for, total by total.
  func rests() -> [Rest] {
    var free = free
    var counted = all
    var rests: [Rest] = []
    for run in runs {
      for reported in run.reported?.models ?? [] {
        let known =
          reported.model.isEmpty
          ? ModelSums.OfModel(model: "", cost: run.known.cost) : run.known[reported.model]
        var rest = ModelSums.OfModel(model: reported.model)
        for count in 0..<TokenUsage.size where reported.usage[count] != nil {
          rest.usage[count] = (reported.usage - known.usage)[count]
        }
        rest.cost = reported.cost.map { $0 - (known.cost ?? Money()) }
        free.cover(&rest)
        counted.add(rest)
        rests.append(
          Rest(number: run.number, model: rest.model, usage: rest.usage, cost: rest.cost))
      }
    }
    guard let session else { return rests }
    var reported = sessionBefore
    reported.add(session)
    for model in reported.models {
      var rest = model
      // Where no run told its own, what the session says is what its calls cost.
      let isExact = runs.isEmpty && model.cost != nil
      let known = model.model.isEmpty ? counted.cost : counted[model.model].cost ?? Money()
      counted.cover(&rest)
      if isExact { rest.cost = model.cost.map { $0 - known } }
      rests.append(Rest(number: 0, model: rest.model, usage: rest.usage, cost: rest.cost))
    }
    return rests
  }

  func encode(into writer: inout ByteWriter) {
    runs.encode(into: &writer)
    writer.append(varint: runCount)
    all.encode(into: &writer)
    free.encode(into: &writer)
    freeCalls.encode(into: &writer)
    session.encode(into: &writer)
    sessionBefore.encode(into: &writer)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    runs = try [Run](from: &reader)
    runCount = try reader.varint()
    all = try ModelSums(from: &reader)
    free = try ModelSums(from: &reader)
    freeCalls = try [Hash128](from: &reader)
    session = try ModelSums?(from: &reader)
    sessionBefore = try ModelSums(from: &reader)
  }
}
