internal import Bytes

/// The sums over the results of one side of a comparison, exact whatever their order.
struct ArmTotals: Equatable, Sendable {
  private(set) var results: UInt64 = 0
  private(set) var errors: UInt64 = 0
  /// Results that carry a quality: the samples of the comparison.
  private(set) var samples: UInt64 = 0
  /// In billionths.
  private(set) var qualitySum: Int128 = 0
  private(set) var latencies: UInt64 = 0
  /// In billionths of a millisecond.
  private(set) var latencySum: Int128 = 0

  init() {}

  mutating func add(quality: FixedPoint?, latencyMS: FixedPoint?, isError: Bool) {
    results &+= 1
    if isError { errors &+= 1 }
    if let quality {
      samples &+= 1
      qualitySum &+= Int128(quality.units)
    }
    if let latencyMS {
      latencies &+= 1
      latencySum &+= Int128(latencyMS.units)
    }
  }

  var meanQuality: Double? { mean(qualitySum, samples) }
  var meanLatencyMS: Double? { mean(latencySum, latencies) }
  var errorRate: Double? { results == 0 ? nil : Double(errors) / Double(results) }

  private func mean(_ sum: Int128, _ count: UInt64) -> Double? {
    count == 0 ? nil : Double(sum) / (Double(count) * 1e9)
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: results)
    writer.append(varint: errors)
    writer.append(varint: samples)
    writer.append(wide: WideInteger(qualitySum))
    writer.append(varint: latencies)
    writer.append(wide: WideInteger(latencySum))
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    results = try reader.varint()
    errors = try reader.varint()
    samples = try reader.varint()
    qualitySum = try reader.sum()
    latencies = try reader.varint()
    latencySum = try reader.sum()
  }
}

extension ByteReader {
  /// A wide integer that fits 128 bits.
  @_lifetime(self: copy self)
  fileprivate mutating func sum() throws(BytesError) -> Int128 {
    let start = position
    let wide = try wide()
    let sum = Int128(truncatingIfNeeded: wide.limbs.low)
    guard WideInteger(sum) == wide else {
      throw BytesError("a sum of more than 128 bits", at: start)
    }
    return sum
  }
}
