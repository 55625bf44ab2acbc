/// How training files are written: one JSON object a line.
package enum ExportFormat: String, Sendable, CaseIterable {
  case openai, chatml, sharegpt, alpaca, dpo, kto

  /// Whether it is made of preference pairs, not of examples.
  package var isOfPairs: Bool { self == .dpo || self == .kto }

  /// The line of an example, with its newline.
  func line(prompt: String, response: String) -> [UInt8] {
    var json = JSONText()
    switch self {
    case .chatml:
      json.object([("text", { $0.string(chatML(prompt: prompt, response: response)) })])
    case .sharegpt:
      json.raw(#"{"conversations":["#)
      json.object([("from", { $0.string("human") }), ("value", { $0.string(prompt) })])
      json.raw(",")
      json.object([("from", { $0.string("gpt") }), ("value", { $0.string(response) })])
      json.raw("]}")
    case .alpaca:
      json.object([
        ("instruction", { $0.string(prompt) }), ("input", { $0.string("") }),
        ("output", { $0.string(response) }),
      ])
    case .openai, .dpo, .kto:
      json.raw(#"{"messages":["#)
      json.object([("role", { $0.string("user") }), ("content", { $0.string(prompt) })])
      json.raw(",")
      json.object([("role", { $0.string("assistant") }), ("content", { $0.string(response) })])
      json.raw("]}")
    }
    json.raw("\n")
    return json.bytes
  }

  /// The lines of a pair: one for DPO, two for KTO, the chosen first.
  func lines(prompt: String, chosen: String, rejected: String) -> [[UInt8]] {
    if self == .dpo {
      var json = JSONText()
      json.object([
        ("prompt", { $0.string(prompt) }), ("chosen", { $0.string(chosen) }),
        ("rejected", { $0.string(rejected) }),
      ])
      json.raw("\n")
      return [json.bytes]
    }
    return [(chosen, "true"), (rejected, "false")].map { completion, label in
      var json = JSONText()
      json.object([
        ("prompt", { $0.string(prompt) }), ("completion", { $0.string(completion) }),
        ("label", { $0.raw(label) }),
      ])
      json.raw("\n")
      return json.bytes
    }
  }
}

private func chatML(prompt: String, response: String) -> String {
  "<|im_start|>user\n\(plain(prompt))<|im_end|>\n"
    + "<|im_start|>assistant\n\(plain(response))<|im_end|>\n"
}

/// Text in which no mark of ChatML can begin or end a turn.
private func plain(_ text: String) -> String {
  var bytes: [UInt8] = []
  let marks = [Array("<|im_start|>".utf8), Array("<|im_end|>".utf8)]
  let input = Array(text.utf8)
  bytes.reserveCapacity(input.count)
  for index in input.indices {
    bytes.append(input[index])
    if input[index] == UInt8(ascii: "<"),
      marks.contains(where: { input[index...].starts(with: $0) })
    {
      bytes.append(UInt8(ascii: " "))
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}
