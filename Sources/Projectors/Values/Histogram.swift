internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// How many interactions have a score in one tenth: kept by the tenth.
struct Histogram: Row, Equatable {
  var bucket: UInt64 = 0
  var count: UInt64 = 0
  /// Of all buckets; known when they are read.
  var total: UInt64 = 0

  static let table = StoredTable<UInt64, BucketCount>("histogram")
  static let bucketCount: UInt64 = 10

  /// The tenth that a score is in; the last one holds 1.0 too.
  static func bucket(_ score: FixedPoint) -> UInt64 {
    let tenth = FixedPoint.one.units / Int64(bucketCount)
    let bucket = max(0, score.units) / tenth
    return min(UInt64(bucket), bucketCount - 1)
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Histogram, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("bucket", &row.bucket, "The tenth, from 0 to 9.")
    try visit.column("count", &row.count, "The scores in it.")
    visit.derived("share", unit: .fraction, rule: "count / total") {
      Double(row.count) / Double(row.total)
    }
  }

  static let answer = Answer<Histogram>(
    "values/histogram",
    "Scores of one tenth: the lower end counts as in it; the last bucket holds 1 as well.",
    rows: { tables, body throws(TableError) in
      for row in try rows(in: tables) { if try !body(row) { return } }
    },
    row: { key, tables throws(TableError) in
      let rows = try rows(in: tables)
      return key.number(0).flatMap { Int(exactly: $0) }.flatMap {
        rows.indices.contains($0) ? rows[$0] : nil
      }
    }
  ).showing(first: "count").explained { explanation, row, tables, _ throws(TableError) in
    let bucket = UInt64(clamping: row["bucket"].integer ?? 0)
    let members = try Members.of(tables) { Self.bucket($0.score.total) == bucket }
    let total = try rows(in: tables)[0].total
    let (low, high) = (Int64(bucket) * 10, Int64(bucket) * 10 + 10)
    explanation.set(
      Figure(
        "count", row["count"],
        "the scores from \(FixedPoint(hundredths: low)) to "
          + (bucket == bucketCount - 1 ? "1" : "below \(FixedPoint(hundredths: high))"),
        [Input("counted again", Cell(members.count))]))
    explanation.add(Input("total", Cell(total)), to: "share")
    explanation.offsets = members.evidence.first
    explanation.offsetCount = members.count
  }.touched { subject, tables throws(TableError) in
    guard let interaction = subject.interaction else { return [] }
    let bucket = Self.bucket(interaction.score.total)
    return [try rows(in: tables)[Int(bucket)]]
  }

  /// All ten, always.
  private static func rows(in tables: any ViewReader) throws(TableError) -> [Histogram] {
    var counts = [UInt64](repeating: 0, count: Int(bucketCount))
    try tables.read(table).forEach { bucket, row in
      if bucket < bucketCount { counts[Int(bucket)] = row.count }
      return true
    }
    let total = counts.reduce(0, &+)
    return counts.enumerated().map { bucket, count in
      Histogram(bucket: UInt64(bucket), count: count, total: total)
    }
  }
}

/// What is kept of a bucket.
struct BucketCount: Row, Equatable {
  var count: UInt64 = 0

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout BucketCount, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.column("count", &row.count, "The scores in it.")
  }
}
