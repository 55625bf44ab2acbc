package import Bytes
internal import JSON

/// What a published list says of a model: dollars for a million tokens.
package struct PublishedPrice: Equatable, Sendable {
  package var model: String
  /// Who asks for it, as the list calls them.
  package var provider: String
  package var input: FixedPoint
  package var cacheRead: FixedPoint?
  package var cacheWrite: FixedPoint?
  package var longCacheWrite: FixedPoint?
  package var output: FixedPoint
  /// For calls that read more tokens than this; 0 for all.
  package var above: UInt64 = 0
}

/// Why a list of prices cannot be read.
package struct PriceListError: Error, Sendable, CustomStringConvertible {
  package let description: String
}

/// Reads LiteLLM's published `model_prices_and_context_window.json`.
package enum LiteLLMPrices {
  /// The models that write text and have a price, in the order of the file, of the standard tier: each
  /// with what long contexts cost behind it.
  package static func read(_ text: String) throws(PriceListError) -> [PublishedPrice] {
    var parser = JSONParser()
    var prices: [PublishedPrice] = []
    do {
      prices = try parser.withObject(text.utf8.span, isPadded: false) { object in
        var prices: [PublishedPrice] = []
        var members = object.members
        while let member = members.next() {
          guard let model = member.value.object else { continue }
          let name = String(decoding: member.key.utf8)
          if let price = price(of: name, model) { prices += [price] + longer(than: price, model) }
        }
        return prices
      }
    } catch {
      throw PriceListError(description: "it is no JSON object: \(error)")
    }
    if prices.isEmpty {
      throw PriceListError(
        description: "no member of it is a model with `input_cost_per_token`: it is not LiteLLM's "
          + "model_prices_and_context_window.json")
    }
    return prices
  }

  private static func price(of name: String, _ model: JSONObject) -> PublishedPrice? {
    guard let mode = model.text("mode"), ["chat", "responses", "completion"].contains(mode) else {
      return nil
    }
    let provider = model.text("litellm_provider") ?? ""
    if let tiers = model["tiered_pricing"]?.array {
      var elements = tiers.elements
      guard let first = elements.next()?.object else { return nil }
      return price(of: name, provider, first)
    }
    return price(of: name, provider, model)
  }

  /// What the model costs in long contexts: `input_cost_per_token_above_200k_tokens`.
  private static func longer(
    than price: PublishedPrice, _ model: JSONObject
  ) -> [PublishedPrice] {
    var longer: [PublishedPrice] = []
    var members = model.members
    while let member = members.next() {
      let name = String(decoding: member.key.utf8)
      guard name.hasPrefix(inputAbove), name.hasSuffix("k_tokens"),
        let thousands = UInt64(name.dropFirst(inputAbove.count).dropLast(8)),
        thousands > 0, thousands < 1_000_000
      else { continue }
      func perMillion(_ key: String) -> FixedPoint? {
        model["\(key)_above_\(thousands)k_tokens"]?.double.flatMap { FixedPoint($0 * 1_000_000) }
      }
      guard let input = perMillion("input_cost_per_token"),
        let output = perMillion("output_cost_per_token")
      else { continue }
      longer.append(
        PublishedPrice(
          model: price.model, provider: price.provider, input: input,
          cacheRead: perMillion("cache_read_input_token_cost"),
          cacheWrite: price.cacheWrite.flatMap { _ in
            perMillion("cache_creation_input_token_cost")
          },
          longCacheWrite: perMillion("cache_creation_input_token_cost_above_1hr"), output: output,
          above: thousands * 1_000))
    }
    return longer.sorted { $0.above < $1.above }
  }

  private static let inputAbove = "input_cost_per_token_above_"

  private static func price(
    of name: String, _ provider: String, _ model: JSONObject
  ) -> PublishedPrice? {
    func perMillion(_ key: String) -> FixedPoint? {
      model[key]?.double.flatMap { FixedPoint($0 * 1_000_000) }
    }
    guard let input = perMillion("input_cost_per_token"),
      let output = perMillion("output_cost_per_token"), input > .zero || output > .zero
    else { return nil }
    // A write that costs nothing beside an input that does counts as input there.
    let write = perMillion("cache_creation_input_token_cost").flatMap { $0 > .zero ? $0 : nil }
    return PublishedPrice(
      model: name, provider: provider, input: input,
      cacheRead: perMillion("cache_read_input_token_cost"), cacheWrite: write,
      longCacheWrite: perMillion("cache_creation_input_token_cost_above_1hr"), output: output)
  }
}
