internal import Bytes
internal import Conversations
internal import Events
internal import Facts
internal import Projection
internal import Query
internal import Tables
internal import Views

/// The calls that a row counts, each with what it is counted by.
struct CountedCalls {
  let conversations: ConversationFinder
  let prices: PriceList

  /// Nil for a row that counts none, or whose table cannot tell which.
  func calls(
    of row: AnswerRow, in table: any ExplainedTable
  ) throws -> (models: [Lineage.CountedCall], tools: [Lineage.CountedCall]) {
    let models = try table.modelCalls(of: row).map { try conversations.modelCalls(where: $0) } ?? []
    let tools = try table.toolCalls(of: row).map { try conversations.toolCalls(where: $0) } ?? []
    return (models.map(counted), tools.map(counted))
  }

  private func counted(_ call: ModelCall) -> Lineage.CountedCall {
    var counted = counted(
      call.event, call.isUnattributed ? "unattributed" : "model", call.context)
    if !call.isUnattributed {
      counted.add("message_id", Cell(call.id))
      counted.add("request_id", Cell(call.requestID))
    }
    counted.add("model", Cell(call.model))
    let usage = call.usage
    counted.add("tokens_input", usage.input)
    counted.add("tokens_cache_read", usage.cacheRead)
    counted.add("tokens_cache_write_5m", usage.cacheWrite)
    counted.add("tokens_cache_write_1h", usage.longCacheWrite)
    counted.add("tokens_output", usage.output)
    counted.add("tokens_reasoning", usage.reasoning)
    if let unsplit = call.tokensUnsplit { counted.add("tokens_unsplit", unsplit) }
    if let searches = usage.webSearches, searches > 0 { counted.add("web_searches", searches) }
    if let tier = call.serviceTier { counted.add("service_tier", .text(tier)) }
    counted.add("cost_usd", call.cost?.dollars.cell ?? .null)
    counted.add("cost_basis", .text(call.basis.name))
    if let reason = lowerBound(call) { counted.add("partial_because", .text(reason)) }
    if call.isRetry { counted.add("is_retry", .bool(true)) }
    // Of a run that tells its total, calls keep the dollars that they were priced at.
    let (cost, _) = prices.cost(
      of: usage, model: call.model, at: call.context.time, tier: call.serviceTier,
      isPartial: call.isPartial, isWhole: !call.isUnattributed)
    if call.cost == nil {
      counted.add("unpriced_because", .text(unpricedReason(of: call)))
    }
    guard let model = call.model, cost != nil, cost == call.cost,
      let price = prices.price(
        of: usage, model: model, at: call.context.time, isWhole: !call.isUnattributed)
    else { return counted }
    counted.add("price_of", .text(price.model))
    if price.from != Timestamp(nanoseconds: 0) {
      counted.add("price_from", .text(String("\(price.from)".prefix(10))))
    }
    if price.above > 0 { counted.add("price_above_tokens", price.above) }
    counted.add(
      "price_source",
      .text(
        PriceList.builtIn.prices.contains(price)
          ? "\(PriceList.builtInSource), \(PriceList.builtInDate)" : "foldlog.toml"))
    counted.add("price_input", price.input.cell)
    counted.add("price_cache_read", price.cacheRead.cell)
    counted.add("price_cache_write_5m", price.cacheWrite.cell)
    counted.add("price_cache_write_1h", price.longCacheWrite.cell)
    counted.add("price_output", price.output.cell)
    if let webSearch = price.webSearch, usage.webSearches ?? 0 > 0 {
      counted.add("price_web_search", webSearch.cell)
    }
    return counted
  }

  /// Why a call cost at least so much.
  private func lowerBound(_ call: ModelCall) -> String? {
    guard call.basis == .partial else { return nil }
    if call.isUnattributed, call.isPartial {
      return
        "the running total rose by it beyond the call behind it: lines of its calls are missing, "
        + "and it is priced as if none of them was long"
    }
    if call.isUnattributed {
      return "other calls of the session were taken for this run's, which tells none of its own"
    }
    if call.isPartial {
      return "its tokens were counted while it was being written, or are not all told"
    }
    return "no price is known of the tier \(call.serviceTier ?? ""), which costs more"
  }

  private func unpricedReason(of call: ModelCall) -> String {
    if call.model == nil { return "no line names its model" }
    if call.tokensUnsplit != nil {
      return "its line says how many tokens it used, and not how many it read and how many it wrote"
    }
    return "no price fits its model on that day: `foldlog prices`, and [[prices]] in foldlog.toml"
  }

  private func counted(_ call: ToolCall) -> Lineage.CountedCall {
    var counted = counted(call.event, "tool", call.context)
    counted.add("tool_use_id", Cell(call.id))
    counted.add("tool", Cell(call.tool))
    counted.add("command", Cell(call.command))
    if !call.paths.isEmpty { counted.add("paths", .texts(call.paths)) }
    counted.add("ending", .text("\(call.ending)"))
    counted.add("latency_ms", call.latencyMS?.cell ?? .null)
    counted.add("output_bytes", call.outputSize)
    if call.isRetry { counted.add("is_retry", .bool(true)) }
    return counted
  }

  private func counted(
    _ event: EventID, _ kind: String, _ context: CallContext
  ) -> Lineage.CountedCall {
    var counted = Lineage.CountedCall(event)
    counted.add("call", .text(kind))
    counted.add("time", .text("\(context.time)"))
    counted.add("session_id", Cell(context.session))
    counted.add("agent_id", Cell(context.agentID))
    counted.add("interaction_id", Cell(context.interaction))
    return counted
  }
}

extension Lineage.CountedCall {
  fileprivate mutating func add(_ name: String, _ count: UInt64?) {
    add(name, count.map { Cell($0) } ?? .null)
  }
}
