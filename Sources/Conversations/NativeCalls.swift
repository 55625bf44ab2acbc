import Bytes
import Events
package import Facts

extension Conversations {
  /// The calls of models that native events tell of: one that ends a piece of work and says what it
  /// read and wrote, or what it cost, is one call. What later events say of it changes that call.
  ///
  /// - Parameter facts: in the order of their events; those of turns, whose calls are counted one by
  ///   one, are passed over.
  package func nativeCalls(of facts: [Fact]) -> [CallChange<ModelCall>] {
    var changes: [CallChange<ModelCall>] = []
    for fact in facts where !Kinds.isTurn(fact.after.kind) {
      let before = fact.before.flatMap { Self.call(of: $0, cost: price) }
      guard let after = Self.call(of: fact.after, cost: price), after != before else { continue }
      changes.append(CallChange(of: fact.event, before: before, after: after))
    }
    return changes
  }

  private func price(
    of usage: TokenUsage, model: String?, at time: Timestamp
  ) -> (Money?, CostBasis) {
    cost(of: usage, model: model, at: time, isPartial: false)
  }

  /// The call that an interaction is counted as; nil where it is none: that of a turn, whose calls are
  /// counted one by one, or one that says of neither tokens nor dollars.
  package static func nativeCall(of interaction: Interaction, prices: PriceList) -> ModelCall? {
    if Kinds.isTurn(interaction.kind) { return nil }
    return call(of: interaction) { usage, model, time in
      prices.cost(of: usage, model: model, at: time, isPartial: false)
    }
  }

  /// Nil where it says of neither tokens nor dollars.
  private static func call(
    of interaction: Interaction,
    cost: (TokenUsage, _ model: String?, Timestamp) -> (Money?, CostBasis)
  ) -> ModelCall? {
    let fields = interaction.fields
    guard fields.presence & usageFields != 0 else { return nil }
    var usage = TokenUsage(
      input: fields.count(.tokensInput), cacheRead: fields.count(.tokensCacheRead),
      cacheWrite: fields.count(.tokensCacheWrite), output: fields.count(.tokensOutput),
      reasoning: fields.count(.tokensReasoning))
    let unsplit = fields.count(.tokensUsed).flatMap { usage.split(total: $0) }
    var call = ModelCall(
      event: interaction.event, id: "\(interaction.event)",
      context: CallContext(
        stream: interaction.stream, session: fields.text(.sessionID), user: fields.text(.userID),
        agentID: fields.text(.agentID), agent: fields.text(.agent), project: fields.text(.project),
        interaction: fields.text(.interactionID), time: interaction.time,
        isTimeInferred: interaction.isTimeInferred),
      model: fields.modelName, usage: usage, cost: nil, basis: .unknown)
    call.tokensUnsplit = unsplit
    if let said = fields.number(.costUSD) {
      (call.cost, call.basis) = (Money(dollars: said), .said)
    } else if fields.isOfLocalModel == true {
      (call.cost, call.basis) = (Money(), .local)
    } else {
      (call.cost, call.basis) = cost(usage, call.model, interaction.time)
      // What is read costs less than what is written: without the parts there is no price.
      if unsplit != nil, call.basis != .local { (call.cost, call.basis) = (nil, .unknown) }
    }
    return call
  }

  private static let usageFields = Fields.mask(of: [
    .tokensInput, .tokensOutput, .tokensUsed, .tokensCacheRead, .tokensCacheWrite, .costUSD,
  ])
}

extension TokenUsage {
  /// Takes a part that nobody told from the total of all. Returns what is left of a total of which
  /// neither what was read nor what was written is known; else nil.
  fileprivate mutating func split(total: UInt64) -> UInt64? {
    let known = [input, cacheRead, cacheWrite, output].reduce(UInt64(0)) { $0 &+ ($1 ?? 0) }
    let rest = total >= known ? total - known : nil
    switch (input, output) {
    case (nil, nil): return rest.flatMap { $0 == 0 ? nil : $0 }
    case (_?, nil): output = rest
    case (nil, _?): input = rest
    case (_?, _?): break
    }
    return nil
  }
}

extension Fields {
  fileprivate func count(_ field: Field) -> UInt64? {
    number(field).flatMap { $0.units < 0 ? nil : UInt64($0.units / FixedPoint.one.units) }
  }
}
