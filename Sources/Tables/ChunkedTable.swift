public import Views

/// Rows by number, from 0 without gaps, packed many to a chunk: for views with a row an event.
///
/// Rows are appended, and may change later. A number that is cold costs a chunk's unpacking.
public final class ChunkedTable<R: StoredRow> {
  @usableFromInline let name: String
  @usableFromInline let rows: KeyedTable<UInt64, R>
  /// The number of rows.
  @usableFromInline var end: UInt64

  @inlinable
  init(name: String, rows: KeyedTable<UInt64, R>, end: UInt64) {
    self.name = name
    self.rows = rows
    self.end = end
  }

  /// The number of rows.
  @inlinable public var count: UInt64 { end }

  /// Appends a row. Returns its number.
  @inlinable @discardableResult
  public func append(_ row: R) throws(TableError) -> UInt64 {
    let number = end
    try rows.put(number, row)
    end += 1
    return number
  }

  @inlinable
  public func row(_ number: UInt64) throws(TableError) -> R? {
    number < end ? try rows.row(number) : nil
  }

  /// Changes a row in place.
  @inlinable
  public func change(_ number: UInt64, _ body: (inout R) -> Void) throws(TableError) {
    if number >= end { throw TableError(table: name, reason: "there is no row \(number)") }
    try rows.change(number) { row in
      guard var changed = row.take() else { return }
      body(&changed)
      row = changed
    }
  }
}
