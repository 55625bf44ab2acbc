internal import Bytes
internal import CGlibc
internal import Conversations
internal import Effects
internal import Events
internal import Facts
internal import Files

// Whom the settings give somebody to ask, and by which keys.
extension ReactService {
  /// The effects that the settings give somebody to ask for.
  ///
  /// - Parameter failed: takes what is wrong with the settings of one; it may throw that.
  func effects(
    _ settings: ReactSettings, failed: (FoldlogError) throws -> Void
  ) throws -> [any Effect] {
    var effects: [any Effect] = []
    for make in [chatEffect, webhookEffect] {
      do {
        if let effect = try make(settings) { effects.append(effect) }
      } catch let error as FoldlogError { try failed(error) }
    }
    return effects
  }

  private func chatEffect(_ settings: ReactSettings) throws -> (any Effect)? {
    if settings.chatURL.text.isEmpty { return nil }
    if settings.chatModel.text.isEmpty {
      throw FoldlogError(
        .usage, "react.chat_url is set, and react.chat_model is not: name the model to ask")
    }
    let key = try key(
      variable: settings.key.text, file: settings.keyFile.text, setting: "react.key")
    let prices = store.configuration.folding.prices.list
    return try of("react.chat_url") { () throws(EffectSetupError) in
      try SkillEffect(
        chatURL: settings.chatURL.text, model: settings.chatModel.text, key: key,
        timeout_s: Int(settings.timeout_s),
        price: { model, input, output in
          prices.cost(
            of: TokenUsage(input: input, output: output), model: model, at: wallClock(),
            isPartial: false
          ).0?.dollars ?? .zero
        })
    }
  }

  private func webhookEffect(_ settings: ReactSettings) throws -> (any Effect)? {
    if settings.webhookURL.text.isEmpty { return nil }
    let key = try key(
      variable: settings.webhookKey.text, file: settings.webhookKeyFile.text,
      setting: "react.webhook_key")
    return try of("react.webhook_url") { () throws(EffectSetupError) in
      try WebhookEffect(
        url: settings.webhookURL.text, key: key, timeout_s: Int(settings.timeout_s))
    }
  }

  /// What a setting has made, its errors with the setting's name.
  private func of<Made: Effect>(
    _ setting: String, _ make: () throws(EffectSetupError) -> Made
  ) throws -> Made {
    do throws(EffectSetupError) { return try make() } catch {
      throw error.isOfSetting ? FoldlogError(.usage, "\(setting): \(error)") : error
    }
  }

  /// Why a budget in dollars does not hold; nil where it does.
  func unpriced(_ settings: ReactSettings) -> String? {
    let model = settings.chatModel.text
    if settings.chatURL.text.isEmpty
      || store.configuration.folding.prices.list.price(of: model, at: wallClock()) != nil
    {
      return nil
    }
    return "there is no price for the model \(model): what it costs is bounded by react.daily_calls"
      + " alone, unless [[prices]] names it (`foldlog prices`)"
  }

  /// A key from the environment or a file; nil where the settings name neither.
  private func key(variable: String, file: String, setting: String) throws -> Secret? {
    if variable.isEmpty && file.isEmpty { return nil }
    // Before the key is anywhere but in the environment.
    if !cglibc_forbid_core() {
      throw FoldlogError(
        .inputOutput,
        "the system would write keys into a core of this process, and does not stop it")
    }
    let text: String
    if !variable.isEmpty {
      if !file.isEmpty {
        throw FoldlogError(
          .usage, "\(setting)_env and \(setting)_file both name a key: leave one out")
      }
      guard let value = environmentText(variable), !value.isEmpty else {
        throw FoldlogError(
          .usage, "the variable \(variable), which \(setting)_env names, is not set: set it")
      }
      text = value
    } else {
      let path = file.hasPrefix("/") ? file : "\(store.directory.path)/\(file)"
      let sizeMax = 1 << 14
      guard let bytes = try readSecretFile(path, atMost: sizeMax + 1) else {
        throw FoldlogError(
          .usage,
          "\(shownPath(path)), which \(setting)_file names, can be read by others, or is another's: "
            + "give it the mode 0600")
      }
      if bytes.count > sizeMax {
        throw FoldlogError(
          .usage,
          "\(shownPath(path)), which \(setting)_file names, is longer than \(sizeMax) bytes: that is no key"
        )
      }
      text = String(decoding: bytes, as: UTF8.self)
    }
    do {
      return try Secret(String(text.reversed().drop(while: \.isWhitespace).reversed()))
    } catch {
      throw FoldlogError(
        .usage,
        "the key that \(setting)_\(variable.isEmpty ? "file" : "env") names is none: it is one word of "
          + "ASCII")
    }
  }
}
