internal import Bytes
internal import Events
internal import Facts
internal import Tables
internal import Views

/// Attempts at one prompt in one session (none: one task): those that a person took or refused, and
/// those that worked or failed. Kept by group and setting.
struct Attempts: Row, Equatable {
  /// In the order of their times, of equal ones of their offsets.
  private(set) var all: [Attempt] = []

  static let table = StoredTable<Hash128, Attempts>(
    "attempts", isCounted: false, residentMax: 1 << 16)
  static let journeys = StoredTable<Hash128, Attempts>(
    "journeys", isCounted: false, residentMax: 1 << 16)
  /// The first so many are remembered.
  static let keptMax = 64

  struct Attempt: Row, Equatable {
    var number: UInt64 = 0
    var offset: Offset = 0
    var time = Timestamp(nanoseconds: 0)
    var isAccepted = false

    static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
      try visit.hidden("number", &row.number)
      try visit.hidden("offset", &row.offset)
      try visit.hidden("time", &row.time)
      try visit.hidden("is_accepted", &row.isAccepted)
    }
  }

  /// Where a response is among the attempts; nil when nothing says.
  static func key(_ response: ResponseRow) -> Hash128? {
    guard let setting = response.setting else { return nil }
    var writer = ByteWriter()
    writer.append(varint: response.promptPosition.group)
    writer.append(text: setting)
    return Hash128(of: writer.span)
  }

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("all", &row.all)
  }

  init() {}

  mutating func remove(_ response: ResponseRow) { all.removeAll { $0.number == response.number } }

  /// - Parameter isGood: nil for what is neither, and no attempt here.
  mutating func set(_ response: ResponseRow, isGood: Bool?) {
    remove(response)
    guard let isGood else { return }
    let attempt = Attempt(
      number: response.number, offset: response.offset,
      time: response.time ?? Timestamp(nanoseconds: 0), isAccepted: isGood)
    let place =
      all.firstIndex { ($0.time, $0.offset) > (attempt.time, attempt.offset) } ?? all.count
    all.insert(attempt, at: place)
    if all.count > Self.keptMax { all.removeLast() }
  }

  /// Each attempt that ends a row of others: the first good one after them, with the last of them.
  var mends: [(accepted: UInt64, rejected: UInt64)] {
    zip(all, all.dropFirst()).compactMap { earlier, later in
      !earlier.isAccepted && later.isAccepted ? (later.number, earlier.number) : nil
    }
  }

  /// Each accepted attempt, with the rejected one that came last before it.
  var retries: [(accepted: UInt64, rejected: UInt64)] {
    var rejected: UInt64?
    var retries: [(accepted: UInt64, rejected: UInt64)] = []
    for attempt in all {
      if !attempt.isAccepted {
        rejected = attempt.number
      } else if let rejected {
        retries.append((attempt.number, rejected))
      }
    }
    return retries
  }
}
