package import Bytes
package import Events
package import Facts

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

  package init(
    model: String, from: Timestamp, input: FixedPoint, cacheRead: FixedPoint,
    cacheWrite: FixedPoint, longCacheWrite: FixedPoint, output: FixedPoint
  ) {
    self.model = model
    self.from = from
    self.input = input
    self.cacheRead = cacheRead
    self.cacheWrite = cacheWrite
    self.longCacheWrite = longCacheWrite
    self.output = output
  }

  package func fits(_ name: String) -> Bool {
    model.hasSuffix("*")
      ? name.utf8.starts(with: model.utf8.dropLast()) : name.utf8.elementsEqual(model.utf8)
  }
}

/// Prices, the later ones over the earlier ones.
package struct PriceList: Equatable, Sendable {
  package let prices: [Price]

  package init(_ prices: [Price]) { self.prices = prices }

  /// All that counts in a digest.
  package var canonicalBytes: [UInt8] {
    var writer = ByteWriter()
    for price in prices {
      writer.append(text: price.model)
      writer.append(zigzag: price.from.nanoseconds)
      for amount in [
        price.input, price.cacheRead, price.cacheWrite, price.longCacheWrite, price.output,
      ] { writer.append(zigzag: amount.units) }
    }
    return writer.bytes
  }

  /// The price of a model on a day: of the last entry that fits both.
  package func price(of model: String, at time: Timestamp) -> Price? {
    prices.last { $0.from <= time && $0.fits(model) }
  }

  /// What a call costs, and what that rests on.
  package func cost(
    of usage: TokenUsage, model: String?, at time: Timestamp, isPartial: Bool
  ) -> (Money?, CostBasis) {
    guard let model, let price = price(of: model, at: time) else { return (nil, .unknown) }
    var cost = Money(usage.input ?? 0, at: price.input)
    cost += Money(usage.cacheRead ?? 0, at: price.cacheRead)
    cost += Money(usage.cacheWrite ?? 0, at: price.cacheWrite)
    cost += Money(usage.longCacheWrite ?? 0, at: price.longCacheWrite)
    cost += Money(usage.output ?? 0, at: price.output)
    return (cost, isPartial ? .partial : .priced)
  }
}
