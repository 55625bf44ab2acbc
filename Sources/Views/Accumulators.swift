public import Bytes

// Values that accumulate over the events of a row. Each can merge with the value of later events,
// so that a table with no other columns can be folded in parts.

/// A value that merges with the value of later events.
public protocol Mergeable {
  mutating func merge(_ later: Self)
}

/// How many.
public struct Count: ColumnValue, Mergeable, Hashable, Sendable {
  public var value: UInt64

  public init(_ value: UInt64 = 0) { self.value = value }

  @inlinable public static func += (left: inout Count, right: UInt64) { left.value &+= right }
  @inlinable public static func -= (left: inout Count, right: UInt64) { left.value &-= right }
  @inlinable public mutating func merge(_ later: Count) { value &+= later.value }

  @inlinable public func encode(into writer: inout ByteWriter) { value.encode(into: &writer) }
  public init(from reader: inout ByteReader) throws(BytesError) {
    value = try UInt64(from: &reader)
  }
  public static var columnType: ColumnType { .integer }
  @inlinable public var cell: Cell { value.cell }
}

/// A sum of decimals that is exact in any order, so that subtracting a value undoes adding it.
public struct ExactSum: ColumnValue, Mergeable, Hashable, Sendable {
  /// In billionths.
  @inlinable public var units: Int128 { stored }
  @usableFromInline var stored: Int128

  @inlinable public init() { stored = 0 }

  @inlinable public static func += (left: inout ExactSum, right: FixedPoint) {
    left.stored &+= Int128(right.units)
  }
  @inlinable public static func -= (left: inout ExactSum, right: FixedPoint) {
    left.stored &-= Int128(right.units)
  }
  @inlinable public mutating func merge(_ later: ExactSum) { stored &+= later.stored }

  /// Adds a value so many times.
  @inlinable public mutating func add(_ value: FixedPoint, times count: UInt64) {
    stored &+= Int128(value.units) &* Int128(count)
  }

  /// The sum over a count; nil for none.
  public func mean(of count: Count) -> Double? {
    count.value == 0 ? nil : Double(units) / (1e9 * Double(count.value))
  }

  @inlinable public func encode(into writer: inout ByteWriter) { units.encode(into: &writer) }
  public init(from reader: inout ByteReader) throws(BytesError) {
    stored = try Int128(from: &reader)
  }
  public static var columnType: ColumnType { .decimal }
  /// Beyond what a decimal holds, the nearest number.
  public var cell: Cell {
    Int64(exactly: units).map { .decimal(FixedPoint(units: $0)) } ?? .real(Double(units) / 1e9)
  }
}

/// Which of two values is kept.
public protocol ExtremeOrder {
  /// The one of them that is.
  static func kept<Value: Comparable>(_ one: Value, _ other: Value) -> Value
}

/// The lesser is kept.
public enum LesserKept: ExtremeOrder {
  @inlinable public static func kept<Value: Comparable>(_ one: Value, _ other: Value) -> Value {
    min(one, other)
  }
}

/// The greater is kept.
public enum GreaterKept: ExtremeOrder {
  @inlinable public static func kept<Value: Comparable>(_ one: Value, _ other: Value) -> Value {
    max(one, other)
  }
}

/// The least of some values; null before the first.
public typealias Least<Value: ColumnValue & Comparable & Sendable> = Extreme<Value, LesserKept>

/// The greatest of some values; null before the first.
public typealias Greatest<Value: ColumnValue & Comparable & Sendable> = Extreme<Value, GreaterKept>

/// The least or the greatest of some values; null before the first.
public struct Extreme<Value: ColumnValue & Comparable & Sendable, Order: ExtremeOrder>:
  ColumnValue, Mergeable, Equatable, Sendable
{
  @usableFromInline var stored: Value?

  @inlinable public init() {}

  @inlinable public var value: Value? { stored }

  @inlinable public mutating func add(_ other: Value) {
    stored = stored.map { Order.kept($0, other) } ?? other
  }
  @inlinable public mutating func merge(_ later: Extreme) {
    if let other = later.value { add(other) }
  }

  @inlinable public func encode(into writer: inout ByteWriter) { value.encode(into: &writer) }
  @inlinable public init(from reader: inout ByteReader) throws(BytesError) {
    stored = try Value?(from: &reader)
  }
  public static var columnType: ColumnType { Value.columnType }
  public static var isNullable: Bool { true }
  @inlinable public var cell: Cell { value.cell }
}

/// The first value; null before the first.
public struct First<Value: ColumnValue & Equatable & Sendable>: ColumnValue, Mergeable, Equatable,
  Sendable
{
  @usableFromInline var stored: Value?

  @inlinable public init() {}

  @inlinable public var value: Value? { stored }

  @inlinable public mutating func add(_ other: Value?) { stored = stored ?? other }
  @inlinable public mutating func merge(_ later: First) { add(later.value) }

  @inlinable public func encode(into writer: inout ByteWriter) { value.encode(into: &writer) }
  @inlinable public init(from reader: inout ByteReader) throws(BytesError) {
    stored = try Value?(from: &reader)
  }
  public static var columnType: ColumnType { Value.columnType }
  public static var isNullable: Bool { true }
  public static var choices: [String] { Value.choices }
  public static var meanings: [String] { Value.meanings }
  @inlinable public var cell: Cell { value.cell }
}

/// Which of two values stays, by their ranks.
public protocol RankOrder {
  /// Whether a later value of a rank takes the place of one of another.
  static func replaces(_ rank: UInt64, _ known: UInt64) -> Bool
  /// The rank of no value.
  static var start: UInt64 { get }
}

/// The lowest rank stays, and of equal ones the first.
public enum LowestRank: RankOrder {
  @inlinable public static func replaces(_ rank: UInt64, _ known: UInt64) -> Bool { rank < known }
  @inlinable public static var start: UInt64 { .max }
}

/// The highest rank stays, and of equal ones the last.
public enum HighestRank: RankOrder {
  @inlinable public static func replaces(_ rank: UInt64, _ known: UInt64) -> Bool { rank >= known }
  @inlinable public static var start: UInt64 { 0 }
}

/// The value of the lowest rank, and of equal ones the first; null before the first.
public typealias Earliest<Value: ColumnValue & Equatable & Sendable> = Ranked<Value, LowestRank>

/// The value of the highest rank, and of equal ones the last; null before the first.
public typealias Latest<Value: ColumnValue & Equatable & Sendable> = Ranked<Value, HighestRank>

/// The value whose rank comes first by an order; null before the first.
public struct Ranked<Value: ColumnValue & Equatable & Sendable, Order: RankOrder>: ColumnValue,
  Mergeable, Equatable, Sendable
{
  @usableFromInline var stored: Value?
  @usableFromInline var rank = Order.start

  @inlinable public init() {}

  @inlinable public var value: Value? { stored }

  /// Takes a value, if there is one and its rank is better than that of the one before.
  @inlinable public mutating func add(_ other: Value?, rank: UInt64) {
    guard let other, stored == nil || Order.replaces(rank, self.rank) else { return }
    stored = other
    self.rank = rank
  }
  @inlinable public mutating func merge(_ later: Ranked) { add(later.value, rank: later.rank) }

  @inlinable public func encode(into writer: inout ByteWriter) {
    value.encode(into: &writer)
    rank.encode(into: &writer)
  }
  @inlinable public init(from reader: inout ByteReader) throws(BytesError) {
    stored = try Value?(from: &reader)
    rank = try UInt64(from: &reader)
  }
  public static var columnType: ColumnType { Value.columnType }
  public static var isNullable: Bool { true }
  public static var choices: [String] { Value.choices }
  public static var meanings: [String] { Value.meanings }
  @inlinable public var cell: Cell { value.cell }
}

/// Different names by their letters, the first so many: the same ones, in whatever order they come.
public struct NameSet<let limit: Int>: ColumnValue, Mergeable, Equatable, Sendable {
  public private(set) var names: [String] = []

  public init() {}

  public mutating func add(_ name: String) {
    var index = names.endIndex
    while index > 0 {
      let before = names[index - 1].utf8
      if before.elementsEqual(name.utf8) { return }
      if before.lexicographicallyPrecedes(name.utf8) { break }
      index -= 1
    }
    if names.count == limit {
      if index == limit { return }
      names.removeLast()
    }
    names.insert(name, at: index)
  }
  public mutating func merge(_ later: NameSet) { for name in later.names { add(name) } }

  public func encode(into writer: inout ByteWriter) { names.encode(into: &writer) }
  public init(from reader: inout ByteReader) throws(BytesError) {
    names = try [String](from: &reader)
  }
  public static var columnType: ColumnType { .texts }
  public var cell: Cell { .texts(names) }
}

extension Row {
  /// Merges the row that later events gave, folded from nothing; false where a column cannot merge.
  public mutating func merge(_ later: Self) -> Bool {
    var collector = ValueCollector()
    var other = later
    Self.columns(&other, &collector)
    var merger = ValueMerger(values: collector.values)
    Self.columns(&self, &merger)
    return merger.isComplete
  }
}

/// Collects what is kept of a row.
private struct ValueCollector: ColumnVisitor {
  var values: [Any] = []

  mutating func kept<Value: ColumnValue>(
    _ value: inout Value, as column: @autoclosure () -> Column
  ) { values.append(value) }

  mutating func hidden<Value: ByteCodable>(_ name: String, _ value: inout Value) {
    values.append(value)
  }

  mutating func derived<Value: ColumnValue>(
    as column: @autoclosure () -> Column, _ value: () -> Value
  ) {}
}

/// Merges the kept values of a row, one after the other, with those of a later one.
private struct ValueMerger: ColumnVisitor {
  let values: [Any]
  var next = 0
  var isComplete = true

  init(values: [Any]) { self.values = values }

  mutating func kept<Value: ColumnValue>(
    _ value: inout Value, as column: @autoclosure () -> Column
  ) {
    // What names the row is the same in both.
    if column().isKey { next += 1 } else { merge(&value) }
  }

  mutating func hidden<Value: ByteCodable>(_ name: String, _ value: inout Value) { merge(&value) }

  mutating func derived<Value: ColumnValue>(
    as column: @autoclosure () -> Column, _ value: () -> Value
  ) {}

  private mutating func merge<Value>(_ value: inout Value) {
    defer { next += 1 }
    guard let mergeable = value as? any Mergeable,
      let merged = merged(mergeable, with: values[next]) as? Value
    else {
      isComplete = false
      return
    }
    value = merged
  }

  private func merged<Value: Mergeable>(_ value: Value, with other: Any) -> Any? {
    guard let other = other as? Value else { return nil }
    var merged = value
    merged.merge(other)
    return merged
  }
}
