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
  mutating func example(prompt: String, response: String, as format: ExportFormat) {
    switch format {
    case .openai:
      raw(#"{"messages":["#)
      object([("role", { $0.string("user") }), ("content", { $0.string(prompt) })])
      raw(",")
      object([("role", { $0.string("assistant") }), ("content", { $0.string(response) })])
      raw("]}")
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
  let name = rest.prefix { isKeyByte($0) }
  return !name.isEmpty && rest[name.endIndex...].starts(with: "|>".utf8)
}
