import Bytes
import Events
import TestSupport
import Testing
import Views

/// A row of every kind of column.
private struct Sample: Row, Equatable {
  var id = ""
  var count: UInt64 = 0
  var change: Int64 = 0
  var share = FixedPoint.zero
  var isGood = false
  var seen = Timestamp(nanoseconds: 0)
  var stream = Events.Stream.ralph
  var model: String?
  var limit: UInt64?
  var tools: [String] = []
  var sum = WideInteger.zero

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Sample, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("sample_id", &row.id, "Its name.")
    try visit.column("count", &row.count, "How many.")
    try visit.column("change", &row.change, unit: .bytes, "By how much.")
    try visit.column("share", &row.share, unit: .fraction, "Of all.")
    try visit.column("good", &row.isGood, "Whether it is good.")
    try visit.column("seen", &row.seen, "When.")
    try visit.column("stream", &row.stream, "Where.")
    try visit.column("model", &row.model, "Who answered.")
    try visit.column("limit", &row.limit, "The most.")
    try visit.column("tools", &row.tools, "What was used.")
    try visit.hidden("sum", &row.sum)
    visit.derived("mean", rule: "sum / count") { Double(row.sum.limbs.low) / Double(row.count) }
  }
}

/// What a row's declaration is made into.
@Suite struct RowTests {
  private let sample = Sample(
    id: "a", count: 3, change: -4, share: FixedPoint(hundredths: 25), isGood: true,
    seen: Timestamp(nanoseconds: 5), stream: .hybrid, model: nil, limit: 7, tools: ["x", "y"],
    sum: WideInteger(Int64(6)))

  @Test func `a row comes back from its bytes`() throws {
    var writer = ByteWriter()
    writer.append(byte: 9)
    sample.encode(into: &writer)
    writer.append(byte: 8)
    var reader = ByteReader(writer.span)
    #expect(try reader.byte() == 9)
    #expect(try Sample(from: &reader) == sample)
    #expect(try reader.byte() == 8)
  }

  /// Computed apart from this program: rows that are kept never change their bytes.
  @Test func `a row has these bytes`() {
    var writer = ByteWriter()
    Sample(
      id: "a", count: 3, change: -4, share: FixedPoint(hundredths: 25), isGood: true,
      seen: Timestamp(nanoseconds: 5), stream: .hybrid, model: nil, limit: 7, tools: ["x", "y"]
    ).encode(into: &writer)
    var end = ByteWriter()
    WideInteger.zero.encode(into: &end)
    #expect(
      hexadecimal(writer.bytes)
        == "0161030780cab5ee01010a020001070201780179" + hexadecimal(end.bytes))
  }

  @Test func `bytes that end early are an error, and no crash`() throws {
    var writer = ByteWriter()
    sample.encode(into: &writer)
    for size in 0..<writer.count {
      #expect(throws: BytesError.self) {
        var reader = ByteReader(writer.span.extracting(..<size))
        _ = try Sample(from: &reader)
      }
    }
  }

  @Test func `columns are those that are answered, in order`() {
    let columns = Sample.columns
    #expect(
      columns.map(\.name) == [
        "sample_id", "count", "change", "share", "good", "seen", "stream", "model", "limit",
        "tools",
        "mean",
      ])
    #expect(columns.filter(\.isKey).map(\.name) == ["sample_id"])
    #expect(columns.filter(\.isNullable).map(\.name) == ["model", "limit", "mean"])
    #expect(columns[6].choices == ["ralph", "aidb", "hybrid", "editor", "foldlog"])
    #expect(columns[10].rule == "sum / count")
    #expect(columns[2].unit == .bytes)
  }

  @Test func `cells stand under their columns`() {
    let cells: [Cell] = [
      .text("a"), .integer(3), .integer(-4), .decimal(FixedPoint(hundredths: 25)), .bool(true),
      .time(Timestamp(nanoseconds: 5)), .text("hybrid"), .null, .integer(7),
      .texts(["x", "y"]), .real(2),
    ]
    #expect(sample.cells == cells)
    #expect(Sample().cells.last == .null)
  }
}
