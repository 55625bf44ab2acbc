internal import Bytes
internal import Views

/// Where a level lies: its factor, and the hash of its bytes.
struct LevelKey: Key {
  let factor: UInt8
  let hash: Hash128

  init(_ level: Level) {
    factor = level.factor.rawValue
    hash = level.hash
  }

  func encode(ordered writer: inout ByteWriter) {
    writer.append(byte: factor)
    writer.append(ordered: hash.value)
  }

  init(ordered reader: inout ByteReader) throws(BytesError) {
    factor = try reader.byte()
    hash = Hash128(value: try reader.ordered(UInt128.self))
  }
}

/// The metrics of some samples, each by its number.
struct MetricTable: Sendable {
  private var sums = InlineArray<7, MetricSums>(repeating: MetricSums())

  init() {}

  subscript(metric: Metric) -> MetricSums { sums[metric.rawValue] }

  mutating func add(_ measures: Measures, squares: Squares) {
    for index in 0..<7 where measures.present & (1 << UInt8(index)) != 0 {
      sums[index].add(measures.values[index], square: squares[index])
    }
  }

  mutating func remove(_ measures: Measures, squares: Squares) {
    for index in 0..<7 where measures.present & (1 << UInt8(index)) != 0 {
      sums[index].remove(measures.values[index], square: squares[index])
    }
  }

  static func += (left: inout MetricTable, right: MetricTable) {
    for index in 0..<7 { left.sums[index] += right.sums[index] }
  }

  static func - (left: MetricTable, right: MetricTable) -> MetricTable {
    var result = left
    for index in 0..<7 { result.sums[index] = left.sums[index] - right.sums[index] }
    return result
  }

  func encode(into writer: inout ByteWriter) {
    for index in 0..<7 { sums[index].encode(into: &writer) }
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    for index in 0..<7 { sums[index] = try MetricSums(from: &reader) }
  }
}

/// The squares of a sample's metrics: computed once, used at each of its levels.
typealias Squares = InlineArray<7, Int128>

extension Measures {
  var squares: Squares {
    var squares = Squares(repeating: 0)
    for index in 0..<7 { squares[index] = Int128(values[index]) * Int128(values[index]) }
    return squares
  }
}

/// What is kept of a level: the sums over its samples, and which they are.
struct LevelRow: StoredRow {
  var level: String
  var metrics = MetricTable()
  var offsets = SampleOffsets()

  init(level: String) { self.level = level }

  func encode(into writer: inout ByteWriter) {
    writer.append(text: level)
    metrics.encode(into: &writer)
    offsets.encode(into: &writer)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    level = try reader.text()
    metrics = try MetricTable(from: &reader)
    offsets = try SampleOffsets(from: &reader)
  }
}

/// The sums over the samples at those levels of a factor that came too late to be kept. It is there
/// once the factor is full.
struct OthersRow: StoredRow {
  var metrics = MetricTable()

  init() {}

  func encode(into writer: inout ByteWriter) { metrics.encode(into: &writer) }

  init(from reader: inout ByteReader) throws(BytesError) {
    metrics = try MetricTable(from: &reader)
  }
}
