/// What only some kinds of events carry, beside the canonical fields: a struct that declares its
/// fields once.
///
/// An event's payload is decoded only while a view that is folded needs it (`Needs.payload`). It is
/// looked up as canonical fields are: at the top of the line, then in the objects that `LineNames`
/// lists. A field whose property is optional may be missing; without any other there is no payload.
public protocol Payload: Sendable {
  /// The kinds that carry it; `name_*` stands for all that begin so.
  static var kinds: [String] { get }

  /// A payload whose fields are about to be read.
  init()

  /// Shows each field to the visitor, which reads it, or asks what it is called.
  static func fields<Visitor: PayloadVisitor>(_ payload: inout Self, _ visit: inout Visitor)
}

/// What is done with the fields of a payload, one after the other.
public protocol PayloadVisitor {
  mutating func field<Value: PayloadValue>(
    _ value: inout Value, within bound: Value.Bound?, as field: @autoclosure () -> PayloadField)
}

extension PayloadVisitor {
  /// - Parameters:
  ///   - name: snake_case, the unit last. Lines may write it in camelCase too.
  ///   - aliases: other names, tried after it in their order; in camelCase too.
  ///   - bound: for a number its range: anything beyond counts as absent, and is told. For a text `...bytes`,
  ///     for a list of texts `...count`: what is longer is cut.
  ///   - about: what it is, in a sentence.
  @inline(__always) @inlinable
  public mutating func field<Value: PayloadValue>(
    _ name: String, _ value: inout Value, aliases: [String] = [], unit: Unit? = nil,
    in bound: Value.Bound? = nil, _ about: String
  ) {
    field(
      &value, within: bound,
      as: PayloadField(
        name: name, aliases: aliases, unit: unit, shape: Value.shape(within: bound),
        isRequired: Value.isRequired, about: about))
  }
}

/// A field of a payload, as it is declared.
public struct PayloadField: Sendable {
  /// In snake_case, as lines and answers write it.
  public let name: String
  /// Other names that lines give it, in the order in which they count.
  public let aliases: [String]
  /// What its number is of; nil for what is no number.
  public let unit: Unit?
  /// Which values fit; any other counts as absent, and `status` counts it.
  public let shape: ValueShape
  /// Whether a line without it says too little: `status` counts such lines.
  public let isRequired: Bool
  /// What it says, in a sentence.
  public let about: String

  public init(
    name: String, aliases: [String], unit: Unit?, shape: ValueShape, isRequired: Bool,
    about: String
  ) {
    self.name = name
    self.aliases = aliases
    self.unit = unit
    self.shape = shape
    self.isRequired = isRequired
    self.about = about
  }

  /// All names that lines may use, in the order in which they are looked up.
  public var names: [String] {
    ([name] + aliases).flatMap { name in
      let inCamelCase = camelCase(name)
      return inCamelCase == name ? [name] : [name, inCamelCase]
    }
  }
}

/// `rulesAdded` of `rules_added`.
private func camelCase(_ name: String) -> String {
  let words = name.split(separator: "_")
  let others = words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }
  return (words.prefix(1).map(String.init) + others).joined()
}

extension Payload {
  /// Its fields, in the order in which they are declared.
  public static var fields: [PayloadField] {
    var collector = PayloadFieldCollector()
    var payload = Self()
    fields(&payload, &collector)
    return collector.fields
  }

  /// Whether events of a kind carry it.
  public static func isCarried(by kind: String) -> Bool {
    kinds.contains {
      $0.hasSuffix("*") ? kind.utf8.starts(with: $0.utf8.dropLast()) : $0 == kind
    }
  }
}

private struct PayloadFieldCollector: PayloadVisitor {
  var fields: [PayloadField] = []

  mutating func field<Value: PayloadValue>(
    _ value: inout Value, within bound: Value.Bound?, as field: @autoclosure () -> PayloadField
  ) { fields.append(field()) }
}
