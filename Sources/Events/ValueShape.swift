/// What a value of a line may look like, for schemas and for people.
public struct ValueShape: Equatable, Sendable {
  /// As JSON Schema calls its types: `string`, `number`, `integer`, `boolean`, `object`, `array` (of texts).
  public var types: [String]
  /// The least and the greatest that a number may be: anything beyond counts as absent.
  public var least: String?
  public var greatest: String?
  /// Bytes of a text, or texts of a list, from which on it is cut.
  public var sizeMax: Int?
  /// Whether a text is a time.
  public var isTime = false

  public init(_ types: String...) { self.types = types }
}

extension Field {
  /// What its values may look like, under the first of its names.
  public var shape: ValueShape { FieldNames.rules[Int(rawValue)].shape.values }

  /// Its names in lines, in the order in which they are looked up.
  public var names: [FieldSpelling] {
    let rule = FieldNames.rules[Int(rawValue)]
    return rule.names.map { FieldSpelling($0, of: rule) }
  }
}

/// A name under which a canonical field is written.
public struct FieldSpelling: Sendable {
  public let name: String
  /// The member of the object of that name; nil for the value itself.
  public let member: String?
  /// The kinds on which it counts; empty for all.
  public let kinds: [String]
  /// What its number is multiplied with.
  public let factor: Int64
  /// Whether it counts at the top of a line alone, and never within another field.
  public let isTopOnly: Bool
  public let shape: ValueShape

  init(_ name: FieldName, of rule: FieldRule) {
    self.name = name.key
    member = name.errorMember?.rawValue
    kinds = name.kinds
    factor = name.factor
    isTopOnly = name.isTopOnly
    var shape = rule.shape.values
    if name.isSingle { shape.types.append("string") }
    self.shape = shape
  }

  /// As a list shows it: `error.message`, `duration_s × 1000`, `solution on error_resolved`.
  public var title: String {
    var title = member.map { "\(name).\($0)" } ?? name
    if factor != 1 { title += " × \(factor)" }
    if !kinds.isEmpty { title += " on \(kinds.joined(separator: ", "))" }
    return title
  }
}

extension FieldShape {
  fileprivate var values: ValueShape {
    switch self {
    case .text, .term: ValueShape("string")
    case .identifier: ValueShape("string", "integer")
    case .version: ValueShape("string", "number")
    case .number: ValueShape("number")
    case .fraction: .number(from: "0", to: "1")
    case .count: ValueShape("number", "array")
    case .sign: .number(from: "-1", to: "1")
    case .rating: .number(from: "1", to: "5")
    case .flag: ValueShape("boolean")
    case .share: .share
    case .complexity: ValueShape("string", "number")
    case .terms: ValueShape("array")
    case .presence: ValueShape("boolean", "number", "array")
    case .verdict: ValueShape("boolean", "number")
    }
  }
}

extension ValueShape {
  fileprivate static var share: ValueShape {
    var shape = number(from: "0", to: "1")
    shape.types.insert("boolean", at: 0)
    return shape
  }

  fileprivate static func number(from least: String, to greatest: String) -> ValueShape {
    var shape = ValueShape("number")
    shape.least = least
    shape.greatest = greatest
    return shape
  }
}

/// Where canonical fields, and what an event says of itself, are looked up.
public enum LineNames {
  /// The objects in which fields are looked up after the line itself, one after the other.
  public static var containers: [String] { FieldNames.containers }
  /// Those inside them in which fields are looked up last: `task.context`.
  public static var innerContainers: [String] {
    FieldNames.innerContainers.map { "\($0.outer).\($0.name)" }
  }
  /// Names that count at the top only.
  public static var topOnly: [String] { FieldNames.topOnly.sorted() }
  /// The names of the kind and of the time, in the order in which they are tried.
  public static var kind: [String] { EnvelopeReader.kindNames }
  public static var time: [String] { EnvelopeReader.timeNames }
  /// What stands beside a count of tests that passed.
  public static var testsFailed: String { FieldNames.testsFailed }
}

/// What numbers are measured in: those of lines, of rows and of settings.
public enum Unit: String, Sendable {
  case nanoseconds = "ns"
  case milliseconds = "ms"
  case seconds = "s"
  case bytes
  case count
  case lines
  case events
  case tokens
  case usd = "USD"
  /// From 0 to 1.
  case fraction
  /// From 0 to 100.
  case percent = "%"

  /// What stands behind "a number of"; nil where the number is of nothing.
  package var plural: String? {
    switch self {
    case .nanoseconds: "nanoseconds"
    case .milliseconds: "milliseconds"
    case .seconds: "seconds"
    case .usd: "US dollars"
    case .count, .fraction, .percent: nil
    case .bytes, .lines, .events, .tokens: rawValue
    }
  }
}
