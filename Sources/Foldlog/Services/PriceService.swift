internal import Bytes
internal import Conversations
internal import Events
internal import Files
internal import Formats
internal import Views

/// A price of the list, in words.
package struct ListedPrice: Equatable, Sendable {
  package let model: String
  /// The first day on which it counts; nil where it always does.
  package let from: String?
  /// For calls that read more tokens than this; 0 for all.
  package let above: UInt64
  /// Dollars for a million tokens: input, cache read, cache write for five minutes and for an hour,
  /// output.
  package let amounts: [String]
  package let isBuiltIn: Bool
}

/// Prices made of a published list.
package struct ImportedPrices: Equatable, Sendable {
  /// `[[prices]]` entries.
  package var toml = ""
  /// Models that have this price already.
  package var same: [String] = []
  /// Models of which the list says nothing, or of which it says several things.
  package var unknown: [String] = []
}

/// Tells what models cost.
package struct PriceService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// Where the built-in prices come from.
  package static let source =
    "\(PriceList.builtInSource), read on \(PriceList.builtInDate)"

  /// The prices that count, the last over those before; of some models, those that fit them.
  package func list(_ request: PricesRequest.Checked) -> [ListedPrice] {
    let list = store.configuration.folding.prices.list
    return list.prices.enumerated().filter { _, price in
      request.models.isEmpty || request.models.contains { $0.concerns(price) }
    }.map { index, price in
      ListedPrice(
        model: price.model,
        from: price.from == SettingDay().time ? nil : SettingDay(price.from).text,
        above: price.above,
        amounts: [
          price.input, price.cacheRead, price.cacheWrite, price.longCacheWrite, price.output,
        ].map(\.description),
        isBuiltIn: index < PriceList.builtIn.prices.count)
    }
  }

  /// Entries for `foldlog.toml` of a file that LiteLLM publishes: of the models that are named, else of
  /// those that the log's calls name.
  package func imported(
    _ path: String, _ request: PricesRequest.Checked
  ) throws(FoldlogError) -> ImportedPrices {
    guard let text = try Configuration.read(path) else {
      throw FoldlogError(.noInput, "there is no file \(shownPath(path))")
    }
    let published: [PublishedPrice]
    do { published = try LiteLLMPrices.read(text) } catch {
      throw FoldlogError(.badData, "\(shownPath(path)): \(error)")
    }
    let wanted = try request.models.isEmpty ? calledModels() : request.models
    let list = store.configuration.folding.prices.list
    var imported = ImportedPrices()
    for pattern in wanted {
      let found = pattern.prices(in: published)
      if found.isEmpty { imported.unknown.append(pattern.text) }
      for var price in found {
        price.from = request.from.time
        if let now = list.price(
          of: price.model, at: Timestamp(nanoseconds: .max), reading: price.above &+ 1),
          now.costs(as: price)
        {
          if price.above == 0 { imported.same.append(price.model) }
        } else {
          imported.toml += tomlEntry(price)
        }
      }
    }
    return imported
  }

  /// The models that calls in the log name.
  private func calledModels() throws(FoldlogError) -> [ModelPattern] {
    guard let table = store.projectors.answers.first(where: { $0.name == "costs" }),
      let column = table.columns.firstIndex(where: { $0.name == "model" })
    else { return [] }
    return try store.reading.withView(TableAddress(table.name)) { tables, _ in
      var models: Set<String> = []
      try table.forEach(in: tables) { cells in
        if let model = cells[column].text { models.insert(model) }
        return true
      }
      return models.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map(ModelPattern.init)
    }
  }
}

/// An entry as `foldlog.toml` has it: what has its default is left out.
private func tomlEntry(_ price: Price) -> String {
  var group = PriceSettings()
  group.entries = [PriceEntry(price)]
  var text = "[[prices]]\n"
  for (name, value) in group.quoted {
    if name == "from" && price.from == SettingDay().time { continue }
    if name == "above" && price.above == 0 { continue }
    text += "\(name) = \(value)\n"
  }
  return text + "\n"
}

extension PriceSettings {
  fileprivate var quoted: [(name: String, value: String)] {
    declared.filter(\.isEntry).flatMap(\.settings).filter { $0.value != nil }.map {
      ($0.key, $0.written)
    }
  }
}

extension ModelPattern {
  private var beginning: Substring.UTF8View? {
    text.utf8.last == UInt8(ascii: "*") ? text.dropLast().utf8 : nil
  }

  /// Whether an entry says what such a model costs.
  fileprivate func concerns(_ price: Price) -> Bool {
    if let beginning { return price.model.utf8.starts(with: beginning) }
    return price.fits(ModelName(text))
  }

  /// What a published list asks for such models, under the names that calls have.
  fileprivate func prices(in published: [PublishedPrice]) -> [Price] {
    if let beginning {
      return published.filter { $0.model.utf8.starts(with: beginning) }.map { Price($0, $0.model) }
    }
    for name in namesOfModel(text) {
      let exact = published.filter { $0.model.utf8.elementsEqual(name.utf8) }
      if !exact.isEmpty { return exact.map { Price($0, text) } }
      // Behind the name of who asks for it: of its maker, else where all ask the same.
      let others = published.filter { $0.model.hasSuffix("/\(name)") }
      let made = others.first { makers.contains($0.provider) }
      guard let chosen = made ?? others.first else { continue }
      let all = others.filter { $0.model == chosen.model }.map { Price($0, text) }
      // Where nobody makes it, all must ask the same.
      let isSame = others.allSatisfy { other in
        all.contains { $0.above == other.above && $0.costs(as: Price(other, text)) }
      }
      if made != nil || isSame { return all }
    }
    return []
  }
}

extension Price {
  fileprivate init(_ published: PublishedPrice, _ model: String) {
    self.init(
      model: model, input: published.input, cacheRead: published.cacheRead,
      cacheWrite: published.cacheWrite, longCacheWrite: published.longCacheWrite,
      output: published.output, above: published.above)
  }
}

/// Those who make models, as LiteLLM calls them.
private let makers: Set = [
  "anthropic", "openai", "gemini", "deepseek", "dashscope", "xai", "moonshot", "zai", "mistral",
  "minimax",
]

/// A model's name, then without a variant in brackets, then without a date.
private func namesOfModel(_ name: String) -> [String] {
  var names = [name]
  var bare = Substring(name)
  if bare.last == "]", let bracket = bare.lastIndex(of: "[") {
    bare = bare[..<bracket]
    names.append(String(bare))
  }
  let parts = bare.split(separator: "-", omittingEmptySubsequences: false)
  let isNumber = { (part: Substring, digits: Int) in
    part.utf8.count == digits && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
  if parts.count > 1, isNumber(parts[parts.count - 1], 8) {
    names.append(parts.dropLast().joined(separator: "-"))
  } else if parts.count > 3, isNumber(parts[parts.count - 3], 4),
    isNumber(parts[parts.count - 2], 2), isNumber(parts[parts.count - 1], 2)
  {
    names.append(parts.dropLast(3).joined(separator: "-"))
  }
  return names
}
