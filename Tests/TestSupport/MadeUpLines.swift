internal import Events

/// Lines of every declared kind with any canonical fields, some of which tell of no event, or of two
/// or three.
package struct MadeUpLines {
  private var random: SeededRandom
  private var count = 0
  private static let kinds = Kinds.all.filter { !$0.isFamily }.map(\.name) + ["something_new"]
  private static let frequent = [
    "completion", "query_completion", "task_completed", "task_failed", "feedback", "error",
    "tool_execute", "error_resolution", "judgment", "ab_result",
  ]

  package init(seed: UInt64) { random = SeededRandom(seed: seed) }

  package mutating func line() -> String {
    count += 1
    var members: [String] = []
    if count == 1 || !chance(1, of: 15) {
      let seconds = 8 * 3_600 + count * 7 - number(90)
      members.append(
        "\"timestamp\":\"2026-03-03T\(pair(seconds / 3_600)):\(pair(seconds / 60 % 60))"
          + ":\(pair(seconds % 60))Z\"")
    }
    members.append("\"stream\":\"\(pick(Events.Stream.allCases).name)\"")
    if chance(1, of: 6) {
      let told = (0..<pick([0, 2, 3])).map { _ in "{\(event().joined(separator: ","))}" }
      members += ["\"event\":\"probe/turn\"", "\"told\":[\(told.joined(separator: ","))]"]
    } else {
      members += event()
    }
    return "{\(members.joined(separator: ","))}"
  }

  private mutating func event() -> [String] {
    var fields: [Field: String] = [:]
    for _ in 0..<number(6) {
      let field = pick(Self.fields)
      fields[field] = value(of: field)
    }
    if count % 5 == 0 { fields[.tags] = #"["alpha","t\#(count % 3)"]"# }
    if count % 7 == 0 { fields[.testsPassRate] = "0.\(count % 9)" }
    for (field, share) in Self.often where chance(share, of: 20) {
      fields[field] = value(of: field)
    }
    let kind = pick(chance(1, of: 2) ? Self.frequent : Self.kinds)
    let members = fields.sorted { $0.key.rawValue < $1.key.rawValue }
    return ["\"event\":\"\(kind)\""] + members.map { "\"\($0.key.name)\":\($0.value)" }
  }

  private static let fields = Field.allCases

  private static let often: [(Field, Int)] = [
    (.interactionID, 12), (.sessionID, 12), (.prompt, 7), (.response, 7), (.success, 7),
    (.errorMessage, 4), (.command, 5), (.exitCode, 5), (.model, 6), (.userFeedback, 3),
    (.fix, 1), (.strategy, 2), (.domain, 2),
  ]

  private mutating func value(of field: Field) -> String {
    switch field {
    case .interactionID: return "\"i\(number(60))\""
    case .sessionID: return "\"s\(number(5))\""
    case .prompt, .response, .chosen, .rejected: return "\"\(text())\""
    case .errorMessage:
      let messages = [
        "ModuleNotFoundError: No module named 'm\(number(9))'",
        "error: cannot find \(number(99)) in scope", "Connection to 10.0.0.\(number(9)) refused",
      ]
      return "\"\(pick(messages))\""
    case .command: return "\"\(pick(["make", "pytest", "pip install m\(number(9))"]))\""
    default: break
    }
    switch field.type {
    case .text: return "\"\(pick(["alpha", "beta", "gamma", "completed", "failed"]))\""
    case .number: return "\(number(4) - 1)\(pick(["", ".5"]))"
    case .bool: return pick(["true", "false"])
    case .texts: return "[\"sed\",\"\(pick(["awk", "rg"]))\"]"
    }
  }

  private mutating func text() -> String {
    let words = (0..<18).map { "word\($0 + number(2) * number(2) * number(40))" }
    return "\(pick(["Fix", "Explain"])) \(number(3)) \(words.joined(separator: " "))"
  }

  private func pair(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  private mutating func number(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
  private mutating func chance(_ times: Int, of all: Int) -> Bool { number(all) < times }
  private mutating func pick<Element>(_ list: [Element]) -> Element { list[number(list.count)] }
}
