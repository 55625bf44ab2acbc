package import Bytes
package import Events
package import Facts
package import Views

/// What a model costs from a day on: dollars for a million tokens.
package struct Price: Equatable, Sendable {
  /// The model's name; a star at its end stands for anything.
  package var model: String
  package var from: Timestamp
  package var input: FixedPoint
  package var cacheRead: FixedPoint
  package var cacheWrite: FixedPoint
  package var longCacheWrite: FixedPoint
  package var output: FixedPoint
  /// Dollars for a search of the web; nil for what the entries before it ask.
  package var webSearch: FixedPoint?
  /// The entry is for calls that read more tokens than this, those of a cache among them; 0 for all.
  package var above: UInt64

  /// What is not given costs what is nearest to it: what is read from a cache or written to one what
  /// the input does, and an hour in a cache what five minutes do.
  package init(
    model: String, from: Timestamp = Timestamp(nanoseconds: 0), input: FixedPoint,
    cacheRead: FixedPoint? = nil, cacheWrite: FixedPoint? = nil,
    longCacheWrite: FixedPoint? = nil, output: FixedPoint, webSearch: FixedPoint? = nil,
    above: UInt64 = 0
  ) {
    self.webSearch = webSearch
    self.above = above
    self.model = model
    self.from = from
    self.input = input
    self.cacheRead = cacheRead ?? input
    self.cacheWrite = cacheWrite ?? input
    self.longCacheWrite = longCacheWrite ?? cacheWrite ?? input
    self.output = output
  }

  /// Whether it is for a model, by its name as the maker writes it or as a provider does.
  package func fits(_ name: ModelName) -> Bool {
    fits(name.said) || (name.makers != name.said && fits(name.makers))
  }

  package func fits(_ name: String) -> Bool {
    guard model.utf8.last == UInt8(ascii: "*") else { return name.utf8.elementsEqual(model.utf8) }
    let (pattern, bytes) = (model.utf8.span, name.utf8.span)
    let size = pattern.count - 1
    guard bytes.count >= size else { return false }
    // From the end, where names of one maker differ.
    for index in (0..<size).reversed() where pattern[index] != bytes[index] { return false }
    return !ModelName.isOtherVersion(model.utf8.dropLast(), name.utf8.dropFirst(size))
  }

  /// Whether it asks for nothing, as a model on a machine of one's own does.
  var isFree: Bool { amounts.allSatisfy { $0 == .zero } }

  /// Whether both ask the same for tokens.
  package func costs(as other: Price) -> Bool {
    amounts.dropLast() == other.amounts.dropLast()
  }

  var amounts: [FixedPoint] {
    [input, cacheRead, cacheWrite, longCacheWrite, output, webSearch ?? .zero]
  }
}

/// Prices, the later ones over the earlier ones.
package struct PriceList: Equatable, Sendable {
  package let prices: [Price]

  package init(_ prices: [Price]) { self.prices = prices }

  /// The same for lists by which calls of a model from one time to another cost the same. Without a
  /// model, of the whole list.
  package func digest(of model: String, from first: Timestamp, through last: Timestamp) -> Hash128 {
    var writer = ByteWriter()
    if model.isEmpty {
      for price in prices {
        writer.append(text: price.model)
        writer.append(zigzag: price.from.nanoseconds)
        writer.append(varint: price.above)
        for amount in price.amounts { writer.append(zigzag: amount.units) }
      }
      return Hash128(of: writer.span)
    }
    let fitting = fitting(ModelName(model))
    let changes = Set(fitting.map(\.from).filter { $0 > first && $0 <= last })
    var before: [Step]?
    for time in [first] + changes.sorted() {
      let steps = Self.steps(of: fitting, at: time)
      if steps == before { continue }
      if before != nil { writer.append(zigzag: time.nanoseconds) }
      writer.append(varint: steps.count)
      for step in steps {
        writer.append(varint: step.above)
        for amount in step.amounts { writer.append(zigzag: amount.units) }
      }
      before = steps
    }
    return Hash128(of: writer.span)
  }

  /// What a model costs from some size of a call on.
  private struct Step: Equatable {
    let above: UInt64
    let amounts: [FixedPoint]
  }

  /// What a model costs at a time by the prices that fit it, by the size of its calls; empty where it
  /// has none.
  private static func steps(of fitting: [Price], at time: Timestamp) -> [Step] {
    let sizes = Set(fitting.filter { $0.from <= time }.map(\.above))
    var steps: [Step] = []
    for above in sizes.union([0]).sorted() {
      guard let price = price(among: fitting, at: time, reading: above &+ 1),
        price.amounts != steps.last?.amounts
      else { continue }
      steps.append(Step(above: above, amounts: price.amounts))
    }
    return steps
  }

  /// The price of a model on a day: of the last entry that fits both, and the size of the call.
  ///
  /// - Parameter context: tokens that the call reads.
  package func price(
    of model: String, at time: Timestamp, reading context: UInt64 = 0
  ) -> Price? {
    Self.price(among: fitting(ModelName(model)), at: time, reading: context)
  }

  func fitting(_ model: ModelName) -> [Price] { prices.filter { $0.fits(model) } }

  private static func price(
    among fitting: [Price], at time: Timestamp, reading context: UInt64
  ) -> Price? {
    var found: Price?
    for price in fitting.reversed()
    where price.from <= time && (price.above == 0 || price.above < context) {
      if found == nil { found = price }
      if let webSearch = price.webSearch {
        found?.webSearch = webSearch
        break
      }
    }
    return found
  }

  /// The price of a call.
  ///
  /// - Parameter isWhole: whether it is one call; of several, none need be large.
  package func price(
    of usage: TokenUsage, model: String, at time: Timestamp, isWhole: Bool = true
  ) -> Price? {
    let context = isWhole ? Self.context(of: usage) : 0
    return price(of: model, at: time, reading: context)
  }

  private static func context(of usage: TokenUsage) -> UInt64 {
    [usage.input, usage.cacheRead, usage.cacheWrite, usage.longCacheWrite].reduce(
      UInt64(0)
    ) { $0 &+ ($1 ?? 0) }
  }

  /// What a call costs, and what that rests on.
  ///
  /// - Parameter tier: of service, as the provider calls it: what may wait costs half (Anthropic's and
  ///   OpenAI's price lists of batches, and OpenAI's of `flex`); what comes first costs no less than
  ///   what does not.
  package func cost(
    of usage: TokenUsage, model: String?, at time: Timestamp, tier: String? = nil, isPartial: Bool,
    isWhole: Bool = true
  ) -> (Money?, CostBasis) {
    guard let model, let price = price(of: usage, model: model, at: time, isWhole: isWhole) else {
      return (nil, .unknown)
    }
    if price.isFree { return (Money(), .local) }
    var cost = Money(usage.input ?? 0, at: price.input)
    cost += Money(usage.cacheRead ?? 0, at: price.cacheRead)
    cost += Money(usage.cacheWrite ?? 0, at: price.cacheWrite)
    cost += Money(usage.longCacheWrite ?? 0, at: price.longCacheWrite)
    cost += Money(usage.output ?? 0, at: price.output)
    let terms = tier?.split(separator: " ") ?? []
    if terms.contains("batch") || terms.contains("flex") { cost = cost.half }
    // What a model asks for that answers faster, and in one country (Anthropic's price list).
    let isFastKnown = ModelName(model).makers.hasPrefix("claude-opus-4-6")
    if terms.contains("fast"), isFastKnown { cost = cost.times(6, dividedBy: 1) }
    if terms.contains("us") { cost = cost.times(11, dividedBy: 10) }
    let isLowerBound = terms.contains("priority") || (terms.contains("fast") && !isFastKnown)
    let searches = (usage.webSearches ?? 0).multipliedReportingOverflow(by: 1_000_000)
    if !searches.overflow, let webSearch = price.webSearch {
      cost += Money(searches.partialValue, at: webSearch)
    }
    return (cost, isPartial || isLowerBound ? .partial : .priced)
  }
}

/// The prices that fit a model, looked for once for each that comes.
struct PricesByModel {
  private let all: PriceList
  /// By the bytes of its name.
  private var fitting: [Hash128: PriceList] = [:]

  /// Names come from lines: no more of them are remembered.
  private static let knownMax = 1_024

  init(_ all: PriceList) { self.all = all }

  mutating func list(for model: String) -> PriceList {
    let key = Hash128(of: model)
    if let known = fitting[key] { return known }
    let name = ModelName(model)
    let list = PriceList(all.fitting(name))
    if fitting.count < Self.knownMax { fitting[key] = list }
    return list
  }
}

/// The models whose prices were asked for, and for which times: what a fold's results rest on.
package struct PricedModels: Equatable, Sendable {
  package private(set) var times: [String: ClosedRange<Timestamp>] = [:]
  /// Whether there are more than are told apart.
  package private(set) var isOverfull = false

  private static let countMax = 1_024

  package init() {}

  package mutating func add(_ model: String, _ range: ClosedRange<Timestamp>) {
    if let known = times[model] {
      if known.lowerBound <= range.lowerBound, known.upperBound >= range.upperBound { return }
      times[model] =
        min(known.lowerBound, range.lowerBound)...max(known.upperBound, range.upperBound)
    } else if model.isEmpty || times.count >= Self.countMax {
      isOverfull = true
    } else {
      times[model] = range
    }
  }
}

/// The prices of `foldlog.toml`.
package struct PriceSettings: SettingGroup, Equatable {
  package var entries: [PriceEntry] = []

  package init() {}

  /// The prices that are built in, and these over them.
  package var list: PriceList { PriceList(PriceList.builtIn.prices + entries.map(\.price)) }

  package static func settings<Visitor: SettingVisitor>(
    _ group: inout Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.list(
      &group.entries, "prices",
      """
      What models cost, in dollars for a million tokens, over the prices that are built in (`foldlog \
      prices` lists both): of the entries that fit a model and the time of its call, the last counts.
      """)
  }
}

/// An entry of `[[prices]]`.
package struct PriceEntry: SettingGroup, Equatable {
  package var model = ModelPattern()
  package var from = SettingDay()
  package var input = FixedPoint.zero
  package var cacheRead: FixedPoint?
  package var cacheWrite: FixedPoint?
  package var longCacheWrite: FixedPoint?
  package var output = FixedPoint.zero
  package var webSearch: FixedPoint?
  package var above: UInt64 = 0

  package init() {}

  /// The entry that says a price.
  package init(_ price: Price) {
    model = ModelPattern(price.model)
    from = SettingDay(price.from)
    input = price.input
    if price.cacheRead != price.input { cacheRead = price.cacheRead }
    if price.cacheWrite != price.input { cacheWrite = price.cacheWrite }
    if price.longCacheWrite != price.cacheWrite { longCacheWrite = price.longCacheWrite }
    output = price.output
    webSearch = price.webSearch
    above = price.above
  }

  package var price: Price {
    Price(
      model: model.text, from: from.time, input: input, cacheRead: cacheRead,
      cacheWrite: cacheWrite, longCacheWrite: longCacheWrite, output: output, webSearch: webSearch,
      above: above)
  }

  private static let bound: ClosedRange<FixedPoint> = .zero...FixedPoint(hundredths: 100_000_000)

  package static func settings<Visitor: SettingVisitor>(
    _ entry: inout Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    visit.section("prices", "", rule: .needs(["model", "input", "output"]))
    try visit.setting(
      "prices.model", &entry.model,
      "The model, as its calls name it; a star at the end stands for anything.")
    try visit.setting(
      "prices.from", &entry.from, "The first day, UTC, on which it costs this: `2025-11-24`.")
    try visit.setting(
      "prices.input", &entry.input, in: bound,
      "What it reads. A model that costs nothing at all is one of your own: `local`.")
    try visit.setting(
      "prices.cache_read", &entry.cacheRead, in: bound,
      "What it reads from a cache; without, what `input` says.")
    try visit.setting(
      "prices.cache_write_5m", &entry.cacheWrite, in: bound,
      "What it reads and keeps in a cache for five minutes; without, what `input` says.")
    try visit.setting(
      "prices.cache_write_1h", &entry.longCacheWrite, in: bound,
      "The same for an hour; without, what `cache_write_5m` says.")
    try visit.setting("prices.output", &entry.output, in: bound, "What it writes.")
    try visit.setting(
      "prices.web_search", &entry.webSearch, in: bound,
      "Dollars for one search of the web; without, what the entries before it say of the model.")
    try visit.setting(
      "prices.above", &entry.above, unit: .tokens, in: 0...1_000_000_000,
      "The entry is for calls that read more tokens than this, those of a cache among them.")
  }
}

/// The name of a model, with a star at its end for all that begin so.
package struct ModelPattern: SettingValue, Equatable {
  package var text: String

  package init(_ text: String = "") { self.text = text }

  package init?(_ input: SettingInput, within bound: Never?) {
    guard case .text(let text) = input, !text.isEmpty, !text.utf8.dropLast().contains(0x2a) else {
      return nil
    }
    self.text = text
  }

  package static func requirement(within bound: Never?, unit: Unit?) -> String {
    "a name, with no star but at its end"
  }
  package static var isText: Bool { true }

  package func encode(into writer: inout ByteWriter) { writer.append(text: text) }
  package init(from reader: inout ByteReader) throws(BytesError) { text = try reader.text() }
}

/// A day, by its start.
package struct SettingDay: SettingValue, Equatable {
  package var time: Timestamp

  package init(_ time: Timestamp = Timestamp(nanoseconds: 0)) { self.time = time }

  package init?(_ input: SettingInput, within bound: Never?) {
    guard case .text(let text) = input, text.utf8.count == 10,
      let time = Timestamp(parsing: "\(text)T00:00:00Z")
    else { return nil }
    self.time = time
  }

  package static func requirement(within bound: Never?, unit: Unit?) -> String {
    "a day like \"2025-11-24\""
  }
  package static var isText: Bool { true }
  package var text: String { String("\(time)".prefix(10)) }

  package func encode(into writer: inout ByteWriter) { writer.append(zigzag: time.nanoseconds) }
  package init(from reader: inout ByteReader) throws(BytesError) {
    time = Timestamp(nanoseconds: try reader.zigzag())
  }
}
