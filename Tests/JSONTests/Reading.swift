@testable import JSON

/// What a parser makes of a line: its members, written so that equal text means equal values of equal
/// types; or the error.
enum Outcome: Equatable {
  case members(String)
  case refused(JSONError)

  var isAccepted: Bool {
    if case .members = self { true } else { false }
  }

  var code: JSONError.Code? {
    if case .refused(let error) = self { error.code } else { nil }
  }

  var position: Int? {
    if case .refused(let error) = self { error.position } else { nil }
  }
}

func read(_ line: [UInt8]) -> Outcome {
  var parser = JSONParser()
  return read(line, with: &parser)
}

func read(_ line: String) -> Outcome { read(Array(line.utf8)) }

func read(_ line: [UInt8], with parser: inout JSONParser) -> Outcome {
  do throws(JSONError) {
    return .members(try parser.withObject(line.span, isPadded: false) { text(of: $0) })
  } catch {
    return .refused(error)
  }
}

/// `StrictParser` alone.
func readStrictly(_ line: [UInt8], with parser: inout JSONParser) -> Outcome {
  do throws(JSONError) {
    return .members(try parser.withObjectStrictly(line.span) { text(of: $0) })
  } catch {
    return .refused(error)
  }
}

func readStrictly(_ line: String) -> Outcome {
  var parser = JSONParser()
  return readStrictly(Array(line.utf8), with: &parser)
}

func text(of object: JSONObject) -> String {
  var result = "{"
  var members = object.members
  while let member = members.next() {
    result += "\(String(decoding: member.key.utf8).debugDescription):\(text(of: member.value)),"
  }
  return result + "}"
}

func text(of value: JSONValue) -> String {
  switch value.kind {
  case .null: return "null"
  case .absent: return "absent"
  case .bool: return "\(value.bool == true)"
  case .integer: return value.int64.map { "\($0)" } ?? "\(value.uint64 ?? 0)u"
  case .double: return "\(value.double ?? 0)d"
  case .text: return String(decoding: value.utf8).debugDescription
  case .object:
    guard let object = value.object else { return "?" }
    return text(of: object)
  case .array:
    guard let array = value.array else { return "?" }
    var result = "\(array.count)["
    var elements = array.elements
    while let element = elements.next() { result += text(of: element) + "," }
    return result + "]"
  }
}
