internal import Bytes
internal import Events
internal import TrainingData
internal import Views

/// How training files are written: one JSON object a line.
package enum ExportFormat: String, Sendable, CaseIterable {
  case openai, chatml, sharegpt, alpaca, dpo, kto
  /// The rows of `datasets` and of `datasets/pairs` themselves, masked: what other forms are made of.
  case examples, pairs

  /// Whether it is made of preference pairs, not of examples.
  package var isOfPairs: Bool { self == .dpo || self == .kto || self == .pairs }
}

extension JSONText {
  /// The line of an example, in a format for examples.
  mutating func example(_ example: Example, as format: ExportFormat) {
    let (prompt, response) = (example.prompt, example.response)
    switch format {
    case .openai:
      raw(#"{"messages":["#)
      if let text = example.systemMessage {
        object([("role", { $0.string("system") }), ("content", { $0.string(text) })])
        raw(",")
      }
      object([("role", { $0.string("user") }), ("content", { $0.string(prompt) })])
      raw(",")
      object([("role", { $0.string("assistant") }), ("content", { $0.string(response) })])
      raw(#"],"metadata":"#)
      metadata(example)
      raw("}")
    case .chatml:
      object([("text", { $0.string(chatML(prompt: prompt, response: response)) })])
    case .sharegpt:
      raw(#"{"conversations":["#)
      object([("from", { $0.string("human") }), ("value", { $0.string(prompt) })])
      raw(",")
      object([("from", { $0.string("gpt") }), ("value", { $0.string(response) })])
      raw("]}")
    case .alpaca:
      object([
        ("instruction", { $0.string(prompt) }), ("input", { $0.string("") }),
        ("output", { $0.string(response) }),
      ])
    case .dpo, .kto, .examples, .pairs: break
    }
  }

  /// What trainers choose and weigh examples by.
  private mutating func metadata(_ example: Example) {
    var tags: [String] = []
    let said = [example.domain, example.taskType, example.language].compactMap { $0 }
    for tag in said + example.tags where !tags.contains(tag) { tags.append(tag) }
    object([
      ("example_id", { $0.cell(example.id.cell) }), ("score", { $0.cell(example.score.cell) }),
      ("iterations", { $0.cell(example.iterations.cell) }),
      ("backend", { $0.cell(example.backend.cell) }),
      ("time", { $0.cell(example.isTimeInferred ? .null : example.time.cell) }),
      ("tags", { $0.cell(tags.cell) }),
    ])
  }

  /// The line of a pair for DPO.
  mutating func preference(prompt: String, chosen: String, rejected: String) {
    object([
      ("prompt", { $0.string(prompt) }), ("chosen", { $0.string(chosen) }),
      ("rejected", { $0.string(rejected) }),
    ])
  }

  /// A line for KTO: one answer, and whether it is wanted.
  mutating func labelled(prompt: String, completion: String, isWanted: Bool) {
    object([
      ("prompt", { $0.string(prompt) }), ("completion", { $0.string(completion) }),
      ("label", { $0.raw(isWanted ? "true" : "false") }),
    ])
  }
}

private func chatML(prompt: String, response: String) -> String {
  "<|im_start|>user\n\(plain(prompt))<|im_end|>\n"
    + "<|im_start|>assistant\n\(plain(response))<|im_end|>\n"
}

/// Text in which no mark of ChatML can begin or end a turn or a text: `<|im_end|>`, `<|endoftext|>` and
/// whatever else is a name between `<|` and `|>`.
private func plain(_ text: String) -> String {
  var bytes: [UInt8] = []
  let input = Array(text.utf8)
  bytes.reserveCapacity(input.count)
  for index in input.indices {
    bytes.append(input[index])
    if beginsMark(input[index...]) { bytes.append(UInt8(ascii: " ")) }
  }
  return String(decoding: bytes, as: UTF8.self)
}

private func beginsMark(_ bytes: ArraySlice<UInt8>) -> Bool {
  guard bytes.starts(with: "<|".utf8) else { return false }
  let rest = bytes.dropFirst(2).prefix(64)
  let name = rest.prefix(while: isNameByte)
  return !name.isEmpty && rest[name.endIndex...].starts(with: "|>".utf8)
}

private func isNameByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
  case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
  default: false
  }
}

// MARK: JSON

/// Writes JSON by hand: the same input gives the same bytes.
struct JSONText {
  private(set) var bytes: [UInt8] = []

  /// Appends syntax, as it is.
  mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Appends a string with its quotes. Only what RFC 8259 requires is escaped.
  mutating func string(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case UInt8(ascii: "\n"): raw("\\n")
      case UInt8(ascii: "\r"): raw("\\r")
      case UInt8(ascii: "\t"): raw("\\t")
      case 0..<0x20: raw("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends what a row answers, under the names of its columns.
  mutating func row<R: Row>(_ row: R) {
    object(zip(R.columns, row.cells).map { column, cell in (column.name, { $0.cell(cell) }) })
  }

  /// Appends a cell of the types that training data have.
  private mutating func cell(_ cell: Cell) {
    switch cell {
    case .bool(let value): raw(value ? "true" : "false")
    case .integer(let value): raw("\(value)")
    case .decimal(let value): raw(value.description)
    case .text(let value): string(value)
    case .time(let value): string(value.description)
    case .texts(let values):
      raw("[")
      for (index, value) in values.enumerated() {
        if index > 0 { raw(",") }
        string(value)
      }
      raw("]")
    case .offsets(let values): raw("[" + values.map(\.description).joined(separator: ",") + "]")
    case .null, .real: raw("null")
    }
  }

  /// Appends an object of members, whose values are written by their closures.
  mutating func object(_ members: [(String, (inout JSONText) -> Void)]) {
    raw("{")
    for (index, member) in members.enumerated() {
      if index > 0 { raw(",") }
      string(member.0)
      raw(":")
      member.1(&self)
    }
    raw("}")
  }
}
