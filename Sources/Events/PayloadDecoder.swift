internal import Bytes
internal import JSON

/// The payloads of a line, and the fields of them that were there with a value of the wrong type, or
/// beyond their range.
package struct DecodedPayloads: Sendable {
  package var all: [any Payload] = []
  /// By their own names, each once.
  package var mismatched: [String] = []
  /// Fields without which there is no payload, and which the line has in no form.
  package var missing: [String] = []
  /// Of kinds that need a field of a payload: what was looked for, and what was there.
  var sought: [String] = []
  var found: [String] = []
}

/// Reads the payloads that some view needs, of lines whose kinds carry them.
struct PayloadDecoder {
  private var readers: [any PayloadReader]
  /// The numbers of the readers of each kind that was met.
  private var readersOfKind: [String: Readers] = [:]

  private struct Readers {
    var indices: [Int]
    /// Whether the kind needs a field of a payload.
    var notesFound: Bool
  }

  /// Kinds come from lines: no more of them are remembered.
  private static let kindsMax = 1_024

  /// Nil for none.
  init?(_ payloads: [any Payload.Type]) {
    if payloads.isEmpty { return nil }
    readers = payloads.map { payloadReader($0) }
  }

  /// The payloads of a line of a kind.
  mutating func decode(_ object: JSONObject, kind: String) -> DecodedPayloads {
    var decoded = DecodedPayloads()
    let meant = readers(of: kind)
    for index in meant.indices {
      readers[index].read(object, notesFound: meant.notesFound, into: &decoded)
    }
    return decoded
  }

  private mutating func readers(of kind: String) -> Readers {
    if let known = readersOfKind[kind] { return known }
    let needs = Kinds.declared(kind)?.needs ?? []
    let found = Readers(
      indices: readers.indices.filter { readers[$0].isMeant(by: kind) },
      notesFound: needs.joined().contains { if case .payload = $0 { true } else { false } })
    if readersOfKind.count < Self.kindsMax { readersOfKind[kind] = found }
    return found
  }
}

private func payloadReader<P: Payload>(_ payload: P.Type) -> any PayloadReader {
  TypedPayloadReader<P>()
}

private protocol PayloadReader {
  /// Whether lines of a kind carry what it reads.
  func isMeant(by kind: String) -> Bool
  mutating func read(
    _ object: JSONObject, notesFound: Bool, into decoded: inout DecodedPayloads)
}

private struct TypedPayloadReader<P: Payload>: PayloadReader {
  private let fieldNames: [String]
  /// For each field its names, as numbers of keys.
  private let names: [[Int]]
  private let isTopOnly: [Bool]
  private let containers: [Int]
  private var slots: JSONSlots

  init() {
    var keys: [String] = []
    func key(_ name: String) -> Int {
      if let known = keys.firstIndex(of: name) { return known }
      keys.append(name)
      return keys.count - 1
    }
    fieldNames = P.fields.map(\.name)
    names = P.fields.map { $0.names.map(key) }
    containers = FieldNames.containers.map(key)
    isTopOnly = keys.map(FieldNames.topOnly.contains)
    slots = JSONSlots(keys: JSONKeyTable(keys), places: 1 + containers.count)
  }

  func isMeant(by kind: String) -> Bool { P.isCarried(by: kind) }

  mutating func read(
    _ object: JSONObject, notesFound: Bool, into decoded: inout DecodedPayloads
  ) {
    slots.beginLine()
    slots.note(object, place: 0)
    var places = [0]
    for (container, key) in containers.enumerated() {
      guard let index = slots.index(of: key, place: 0), let inner = object.value(at: index).object
      else { continue }
      slots.note(inner, place: container + 1)
      places.append(container + 1)
    }
    var filler = PayloadFiller(values: names.map { values(of: $0, places, in: object) })
    var payload = P()
    P.fields(&payload, &filler)
    decoded.mismatched += filler.mismatched
    decoded.missing += filler.missing
    if notesFound {
      decoded.sought += fieldNames
      decoded.found += filler.found.map { fieldNames[$0] }
    }
    if filler.isComplete { decoded.all.append(payload) }
  }

  /// What stands under the names of a field, in the order in which it is looked up.
  private func values(of names: [Int], _ places: [Int], in object: JSONObject) -> [LineValue] {
    var values: [LineValue] = []
    for place in places {
      for name in names where place == 0 || !isTopOnly[name] {
        guard let index = slots.index(of: name, place: place) else { continue }
        let value = object.value(at: index)
        if !value.isNothing { values.append(LineValue(value)) }
      }
    }
    return values
  }
}

/// Gives each field the first of its values that it can hold.
private struct PayloadFiller: PayloadVisitor {
  let values: [[LineValue]]
  private var next = 0
  private(set) var isComplete = true
  private(set) var mismatched: [String] = []
  private(set) var missing: [String] = []
  /// The numbers of the fields that have a value.
  private(set) var found: [Int] = []

  init(values: [[LineValue]]) { self.values = values }

  mutating func field<Value: PayloadValue>(
    _ value: inout Value, within bound: Value.Bound?, as field: @autoclosure () -> PayloadField
  ) {
    defer { next += 1 }
    var isMismatched = false
    var isFound = false
    search: for candidate in values[next] {
      switch Value.read(candidate, within: bound) {
      case .value(let read):
        value = read
        isFound = true
        break search
      case .absent: continue
      case .wrongType, .outOfRange: isMismatched = true
      }
    }
    if isMismatched { mismatched.append(field().name) }
    if isFound {
      found.append(next)
    } else if Value.isRequired {
      isComplete = false
      if !isMismatched { missing.append(field().name) }
    }
  }
}

extension LineValue {
  fileprivate init(_ value: JSONValue) {
    switch value.kind {
    case .text: self = .text(String(decoding: value.utf8))
    case .bool: self = .bool(value.bool == true)
    case .integer:
      self = value.int64.map { .integer($0) } ?? value.uint64.map { .natural($0) } ?? .other
    case .double: self = value.double.map { .real($0) } ?? .other
    case .array: self = Self.texts(of: value)
    case .object: self = Self.members(of: value)
    case .null, .absent: self = .other
    }
  }

  private static func members(of value: JSONValue) -> LineValue {
    var known: [String: String] = [:]
    if !addMembers(of: value, under: "", depth: 1, to: &known) { return .other }
    let names = known.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return .members(names.map { "\($0)=\(known[$0] ?? "")" })
  }

  /// How deep the objects in an object may lie of which members are named: `lora.r`.
  private static let membersDepthMax = 8

  /// Returns whether the value is an object.
  private static func addMembers(
    of value: JSONValue, under prefix: String, depth: Int, to known: inout [String: String]
  ) -> Bool {
    guard let object = value.object else { return false }
    var members = object.members
    while let member = members.next() {
      let name = prefix + String(decoding: member.key.utf8)
      if member.value.kind == .object {
        if depth < membersDepthMax {
          _ = addMembers(of: member.value, under: "\(name).", depth: depth + 1, to: &known)
        }
        continue
      }
      switch LineValue(member.value) {
      case .text(let text): known[name] = text
      case .integer(let number): known[name] = "\(number)"
      case .natural(let number): known[name] = "\(number)"
      case .real(let number): known[name] = FixedPoint(number)?.description ?? "\(number)"
      case .bool(let truth): known[name] = "\(truth)"
      case .texts(let texts): known[name] = "[\(texts.joined(separator: " "))]"
      case .members, .other: known[name] = nil
      }
    }
    return true
  }

  private static func texts(of value: JSONValue) -> LineValue {
    guard let array = value.array else { return .other }
    var texts: [String] = []
    var elements = array.elements
    while let element = elements.next() {
      switch element.kind {
      case .text: texts.append(String(decoding: element.utf8))
      case .null, .absent: continue
      default:
        guard let name = element.object?["name"], !name.utf8.isEmpty else { return .other }
        texts.append(String(decoding: name.utf8))
      }
    }
    return .texts(texts)
  }
}
