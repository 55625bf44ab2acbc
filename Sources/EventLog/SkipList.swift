internal import Bytes
package import Events
internal import LMDB

// The skip list: events that views pass over. A row a view: the offsets, ascending.

extension LogReader {
  /// By view, the events that it passes over, ascending.
  package func skips() throws(LogError) -> [String: [Offset]] {
    try reading { snapshot, tables throws(LogError) in
      var skips: [String: [Offset]] = [:]
      guard let table = tables.skips else { return skips }
      try forEachEntry(snapshot, table) { key, value throws(LogError) in
        do throws(BytesError) {
          guard let view = String(validating: key) else {
            throw BytesError("a view's name that is not UTF-8", at: 0)
          }
          skips[view] = try offsets(value)
        } catch {
          throw .record(error)
        }
      }
      return skips
    }
  }
}

extension LogEnvironment {
  /// Puts an event on a view's skip list, or takes it off, durably, and keeps a receipt of it. Returns
  /// whether that changed the list.
  @discardableResult
  package func setSkipped(
    _ isSkipped: Bool, view: String, offset: Offset, at time: Timestamp
  ) throws(LogError) -> Bool {
    guard let table = tables.skips else { throw .absent(path: path) }
    let transaction = try logged { () throws(LMDBError) in try WriteTransaction(environment) }
    let key = Array(view.utf8)
    let stored = try logged { () throws(LMDBError) in
      try transaction.snapshot.value(key.span, in: table)
    }
    var skipped: [Offset] = []
    if let stored {
      do { skipped = try offsets(stored.span) } catch { throw .record(error) }
    }
    if skipped.contains(offset) == isSkipped { return false }
    skipped = isSkipped ? (skipped + [offset]).sorted() : skipped.filter { $0 != offset }
    var value = ByteWriter()
    value.append(varint: skipped.count)
    for offset in skipped { value.append(varint: offset) }
    try logged { () throws(LMDBError) in
      if skipped.isEmpty {
        try transaction.remove(key.span, in: table)
      } else {
        try transaction.put(key.span, value.span, in: table)
      }
    }
    var receipt = Receipt(isSkipped ? .skip : .noSkip, at: time)
    (receipt.subject, receipt.offset) = (view, offset)
    try put(receipt, transaction)
    do { try transaction.commit() } catch { throw LogError(error) }
    return true
  }
}

private func offsets(_ value: Span<UInt8>) throws(BytesError) -> [Offset] {
  var reader = ByteReader(value)
  var offsets: [Offset] = []
  for _ in 0..<(try reader.count()) { offsets.append(try reader.varint()) }
  return offsets
}
