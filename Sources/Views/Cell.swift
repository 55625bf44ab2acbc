public import Bytes
public import Events

/// A value in an answer.
public enum Cell: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case decimal(FixedPoint)
  /// Derived on reading, such as a mean: never part of a digest.
  case real(Double)
  case text(String)
  case time(Timestamp)
  case texts([String])
  case offsets([Offset])

  public init(_ text: String?) { self = text.map(Cell.text) ?? .null }
  public init(_ number: FixedPoint?) { self = number.map(Cell.decimal) ?? .null }
  public init(_ bool: Bool?) { self = bool.map(Cell.bool) ?? .null }
  public init(_ offset: Offset) { self = .integer(Int64(clamping: offset)) }
  /// A derived number; null when it is undefined.
  public init(_ real: Double?) {
    if let real, real.isFinite { self = .real(real) } else { self = .null }
  }
  /// The value of a canonical field; null for none.
  public init(_ value: FieldValue?) {
    switch value {
    case nil: self = .null
    case .text(let text): self = .text(text)
    case .number(let number): self = .decimal(number)
    case .bool(let bool): self = .bool(bool)
    case .texts(let texts): self = .texts(texts)
    }
  }

  /// Its text, if it holds one.
  public var text: String? { if case .text(let text) = self { text } else { nil } }
  /// Its whole number, if it holds one.
  public var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
  /// Its offsets, if it holds some.
  public var offsets: [Offset]? { if case .offsets(let offsets) = self { offsets } else { nil } }

  /// As a person types it.
  public var plainText: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .decimal(let value): "\(value)"
    case .real(let value): "\(value)"
    case .text(let value): value
    case .time(let value): "\(value)"
    case .texts(let values): values.joined(separator: ", ")
    case .offsets(let values): values.map { "\($0)" }.joined(separator: ", ")
    }
  }
}

/// What a column holds.
public enum ColumnType: String, Sendable {
  case bool, integer, decimal, real, text, time, texts, offsets
}

/// A column of a row, as it was declared.
public struct Column: Equatable, Sendable {
  /// snake_case, the unit last.
  public var name: String
  public var type: ColumnType
  /// What it is, in a sentence.
  public var about = ""
  /// Of a derived column: a formula over the names of columns, or a sentence.
  public var rule: String?
  public var unit: Unit?
  /// Whether it names the row, with the others that do, in their order.
  public var isKey = false
  public var isNullable = false
  /// Whether its texts are days, as `2026-03-02`.
  public var isDay = false
  /// The texts that it may hold; empty where any may stand.
  public var choices: [String] = []
  /// What each of these means; empty where their names say it.
  public var meanings: [String] = []

  public init(_ name: String, _ type: ColumnType) {
    self.name = name
    self.type = type
  }

  /// A column as its row's declaration has it, of the type that its values have.
  public init<Value: ColumnValue>(
    _ name: String, of type: Value.Type, _ about: String, unit: Unit? = nil, isKey: Bool = false,
    rule: String? = nil
  ) {
    self.name = name
    self.type = Value.columnType
    self.about = about
    self.unit = unit
    self.isKey = isKey
    self.rule = rule
    isNullable = Value.isNullable
    isDay = Value.isDay
    choices = Value.choices
    meanings = Value.meanings
  }
}
