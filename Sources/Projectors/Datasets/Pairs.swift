internal import Bytes
internal import Events
internal import Facts
internal import Tables
internal import TrainingData
internal import Views

/// A preference pair. Kept by its number, the `pair_id`.
struct Pair: Row, Equatable {
  var reason = PairReason.correction
  var content = PairContent.correction(of: 0)
  /// Whether its sides are in different splits, so that it must not be used.
  var isDropped = false
  /// Whether another is shown in its place, that says the same, once masked, or the opposite.
  var isRepeat = false
  /// Of its masked texts.
  var identity = Hash128(value: 0)
  /// Of these, whichever is the better.
  var couple = Hash128(value: 0)
  /// The event that last stated it, else the one by which it came to be.
  var statedAt: Offset = 0
  /// The event since which it counts, once it did.
  var countedSince: Offset?
  /// Nil where an event states which is better.
  var basis: OutcomeBasis?

  /// That it counts for.
  var week: UInt64 = 0

  var isProven: Bool { basis.map { $0 >= .trainingMin } ?? true }
  var isShown: Bool { !isDropped && !isRepeat }
  /// Nil while it does not count.
  var countedWeek: UInt64? { isShown && isProven ? week : nil }

  static let table = StoredTable<UInt64, Pair>("pairs", residentMax: 1 << 14)

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("reason", &row.reason)
    try visit.hidden("is_dropped", &row.isDropped)
    try visit.hidden("is_repeat", &row.isRepeat)
    try visit.hidden("identity", &row.identity)
    try visit.hidden("couple", &row.couple)
    try visit.hidden("stated_at", &row.statedAt)
    try visit.hidden("counted_since", &row.countedSince)
    try visit.hidden("basis", &row.basis)
    try visit.hidden("week", &row.week)
    try visit.hidden("content", &row.content)
  }
}

/// What a pair is of. Text that a response holds is not repeated.
enum PairContent: Equatable {
  /// A response and what was made of it.
  case correction(of: UInt64)
  /// Two responses to one prompt.
  case responses(chosen: UInt64, rejected: UInt64)
  /// What an event says.
  case judgment(Judgment)

  /// Whether it is of an interaction.
  func isOf(_ number: UInt64) -> Bool {
    switch self {
    case .correction(let other): other == number
    case .responses(let chosen, let rejected): chosen == number || rejected == number
    case .judgment(let judgment): judgment.interaction == number
    }
  }
}

extension PairContent: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    switch self {
    case .correction(let number):
      writer.append(byte: 0)
      writer.append(varint: number)
    case .responses(let chosen, let rejected):
      writer.append(byte: 1)
      writer.append(varint: chosen)
      writer.append(varint: rejected)
    case .judgment(let judgment):
      writer.append(byte: 2)
      judgment.encode(into: &writer)
    }
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    switch try reader.byte() {
    case 0: self = .correction(of: try reader.varint())
    case 1: self = .responses(chosen: try reader.varint(), rejected: try reader.varint())
    case 2: self = .judgment(try Judgment(from: &reader))
    default: throw BytesError("an unknown content", at: reader.position)
    }
  }
}

/// A preference that events state: the same texts again, once masked, are the same preference.
struct Judgment: Row, Equatable {
  /// The interaction that the first event spoke of.
  var interaction: UInt64?
  var sessionID: String?
  var prompt = ""
  /// What its split is kept by.
  var promptKey = Hash128(value: 0)
  var chosen = ""
  var rejected = ""
  /// As last said.
  var margin: FixedPoint?
  /// In which it was first said.
  var week: UInt64 = 0
  var evidence = Evidence()

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("interaction", &row.interaction)
    try visit.hidden("session_id", &row.sessionID)
    try visit.hidden("prompt", &row.prompt)
    try visit.hidden("prompt_key", &row.promptKey)
    try visit.hidden("chosen", &row.chosen)
    try visit.hidden("rejected", &row.rejected)
    try visit.hidden("margin", &row.margin)
    try visit.hidden("week", &row.week)
    try visit.hidden("evidence", &row.evidence)
  }

  init() {}

  /// Nil unless the event states two answers that differ, and can be read.
  init?(_ event: borrowing Event) {
    let fields = event.fields
    guard let chosen = readable(fields.text(.chosen)),
      let rejected = readable(fields.text(.rejected)),
      !chosen.utf8.elementsEqual(rejected.utf8)
    else { return nil }
    sessionID = fields.text(.sessionID)
    prompt = readable(fields.text(.prompt)) ?? ""
    self.chosen = chosen
    self.rejected = rejected
    margin = fields.number(.margin)
    week = Week.number(
      of: event.envelope.time, isInferred: event.envelope.isTimeInferred)
    evidence = Evidence(event.offset)
  }

  func texts(_ masks: MaskMemo) -> PairTexts? {
    PairTexts(prompt: prompt, chosen: chosen, rejected: rejected, masks)
  }

  /// The same, with what the interaction knows and the event did not say.
  func about(_ interaction: Interaction) -> Judgment {
    var judgment = self
    judgment.interaction = interaction.number
    judgment.sessionID = sessionID ?? interaction.fields.text(.sessionID)
    if prompt.isEmpty { judgment.prompt = readable(interaction.fields.text(.prompt)) ?? "" }
    return judgment
  }
}

extension NumberKey {
  /// What a pair is found by when it changes: each reason has one pair for each of something.
  ///
  /// - Parameter number: of the interaction (correction: the corrected; retry, journey: the chosen), of
  ///   the group of responses to one prompt (outcome), or of the judgment.
  static func pair(_ reason: PairReason, _ number: UInt64) -> NumberKey {
    NumberKey(kind: reason.rawValue, number: number)
  }
}

/// The preference pairs there are, each under a number that it keeps.
struct PairList {
  /// The number of each pair that there ever was.
  static let numbers = StoredTable<NumberKey, UInt64>(
    "pairs/numbers", isCounted: false, residentMax: 1 << 16)
  private static let nextNumber = StoredTable<UInt64, UInt64>("pairs/next", isCounted: false)

  private let pairs: KeyedTable<UInt64, Pair>
  private let numbers: KeyedTable<NumberKey, UInt64>
  private let next: KeyedTable<UInt64, UInt64>
  private let equals: KeyedTable<Hash128, EqualPairs>
  private let counts: Counts

  init(tables: FoldTables, counts: Counts) throws(TableError) {
    self.counts = counts
    pairs = try tables.open(Pair.table)
    numbers = try tables.open(Self.numbers)
    next = try tables.open(Self.nextNumber)
    equals = try tables.open(EqualPairs.table)
  }

  func pair(_ key: NumberKey) throws(TableError) -> Pair? {
    guard let number = try numbers.row(key) else { return nil }
    return try pairs.row(number)
  }

  /// Puts a pair in the place of the one that was there; nil for none.
  ///
  /// - Parameter offset: of the event by which it comes to be so.
  func set(_ key: NumberKey, _ pair: Pair?, at offset: Offset) throws(TableError) {
    var number = try numbers.row(key)
    if number == nil {
      if pair == nil { return }
      let fresh = try next.row(0) ?? 0
      try next.put(0, fresh + 1)
      try numbers.put(key, fresh)
      number = fresh
    }
    guard let number else { return }
    let before = try pairs.row(number)
    var pair = pair
    pair?.isRepeat = before?.isRepeat ?? true
    pair?.statedAt = offset
    if let before, before.identity == pair?.identity {
      pair?.countedSince = before.countedSince
      if before.content == pair?.content { pair?.statedAt = before.statedAt }
    } else {
      pair?.isRepeat = true
    }
    if case .judgment(let judgment)? = pair?.content { pair?.statedAt = judgment.evidence.last }
    if before == pair { return }
    try store(number, pair, before: before, at: offset)
    if let before, before.couple != pair?.couple {
      try equals.change(before.couple) { row in
        row?.numbers.removeAll { $0 == number }
        if row?.numbers.isEmpty == true { row = nil }
      }
      try settle(before.couple, at: offset)
    }
    guard let pair else { return }
    if before?.couple != pair.couple {
      try equals.change(pair.couple) { row in
        var equal = row.take() ?? EqualPairs()
        equal.add(number)
        row = equal
      }
    }
    try settle(pair.couple, at: offset)
  }

  /// Shows one of the pairs of two texts. Where some prefer the one and some the other, those that rest
  /// on more than their own word win, of equals those of which one was stated last; of the winners the
  /// first that rests on more, else the first.
  private func settle(_ couple: Hash128, at offset: Offset) throws(TableError) {
    var known: [(number: UInt64, pair: Pair)] = []
    for number in try equals.row(couple)?.numbers ?? [] {
      if let pair = try pairs.row(number) { known.append((number, pair)) }
    }
    let usable = known.filter { !$0.pair.isDropped }
    let proven = usable.filter { $0.pair.isProven }
    let strong = proven.isEmpty ? usable : proven
    let last = strong.max { ($0.pair.statedAt, $0.number) < ($1.pair.statedAt, $1.number) }
    let shown = strong.first { $0.pair.identity == last?.pair.identity }?.number
    for (number, pair) in known where pair.isRepeat != (number != shown) {
      var changed = pair
      changed.isRepeat = number != shown
      try store(number, changed, before: pair, at: offset)
    }
  }

  private func store(
    _ number: UInt64, _ pair: Pair?, before: Pair?, at offset: Offset
  ) throws(TableError) {
    var pair = pair
    if pair?.countedWeek != nil, pair?.countedSince == nil { pair?.countedSince = offset }
    try counts.change(.pairs, from: before?.countedWeek, to: pair?.countedWeek)
    let isUnproven = [before, pair].map { $0?.isShown == true && $0?.isProven == false }
    try counts.change(.pairs, \.unproven, from: isUnproven[0], to: isUnproven[1])
    try counts.change(
      .pairs, \.dropped, from: before?.isDropped == true, to: pair?.isDropped == true)
    if let pair {
      try pairs.put(number, pair)
    } else {
      try pairs.remove(number)
    }
  }
}

/// The numbers of the pairs of two texts, in their order. Of more than `knownMax` the first and the newest
/// are known, and the others never shown.
struct EqualPairs: Row {
  var numbers: [UInt64] = []

  static let table = StoredTable<Hash128, EqualPairs>(
    "pairs/equal", isCounted: false, residentMax: 1 << 16)
  private static let knownMax = 64

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("numbers", &row.numbers)
  }

  init() {}

  mutating func add(_ number: UInt64) {
    if numbers.count >= Self.knownMax { numbers.removeLast() }
    numbers.insert(number, at: numbers.firstIndex { $0 > number } ?? numbers.count)
  }
}
