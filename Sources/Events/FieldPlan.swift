internal import JSON

/// The table of names, turned so that a line is read in one pass.
struct FieldPlan: Sendable {
  static let shared = FieldPlan(FieldNames.rules)

  /// A name as a rule refers to it.
  struct Name: Sendable {
    let key: Int
    let isTopOnly: Bool
    /// The place of its kinds in `conditions`; −1 when it counts on all.
    let condition: Int
    let factor: Int64
    let isSingle: Bool
    let errorMember: FieldName.ErrorMember?
    let isShared: Bool
    let isOfTests: Bool
  }

  struct Rule: Sendable {
    let field: Field
    let shape: FieldShape
    /// Its names in `names`.
    let names: Range<Int>
  }

  /// All keys that matter: those of names, of containers, and `tests_failed`.
  let keys: JSONKeyTable
  /// For each key the fields that it may give, a bit each.
  let fieldsOfKey: [UInt128]
  /// The keys of `FieldNames.containers`.
  let containerKeys: [Int]
  /// Those of `FieldNames.innerContainers`, with the place of the object that each lies in.
  let innerContainers: [(outerPlace: Int, key: Int)]
  let testsFailedKey: Int
  /// By the raw value of a field.
  let rules: [Rule]
  let names: [Name]
  let conditions: [FieldName]

  init(_ table: [FieldRule]) {
    var keyNames: [String] = []
    var keyOfName: [String: Int] = [:]
    func key(_ name: String) -> Int {
      if let key = keyOfName[name] { return key }
      keyOfName[name] = keyNames.count
      keyNames.append(name)
      return keyNames.count - 1
    }
    var fieldsOfKey: [Int: UInt128] = [:]
    var names: [Name] = []
    var conditions: [FieldName] = []
    var rules: [Rule] = []
    for field in Field.allCases {
      let rule = table.first { $0.field == field } ?? FieldRule(field, .text, "")
      let first = names.count
      for name in rule.names {
        if !name.kinds.isEmpty { conditions.append(name) }
        fieldsOfKey[key(name.key), default: 0] |= 1 << UInt128(field.rawValue)
        names.append(
          Name(
            key: key(name.key), isTopOnly: name.isTopOnly,
            condition: name.kinds.isEmpty ? -1 : conditions.count - 1, factor: name.factor,
            isSingle: name.isSingle, errorMember: name.errorMember, isShared: name.isShared,
            isOfTests: name.isOfTests))
      }
      rules.append(Rule(field: rule.field, shape: rule.shape, names: first..<names.count))
    }
    containerKeys = FieldNames.containers.map(key)
    innerContainers = FieldNames.innerContainers.compactMap { inner in
      FieldNames.containers.firstIndex(of: inner.outer).map { ($0 + 1, key(inner.name)) }
    }
    testsFailedKey = key(FieldNames.testsFailed)
    keys = JSONKeyTable(keyNames)
    self.fieldsOfKey = keyNames.indices.map { fieldsOfKey[$0] ?? 0 }
    self.rules = rules
    self.names = names
    self.conditions = conditions
  }
}
