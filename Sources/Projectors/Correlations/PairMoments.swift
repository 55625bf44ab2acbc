internal import Bytes
internal import Events
internal import Tables
internal import Views

/// The sums over the samples that have the same metrics, of each metric and of the products of each
/// two: what the correlation of a pair needs, whatever else its samples have.
struct MomentRow: StoredRow {
  static let table = StoredTable<UInt64, MomentRow>("moments")

  private(set) var count: UInt64 = 0
  private var sums = InlineArray<8, Int128>(repeating: 0)
  /// Of metric i and metric j ≥ i, at j·(j + 1)/2 + i.
  private var products = InlineArray<36, ProductSum>(repeating: ProductSum())
  private(set) var offsets = SampleOffsets()
  /// Which metrics they have: a bit for each of `Metric.paired`.
  private let mask: UInt8

  init(mask: UInt8) { self.mask = mask }

  private func has(_ index: Int) -> Bool { mask & (1 << UInt8(index)) != 0 }

  mutating func add(_ sample: borrowing Sample) {
    let values = sample.measures.paired
    offsets.add(sample.offset)
    count &+= 1
    for j in 0..<8 where has(j) {
      sums[j] &+= Int128(values[j])
      for i in 0...j where has(i) {
        products[j * (j + 1) / 2 + i].add(Int128(values[i]) * Int128(values[j]))
      }
    }
  }

  mutating func remove(_ sample: borrowing Sample) {
    let values = sample.measures.paired
    offsets.remove(sample.offset)
    count &-= 1
    for j in 0..<8 where has(j) {
      sums[j] &-= Int128(values[j])
      for i in 0...j where has(i) {
        products[j * (j + 1) / 2 + i].remove(Int128(values[i]) * Int128(values[j]))
      }
    }
  }

  /// Adds what two metrics, the lower first, have in the samples of this row, if these have both.
  func add(_ i: Int, _ j: Int, to pair: inout PairSums) {
    guard has(i), has(j) else { return }
    pair.offsets += offsets.kept
    pair.count &+= count
    pair.x &+= sums[i]
    pair.y &+= sums[j]
    pair.xx += products[i * (i + 1) / 2 + i].wide
    pair.yy += products[j * (j + 1) / 2 + j].wide
    pair.xy += products[j * (j + 1) / 2 + i].wide
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(byte: mask)
    writer.append(varint: count)
    for j in 0..<8 where has(j) {
      writer.append(wide: WideInteger(sums[j]))
      for i in 0...j where has(i) { writer.append(wide: products[j * (j + 1) / 2 + i].wide) }
    }
    offsets.encode(into: &writer)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    mask = try reader.byte()
    count = try reader.varint()
    for j in 0..<8 where has(j) {
      sums[j] = try Int128(from: &reader)
      for i in 0...j where has(i) { products[j * (j + 1) / 2 + i] = ProductSum(try reader.wide()) }
    }
    offsets = try SampleOffsets(from: &reader)
  }
}

/// The sums over the samples that have both metrics of a pair.
struct PairSums: Sendable {
  var count: UInt64 = 0
  var x: Int128 = 0
  var y: Int128 = 0
  var xx = WideInteger.zero
  var yy = WideInteger.zero
  var xy = WideInteger.zero
  /// The first 32 samples of each set of metrics that has both.
  var offsets: [Offset] = []

  /// Pearson's r; nil where one of them does not vary.
  var correlation: Double? {
    let spreadX = xx * count - WideInteger.product(x, x)
    let spreadY = yy * count - WideInteger.product(y, y)
    guard !spreadX.isZero, !spreadY.isZero else { return nil }
    let shared = xy * count - WideInteger.product(x, y)
    let scale = spreadX.doubleValue.squareRoot() * spreadY.doubleValue.squareRoot()
    return max(-1, min(1, shared.doubleValue / scale))
  }
}

/// The moments by mask, side by side in memory, and their table. A row without samples is none.
struct MomentStore {
  private var rows = (0...255 as ClosedRange<UInt8>).map(MomentRow.init(mask:))
  private var isChanged = [Bool](repeating: false, count: 256)
  private let table: KeyedTable<UInt64, MomentRow>

  init(tables: FoldTables) throws(TableError) {
    table = try tables.open(MomentRow.table)
    try tables.read(MomentRow.table).forEach { key, row throws(TableError) in
      guard key < UInt64(rows.count) else {
        throw TableError(table: "moments", reason: "\(key) is no set of metrics")
      }
      rows[Int(key)] = row
      return true
    }
  }

  mutating func add(_ sample: borrowing Sample) {
    let mask = sample.measures.pairedMask
    rows[mask].add(sample)
    isChanged[mask] = true
  }

  /// Removes a sample that was added.
  mutating func remove(_ sample: borrowing Sample) {
    let mask = sample.measures.pairedMask
    rows[mask].remove(sample)
    isChanged[mask] = true
  }

  /// Writes the changed rows into the table.
  mutating func write() throws(TableError) {
    for mask in rows.indices where isChanged[mask] {
      isChanged[mask] = false
      if rows[mask].count > 0 {
        try table.put(UInt64(mask), rows[mask])
      } else {
        try table.remove(UInt64(mask))
      }
    }
  }
}

extension Measures {
  /// The metrics that are paired are those after the first.
  var pairedMask: Int { Int(present >> 1) }

  fileprivate var paired: InlineArray<8, Int64> {
    var paired = InlineArray<8, Int64>(repeating: 0)
    for index in 0..<8 { paired[index] = values[index + 1] }
    return paired
  }
}
