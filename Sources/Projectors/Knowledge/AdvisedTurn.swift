internal import Bytes
internal import Events
internal import Facts
internal import Views

/// How a turn ended.
enum TurnEnding: UInt8, NamedChoice {
  /// It has not, as far as is known.
  case open = 0
  case failure = 1
  case partial = 2
  case success = 3

  var name: String { "\(self)" }

  init(_ outcome: Outcome) {
    self =
      switch outcome {
      case .failure: .failure
      case .partial: .partial
      case .success: .success
      }
  }
}

/// What a turn did, as far as it tells whether an advice was heeded.
struct AdvisedTurn: Row, Equatable {
  /// That it was told something.
  struct Told: Equatable, ByteCodable {
    /// What: the id of an advice.
    var advice = ""
    /// Hashes of what is to be done.
    var wanted: [UInt64] = []
    /// How many things the turn had done by then.
    var place: UInt64 = 0

    func encode(into writer: inout ByteWriter) {
      writer.append(text: advice)
      wanted.encode(into: &writer)
      writer.append(varint: place)
    }

    init(_ advice: String, wanted: [UInt64], place: UInt64) {
      (self.advice, self.wanted, self.place) = (advice, wanted, place)
    }

    init(from reader: inout ByteReader) throws(BytesError) {
      advice = try reader.text()
      wanted = try [UInt64](from: &reader)
      place = try reader.varint()
    }
  }

  var ending = TurnEnding.open
  /// Whether a tool failed in it.
  var hasFailed = false
  /// Hashes of the commands that it ran and of the files that it changed, in the order in which that
  /// ended.
  var done: [UInt64] = []
  /// Which of them failed, by their places.
  var failed: [UInt64] = []
  var told: [Told] = []

  static let table = StoredTable<TextKey, AdvisedTurn>(
    "turns", isCounted: false, residentMax: 1 << 12)
  /// Things that a turn did which are looked at: those that come after are not.
  static let doneMax = 1_024
  /// Advices of a turn that are followed up.
  static let toldMax = 64

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("ending", &row.ending)
    try visit.hidden("has_failed", &row.hasFailed)
    try visit.hidden("done", &row.done)
    try visit.hidden("failed", &row.failed)
    try visit.hidden("told", &row.told)
  }

  /// Whether a turn did what it was told.
  enum Doing: Equatable { case did, failed, didNot }

  /// Whether each thing of an advice was done after it was told, and whether one of them never worked.
  func doing(_ told: Told) -> Doing {
    if told.wanted.isEmpty { return .didNot }
    let later = done.indices.dropFirst(Int(clamping: told.place))
    var doing = Doing.did
    for wanted in told.wanted {
      let places = later.filter { done[$0] == wanted }
      if places.isEmpty { return .didNot }
      if places.allSatisfy({ failed.contains(UInt64($0)) }) { doing = .failed }
    }
    return doing
  }

  mutating func add(_ hashes: [UInt64], worked: Bool) {
    guard done.count + hashes.count <= Self.doneMax else { return }
    if !worked { failed += hashes.indices.map { UInt64(done.count + $0) } }
    done += hashes
  }

  /// What a turn counts as, for each advice and by itself.
  struct Share: Equatable {
    /// The id of an advice; nil for the turn as one in which a tool failed.
    var advice: String?
    /// Whether it was done; of the turn by itself, whether it was told anything.
    var doing: Doing
    var ending: TurnEnding
  }

  var shares: [Share] {
    var shares: [Share] = []
    // Told twice in one turn, it is one turn, which did it if it did either.
    for told in told {
      let doing = doing(told)
      if let place = shares.firstIndex(where: { $0.advice == told.advice }) {
        if shares[place].doing != .did, doing != .didNot { shares[place].doing = doing }
      } else {
        shares.append(Share(advice: told.advice, doing: doing, ending: ending))
      }
    }
    if hasFailed {
      shares.append(Share(advice: nil, doing: told.isEmpty ? .didNot : .did, ending: ending))
    }
    return shares
  }
}

/// A moment of a turn that an advice can name: a call that failed, or its request.
struct TurnMoment: Row, Equatable {
  /// Nil while no line tells of the turn.
  var turn: String?
  var place: UInt64 = 0
  /// What was told then, while no line tells of the turn.
  var waiting: [AdvisedTurn.Told] = []

  static let table = StoredTable<TextKey, TurnMoment>(
    "moments", isCounted: false, residentMax: 1 << 12)

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("turn", &row.turn)
    try visit.hidden("place", &row.place)
    try visit.hidden("waiting", &row.waiting)
  }
}

/// Hashes of what a text says is to be done, or was: of each command on its own, without those that only
/// set the stage, so that `cd app && npm ci` does what `npm ci` does.
func actions(in text: String) -> [UInt64] {
  guard let parts = ShellParts(text) else { return [] }
  let telling = parts.all.filter { !$0.isPreparing }
  return (telling.isEmpty ? parts.all : telling).map {
    UInt64(truncatingIfNeeded: Hash128(of: $0.text).value)
  }
}
