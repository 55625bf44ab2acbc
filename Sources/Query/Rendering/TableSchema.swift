internal import Bytes
internal import Events
package import Views

/// What the rows of a table are, from its declaration: as JSON Schema, or for a person.
package struct TableSchema: Sendable {
  private let table: any AnswerTable
  /// Of a question, what it is called and how it is asked: its rows are no table's.
  private let question: (name: String, command: String)?

  package init(_ table: any AnswerTable) {
    self.table = table
    question = nil
  }

  /// - Parameters:
  ///   - name: such as `questions/serving`.
  ///   - command: a command line that asks it.
  package init(_ table: any AnswerTable, ofQuestion name: String, askedBy command: String) {
    self.table = table
    question = (name, command)
  }

  private var identity: String {
    if let question { return question.name.replacing("/", with: ":") }
    return "views:" + table.name.replacing("/", with: "-")
  }

  /// A JSON Schema (2020-12) of one row, with the table's name and key beside it, or with how the
  /// question is asked.
  package func json() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(utf8: "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n")
    member("$id", "urn:foldlog:\(identity)", 2, &bytes)
    member("description", table.about, 2, &bytes)
    if let question {
      member("x-asked-by", question.command, 2, &bytes)
    } else {
      member("x-table", table.name, 2, &bytes)
      bytes.append(utf8: "  \"x-key\": ")
      list(table.key, 2, &bytes)
      bytes.append(utf8: ",\n")
    }
    bytes.append(utf8: "  \"type\": \"object\",\n  \"properties\": {\n")
    for (index, column) in table.columns.enumerated() {
      append(column, &bytes)
      bytes.append(utf8: index == table.columns.count - 1 ? "\n" : ",\n")
    }
    bytes.append(utf8: "  },\n  \"required\": ")
    list(table.columns.map(\.name), 2, &bytes)
    bytes.append(utf8: ",\n  \"additionalProperties\": false\n}\n")
    return bytes
  }

  private func append(_ column: Column, _ bytes: inout [UInt8]) {
    bytes.append(utf8: "    ")
    bytes.append(json: column.name)
    bytes.append(utf8: ": {\n")
    member("description", column.about.isEmpty ? column.rule ?? "" : column.about, 6, &bytes)
    if let rule = column.rule, !column.about.isEmpty { member("x-rule", rule, 6, &bytes) }
    if let unit = column.unit { member("x-unit", unit.rawValue, 6, &bytes) }
    if !column.choices.isEmpty {
      bytes.append(utf8: "      \"enum\": ")
      list(column.choices, 6, &bytes, alsoNull: column.isNullable)
      meanings(of: column, &bytes)
    } else if column.isNullable {
      bytes.append(utf8: "      \"type\": ")
      list([column.jsonType, "null"], 6, &bytes)
    } else {
      bytes.append(utf8: "      \"type\": \"\(column.jsonType)\"")
    }
    switch column.type {
    case .time: bytes.append(utf8: ",\n      \"format\": \"date-time\"")
    case .texts: bytes.append(utf8: ",\n      \"items\": { \"type\": \"string\" }")
    case .offsets:
      bytes.append(
        utf8: ",\n      \"items\": { \"type\": \"integer\", \"minimum\": 0 },\n"
          + "      \"uniqueItems\": true")
    default: break
    }
    bytes.append(utf8: "\n    }")
  }

  private func meanings(of column: Column, _ bytes: inout [UInt8]) {
    if column.meanings.isEmpty { return }
    bytes.append(utf8: ",\n      \"x-meanings\": {")
    for (index, (choice, meaning)) in zip(column.choices, column.meanings).enumerated() {
      bytes.append(utf8: index == 0 ? "\n        " : ",\n        ")
      bytes.append(json: choice)
      bytes.append(utf8: ": ")
      bytes.append(json: meaning)
    }
    bytes.append(utf8: "\n      }")
  }

  private func member(_ name: String, _ text: String, _ indent: Int, _ bytes: inout [UInt8]) {
    bytes.append(utf8: String(repeating: " ", count: indent))
    bytes.append(json: name)
    bytes.append(utf8: ": ")
    bytes.append(json: text)
    bytes.append(utf8: ",\n")
  }

  private func list(
    _ texts: [String], _ indent: Int, _ bytes: inout [UInt8], alsoNull: Bool = false
  ) {
    bytes.append(utf8: "[")
    for (index, text) in texts.enumerated() {
      bytes.append(utf8: index == 0 ? " " : ", ")
      bytes.append(json: text)
    }
    bytes.append(utf8: alsoNull ? ", null ]" : " ]")
  }

  /// Each column with its type and its sentence, for a person.
  package func text(_ style: TextStyle) -> String {
    let width = style.width ?? 100
    var list = DefinitionList()
    for column in table.columns {
      var about = column.about
      if let rule = column.rule { about += about.isEmpty ? rule : " = \(rule)" }
      if column.meanings.isEmpty, !column.choices.isEmpty {
        about += " One of \(column.choices.joined(separator: ", "))."
      }
      list.append(column.name, column.typeText, (column.isKey ? "key: " : "") + about)
      for (choice, meaning) in zip(column.choices, column.meanings) {
        list.append("  \(choice)", "", meaning)
      }
    }
    let head =
      ["\(question?.name ?? table.name)"] + broken(table.about, indent: "  ", width: width) + [""]
    return (head + list.lines(width: width)).joined(separator: "\n")
  }
}

extension Column {
  /// Its type as JSON Schema calls it.
  fileprivate var jsonType: String {
    switch type {
    case .bool: "boolean"
    case .integer: "integer"
    case .decimal, .real: "number"
    case .text, .time: "string"
    case .texts, .offsets: "array"
    }
  }

  /// Its type and unit, for a person.
  fileprivate var typeText: String {
    "\(type.rawValue)\(unit.map { " (\($0.rawValue))" } ?? "")\(isNullable ? ", null" : "")"
  }
}
