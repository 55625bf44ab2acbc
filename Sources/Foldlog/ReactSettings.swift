package import Bytes
package import Events
package import Views

/// The settings of `foldlog react`. They change no row.
package struct ReactSettings: SettingGroup, Equatable {
  package var chatURL = ServerAddress()
  package var chatModel = PlainText()
  package var key = KeySource()
  package var keyFile = PlainText()
  package var webhookURL = ServerAddress()
  package var webhookKey = KeySource()
  package var webhookKeyFile = PlainText()
  package var dailyCalls: UInt64 = 1_000
  package var dailyCost = FixedPoint(hundredths: 500)
  package var timeout_s: UInt64 = 60

  package init() {}

  package static func settings<Visitor: SettingVisitor>(
    _ react: inout Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    visit.section("react", "What `foldlog react` asks of others, and how much.")
    try visit.setting(
      "react.chat_url", &react.chatURL,
      "Whom models are asked of, as OpenAI, llama.cpp's server, Ollama and vLLM have it, up to and with "
        + "`/v1`; empty for nobody.")
    try visit.setting(
      "react.chat_model", &react.chatModel, "Which model is asked, as that server calls it.")
    try visit.setting(
      "react.key_env", &react.key,
      "The variable of the environment that holds the key for that server.")
    try visit.setting(
      "react.key_file", &react.keyFile,
      "A file that holds that key instead, which only its owner may read; its place is told from the "
        + "root on, or from the data directory on.")
    try visit.setting(
      "react.webhook_url", &react.webhookURL,
      "Where alerts are posted to, and what else views want told; empty: nowhere.")
    try visit.setting(
      "react.webhook_key_env", &react.webhookKey,
      "The variable of the environment that holds the key by which these are signed: of a key "
        + "`whsec_…`, the rest is Base64 of what is signed with; another is used as it is.")
    try visit.setting(
      "react.webhook_key_file", &react.webhookKeyFile,
      "A file that holds that key instead, which only its owner may read; its place is told from the "
        + "root on, or from the data directory on.")
    try visit.setting(
      "react.daily_calls", &react.dailyCalls, unit: .count, in: 0...UInt64(1_000_000_000),
      "How many requests are made in a day, UTC, at most, with those of redirects. Where alerts are posted, "
        + "a tenth of them, at least one, is kept for these.")
    try visit.setting(
      "react.daily_usd", &react.dailyCost, unit: .usd,
      in: FixedPoint.zero...FixedPoint(units: .max),
      "How much answers may cost in a day, UTC, by `[[prices]]`. What one may cost is held back before it "
        + "is asked for, which is done only where it fits; it stays counted where no answer comes. What "
        + "costs nothing needs no money.")
    try visit.setting(
      "react.timeout_s", &react.timeout_s, unit: .seconds, in: 1...3_600,
      "How long an answer may take. A model says nothing until it is done; one that is given up may have "
        + "to be paid all the same.")
  }
}

/// A setting that is kept as its text; empty for none.
package protocol TextSetting: SettingValue, Equatable {
  var text: String { get set }

  init()
}

extension TextSetting {
  package static var isText: Bool { true }

  package func encode(into writer: inout ByteWriter) { writer.append(text: text) }

  package init(from reader: inout ByteReader) throws(BytesError) {
    self.init()
    text = try reader.text()
  }
}

/// The address of a server, as a setting.
package struct ServerAddress: TextSetting {
  package var text = ""

  package init() {}

  package init?(_ input: SettingInput, within bound: Never?) {
    guard case .text(let text) = input, text.isEmpty || Self.isAddress(text) else { return nil }
    self.text = text
  }

  /// Whether it may be one: libcurl, which has the last word, is not loaded for that.
  private static func isAddress(_ text: String) -> Bool {
    let starts = ["http://", "https://"]
    guard let start = starts.first(where: text.hasPrefix) else { return false }
    let host = text.utf8.dropFirst(start.utf8.count).prefix { $0 != UInt8(ascii: "/") }
    return !host.isEmpty && !host.contains(UInt8(ascii: "@"))
      && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
  }

  package static func requirement(within bound: Never?, unit: Unit?) -> String {
    "an address as \"https://host/path\", without a user or a password"
  }
}

/// The name of a variable of the environment, as a setting.
package struct KeySource: TextSetting {
  package var text = ""

  package init() {}

  package init?(_ input: SettingInput, within bound: Never?) {
    guard case .text(let text) = input else { return nil }
    let isName = text.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "_") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
        || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
    }
    if !isName { return nil }
    self.text = text
  }

  package static func requirement(within bound: Never?, unit: Unit?) -> String {
    "the name of a variable, as \"WEBHOOK_KEY\" (never the key itself)"
  }
}

/// Any text, as a setting.
package struct PlainText: TextSetting {
  package var text = ""

  package init() {}

  package init?(_ input: SettingInput, within bound: Never?) {
    guard case .text(let text) = input else { return nil }
    self.text = text
  }

  package static func requirement(within bound: Never?, unit: Unit?) -> String { "a text" }
}
