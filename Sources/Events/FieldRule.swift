/// The values that a field accepts. Any other value is of the wrong type, or out of range: it counts
/// as absent, and the search goes on. A number in quotation marks is a text, and no number.
enum FieldShape: Sendable {
  /// A text.
  case text
  /// A text that recurs from line to line, as a name of a model does.
  case term
  /// A text, or an integer, kept as its digits.
  case identifier
  /// A text, or a number, kept as its digits.
  case version
  /// A number; beyond the range of `FixedPoint` it is absent.
  case number
  /// A number from 0 to 1; any other number is out of range.
  case fraction
  /// A number, or a list, kept as its count.
  case count
  /// −1, 0 or 1; any other number is out of range.
  case sign
  /// 1 to 5; any other number is out of range.
  case rating
  /// True or false.
  case flag
  /// True or false; or a number from 0 to 1.
  case share
  /// A word of `StatedComplexity`, in whatever case; or a number from 0 to 1, kept as its digits. Any
  /// other is out of range.
  case complexity
  /// A list of texts, or of objects with a `name`; for a name marked `single` one text.
  case terms
  /// True or false; a number, true above 0; a list, true. False, or a 0, says false only if nothing
  /// says true.
  case presence
  /// True or false; or a count of tests beside `tests_failed`, true when that is 0.
  case verdict
}

/// A name under which a field is written, and when it counts.
struct FieldName: Sendable, ExpressibleByStringLiteral {
  let key: String
  /// The kinds on which the name counts; empty for all.
  var kinds: [String] = []
  /// Tells of kinds that are not among those, whether it counts on them too.
  var includes: (@Sendable (String) -> Bool)?
  /// What the number is multiplied with.
  var factor: Int64 = 1
  /// One text stands for a list of one.
  var isSingle = false
  /// The value is an error: a text, which is its message, or an object with these members.
  var errorMember: ErrorMember?
  /// A value of the wrong type means another field.
  var isShared = false
  /// The value says whether tests passed, or how many did.
  var isOfTests = false

  enum ErrorMember: String, Sendable { case message, type, stack }

  /// Never taken from inside another object, where it means something else.
  var isTopOnly: Bool { FieldNames.topOnly.contains(key) }

  init(stringLiteral key: String) { self.key = key }

  static func on(
    _ kinds: [String], _ key: FieldName, including includes: (@Sendable (String) -> Bool)? = nil
  ) -> FieldName {
    with(key) {
      $0.kinds = kinds
      $0.includes = includes
    }
  }

  /// Whether it counts on a kind.
  func counts(on kind: String) -> Bool {
    kinds.isEmpty || kinds.contains(kind) || includes?(kind) == true
  }

  /// One that counts on kinds about models and deployments: some of their writers use camelCase.
  static func ofModels(_ key: FieldName) -> FieldName {
    on(["ab_result"], key) { kind in
      ["deployment_", "model_", "training_"].contains { kind.hasPrefix($0) }
    }
  }

  static func times(_ factor: Int64, _ key: FieldName) -> FieldName {
    with(key) { $0.factor = factor }
  }

  static func single(_ key: FieldName) -> FieldName { with(key) { $0.isSingle = true } }

  static func error(_ member: ErrorMember) -> FieldName {
    with("error") { $0.errorMember = member }
  }

  static func shared(_ key: FieldName) -> FieldName { with(key) { $0.isShared = true } }

  static func ofTests(_ key: FieldName) -> FieldName {
    with(.shared(key)) { $0.isOfTests = true }
  }

  private static func with(_ name: FieldName, _ change: (inout FieldName) -> Void) -> FieldName {
    var name = name
    change(&name)
    return name
  }
}

/// A field as it is declared: what its values look like, what it is, and all its names, the first
/// of which counts most.
struct FieldRule: Sendable {
  let field: Field
  let shape: FieldShape
  let about: String
  let unit: Unit?
  let names: [FieldName]

  init(
    _ field: Field, _ shape: FieldShape, unit: Unit? = nil, _ about: String, _ names: FieldName...
  ) {
    self.field = field
    self.shape = shape
    self.about = about
    self.unit = unit
    self.names = names
  }
}
