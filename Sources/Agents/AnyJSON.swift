internal import JSON
internal import Query

/// A value of JSON that is kept beyond its document.
indirect enum AnyJSON: Sendable, Equatable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// Any other number, as it is written.
  case number(String)
  case text(String)
  case list([AnyJSON])
  case object([String: AnyJSON])

  init(_ value: JSONValue) {
    if let object = value.object {
      self.init(object)
    } else if let array = value.array {
      var elements = array.elements
      var list: [AnyJSON] = []
      while let element = elements.next() { list.append(AnyJSON(element)) }
      self = .list(list)
    } else if let text = value.string {
      self = .text(text)
    } else if let bool = value.bool {
      self = .bool(bool)
    } else if let integer = value.int64 {
      self = .integer(integer)
    } else if let natural = value.uint64 {
      self = .number("\(natural)")
    } else if let double = value.double, double.isFinite {
      self = .number("\(double)")
    } else {
      self = .null
    }
  }

  init(_ object: JSONObject) {
    var members = object.members
    var values: [String: AnyJSON] = [:]
    while let member = members.next() {
      values[String(decoding: member.key.utf8)] = AnyJSON(member.value)
    }
    self = .object(values)
  }

  /// A member of an object; nil where there is none, or no object.
  subscript(name: String) -> AnyJSON? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  var text: String? { if case .text(let text) = self { text } else { nil } }
  var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
  var isObject: Bool { if case .object = self { true } else { false } }
}

extension AnyJSON {
  /// As a document; members in the order of their names.
  var document: JSONDocument {
    switch self {
    case .null: .null
    case .bool(let bool): .bool(bool)
    case .integer(let number): .number(number)
    case .number(let text): .raw(text)
    case .text(let text): .text(text)
    case .list(let list): .list(list.map(\.document))
    case .object(let members):
      .object(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value.document) })
    }
  }
}
