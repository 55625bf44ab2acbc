internal import Bytes
internal import Views

/// Where a level lies: its factor, and the hash of its bytes.
struct LevelKey: Key {
  let factor: UInt8
  let hash: Hash128

  init(_ level: Level) { self.init(level.factor, hash: level.hash) }

  init(_ factor: Factor, hash: Hash128) {
    self.factor = factor.rawValue
    self.hash = hash
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
struct MetricTable: ByteCodable, Sendable {
  private var sums = InlineArray<7, MetricSums>(repeating: MetricSums())

  init() {}

  subscript(metric: Metric) -> MetricSums { sums[metric.rawValue] }

  mutating func add(_ measures: Measures, squares: Squares) {
    for index in 0..<7 where measures.present & (1 << UInt16(index)) != 0 {
      sums[index].add(measures.values[index], square: squares[index])
    }
  }

  mutating func remove(_ measures: Measures, squares: Squares) {
    for index in 0..<7 where measures.present & (1 << UInt16(index)) != 0 {
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

/// The stored state of a level: the sums over its samples, and their offsets.
struct LevelRow: Row {
  var level = ""
  var metrics = MetricTable()
  var offsets = SampleOffsets()

  static let table = StoredTable<LevelKey, LevelRow>("levels")

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout LevelRow, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("level", &row.level)
    try visit.hidden("metrics", &row.metrics)
    try visit.hidden("offsets", &row.offsets)
  }
}

/// The sums over the samples at those levels of a factor that came too late to be kept. It is there
/// once the factor is full.
struct OthersRow: Row {
  var metrics = MetricTable()

  static let table = StoredTable<UInt64, OthersRow>("others")

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout OthersRow, _ visit: inout Visitor
  ) throws(Visitor.Failure) { try visit.hidden("metrics", &row.metrics) }
}
