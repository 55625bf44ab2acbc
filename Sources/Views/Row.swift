public import Bytes
public import Events

/// Something that a table keeps: its bytes are canonical, so that equal rows have equal bytes.
public protocol StoredRow: ByteCodable, Sendable {
  /// Appends the same bytes as `encode`, without a copy of the row.
  mutating func encodeInPlace(into writer: inout ByteWriter)
}

extension StoredRow {
  @inlinable
  public mutating func encodeInPlace(into writer: inout ByteWriter) { encode(into: &writer) }
}

/// A number as a row: a count, or what leads to another row.
extension UInt64: StoredRow {}

/// A row that declares its columns, once. What it is kept as, what is answered, its schema, its
/// help and its explanation are all made from the declaration.
///
/// Columns are answered in the order of their declaration. A very hot row may bring an `encode` and
/// an `init(from:)` of its own.
public protocol Row: StoredRow {
  /// A row whose columns are about to be read.
  init()

  /// Shows each column to the visitor, which decides what happens: it reads it, writes it, or asks
  /// what it is called.
  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Self, _ visit: inout Visitor
  ) throws(Visitor.Failure)
}

/// The key column that tells the events of one line apart; the offset's stands before it.
public let partColumn = "part"

@usableFromInline
let partAbout = "Of the events that the line tells of, which: from 0; a native line tells of one."

/// What is done with the columns of a row, one after the other. Generic, so that each use is
/// compiled for the row.
public protocol ColumnVisitor {
  associatedtype Failure: Error

  /// A column that is kept and answered.
  mutating func kept<Value: ColumnValue>(
    _ value: inout Value, as column: @autoclosure () -> Column
  ) throws(Failure)

  /// What is kept and not answered.
  mutating func hidden<Value: ByteCodable>(_ name: String, _ value: inout Value) throws(Failure)

  /// A column that is answered, and computed from the others when it is asked for.
  mutating func derived<Value: ColumnValue>(
    as column: @autoclosure () -> Column, _ value: () -> Value)
}

// How a declaration reads.
extension ColumnVisitor {
  /// A column that names the row, with the others that do, in their order.
  @inline(__always) @inlinable
  public mutating func key<Value: ColumnValue>(
    _ name: String, _ value: inout Value, unit: Unit? = nil, _ about: String
  ) throws(Failure) {
    try kept(
      &value, as: Column(name, of: Value.self, about, unit: unit, isKey: true))
  }

  /// The event that names the row: its line, and its part of that line.
  @inline(__always) @inlinable
  public mutating func key(event id: inout EventID, _ about: String) throws(Failure) {
    try key("offset", &id.offset, about)
    try key(partColumn, &id.part, partAbout)
  }

  /// The event that names the row, where it is known by its line alone until it is read.
  @inline(__always) @inlinable
  public mutating func derivedKey(
    event name: String, _ about: String, _ id: () -> EventID
  ) {
    derived(name, isKey: true, about) { id().offset }
    derived(partColumn, isKey: true, partAbout) { id().part }
  }

  /// - Parameters:
  ///   - name: snake_case, the unit last.
  ///   - about: what it is, in a sentence.
  ///   - rule: how it comes about: a formula over the names of other columns, or a sentence.
  @inline(__always) @inlinable
  public mutating func column<Value: ColumnValue>(
    _ name: String, _ value: inout Value, unit: Unit? = nil, _ about: String, rule: String? = nil
  ) throws(Failure) {
    try kept(&value, as: Column(name, of: Value.self, about, unit: unit, rule: rule))
  }

  /// - Parameters:
  ///   - rule: a formula over the names of other columns, or a sentence.
  ///   - about: what it is; none where the rule says it.
  @inline(__always) @inlinable
  public mutating func derived<Value: ColumnValue>(
    _ name: String, unit: Unit? = nil, isKey: Bool = false, _ about: String = "",
    rule: String? = nil, _ value: () -> Value
  ) {
    derived(
      as: Column(name, of: Value.self, about, unit: unit, isKey: isKey, rule: rule),
      value)
  }
}

extension Row {
  @inlinable
  public func encode(into writer: inout ByteWriter) {
    var row = self
    row.encodeInPlace(into: &writer)
  }

  @inlinable
  public mutating func encodeInPlace(into writer: inout ByteWriter) {
    // The encoder takes the writer's storage for as long as it needs it: no byte is copied.
    var encoder = RowEncoder()
    swap(&encoder.writer, &writer)
    Self.columns(&self, &encoder)
    swap(&encoder.writer, &writer)
  }

  @inlinable
  public init(from reader: inout ByteReader) throws(BytesError) {
    self.init()
    try reader.decode { decoder throws(BytesError) in try Self.columns(&self, &decoder) }
  }

  /// The columns that are answered, in the order in which they are declared.
  public static var columns: [Column] {
    var collector = ColumnCollector()
    var row = Self()
    columns(&row, &collector)
    return collector.columns
  }

  /// The values that are answered, in the order of the columns.
  @inlinable
  public var cells: [Cell] {
    cells(only: [])
  }

  /// The same, with null for each cell that is not wanted, and not worked out.
  ///
  /// - Parameter wanted: column by column; all are wanted beyond its end.
  @inlinable
  public func cells(only wanted: [Bool]) -> [Cell] {
    var collector = CellCollector(only: wanted)
    var row = self
    Self.columns(&row, &collector)
    return collector.cells
  }
}

/// Appends what is kept of a row.
public struct RowEncoder: ColumnVisitor {
  @usableFromInline var writer = ByteWriter()

  @inlinable init() {}

  @inline(__always) @inlinable
  public mutating func kept<Value: ColumnValue>(
    _ value: inout Value, as column: @autoclosure () -> Column
  ) { value.encode(into: &writer) }

  @inline(__always) @inlinable
  public mutating func hidden<Value: ByteCodable>(_ name: String, _ value: inout Value) {
    value.encode(into: &writer)
  }

  @inline(__always) @inlinable
  public mutating func derived<Value: ColumnValue>(
    as column: @autoclosure () -> Column, _ value: () -> Value
  ) {}
}

/// Reads what is kept of a row. Valid only within `ByteReader.decode`.
@safe public struct RowDecoder: ColumnVisitor {
  @usableFromInline let bytes: UnsafeBufferPointer<UInt8>
  @usableFromInline var place: Int

  @inlinable
  init(_ bytes: UnsafeBufferPointer<UInt8>, from place: Int) {
    unsafe self.bytes = unsafe bytes
    self.place = place
  }

  @inline(__always) @inlinable
  mutating func read<Value: ByteCodable>(_ value: inout Value) throws(BytesError) {
    var reader = ByteReader(unsafe bytes.span)
    try reader.skip(place)
    value = try Value(from: &reader)
    place = reader.position
  }

  @inline(__always) @inlinable
  public mutating func kept<Value: ColumnValue>(
    _ value: inout Value, as column: @autoclosure () -> Column
  ) throws(BytesError) { try read(&value) }

  @inline(__always) @inlinable
  public mutating func hidden<Value: ByteCodable>(
    _ name: String, _ value: inout Value
  ) throws(BytesError) { try read(&value) }

  @inline(__always) @inlinable
  public mutating func derived<Value: ColumnValue>(
    as column: @autoclosure () -> Column, _ value: () -> Value
  ) {}
}

extension ByteReader {
  /// Runs `body` with a decoder of the bytes that are left, and goes on where it ended.
  @inlinable @_lifetime(self: copy self)
  mutating func decode(_ body: (inout RowDecoder) throws(BytesError) -> Void) throws(BytesError) {
    let start = position
    let end = try unsafe whole.withUnsafeBufferPointer { bytes throws(BytesError) in
      var decoder = unsafe RowDecoder(bytes, from: start)
      try body(&decoder)
      return decoder.place
    }
    try skip(end - start)
  }
}

/// Asks what the columns are called.
private struct ColumnCollector: ColumnVisitor {
  var columns: [Column] = []

  mutating func kept<Value: ColumnValue>(
    _ value: inout Value, as column: @autoclosure () -> Column
  ) { columns.append(column()) }

  mutating func hidden<Value: ByteCodable>(_ name: String, _ value: inout Value) {}

  mutating func derived<Value: ColumnValue>(
    as column: @autoclosure () -> Column, _ value: () -> Value
  ) { columns.append(column()) }
}

/// Collects what is answered of a row.
public struct CellCollector: ColumnVisitor {
  @usableFromInline var cells: [Cell] = []
  @usableFromInline let wanted: [Bool]

  @inlinable
  init(only wanted: [Bool]) {
    self.wanted = wanted
    cells.reserveCapacity(24)
  }

  @inline(__always) @inlinable
  var isWanted: Bool { cells.count >= wanted.count || wanted[cells.count] }

  @inline(__always) @inlinable
  public mutating func kept<Value: ColumnValue>(
    _ value: inout Value, as column: @autoclosure () -> Column
  ) { cells.append(isWanted ? value.cell : .null) }

  @inline(__always) @inlinable
  public mutating func hidden<Value: ByteCodable>(_ name: String, _ value: inout Value) {}

  @inline(__always) @inlinable
  public mutating func derived<Value: ColumnValue>(
    as column: @autoclosure () -> Column, _ value: () -> Value
  ) { cells.append(isWanted ? value().cell : .null) }
}
