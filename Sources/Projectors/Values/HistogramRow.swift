import Bytes
import Facts
import Views

/// How many interactions have a score in one tenth.
struct HistogramRow: Equatable, StoredRow {
  var count: UInt64

  init(count: UInt64) { self.count = count }

  func encode(into writer: inout ByteWriter) { writer.append(varint: count) }
  init(from reader: inout ByteReader) throws(BytesError) { count = try reader.varint() }
}

enum Histogram {
  static let bucketCount: UInt64 = 10

  /// The tenth that a score is in; the last one holds 1.0 too.
  static func bucket(_ score: FixedPoint) -> UInt64 {
    let tenth = FixedPoint.one.units / Int64(bucketCount)
    let bucket = max(0, score.units) / tenth
    return min(UInt64(bucket), bucketCount - 1)
  }
}
