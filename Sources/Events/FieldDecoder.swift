internal import Bytes
package import JSON

/// The canonical fields of a line, and those that were there with a value of the wrong type, or beyond
/// their range.
package struct DecodedFields: Equatable, Sendable {
  package var fields: Fields
  /// In the order of `Field`, each once; the field itself may have been found under another name.
  package var mismatched: [Field]

  package init(fields: Fields = Fields(), mismatched: [Field] = []) {
    self.fields = fields
    self.mismatched = mismatched
  }
}

/// Reads the canonical fields of lines, one after the other, by the table in `FieldNames`.
///
/// It goes through a line's members once, notes where names of fields occur, and then looks up only
/// the fields that may be present. Texts are copied only when they are kept.
package struct FieldDecoder {
  private let plan: FieldPlan
  private var slots: JSONSlots
  private var texts = TextCache()
  /// The objects of the line at hand in which names are looked up, in order.
  private var places: [Int] = []

  package init() {
    plan = .shared
    slots = JSONSlots(keys: plan.keys, places: FieldNames.placeCount)
  }

  mutating func forgetTexts() { texts = TextCache() }

  /// The fields of a line of a kind. About 0.4 µs for 10 fields.
  package mutating func decode(
    _ object: JSONObject, kind: String, stream: Stream
  ) -> DecodedFields {
    noteMembers(of: object)
    var decoded = DecodedFields()
    var candidates: UInt128 = 0
    for key in slots.found { candidates |= plan.fieldsOfKey[key] }
    // The ids of foldlog's own events name requests, alerts and skills, and no interaction.
    if stream == .foldlog { candidates &= ~Fields.bit(.interactionID) }
    decoded.fields.reserveCapacity(candidates.nonzeroBitCount)
    while candidates != 0 {
      let rule = plan.rules[candidates.trailingZeroBitCount]
      candidates &= candidates &- 1
      var isMismatched = false
      if let value = value(of: rule, in: object, kind: kind, isMismatched: &isMismatched) {
        decoded.fields.append(rule.field, value)
      }
      if isMismatched { decoded.mismatched.append(rule.field) }
    }
    return decoded
  }

  private mutating func noteMembers(of object: JSONObject) {
    slots.beginLine()
    slots.note(object, place: 0)
    places.removeAll(keepingCapacity: true)
    places.append(0)
    for (container, key) in plan.containerKeys.enumerated() {
      guard let index = slots.index(of: key, place: 0),
        let inner = object.value(at: index).object
      else { continue }
      slots.note(inner, place: container + 1)
      places.append(container + 1)
    }
    for (number, inner) in plan.innerContainers.enumerated() where places.contains(inner.outerPlace)
    {
      guard let index = slots.index(of: inner.key, place: inner.outerPlace),
        let object = object.value(at: index).object
      else { continue }
      let place = 1 + plan.containerKeys.count + number
      slots.note(object, place: place)
      places.append(place)
    }
  }

  private mutating func value(
    of rule: FieldPlan.Rule, in object: JSONObject, kind: String, isMismatched: inout Bool
  ) -> FieldValue? {
    var fallback: FieldValue?
    for place in places {
      for nameIndex in rule.names {
        let name = plan.names[nameIndex]
        if name.isTopOnly && place != 0 { continue }
        guard let index = slots.index(of: name.key, place: place) else { continue }
        if name.condition >= 0, !plan.conditions[name.condition].counts(on: kind) { continue }
        let value = object.value(at: index)
        switch reading(of: value, rule.shape, name, place: place, in: object) {
        case .value(let value): return value
        case .fallback(let value): fallback = value
        case .absent: continue
        case .wrongType, .outOfRange: if !name.isShared { isMismatched = true }
        }
      }
    }
    return fallback
  }

  private mutating func reading(
    of value: JSONValue, _ shape: FieldShape, _ name: FieldPlan.Name, place: Int,
    in object: JSONObject
  ) -> FieldReading {
    if value.isNothing { return .absent }
    if let member = name.errorMember { return errorMember(member, of: value, shape, name) }
    if name.isOfTests { return testRate(value, place: place, in: object) }
    if shape == .verdict, let passed = value.double {
      return verdict(passed: passed, place: place, in: object)
    }
    return FieldReading(value, as: shape, name: name, texts: &texts)
  }

  /// A part of an `error`. A boolean there is the field `isError`.
  private mutating func errorMember(
    _ member: FieldName.ErrorMember, of error: JSONValue, _ shape: FieldShape,
    _ name: FieldPlan.Name
  ) -> FieldReading {
    switch error.kind {
    case .object:
      guard let value = error.object?[member.rawValue], !value.isNothing else { return .absent }
      return FieldReading(value, as: shape, name: name, texts: &texts)
    case .text where member == .message:
      return FieldReading(error, as: shape, name: name, texts: &texts)
    case .text, .bool: return .absent
    default: return member == .message ? .wrongType : .absent
    }
  }

  /// Whether all tests passed, from a count of passed tests beside one of failed tests; nil when
  /// there were no tests.
  private func verdict(passed: Double, place: Int, in object: JSONObject) -> FieldReading {
    guard let failed = failedTests(place, in: object) else { return .wrongType }
    if passed == 0 && failed == 0 { return .absent }
    return .value(.bool(failed == 0))
  }

  /// The share of the tests that passed, from what says whether they did, or how many.
  private func testRate(_ value: JSONValue, place: Int, in object: JSONObject) -> FieldReading {
    if let isPassed = value.bool { return .value(.number(isPassed ? .one : .zero)) }
    guard let passed = value.double, let failed = failedTests(place, in: object), passed >= 0,
      failed >= 0, let rate = FixedPoint(passed / (passed + failed))
    else { return .absent }
    return .value(.number(rate))
  }

  private func failedTests(_ place: Int, in object: JSONObject) -> Double? {
    slots.index(of: plan.testsFailedKey, place: place).flatMap { object.value(at: $0).double }
  }
}

/// Texts that recur, such as kinds and names of models: equal ones share their storage.
///
/// It has a fixed number of slots: a text replaces another that has the same slot.
struct TextCache {
  private static let placeCount = 256
  /// Shorter texts are stored inside String itself, longer ones hardly recur.
  private static let byteCounts = 16...128

  private var texts = [String](repeating: "", count: placeCount)

  mutating func text(_ utf8: Span<UInt8>) -> String {
    guard Self.byteCounts ~= utf8.count else { return String(decoding: utf8) }
    let hash = UInt64(truncatingIfNeeded: Hash128(of: utf8).value)
    let place = Int(truncatingIfNeeded: hash & UInt64(Self.placeCount - 1))
    let known = texts[place]
    if equal(known.utf8.span, utf8) { return known }
    let text = String(decoding: utf8)
    texts[place] = text
    return text
  }
}
