internal import Bytes
package import JSON

/// The canonical fields of a line.
package struct DecodedFields: Sendable {
  package var fields = Fields()
  /// Fields that the line carries in a type that they cannot have, each once.
  package var mismatched: [Field] = []
}

/// Reads canonical fields, line after line. Not for two threads at once.
package struct FieldDecoder {
  private var slots = JSONSlots(keys: FieldPlan.shared.keys, places: containerNames.count + 1)

  package init() {}

  /// Reads the fields of a line that is known to be an event of a kind.
  package mutating func decode(_ object: JSONObject, kind: String) -> DecodedFields {
    let plan = FieldPlan.shared
    note(object, plan)
    var touched: UInt128 = 0
    for key in slots.found { touched |= plan.fieldsOfKey[key] }
    let own = plan.ownNames[kind]
    if let own { touched |= 1 << UInt128(own.field) }
    var decoded = DecodedFields()
    while touched != 0 {
      let number = touched.trailingZeroBitCount
      touched &= touched &- 1
      var isMismatched = false
      var value = read(plan.names[number], object, &isMismatched)
      if value == nil, let own, own.field == number {
        value = read([own.name], object, &isMismatched)
      }
      guard let field = Field(rawValue: UInt8(number)) else { continue }
      if let value { decoded.fields[field] = value }
      if isMismatched { decoded.mismatched.append(field) }
    }
    return decoded
  }

  private mutating func note(_ object: JSONObject, _ plan: FieldPlan) {
    slots.beginLine()
    slots.note(object, place: 0)
    for (place, key) in plan.containerKeys.enumerated() {
      guard let index = slots.index(of: key, place: 0) else { continue }
      if let inside = object.value(at: index).object { slots.note(inside, place: place + 1) }
    }
  }

  /// The first that can be read: all names on top first, then in each container.
  private func read(
    _ names: [FieldPlan.Name], _ object: JSONObject, _ isMismatched: inout Bool
  ) -> FieldValue? {
    for place in 0...containerNames.count {
      for name in names where place == 0 || !name.isOnTopOnly {
        guard let index = slots.index(of: name.key, place: place) else { continue }
        let value = object.value(at: index)
        switch read(value, as: name.reading, place: place, object) {
        case .value(let value): return value
        case .absent: continue
        case .mismatched: isMismatched = true
        }
      }
    }
    return nil
  }

  private enum Reading {
    case value(FieldValue)
    case absent
    case mismatched

    init(_ value: FieldValue?) { self = value.map(Reading.value) ?? .mismatched }
  }

  private func read(
    _ value: JSONValue, as reading: FieldReading, place: Int, _ object: JSONObject
  ) -> Reading {
    let kind = value.kind
    if kind == .null || kind == .absent || value.isEmpty { return .absent }
    switch reading {
    case .text: return Reading(value.string.map(FieldValue.text))
    case .identity: return Reading(identity(value).map(FieldValue.text))
    case .number: return number(value)
    case .seconds: return milliseconds(value)
    case .bool: return Reading(value.bool.map(FieldValue.bool))
    case .count:
      if let array = value.array {
        return Reading(FixedPoint(Int64(array.count)).map(FieldValue.number))
      }
      return number(value)
    case .names: return Reading(names(value).map(FieldValue.texts))
    case .isSome: return isSome(value)
    case .errorPart(let part): return errorPart(value, part)
    case .errorFlag: return value.bool.map { .value(.bool($0)) } ?? .absent
    case .tests: return tests(value, place: place, object)
    }
  }

  private func identity(_ value: JSONValue) -> String? {
    value.string ?? value.int64.map { String($0) } ?? value.uint64.map { String($0) }
  }

  /// A number beyond what a fixed point holds cannot be represented: absent, and no wrong type.
  private func number(_ value: JSONValue) -> Reading {
    if let integer = value.int64 {
      return FixedPoint(integer).map { .value(.number($0)) } ?? .absent
    }
    guard let double = value.double else { return .mismatched }
    return FixedPoint(double).map { .value(.number($0)) } ?? .absent
  }

  private func milliseconds(_ value: JSONValue) -> Reading {
    guard case .value(.number(let seconds)) = number(value) else { return number(value) }
    let (units, overflow) = seconds.units.multipliedReportingOverflow(by: 1_000)
    return overflow ? .absent : .value(.number(FixedPoint(units: units)))
  }

  /// Nil when nothing in it is a name.
  private func names(_ value: JSONValue) -> [String]? {
    if let name = value.string { return [name] }
    guard let array = value.array else { return nil }
    var names: [String] = []
    var elements = array.elements
    while let element = elements.next() {
      var name = element.string
      if let object = element.object { name = object["name"]?.string }
      if let name, !name.isEmpty, !names.contains(where: { sameBytes($0, name) }) {
        names.append(name)
      }
    }
    return names.isEmpty ? nil : names
  }

  private func isSome(_ value: JSONValue) -> Reading {
    if value.array != nil { return .value(.bool(true)) }
    return value.double.map { .value(.bool($0 > 0)) } ?? .mismatched
  }

  private func errorPart(_ value: JSONValue, _ part: StaticString) -> Reading {
    if let object = value.object {
      let text = object["\(part)"]?.string ?? ""
      return text.isEmpty ? .absent : .value(.text(text))
    }
    if let text = value.string { return "\(part)" == "message" ? .value(.text(text)) : .absent }
    return value.bool == nil ? .mismatched : .absent
  }

  private func tests(_ value: JSONValue, place: Int, _ object: JSONObject) -> Reading {
    if let bool = value.bool { return .value(.bool(bool)) }
    guard value.double != nil,
      let index = slots.index(of: FieldPlan.shared.testsFailedKey, place: place),
      let failed = object.value(at: index).double
    else { return .mismatched }
    return .value(.bool(failed == 0))
  }
}

/// Whether two texts are the same byte for byte.
func sameBytes(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }

/// `fieldRules` made ready for looking up by key.
private struct FieldPlan: Sendable {
  struct Name: Sendable {
    let key: Int
    let reading: FieldReading
    let isOnTopOnly: Bool
  }

  static let shared = FieldPlan()

  let keys: JSONKeyTable
  /// By the raw value of the field.
  let names: [[Name]]
  /// By key: a bit for each field that it may give.
  let fieldsOfKey: [UInt128]
  /// The places of the containers' names among the keys.
  let containerKeys: [Int]
  let testsFailedKey: Int
  /// By kind.
  let ownNames: [String: (field: Int, name: Name)]

  private init() {
    var all = containerNames + ["tests_failed"]
    for rule in fieldRules { all += rule.names.map(\.name) }
    all += kindNames.map(\.name)
    var numbers: [String: Int] = [:]
    var unique: [String] = []
    for name in all where numbers[name] == nil {
      numbers[name] = unique.count
      unique.append(name)
    }
    let places = numbers
    func made(_ name: String, _ reading: FieldReading) -> Name {
      Name(key: places[name] ?? 0, reading: reading, isOnTopOnly: topOnlyNames.contains(name))
    }
    var names = [[Name]](repeating: [], count: Field.allCases.count)
    var fieldsOfKey = [UInt128](repeating: 0, count: unique.count)
    for rule in fieldRules {
      for (name, reading) in rule.names {
        let made = made(name, reading)
        names[Int(rule.field.rawValue)].append(made)
        fieldsOfKey[made.key] |= 1 << UInt128(rule.field.rawValue)
      }
    }
    var ownNames: [String: (field: Int, name: Name)] = [:]
    for (kinds, field, name) in kindNames {
      for kind in kinds { ownNames[kind] = (Int(field.rawValue), made(name, .text)) }
    }
    keys = JSONKeyTable(unique)
    self.names = names
    self.fieldsOfKey = fieldsOfKey
    self.ownNames = ownNames
    containerKeys = containerNames.map { places[$0] ?? 0 }
    testsFailedKey = places["tests_failed"] ?? 0
  }
}
