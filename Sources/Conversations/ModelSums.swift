import Bytes
import Events
import Facts

/// Sums of tokens and dollars by model. Totals do not tell writes to the cache apart, so neither do
/// these.
struct ModelSums: Equatable, ByteCodable {
  struct OfModel: Equatable, ByteCodable {
    var model: String
    var usage = TokenUsage()
    /// Nil where nobody said.
    var cost: Money?

    init(model: String, usage: TokenUsage = TokenUsage(), cost: Money? = nil) {
      self.model = model
      self.usage = usage
      self.cost = cost
    }

    func encode(into writer: inout ByteWriter) {
      writer.append(text: model)
      usage.encode(into: &writer)
      cost.encode(into: &writer)
    }

    init(from reader: inout ByteReader) throws(BytesError) {
      model = try reader.text()
      usage = try TokenUsage(from: &reader)
      cost = try Money?(from: &reader)
    }
  }

  var models: [OfModel] = []

  init(models: [OfModel] = []) { self.models = models }

  var cost: Money { models.reduce(Money()) { $0 + ($1.cost ?? Money()) } }

  subscript(model: String) -> OfModel {
    models.first { $0.model == model } ?? OfModel(model: model)
  }

  mutating func add(_ call: ModelCall) {
    add(OfModel(model: call.model ?? "", usage: call.usage.withOneCacheWrite, cost: call.cost))
  }

  mutating func subtract(_ call: ModelCall) {
    let usage = call.usage.withOneCacheWrite
    change(call.model ?? "") {
      $0.usage = $0.usage - usage
      if let cost = call.cost { $0.cost = ($0.cost ?? Money()) - cost }
    }
  }

  mutating func add(_ other: OfModel) {
    change(other.model) {
      $0.usage = $0.usage + other.usage
      if let cost = other.cost { $0.cost = ($0.cost ?? Money()) + cost }
    }
  }

  mutating func add(_ other: ModelSums) { for model in other.models { add(model) } }

  private mutating func change(_ name: String, _ body: (inout OfModel) -> Void) {
    if let index = models.firstIndex(where: { $0.model == name }) {
      body(&models[index])
    } else {
      var added = OfModel(model: name)
      body(&added)
      models.append(added)
    }
  }

  /// Whether no count of a model is less than here: totals of one process only grow.
  func isExceeded(by total: ModelSums) -> Bool {
    total.models.allSatisfy { model in
      let known = self[model.model]
      return (0..<TokenUsage.size).allSatisfy {
        model.usage[$0] == nil || (model.usage[$0] ?? 0) >= (known.usage[$0] ?? 0)
      }
    }
  }

  /// Takes from here what it has of a rest, and leaves of that what it has not.
  mutating func cover(_ rest: inout OfModel) {
    // Dollars without tokens are of calls that are known, at another price.
    if rest.usage.isZero, !rest.model.isEmpty { return }
    for index in models.indices where rest.model.isEmpty || models[index].model == rest.model {
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
