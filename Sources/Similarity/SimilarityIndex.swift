package import Views

/// Finds similar texts among those inserted; lives in a `TableSet`, so that a fold can stop and go on.
///
/// Candidates come from bands of MinHash values: see `Banding`. What is found is compared in full,
/// so every match is true. Equal sketches are stored once, and found by their identity. A band keeps
/// 8 texts at each of 4 levels, so that a question and an insertion have a bound: where hundreds
/// resemble one another, most of those that are similar are found.
///
/// A question and an insertion together take 2.5 µs among 10,000 texts and 4 to 9 among a million; 5
/// to 25 where 100,000 fill in one template. Memory and room, for a distinct text: 5 bytes a shingle
/// and 38, and for finding it about
/// 180 bytes (of a `lowest` below 90), 125 (from 90 on) or 100 (from 95 on). After a checkpoint at
/// most 320 MiB stay in memory.
package final class SimilarityIndex {
  private let records: SketchRecords
  private let table: BandTable
  private let lowest: Int
  /// The bands of the sketch that was last asked for or inserted.
  @safe @exclusivity(unchecked)
  private var bands: Bands
  @safe @exclusivity(unchecked)
  private var sketch: Sketch?
  @safe @exclusivity(unchecked)
  private var candidates = Candidates()
  /// Bands without room at the level that was looked at.
  @safe @exclusivity(unchecked)
  private var full: [Int] = []

  /// - Parameter lowest: the least similarity, in hundredths, that will be asked for. A higher one
  ///   makes for less work.
  package init(tables: TableSet, name: String, lowest: Int = 85) throws(TableError) {
    records = try SketchRecords(tables: tables, name: name)
    table = try BandTable(tables: tables, name: name)
    self.lowest = min(max(lowest, 1), 100)
    bands = Bands(Banding(lowest: self.lowest))
  }

  // MARK: Insert

  /// Adds a text. A text without words is never found, and not kept.
  package func insert(_ sketch: Sketch, id: UInt64) throws(TableError) {
    if sketch.isEmpty { return }
    if let number = try equal(to: sketch) {
      try records.addText(number, id: id)
      return
    }
    let number = try records.append(sketch, id: id)
    _ = try table.file(number, under: identity(sketch), replacing: true)
    if sketch.isAlone(atLeast: lowest) { return }
    try begin(sketch)
    for band in 0..<bands.count {
      var level = 0
      while try !table.file(
        number, under: bands.keys[band], replacing: level == Banding.levels - 1)
      {
        level += 1
        bands.deepen(band, to: level)
      }
    }
  }

  /// Has the bands of a sketch at hand, each at its first level.
  private func begin(_ sketch: Sketch) throws(TableError) {
    if self.sketch == sketch {
      bands.restart()
    } else {
      bands.begin(sketch.hashes.span)
      self.sketch = sketch
    }
    for key in bands.keys { try table.touch(key) }
  }

  private func identity(_ sketch: Sketch) -> UInt32 {
    UInt32(truncatingIfNeeded: sketch.identity)
  }

  /// The record of an equal sketch.
  private func equal(to sketch: Sketch) throws(TableError) -> UInt32? {
    try table.open()
    var equal: UInt32?
    _ = try table.forEach(identity(sketch)) { number throws(TableError) in
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
    var missing = limit
    try forEachSimilar(to: sketch, atLeast: hundredths) { head, _ in
      missing -= min(Int(clamping: head.count), missing)
      return missing > 0
    }
    return limit - missing
  }

  /// The most similar text and how similar it is, ties to the lowest id.
  package func nearest(
    to sketch: Sketch, atLeast hundredths: Int
  ) throws(TableError) -> (id: UInt64, similarity: Similarity)? {
    var best: (id: UInt64, similarity: Similarity)?
    try forEachSimilar(to: sketch, atLeast: hundredths) { head, similarity in
      if let known = best {
        if similarity > known.similarity
          || (similarity == known.similarity && head.id < known.id)
        {
          best = (head.id, similarity)
        }
      } else {
        best = (head.id, similarity)
      }
      return true
    }
    return best
  }

  /// The lowest id of the texts that are similar.
  package func earliest(
    similarTo sketch: Sketch, atLeast hundredths: Int
  ) throws(TableError) -> UInt64? {
    var lowest: UInt64?
    try forEachSimilar(to: sketch, atLeast: hundredths) { head, _ in
      lowest = min(lowest ?? head.id, head.id)
      return true
    }
    return lowest
  }

  /// Calls `body` for each similar record, the equal one first, until it returns false.
  private func forEachSimilar(
    to sketch: Sketch, atLeast hundredths: Int,
    _ body: (SketchRecords.Head, Similarity) -> Bool
  ) throws(TableError) {
    if sketch.isEmpty { return }
    let equal = try equal(to: sketch)
    if let equal {
      let count = sketch.hashes.count
      let union = sketch.isWhole ? count : Sketch.hashesMax
      if try !body(records.head(equal), Similarity(shared: count, union: union)) { return }
    }
    if sketch.isAlone(atLeast: hundredths) { return }
    try begin(sketch)
    try collect(sketch, atLeast: hundredths)
    for number in candidates.numbers where number != equal {
      let head = try records.head(number)
      let similarity = sketch.similarity(
        to: try records.hashes(head), isWhole: head.isWhole, atLeast: hundredths)
      if let similarity, !body(head, similarity) { return }
    }
  }

  /// Gathers the records of the bands, going on to the next level where one is full. Goes level by
  /// level, and looks at the records last, so as to wait for memory seldom.
  private func collect(_ sketch: Sketch, atLeast hundredths: Int) throws(TableError) {
    candidates.begin(sketch, atLeast: hundredths)
    full.removeAll(keepingCapacity: true)
    for band in 0..<bands.count where try !collect(bands.keys[band]) { full.append(band) }
    for level in 1..<Banding.levels where !full.isEmpty {
      for band in full {
        bands.deepen(band, to: level)
        try table.touch(bands.keys[band])
      }
      var kept = 0
      for index in full.indices where try !collect(bands.keys[full[index]]) {
        full[kept] = full[index]
        kept += 1
      }
      full.removeLast(full.count - kept)
    }
    try candidates.select { number throws(TableError) in try records.head(number).parities }
  }

  @inline(__always)
  private func collect(_ key: UInt32) throws(TableError) -> Bool {
    try table.forEach(key) { number throws(TableError) in candidates.add(number) }
  }
}
