import Bytes
import Events
import Facts
import Views

/// What the runs of a session told, to hold its calls against the totals that they say.
///
/// A total is of the calls that a file tells before it, since the process began or the total before.
/// Where several files tell of the same, in part or as a whole, the order in which they are read makes
/// no difference.
struct RunState: StoredRow, Equatable {
  private(set) var tellers: [Teller] = []
  /// The last ones; what is left of those before them is settled.
  private(set) var totals: [Total] = []
  private var totalCount: UInt64 = 0
  /// What all calls come to, those that no run told of, and those that one told of without a total.
  private var all = ModelSums()
  private var free = ModelSums()
  private var printed = ModelSums()
  /// The first ones, in the order of their time.
  private(set) var freeCalls: [FreeCall] = []
  /// What settled totals had of the calls that are of none, and what was left of them.
  private var settledCover = ModelSums()
  private var settledRests = ModelSums()
  /// The session's last total, and what totals came to that it no longer counts.
  private var session: ModelSums?
  private var sessionBefore = ModelSums()

  private static let tellersMax = 32
  private static let totalsMax = 64
  static let callsMax = 4_096

  init() {}

  var isTotalled: Bool { session != nil || !totals.isEmpty }

  // MARK: What files tell

  private mutating func tell(_ source: SourceID, _ body: (inout Teller) -> Void) {
    if let index = tellers.firstIndex(where: { $0.source == source }) {
      return body(&tellers[index])
    }
    if tellers.count == Self.tellersMax { tellers.removeFirst() }
    var teller = Teller(source: source)
    body(&teller)
    tellers.append(teller)
  }

  mutating func begin(_ source: SourceID) {
    tell(source) {
      $0.isBegun = true
      $0.calls = []
    }
  }

  /// A file tells of a call.
  mutating func join(_ key: Hash128, from source: SourceID) {
    tell(source) { teller in
      // Lines of one message follow one another, but for those of agents at work beside it.
      if teller.calls.count < Self.callsMax, !teller.calls.suffix(8).contains(key) {
        teller.calls.append(key)
      }
    }
  }

  /// A file tells a total for the first time; gives its number, and the calls that it is of.
  mutating func take(
    _ reported: ModelSums, known line: Hash128, at event: EventID, _ context: CallContext,
    from source: SourceID
  ) -> (number: UInt64, calls: [Hash128]) {
    if totals.count == Self.totalsMax { settleFirst() }
    totalCount &+= 1
    totals.append(
      Total(
        number: totalCount, line: line, event: event, context: context, reported: reported))
    return (totalCount, takeAgain(totalCount, reported, from: source))
  }

  /// A file tells a total; gives the calls that it is of by this file.
  mutating func takeAgain(
    _ number: UInt64, _ reported: ModelSums, from source: SourceID
  ) -> [Hash128] {
    var told = Teller(source: source)
    tell(source) { teller in
      told = teller
      teller = Teller(source: source)
      teller.last = reported
    }
    if let index = totals.firstIndex(where: { $0.number == number }) {
      if totals[index].base == nil { totals[index].base = told.last }
      if told.isBegun || !told.calls.isEmpty { totals[index].isBegun = true }
    }
    return told.calls
  }

  /// Takes a total of the session so far.
  mutating func take(ofSession total: ModelSums) {
    if let session, !session.isExceeded(by: total) { sessionBefore.add(session) }
    session = total
  }

  func says(costOf model: String?, in number: UInt64) -> Bool {
    totals.first { $0.number == number }?.reported.saysCost(of: model) == true
  }

  // MARK: Calls

  /// Counts what changed of a call.
  ///
  /// - Parameter place: nil while no run told of it; else the number of its total, 0 for none.
  /// - Returns: the total whose process was at work when a call was made that no run told of.
  mutating func count(
    _ call: ModelCall, _ before: ModelCall?, _ key: Hash128, in place: UInt64?
  ) -> UInt64? {
    if let before { all.subtract(before) }
    all.add(call)
    change(place) { sums in
      if let before { sums.subtract(before) }
      sums.add(call)
    }
    guard place == nil, let time = call.saidTime, before?.saidTime != time else { return nil }
    let number = totals.first { total in
      guard let start = total.start, let end = total.end else { return false }
      return start <= time && time <= end
    }?.number
    if number == nil, freeCalls.count < Self.callsMax {
      freeCalls.insert(FreeCall(time: time, key: key), at: firstFree(from: time))
    }
    return number
  }

  /// A call turns out to be of a run, or of another total.
  mutating func move(_ call: ModelCall, _ key: Hash128, from old: UInt64?, to new: UInt64) {
    change(old) { $0.subtract(call) }
    change(new) { $0.add(call) }
    guard old == nil, let time = call.saidTime else { return }
    let index = firstFree(from: time)
    if let found = freeCalls[index...].firstIndex(where: { $0.key == key }),
      freeCalls[found].time == time
    {
      freeCalls.remove(at: found)
    }
  }

  private mutating func change(_ place: UInt64?, _ body: (inout ModelSums) -> Void) {
    switch place {
    case nil: body(&free)
    case 0: body(&printed)
    case let number?:
      if let index = totals.firstIndex(where: { $0.number == number }) {
        body(&totals[index].known)
      }
    }
  }

  /// A total's process was at work when one of its calls was made; gives the calls beside it that no
  /// run told of, such as those of sub-agents.
  mutating func work(at time: Timestamp, for number: UInt64) -> [Hash128] {
    guard let index = totals.firstIndex(where: { $0.number == number }) else { return [] }
    let (start, end) = (totals[index].start ?? time, totals[index].end ?? time)
    if totals[index].start != nil, start <= time, time <= end { return [] }
    let known = totals[index].start.map { _ in (start, end) }
    (totals[index].start, totals[index].end) = (min(start, time), max(end, time))
    return freeCalls[firstFree(from: min(start, time))...]
      .prefix { $0.time <= max(end, time) }
      .filter { free in known.map { free.time < $0.0 || free.time > $0.1 } ?? true }
      .map(\.key)
  }

  private func firstFree(from time: Timestamp) -> Int {
    var (low, high) = (0, freeCalls.count)
    while low < high {
      let middle = (low + high) / 2
      if freeCalls[middle].time < time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  // MARK: What is left

  /// What calls do not account for.
  ///
  /// - Parameter number: of the total that changed; nil for all. One that is all that is known of its
  ///   process, and that of the session, depend on every call.
  func rests(of number: UInt64?) -> [Rest] {
    var rests: [Rest] = []
    var uncovered = self.uncovered
    for total in totals.sorted(by: { $0.line.value < $1.line.value }) {
      guard total.isAlone || number == nil || number == total.number || session != nil else {
        continue
      }
      for rest in total.rests(&uncovered) {
        rests.append(
          Rest(
            number: total.number, model: rest.model, usage: rest.usage, cost: rest.cost,
            isUncertain: total.isAlone))
      }
    }
    // Which calls are of a total that is all that is known of its process is certain only where there
    // are no others.
    for index in rests.indices where rests[index].isUncertain {
      rests[index].isUncertain = uncovered.hasCalls(of: rests[index].model)
    }
    guard let session else { return rests }
    var counted = all
    counted.add(settledRests)
    for rest in rests {
      counted.add(ModelSums.OfModel(model: rest.model, usage: rest.usage, cost: rest.cost))
    }
    var reported = sessionBefore
    reported.add(session)
    for model in reported.models {
      var rest = model
      // Where no run told its own, what the session says is what its calls cost.
      let isExact = totalCount == 0 && model.cost != nil
      let known = counted.ofModel(model.key, beside: reported).cost ?? Money()
      counted.cover(&rest)
      if isExact { rest.cost = model.cost.map { $0 - known } }
      rests.append(Rest(number: 0, model: rest.model, usage: rest.usage, cost: rest.cost))
    }
    return rests
  }

  /// What may be of a total that is all that is known of its process.
  private var uncovered: ModelSums {
    var sums = free
    sums.add(printed)
    sums.subtract(settledCover)
    return sums
  }

  /// Lets go of the first total: what is left of it stays as it is.
  private mutating func settleFirst() {
    let before = uncovered
    var after = before
    for rest in totals.removeFirst().rests(&after) { settledRests.add(rest) }
    for model in before.models {
      var covered = model
      covered.usage = model.usage - after[model.key].usage
      covered.cost = model.cost.map { $0 - (after[model.key].cost ?? Money()) }
      settledCover.add(covered)
    }
  }

  func encode(into writer: inout ByteWriter) {
    tellers.encode(into: &writer)
    totals.encode(into: &writer)
    writer.append(varint: totalCount)
    for sums in [all, free, printed, settledCover, settledRests, sessionBefore] {
      sums.encode(into: &writer)
    }
    freeCalls.encode(into: &writer)
    session.encode(into: &writer)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    tellers = try [Teller](from: &reader)
    totals = try [Total](from: &reader)
    totalCount = try reader.varint()
    all = try ModelSums(from: &reader)
    free = try ModelSums(from: &reader)
    printed = try ModelSums(from: &reader)
    settledCover = try ModelSums(from: &reader)
    settledRests = try ModelSums(from: &reader)
    sessionBefore = try ModelSums(from: &reader)
    freeCalls = try [FreeCall](from: &reader)
    session = try ModelSums?(from: &reader)
  }
}

extension RunState.Total {
  /// What its calls do not come to.
  ///
  /// - Parameter uncovered: calls of the session that are of no total, which one that tells of no calls
  ///   of its own takes what it has of.
  fileprivate func rests(_ uncovered: inout ModelSums) -> [ModelSums.OfModel] {
    let start =
      isBegun && base?.isContinued(by: reported, over: known) == true
      ? base ?? ModelSums() : ModelSums()
    let all = reported
    return all.models.map { reported in
      var rest = reported
      let isOfAll = reported.key.isEmpty
      let told = (
        known.ofModel(reported.key, beside: all), start.ofModel(reported.key, beside: all)
      )
      for count in 0..<TokenUsage.size where reported.usage[count] != nil {
        rest.usage[count] = (reported.usage - told.0.usage - told.1.usage)[count]
      }
      // What stands there is that of the last turn, which calls tell better.
      if isOfAll, !isAlone { rest.usage = TokenUsage() }
      rest.cost = reported.cost.map { $0 - (told.0.cost ?? Money()) - (told.1.cost ?? Money()) }
      // The dollars are those that are said of all models together.
      if rest.cost == nil, all.isOfAll { rest.cost = Money() }
      if isAlone { uncovered.cover(&rest) }
      return rest
    }
  }
}

extension ModelSums {
  fileprivate func hasCalls(of model: String) -> Bool {
    let key = OfModel.key(of: model)
    return models.contains { other in
      (key.isEmpty || other.key == key)
        && (!other.usage.isZero || (other.cost ?? Money()) != Money())
    }
  }
}

extension ModelCall {
  /// When it was made, where a line says so.
  var saidTime: Timestamp? { context.isTimeInferred ? nil : context.time }
}
