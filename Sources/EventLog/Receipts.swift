internal import Bytes
package import Events
internal import LMDB

/// What this program did that no event tells of: an export must not change the log that it exports.
package struct Receipt: Equatable, Sendable {
  /// What was done.
  package enum Act: UInt8, CaseIterable, Sendable {
    case datasetExport = 1
    case skillsExport = 2
    case logExport = 3
    case quarantineExport = 4
    case quarantineRetry = 5
    case skip = 6
    case noSkip = 7
    case replay = 8
    case rebuild = 9
    case keep = 10
    case use = 11
    case rollback = 12
    case drop = 13
    case compact = 14
  }

  private let number: UInt8
  package let time: Timestamp
  /// What of: views, a format, what was asked for; empty for everything.
  package var subject = ""
  /// How many rows, lines or files went out, or changed; nil where nothing is counted.
  package var rows: UInt64?
  /// Where to, as it was given; nil where nothing goes anywhere.
  package var target: String?
  /// The last event that is in it; nil where there is none, or it is about no events.
  package var offset: Offset?
  /// Whether it went to its end.
  package var isWhole = true

  package init(_ act: Act, at time: Timestamp) {
    number = act.rawValue
    self.time = time
  }

  /// Nil of one that a later version of this program knows.
  package var act: Act? { Act(rawValue: number) }

  private static let receiptVersion: UInt8 = 1

  var encoded: [UInt8] {
    var writer = ByteWriter()
    writer.append(byte: Self.receiptVersion)
    writer.append(byte: number)
    writer.append(zigzag: time.nanoseconds)
    writer.append(text: subject)
    writer.append(bool: rows != nil)
    if let rows { writer.append(varint: rows) }
    writer.append(bool: target != nil)
    if let target { writer.append(text: target) }
    writer.append(bool: offset != nil)
    if let offset { writer.append(varint: offset) }
    writer.append(bool: isWhole)
    return writer.bytes
  }

  init(decoding bytes: Span<UInt8>) throws(BytesError) {
    var reader = ByteReader(bytes)
    let version = try reader.byte()
    if version != Self.receiptVersion {
      throw BytesError("a receipt of version \(version), which this program does not know", at: 0)
    }
    number = try reader.byte()
    time = Timestamp(nanoseconds: try reader.zigzag())
    subject = try reader.text()
    if try reader.bool() { rows = try reader.varint() }
    if try reader.bool() { target = try reader.text() }
    if try reader.bool() { offset = try reader.varint() }
    isWhole = try reader.bool()
  }
}

extension LogReader {
  /// The last receipts, the oldest first, by their numbers.
  package func receipts(
    last count: Int = .max
  ) throws(LogError) -> [(number: UInt64, receipt: Receipt)] {
    try reading { snapshot, tables throws(LogError) in
      guard let table = tables.receipts, count > 0 else { return [] }
      var receipts: [(number: UInt64, receipt: Receipt)] = []
      let cursor = try snapshot.cursor(over: table)
      var step = Cursor.Step.last
      while receipts.count < count {
        let entry = try logged { () throws(LMDBError) in
          try cursor.move(step) { key, value -> Result<(UInt64, Receipt), BytesError> in
            do throws(BytesError) {
              return .success((number(fromKey: key) ?? 0, try Receipt(decoding: value)))
            } catch { return .failure(error) }
          }
        }
        guard let entry else { break }
        do throws(BytesError) { receipts.append(try entry.get()) } catch { throw .record(error) }
        step = .previous
      }
      return receipts.reversed()
    }
  }
}

extension LogEnvironment {
  /// Keeps a receipt, durably, and returns its number.
  ///
  /// - Parameter number: of the receipt whose place it takes; nil for a new one.
  @discardableResult
  package func keep(_ receipt: Receipt, as number: UInt64? = nil) throws(LogError) -> UInt64 {
    let transaction = try logged { () throws(LMDBError) in try WriteTransaction(environment) }
    let number = try put(receipt, as: number, transaction)
    do { try transaction.commit() } catch { throw LogError(error) }
    return number
  }

  /// Keeps a receipt, with what else a transaction changes.
  @discardableResult
  func put(
    _ receipt: Receipt, as known: UInt64? = nil, _ transaction: borrowing WriteTransaction
  ) throws(LogError) -> UInt64 {
    guard let table = tables.receipts else { throw .absent(path: path) }
    let next = try lastNumber(transaction.snapshot, table) + 1
    let number = known ?? next
    let (key, value) = (orderedKey(number), receipt.encoded)
    try logged { () throws(LMDBError) in
      try transaction.put(key.span, value.span, in: table)
    }
    return number
  }
}

private func lastNumber(_ snapshot: Snapshot, _ table: Table) throws(LogError) -> UInt64 {
  let cursor = try snapshot.cursor(over: table)
  return try logged { () throws(LMDBError) in
    try cursor.move(.last) { key, _ in number(fromKey: key) ?? 0 }
  } ?? 0
}
