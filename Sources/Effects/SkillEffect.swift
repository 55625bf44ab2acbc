package import Bytes
package import Events
package import HTTP
internal import JSON
internal import Views

/// What a call of a model costs, by its name and the tokens that went in and came out.
package typealias CallPrice =
  @Sendable (_ model: String, _ input: UInt64, _ output: UInt64) -> FixedPoint

/// Has a model write down, as a skill, how an interaction worked: by POST to `CHAT_URL/chat/completions`,
/// as OpenAI, llama.cpp's server, Ollama and vLLM have it, with the schema of the answer.
package struct SkillEffect: Effect {
  package static let wantKind = "extract_skill"
  package let kind = Self.wantKind
  package let address: HTTPAddress
  private let model: String
  private let key: Secret?
  private let timeouts: HTTPTimeouts
  private let price: CallPrice

  static let tokensMax = 800

  /// - Parameters:
  ///   - chatURL: up to and with `/v1`.
  ///   - timeout_s: how long an answer may take; a model says nothing until it is done.
  package init(
    chatURL: String, model: String, key: Secret?, timeout_s: Int, price: @escaping CallPrice
  ) throws(EffectSetupError) {
    let base = chatURL.utf8.last == UInt8(ascii: "/") ? String(chatURL.dropLast()) : chatURL
    do { address = try HTTPAddress("\(base)/chat/completions") } catch {
      throw EffectSetupError(error)
    }
    self.model = model
    self.key = key
    self.price = price
    var timeouts = HTTPTimeouts()
    timeouts.whole_ms = timeout_s * 1_000
    timeouts.silence_ms = timeout_s * 1_000
    self.timeouts = timeouts
  }

  /// Of all tokens that the answer may have, and a token for two bytes that are sent.
  package func cost(expectedOf task: EffectTask) -> FixedPoint {
    price(model, Self.bytesSent(for: task) / 2, UInt64(Self.tokensMax))
  }

  /// About, and not less: both texts, and what stands around them.
  private static func bytesSent(for task: EffectTask) -> UInt64 {
    UInt64(["prompt", "response"].map { task.row[$0].text?.utf8.count ?? 0 }.reduce(3_000, +))
  }

  /// What an answer cost. No text has more tokens than bytes: a server that tells of more, of none or of
  /// no number is taken to mean the most.
  private func cost(of answer: ChatAnswer, _ size: Int, to task: EffectTask) -> FixedPoint {
    let sent = Self.bytesSent(for: task)
    let input = answer.input.map { min($0, sent) } ?? sent / 2
    let output =
      answer.output.map { min($0, max(UInt64(Self.tokensMax), UInt64(size))) }
      ?? UInt64(Self.tokensMax)
    let told = price(answer.model ?? model, input, output)
    // Servers may call it by a name that has no price.
    return told > .zero ? told : price(model, input, output)
  }

  package func request(for task: EffectTask, at time: Timestamp) -> HTTPRequest {
    let version = task.row["prompt_version"].integer.flatMap { Int(exactly: $0) } ?? 0
    var body = JSONLineWriter()
    body.member("model", text: model)
    body.member(
      "messages",
      json: "["
        + [("system", SkillPrompt.text(version)), ("user", SkillPrompt.question(task.row))].map {
          var message = JSONLineWriter()
          message.member("role", text: $0)
          message.member("content", text: $1)
          return String(decoding: message.bytes, as: UTF8.self)
        }.joined(separator: ",") + "]")
    body.member("max_tokens", json: "\(Self.tokensMax)")
    body.member("temperature", json: "0.3")
    body.member("stream", json: "false")
    body.member("response_format", json: SkillPrompt.responseFormat)
    var request = HTTPRequest(address)
    request.body = body.bytes
    request.timeouts = timeouts
    request.headers = [HTTPHeader("Content-Type", "application/json")]
    if let key { request.headers.append(HTTPHeader("Authorization", key.authorization)) }
    return request
  }

  package func explanation(in response: HTTPResponse) -> String? {
    Explanation.of(response, hiding: key)
  }

  package func result(
    of response: HTTPResponse, to task: EffectTask, latency_ms: Int
  ) throws(EffectFailure) -> EffectResult {
    guard let answer = ChatAnswer(response.body) else {
      throw EffectFailure(
        "wrong_answer",
        "\(address.place): what it answers is no chat completion, or is torn: react.chat_url goes up to "
          + "and with /v1",
        .unready)
    }
    let model = answer.model ?? model
    let cost = cost(of: answer, response.body.count, to: task)
    let skill: WrittenSkill
    do throws(WrongAnswer) { skill = try WrittenSkill(answer) } catch {
      var failure = EffectFailure(
        "wrong_answer", "\(address.place): \(error.reason)", .anotherAnswer)
      failure.charge = .exactly(cost)
      throw failure
    }
    let (source, version) = (task.row["source_offset"], task.row["prompt_version"])
    return EffectResult(kind: "skill_extracted", cost: cost) { line in
      line.member("source_offset", source)
      line.member("prompt_version", version)
      line.member("model", text: model)
      line.member("name", text: skill.name)
      line.member("description", text: skill.description)
      line.member("prerequisites", texts: skill.prerequisites)
      line.member("steps", texts: skill.steps)
      line.member("tags", texts: skill.tags)
      line.member("example", text: skill.example)
      line.member("tokens_input", json: answer.input.map { "\($0)" })
      line.member("tokens_output", json: answer.output.map { "\($0)" })
      line.member("latency_ms", json: "\(latency_ms)")
    }
  }
}

/// Why what a model wrote is no skill. What it wrote is not repeated.
private struct WrongAnswer: Error {
  let reason: String
}

/// What is used of a chat completion.
private struct ChatAnswer {
  private(set) var text = ""
  private(set) var ending = ""
  private(set) var model: String?
  private(set) var input: UInt64?
  private(set) var output: UInt64?

  /// Nil of what is none.
  init?(_ bytes: [UInt8]) {
    var answer = ChatAnswer()
    var parser = JSONParser()
    do throws(JSONError) {
      let isOne = try parser.withObject(bytes.span, isPadded: false) { answer.take($0) }
      if !isOne { return nil }
    } catch { return nil }
    self = answer
  }

  private init() {}

  private mutating func take(_ object: JSONObject) -> Bool {
    guard let choices = object["choices"], let array = choices.array else { return false }
    var elements = array.elements
    guard let first = elements.next(), let choice = first.object,
      let said = choice["message"], let message = said.object
    else { return false }
    // A model that refuses writes no content.
    if let content = message["content"] { text = Self.said(content) }
    ending = choice["finish_reason"]?.string ?? ""
    if let name = object["model"]?.string, !name.isEmpty { model = name }
    if let told = object["usage"], let usage = told.object {
      input = usage["prompt_tokens"]?.uint64.flatMap { $0 > 0 ? $0 : nil }
      output = usage["completion_tokens"]?.uint64.flatMap { $0 > 0 ? $0 : nil }
    }
    return true
  }

  /// A text, or a list of parts, as gateways give it.
  private static func said(_ content: JSONValue) -> String {
    if let text = content.string { return text }
    guard let array = content.array else { return "" }
    var text = ""
    var elements = array.elements
    while let element = elements.next() {
      if let part = element.object, let said = part["text"] { text += said.string ?? "" }
    }
    return text
  }
}

/// A skill as a model wrote it, held against the schema that it was given.
private struct WrittenSkill {
  var name = ""
  var description = ""
  var prerequisites: [String] = []
  var steps: [String] = []
  var tags: [String] = []
  var example: String?

  /// What is written of one at most, in characters and parts: what reads it takes no more.
  private static let nameMax = 100
  private static let textMax = 1_000
  private static let exampleMax = 4_000
  private static let partsMax = 50

  init(_ answer: ChatAnswer) throws(WrongAnswer) {
    if answer.text.isEmpty { throw WrongAnswer(reason: "the model wrote nothing") }
    if answer.ending == "length" {
      throw WrongAnswer(
        reason: "the model's answer is cut off after \(SkillEffect.tokensMax) tokens")
    }
    var wrong = "the model's answer is no object of JSON"
    // What a model thought may hold objects, too: what follows it goes first.
    let thought = answer.text.ranges(of: "</think>").last?.upperBound ?? answer.text.startIndex
    let (after, before) = (answer.text[thought...], answer.text[..<thought])
    for text in Self.objects(in: after) + Self.objects(in: before) {
      var skill = WrittenSkill()
      do throws(JSONError) {
        if let reason = try JSONParser.withText(text, { skill.take($0) }) {
          wrong = "the model's answer is no skill: \(reason)"
          continue
        }
        self = skill
        return
      } catch { continue }
    }
    throw WrongAnswer(reason: wrong)
  }

  private init() {}

  private static let objectsMax = 100
  /// Bytes that are looked at for them: a text of many braces that are never closed is looked at again from
  /// each.
  private static let workMax = 1 << 22

  /// What may be an object, each from a brace to that which closes it: models put what they thought before
  /// one, and fences and words around it, though they are asked not to.
  private static func objects(in text: Substring) -> [String] {
    let bytes = Array(text.utf8)
    var objects: [String] = []
    var start = bytes.firstIndex(of: UInt8(ascii: "{"))
    var work = 0
    while let first = start, objects.count < objectsMax, work < workMax {
      let end = end(ofObjectAt: first, in: bytes)
      if let end { objects.append(String(decoding: bytes[first...end], as: UTF8.self)) }
      work += (end ?? bytes.count) - first
      start = bytes[(first + 1)...].firstIndex(of: UInt8(ascii: "{"))
    }
    return objects
  }

  /// The place of the brace that closes one; nil where none does.
  private static func end(ofObjectAt start: Int, in bytes: [UInt8]) -> Int? {
    var (depth, isInText, isEscaped) = (0, false, false)
    for place in start..<bytes.count {
      switch bytes[place] {
      case _ where isEscaped: isEscaped = false
      case UInt8(ascii: "\\") where isInText: isEscaped = true
      case UInt8(ascii: "\""): isInText.toggle()
      case UInt8(ascii: "{") where !isInText: depth += 1
      case UInt8(ascii: "}") where !isInText:
        depth -= 1
        if depth == 0 { return place }
      default: break
      }
    }
    return nil
  }

  /// Returns what is wrong with it; nil for nothing.
  private mutating func take(_ object: JSONObject) -> String? {
    guard let name = object["name"]?.string, !isBlank(name) else { return "it has no name" }
    guard let description = object["description"]?.string, !isBlank(description) else {
      return "it has no description"
    }
    (self.name, self.description) = (
      String(name.prefix(Self.nameMax)), String(description.prefix(Self.textMax))
    )
    for (key, isNeeded) in [("steps", true), ("prerequisites", false), ("tags", false)] {
      guard let value = object[key], !value.isNothing else {
        if isNeeded { return "it has no \(key)" }
        continue
      }
      guard let array = value.array else {
        // What is not needed is left out where it is not as asked.
        if isNeeded { return "its \(key) are no list" }
        continue
      }
      var texts: [String] = []
      var elements = array.elements
      while let element = elements.next() {
        guard let text = element.string else {
          if isNeeded { return "its \(key) are no texts" }
          continue
        }
        if !isBlank(text), texts.count < Self.partsMax {
          texts.append(String(text.prefix(Self.textMax)))
        }
      }
      switch key {
      case "steps": steps = texts
      case "prerequisites": prerequisites = texts
      default: tags = texts
      }
    }
    if steps.isEmpty { return "it has no steps" }
    if let text = object["example"]?.string, !isBlank(text) {
      example = String(text.prefix(Self.exampleMax))
    }
    return nil
  }
}

private func isBlank(_ text: String) -> Bool { text.utf8.allSatisfy { $0 <= 0x20 } }
