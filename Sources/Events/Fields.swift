public import Bytes

/// The canonical fields that an event carries, in the order of `Field`, absent ones taking no room.
public struct Fields: Equatable, Sendable {
  /// One bit for each field that is there: bit 0 is the raw value 0. Stored, so that who looks at
  /// it alone copies nothing.
  public private(set) var presence: UInt128 = 0
  private var values: [FieldValue] = []

  public init() {}

  public var isEmpty: Bool { presence == 0 }

  static func bit(_ field: Field) -> UInt128 { 1 << UInt128(field.rawValue) }

  /// One bit for each of some fields, as in `presence`.
  public static func mask(of fields: [Field]) -> UInt128 { fields.reduce(0) { $0 | bit($1) } }

  private func index(_ field: Field) -> Int {
    (presence & (Self.bit(field) &- 1)).nonzeroBitCount
  }

  /// Calls `body` for each field that is there, in the order of `Field`.
  public func forEach(_ body: (Field, FieldValue) -> Void) {
    var rest = presence
    let values = values.span
    for index in values.indices {
      if let field = Field(rawValue: UInt8(rest.trailingZeroBitCount)) {
        body(field, values[index])
      }
      rest &= rest &- 1
    }
  }

  public func has(_ field: Field) -> Bool { presence & Self.bit(field) != 0 }

  public subscript(field: Field) -> FieldValue? {
    get { has(field) ? values[index(field)] : nil }
    set {
      let index = index(field)
      switch (has(field), newValue) {
      case (true, let value?): values[index] = value
      case (false, let value?):
        values.insert(value, at: index)
        presence |= Self.bit(field)
      case (true, nil):
        values.remove(at: index)
        presence &= ~Self.bit(field)
      case (false, nil): break
      }
    }
  }

  mutating func reserveCapacity(_ count: Int) { values.reserveCapacity(count) }

  /// Adds a field that comes after all that are there.
  mutating func append(_ field: Field, _ value: FieldValue) {
    values.append(value)
    presence |= Self.bit(field)
  }

  /// The text of a field; nil where it has none, or something else.
  public func text(_ field: Field) -> String? {
    guard has(field), case .text(let text) = values[index(field)] else { return nil }
    return text
  }

  /// The number of a field, in the unit that the field's name says.
  public func number(_ field: Field) -> FixedPoint? {
    guard has(field), case .number(let number) = values[index(field)] else { return nil }
    return number
  }

  /// What a field says that is true or false.
  public func bool(_ field: Field) -> Bool? {
    guard has(field), case .bool(let bool) = values[index(field)] else { return nil }
    return bool
  }

  /// The texts of a field that has several; empty where it has none.
  public func texts(_ field: Field) -> [String] {
    guard has(field), case .texts(let texts) = values[index(field)] else { return [] }
    return texts
  }
}

extension Fields {
  /// Sets a field where there is a value.
  package mutating func set(_ field: Field, _ text: String?) {
    if let text, !text.isEmpty { self[field] = .text(text) }
  }

  package mutating func set(_ field: Field, _ number: FixedPoint?) {
    if let number { self[field] = .number(number) }
  }

  package mutating func set(_ field: Field, _ count: UInt64?) {
    if let count { set(field, FixedPoint(Int64(clamping: count))) }
  }

  /// What a call of a model read and wrote.
  package mutating func set(_ usage: TokenUsage) {
    set(.tokensInput, usage.input)
    set(.tokensOutput, usage.output)
    set(.tokensCacheRead, usage.cacheRead)
    if usage.cacheWrite != nil || usage.longCacheWrite != nil {
      set(.tokensCacheWrite, (usage.cacheWrite ?? 0) &+ (usage.longCacheWrite ?? 0))
    }
    set(.tokensReasoning, usage.reasoning)
  }
}

/// Whether a text is a placeholder: a hash or a redaction. It can be compared as a whole only.
public func isOpaque(_ text: String) -> Bool {
  if text.hasPrefix("[REDACTED:") { return text.hasSuffix("]") }
  let bytes = text.utf8
  guard bytes.count == 71, text.hasPrefix("sha256:") else { return false }
  return bytes.dropFirst(7).allSatisfy { byte in
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}
