package import Bytes
package import Tables
package import Views

/// The tables of an index of similar texts, as a view declares it.
package struct StoredSimilarityIndex: Sendable {
  /// The least similarity, in hundredths, that will be asked for.
  let lowest: Int
  let filings: StoredPages
  let directory: StoredPages
  let heads: StoredPages
  let sketches: StoredPages

  /// - Parameters:
  ///   - name: begins the names of its tables within the view. Never to be changed.
  ///   - lowest: the least similarity, in hundredths, that will be asked for. A higher one makes for
  ///     less work.
  package init(_ name: String, lowest: Int = 85) {
    self.lowest = min(max(lowest, 1), 100)
    filings = StoredPages("\(name)/filings", residentMax: 1 << 15)
    directory = StoredPages("\(name)/directory")
    heads = StoredPages("\(name)/heads", residentMax: 1 << 14)
    sketches = StoredPages("\(name)/sketches", wordsPerPage: 1022, residentMax: 1 << 14)
  }
}

/// Finds similar texts among those inserted; lives in a `FoldTables`, so that a fold can stop and go on.
///
/// A text is looked for by bands of MinHash values; where these are crowded, by its rare shingles,
/// which finds all (see `RareShingles`); where it has few of these, by more and longer bands. What is
/// found is compared in full, so every match is true. Equal sketches are stored once, and found by
/// their identity.
///
/// A question and an insertion look at a bounded number of records, however many there are. Memory and
/// room, for a distinct text: 5 bytes a shingle and 38, and for finding it about 14 bytes a filing: its
/// bands (12 of a `lowest` below 90, 8 from 90 on, 6 from 95 on) and one for equality; in a crowd also
/// some `(100 − lowest)` hundredths of its shingles, and 24, 16 or 12 bands more when few of these are
/// rare. After a checkpoint at most 320 MiB stay in memory.
package final class SimilarityIndex {
  let records: SketchRecords
  private let table: FilingTable
  private let lowest: Int
  /// Different sketches of one identity: there is hardly ever a second.
  private static let equalMax = 8
  @safe @exclusivity(unchecked)
  var rare: RareShingles
  @safe @exclusivity(unchecked)
  var banded: BandedTexts
  @safe @exclusivity(unchecked)
  var crowded: BandedTexts
  @safe @exclusivity(unchecked)
  var candidates = Candidates()
  /// The identity of the sketch that was last asked for, if it had no equal: most are inserted next.
  @safe @exclusivity(unchecked)
  private var unknown: UInt64?

  package init(
    _ tables: FoldTables, _ declared: StoredSimilarityIndex
  ) throws(TableError) {
    records = try SketchRecords(tables, declared)
    table = try FilingTable(tables, declared)
    lowest = declared.lowest
    rare = RareShingles(table, records)
    banded = BandedTexts(table, .common(lowest: self.lowest))
    crowded = BandedTexts(table, .crowded(lowest: self.lowest))
  }

  // MARK: Insert

  /// Adds a text. A text without words is never found, and not kept.
  package func insert(_ sketch: Sketch, id: UInt64) throws(TableError) {
    if sketch.isEmpty { return }
    if unknown != sketch.identity, let number = try equal(to: sketch) {
      try records.addText(number, id: id)
      return
    }
    unknown = nil
    try file(try records.append(sketch, id: id), sketch)
  }

  /// Has a new record found.
  func file(_ number: UInt32, _ sketch: Sketch) throws(TableError) {
    _ = try table.keep(number, under: identity(sketch), upTo: Self.equalMax, replacing: true)
    if sketch.isAlone(atLeast: lowest) { return }
    if try !banded.insert(sketch.hashes.span, sketch.identity, number) { return }
    let poor = try rare.insert(number, filingCount: sketch.filingCount(atLeast: lowest))
    for number in poor {
      var hashes: [UInt64] = []
      try records.hashes(records.head(number)).append(to: &hashes)
      _ = try crowded.insert(hashes.span, nil, number)
    }
  }

  private func identity(_ sketch: Sketch) -> UInt32 {
    UInt32(truncatingIfNeeded: sketch.identity)
  }

  /// The record of an equal sketch.
  func equal(to sketch: Sketch) throws(TableError) -> UInt32? {
    try table.open()
    var equal: UInt32?
    _ = try table.forEachKept(identity(sketch), upTo: Self.equalMax) { number throws(TableError) in
      let head = try records.head(number)
      guard head.parities == sketch.parities, head.isWhole == sketch.isWhole else { return }
      if sketch.hasHashes(try records.hashes(head)) { equal = number }
    }
    return equal
  }

  // MARK: Ask

  /// The number of texts that are similar, counting on until there are `limit`.
  package func count(
    similarTo sketch: Sketch, atLeast hundredths: Int, upTo limit: Int
  ) throws(TableError) -> Int {
    var finding = CountFinding(upTo: limit)
    try find(similarTo: sketch, atLeast: hundredths, &finding)
    return finding.count
  }

  /// The most similar text and how similar it is, ties to the lowest id.
  package func nearest(
    to sketch: Sketch, atLeast hundredths: Int
  ) throws(TableError) -> (id: UInt64, similarity: Similarity)? {
    var finding = NearestFinding()
    try find(similarTo: sketch, atLeast: hundredths, &finding)
    return finding.best
  }

  /// The lowest id of the texts that are similar.
  package func earliest(
    similarTo sketch: Sketch, atLeast hundredths: Int
  ) throws(TableError) -> UInt64? {
    var finding = EarliestFinding()
    try find(similarTo: sketch, atLeast: hundredths, &finding)
    return finding.id
  }

  /// Shows similar records to a finding until it is done: the equal one first, which is the nearest.
  @inline(__always)
  func find(
    similarTo sketch: Sketch, atLeast hundredths: Int, _ finding: inout some Finding
  ) throws(TableError) {
    if sketch.isEmpty { return }
    let equal = try equal(to: sketch)
    unknown = equal == nil ? sketch.identity : nil
    if let equal {
      let count = sketch.hashes.count
      let union = sketch.isWhole ? count : Sketch.hashesMax
      finding.take(equal, try records.head(equal), Similarity(shared: count, union: union))
      if finding.isDone { return }
    }
    if sketch.isAlone(atLeast: hundredths) { return }
    candidates.begin(sketch, atLeast: hundredths)
    let isCrowd = try banded.collect(sketch, into: &candidates)
    try compare(sketch, atLeast: hundredths, but: equal, &finding)
    if !isCrowd || finding.isDone { return }
    candidates.setAside(sketch, atLeast: hundredths)
    let isAll = try rare.collect(sketch, atLeast: hundredths, into: &candidates)
    try compare(sketch, atLeast: hundredths, but: equal, &finding)
    if isAll || finding.isDone { return }
    candidates.setAside(sketch, atLeast: hundredths)
    _ = try crowded.collect(sketch, into: &candidates)
    try compare(sketch, atLeast: hundredths, but: equal, &finding)
  }

  /// Compares the candidates.
  @inline(__always)
  private func compare(
    _ sketch: Sketch, atLeast hundredths: Int, but equal: UInt32?, _ finding: inout some Finding
  ) throws(TableError) {
    try candidates.select { number throws(TableError) in try records.head(number).parities }
    for number in candidates.numbers where number != equal {
      let head = try records.head(number)
      if !finding.wants(head) { continue }
      let similarity = sketch.similarity(
        to: try records.hashes(head), isWhole: head.isWhole, atLeast: hundredths)
      if let similarity { finding.take(number, head, similarity) }
      if finding.isDone { return }
    }
  }
}

/// Texts with one sketch that are similar to another.
package struct SimilarText: Equatable, Sendable {
  /// Which of the texts it is: by its id, or by its number among those that are not equal.
  package let id: UInt64
  /// How many there are.
  package let count: UInt64
  package let similarity: FixedPoint

  package init(id: UInt64, count: UInt64, similarity: FixedPoint) {
    self.id = id
    self.count = count
    self.similarity = similarity
  }
}

extension SimilarityIndex {
  /// The similar texts, by their numbers, at most 64 of them: for explanations, not for folds. Texts
  /// that are not equal are numbered from 0 as they come.
  ///
  /// - Parameter end: only those with lower numbers: texts that came before.
  package func similar(
    to sketch: Sketch, atLeast hundredths: Int, below end: UInt64 = .max
  ) throws(TableError) -> [SimilarText] {
    var finding = ListFinding(end: end)
    try find(similarTo: sketch, atLeast: hundredths, &finding)
    return finding.texts.sorted { $0.id < $1.id }
  }

  /// The texts that are not equal: the number that the next one gets.
  package func textCount() throws(TableError) -> UInt64 { try records.count() }
}

/// All that is similar, up to a limit.
private struct ListFinding: Finding {
  private(set) var texts: [SimilarText] = []
  private let end: UInt64

  init(end: UInt64) { self.end = end }

  func wants(_ head: SketchRecords.Head) -> Bool { true }

  mutating func take(_ number: UInt32, _ head: SketchRecords.Head, _ similarity: Similarity) {
    if UInt64(number) >= end { return }
    // Found by several ways, counted once.
    if texts.contains(where: { $0.id == UInt64(number) }) { return }
    texts.append(
      SimilarText(id: UInt64(number), count: head.count, similarity: similarity.value))
  }

  var isDone: Bool { texts.count == 64 }
}

/// How much two sets of shingles have in common: their Jaccard index, as a ratio of two counts.
package struct Similarity: Comparable, Sendable {
  package let shared: Int
  /// 0 when both sets are empty, which are not similar.
  package let union: Int

  package init(shared: Int, union: Int) {
    self.shared = shared
    self.union = union
  }

  /// Whether the ratio is at least so many hundredths, without rounding.
  package func isAtLeast(hundredths: Int) -> Bool {
    union > 0 && shared * 100 >= hundredths * union
  }

  /// The ratio to the nearest 1e-9, ties to even.
  package var value: FixedPoint {
    union == 0 ? .zero : FixedPoint(ratio: Int64(shared), Int64(union))
  }

  package static func == (left: Similarity, right: Similarity) -> Bool {
    !(left < right) && !(right < left)
  }

  package static func < (left: Similarity, right: Similarity) -> Bool {
    // An empty union stands for 0.
    left.shared * max(right.union, 1) < right.shared * max(left.union, 1)
  }
}
