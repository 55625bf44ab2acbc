package import Bytes
package import Events
internal import LMDB

/// What was asked of others: how often, and what that cost.
package struct Spending: Equatable, Sendable {
  package var calls: UInt64
  package var cost: FixedPoint

  package init(calls: UInt64 = 0, cost: FixedPoint = .zero) {
    self.calls = calls
    self.cost = cost
  }

  /// With so much more, or less: never less than nothing, nor more than there are numbers.
  func changed(by change: SpendingChange) -> Spending {
    let (sum, isOver) = Int64(clamping: calls).addingReportingOverflow(change.calls)
    return Spending(
      calls: isOver ? UInt64(Int64.max) : UInt64(max(0, sum)),
      cost: max(.zero, max(.zero, cost).adding(change.cost)))
  }

  var encoded: [UInt8] {
    var writer = ByteWriter(capacity: 16)
    writer.append(varint: calls)
    writer.append(zigzag: cost.units)
    return writer.bytes
  }

  init(decoding bytes: [UInt8]) throws(LogError) {
    var reader = ByteReader(bytes.span)
    do throws(BytesError) {
      calls = try reader.varint()
      cost = FixedPoint(units: try reader.zigzag())
    } catch { throw .record(error) }
  }
}

/// What is spent more than before; below zero, what was held back and is not spent.
package struct SpendingChange: Equatable, Sendable {
  package var calls: Int64
  package var cost: FixedPoint

  package init(calls: Int64 = 0, cost: FixedPoint = .zero) {
    self.calls = calls
    self.cost = cost
  }
}

/// By days since 1970, UTC.
func spendingKey(_ day: Int64) -> [UInt8] { orderedKey(UInt64(max(0, day))) }

// Receipts of what `foldlog react` did, which commit with the lines that tell of it.
extension LogReader {
  /// The line that answers a request of a view; nil where none does.
  package func answer(to requestID: String) throws(LogError) -> Offset? {
    try reading { snapshot, tables throws(LogError) -> Offset? in
      guard let table = tables.answers else { return nil }
      let key = Array(requestID.utf8)
      let value = try logged { () throws(LMDBError) in try snapshot.value(key.span, in: table) }
      guard let value else { return nil }
      var reader = ByteReader(value.span)
      do throws(BytesError) { return try reader.littleEndian(UInt64.self) } catch {
        throw .record(error)
      }
    }
  }

  /// What was spent on a day, in days since 1970, UTC.
  package func spending(onDay day: Int64) throws(LogError) -> Spending {
    try reading { snapshot, tables throws(LogError) in
      guard let table = tables.spending else { return Spending() }
      let key = spendingKey(day)
      let value = try logged { () throws(LMDBError) in try snapshot.value(key.span, in: table) }
      return try value.map { bytes throws(LogError) in try Spending(decoding: bytes) }
        ?? Spending()
    }
  }
}
