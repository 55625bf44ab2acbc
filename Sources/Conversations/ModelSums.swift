import Bytes
import Events
import Facts

/// Sums of tokens and dollars by model. Totals do not tell writes to the cache apart, so neither do
/// these.
struct ModelSums: Equatable, ByteCodable {
  struct OfModel: Equatable, ByteCodable {
    /// By which the names that a provider and a maker give it are one; empty for all models together.
    let key: String
    /// As it was said first.
    let model: String
    var usage = TokenUsage()
    /// Nil where nobody said.
    var cost: Money?

    init(model: String, usage: TokenUsage = TokenUsage(), cost: Money? = nil) {
      key = Self.key(of: model)
      self.model = model
      self.usage = usage
      self.cost = cost
    }

    static func key(of model: String) -> String {
      if model.isEmpty { return model }
      let name = ModelName(model).makers[...]
      // A total may leave out the date that stands in the calls: `claude-opus-4-5@20251101`.
      let bytes = name.utf8
      guard bytes.count > 9, bytes.suffix(8).allSatisfy({ (0x30...0x39).contains($0) }) else {
        return String(name)
      }
      let mark = bytes[bytes.index(bytes.endIndex, offsetBy: -9)]
      let isDate = mark == UInt8(ascii: "-") || mark == UInt8(ascii: "@")
      return String(isDate ? name.dropLast(9) : name)
    }

    func encode(into writer: inout ByteWriter) {
      writer.append(text: model)
      usage.encode(into: &writer)
      cost.encode(into: &writer)
    }

    init(from reader: inout ByteReader) throws(BytesError) {
      model = try reader.text()
      key = Self.key(of: model)
      usage = try TokenUsage(from: &reader)
      cost = try Money?(from: &reader)
    }
  }

  private(set) var models: [OfModel] = []

  init() {}

  /// What a run says that it used in all: by model, and what its dollars come to beyond these.
  init(_ total: RunTotal) {
    for model in total.models {
      add(
        OfModel(
          model: model.model, usage: model.usage, cost: model.costUSD.map(Money.init(dollars:))))
    }
    guard let dollars = total.costUSD.map(Money.init(dollars:)) else { return }
    let beyond = dollars - cost
    if models.count == 1, models[0].cost == nil {
      models[0].cost = dollars
    } else if !models.contains(where: { $0.cost != nil }) || beyond > Self.roundingMax {
      add(OfModel(model: "", cost: beyond))
    }
  }

  /// What sums of rounded dollars may differ by: a millionth of a dollar.
  private static let roundingMax = Money(dollars: FixedPoint(units: 1_000))

  var isEmpty: Bool { models.isEmpty }

  var cost: Money { models.reduce(Money()) { $0 + ($1.cost ?? Money()) } }

  /// Whether they tell of no model by itself.
  var isOfAll: Bool { models.contains { $0.key.isEmpty } }

  subscript(key: String) -> OfModel {
    models.first { $0.key == key } ?? OfModel(model: key)
  }

  /// What is of a model. Where none is named, the dollars of those of which a total does not say them.
  func ofModel(_ key: String, beside total: ModelSums) -> OfModel {
    if !key.isEmpty { return self[key] }
    let others = models.filter { model in
      model.key.isEmpty || !total.models.contains { $0.key == model.key && $0.cost != nil }
    }
    return OfModel(model: "", cost: others.reduce(Money()) { $0 + ($1.cost ?? Money()) })
  }

  /// Whether a total says what calls of a model cost.
  func saysCost(of model: String?) -> Bool {
    let key = OfModel.key(of: model ?? "")
    return models.contains { $0.cost != nil && ($0.key.isEmpty || $0.key == key) }
  }

  mutating func add(_ call: ModelCall) {
    add(OfModel(model: call.model ?? "", usage: call.usage.withOneCacheWrite, cost: call.cost))
  }

  mutating func subtract(_ call: ModelCall) {
    subtract(
      OfModel(model: call.model ?? "", usage: call.usage.withOneCacheWrite, cost: call.cost))
  }

  mutating func add(_ other: OfModel) {
    change(other) {
      $0.usage = $0.usage + other.usage
      if let cost = other.cost { $0.cost = ($0.cost ?? Money()) + cost }
    }
  }

  mutating func subtract(_ other: OfModel) {
    change(other) {
      $0.usage = $0.usage - other.usage
      if let cost = other.cost { $0.cost = ($0.cost ?? Money()) - cost }
    }
  }

  mutating func add(_ other: ModelSums) { for model in other.models { add(model) } }
  mutating func subtract(_ other: ModelSums) { for model in other.models { subtract(model) } }

  private mutating func change(_ model: OfModel, _ body: (inout OfModel) -> Void) {
    if let index = models.firstIndex(where: { $0.key == model.key }) {
      body(&models[index])
    } else {
      var added = OfModel(model: model.model)
      body(&added)
      models.append(added)
    }
  }

  /// Whether no count of a model is less than here: totals of one process only grow.
  func isExceeded(by total: ModelSums) -> Bool {
    total.models.allSatisfy { model in
      let known = self[model.key]
      return (0..<TokenUsage.size).allSatisfy {
        model.usage[$0] == nil || (model.usage[$0] ?? 0) >= (known.usage[$0] ?? 0)
      }
    }
  }

  /// Whether a later total may count on from this one, over calls between the two: then it has at
  /// least both, of each model.
  func isContinued(by total: ModelSums, over calls: ModelSums) -> Bool {
    if total.cost < cost { return false }
    if isOfAll || total.isOfAll {
      // Dollars alone tell which of the two is nearer; those of the calls are an estimate.
      return total.cost >= calls.cost + cost.half
    }
    let isOfAllModels = models.allSatisfy { model in
      model.usage.isZero || total.models.contains { $0.key == model.key }
    }
    var least = self
    least.add(calls)
    return isOfAllModels && least.isExceeded(by: total)
  }

  /// Takes from here what it has of a rest, and leaves of that what it has not.
  mutating func cover(_ rest: inout OfModel) {
    // Dollars without tokens are of calls that are known, at another price.
    if rest.usage.isZero, !rest.key.isEmpty { return }
    for index in models.indices where rest.key.isEmpty || models[index].key == rest.key {
      let usage = rest.usage - models[index].usage
      models[index].usage = models[index].usage - (rest.usage - usage)
      for count in 0..<TokenUsage.size where rest.usage[count] != nil {
        rest.usage[count] = usage[count]
      }
      guard let cost = rest.cost, let known = models[index].cost, cost > Money(), known > Money()
      else { continue }
      let covered = min(cost, known)
      rest.cost = cost - covered
      models[index].cost = known - covered
    }
  }

  func encode(into writer: inout ByteWriter) { models.encode(into: &writer) }

  init(from reader: inout ByteReader) throws(BytesError) {
    models = try [OfModel](from: &reader)
  }
}

extension TokenUsage {
  fileprivate var withOneCacheWrite: TokenUsage {
    guard let longCacheWrite else { return self }
    var usage = self
    usage.cacheWrite = (cacheWrite ?? 0) &+ longCacheWrite
    usage.longCacheWrite = nil
    return usage
  }
}
