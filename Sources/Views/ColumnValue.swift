public import Bytes
public import Events

/// A value that a column of an answer can hold: it has bytes for the table, and a cell for answers.
public protocol ColumnValue: ByteCodable {
  static var columnType: ColumnType { get }
  /// Whether it can be null.
  static var isNullable: Bool { get }
  /// Whether its text is a day, as `2026-03-02`.
  static var isDay: Bool { get }
  /// The texts that it can be; empty where it can be any.
  static var choices: [String] { get }
  /// What each of these means, in their order; empty where the names say it.
  static var meanings: [String] { get }
  var cell: Cell { get }
}

extension ColumnValue {
  public static var isNullable: Bool { false }
  public static var isDay: Bool { false }
  public static var choices: [String] { [] }
  public static var meanings: [String] { [] }
}

extension Bool: ColumnValue {
  public static var columnType: ColumnType { .bool }
  @inlinable public var cell: Cell { .bool(self) }
}

extension UInt64: ColumnValue {
  public static var columnType: ColumnType { .integer }
  @inlinable public var cell: Cell { Cell(self) }
}

extension Int64: ColumnValue {
  public static var columnType: ColumnType { .integer }
  @inlinable public var cell: Cell { .integer(self) }
}

extension FixedPoint: ColumnValue {
  public static var columnType: ColumnType { .decimal }
  @inlinable public var cell: Cell { .decimal(self) }
}

extension String: ColumnValue {
  public static var columnType: ColumnType { .text }
  @inlinable public var cell: Cell { .text(self) }
}

/// Nanoseconds since 1970.
extension Timestamp: ColumnValue {
  @inlinable public func encode(into writer: inout ByteWriter) {
    writer.append(zigzag: nanoseconds)
  }
  @inlinable public init(from reader: inout ByteReader) throws(BytesError) {
    self.init(nanoseconds: try reader.zigzag())
  }
  public static var columnType: ColumnType { .time }
  @inlinable public var cell: Cell { .time(self) }
}

/// A derived number: null when it is undefined. Never kept by a table that counts in a digest,
/// since its last bits may differ between machines.
extension Double: ColumnValue {
  @inlinable public func encode(into writer: inout ByteWriter) {
    writer.append(littleEndian: bitPattern)
  }
  @inlinable public init(from reader: inout ByteReader) throws(BytesError) {
    self.init(bitPattern: try reader.littleEndian(UInt64.self))
  }
  public static var columnType: ColumnType { .real }
  public static var isNullable: Bool { true }
  @inlinable public var cell: Cell { Cell(self) }
}

extension Optional: ColumnValue where Wrapped: ColumnValue {
  public static var columnType: ColumnType { Wrapped.columnType }
  public static var isNullable: Bool { true }
  public static var isDay: Bool { Wrapped.isDay }
  public static var choices: [String] { Wrapped.choices }
  public static var meanings: [String] { Wrapped.meanings }
  @inlinable public var cell: Cell { self?.cell ?? .null }
}

/// What a list in an answer can be of.
public protocol ListElement: ByteCodable {
  static var listType: ColumnType { get }
  static func listCell(_ list: [Self]) -> Cell
}

extension Array: ColumnValue where Element: ListElement {
  public static var columnType: ColumnType { Element.listType }
  @inlinable public var cell: Cell { Element.listCell(self) }
}

extension String: ListElement {
  public static var listType: ColumnType { .texts }
  @inlinable public static func listCell(_ list: [String]) -> Cell { .texts(list) }
}

/// Offsets of events.
extension UInt64: ListElement {
  public static var listType: ColumnType { .offsets }
  @inlinable public static func listCell(_ list: [UInt64]) -> Cell { .offsets(list) }
}

/// A day: as `2026-03-02`.
extension CivilDate: ColumnValue {
  @inlinable public func encode(into writer: inout ByteWriter) { writer.append(zigzag: number) }
  @inlinable public init(from reader: inout ByteReader) throws(BytesError) {
    self.init(day: try reader.zigzag())
  }
  public static var columnType: ColumnType { .text }
  public static var isDay: Bool { true }
  @inlinable public var cell: Cell { .text(description) }
}

/// One of a few, kept as a byte of its own number, and answered by its name. Numbers are never
/// changed, nor used again.
public protocol NamedChoice: ListElement, ColumnValue, RawRepresentable, CaseIterable, Sendable
where RawValue == UInt8 {
  var name: String { get }
  /// What it means, in a sentence; empty where its name says it.
  var meaning: String { get }
}

extension NamedChoice {
  @inlinable public func encode(into writer: inout ByteWriter) { writer.append(byte: rawValue) }
  @inlinable public init(from reader: inout ByteReader) throws(BytesError) {
    let number = try reader.byte()
    guard let choice = Self(rawValue: number) else {
      throw BytesError("\(number) is no \(Self.self)", at: reader.position - 1)
    }
    self = choice
  }
  public static var columnType: ColumnType { .text }
  public var meaning: String { "" }
  public static var choices: [String] { allCases.map(\.name) }
  public static var meanings: [String] {
    let all = allCases.map(\.meaning)
    return all.allSatisfy(\.isEmpty) ? [] : all
  }
  @inlinable public var cell: Cell { .text(name) }
  public static var listType: ColumnType { .texts }
  @inlinable public static func listCell(_ list: [Self]) -> Cell { .texts(list.map(\.name)) }
}

extension Stream: NamedChoice {}
