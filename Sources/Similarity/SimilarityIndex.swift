package import Views

/// Finds similar texts among those inserted; lives in a `TableSet`, so that a fold can stop and go on.
///
/// Candidates come from bands of MinHash values: see `Banding`. What is found is compared in full,
/// so every match is true. Equal sketches are stored once, and found by their identity. Of the texts
/// that agree in a band only the first 4 and the last 4 are kept, so that a question and an insertion
/// have a bound: where more resemble one another, some of those that are similar are found.
///
/// Memory and room, for a distinct text: 5 bytes a shingle and 27; and for finding it about 240
/// bytes (of a `lowest` below 90), 185 (from 90 on) or 125 (from 95 on). A page that was not used
/// since the last checkpoint may be let go of: 256 MiB at most remain.
package final class SimilarityIndex {
  private let records: SketchRecords
  private let table: BandTable
  private let banding: Banding
  private let lowest: Int
  /// The sketch at hand: its bands, and the records that may be similar.
  @safe @exclusivity(unchecked)
  private var keys: [UInt32] = []
  @safe @exclusivity(unchecked)
  private var found: [UInt32] = []

  /// - Parameter lowest: the least similarity, in hundredths, that will be asked for. A higher one
  ///   makes for less work.
  package init(tables: TableSet, name: String, lowest: Int = 85) throws(TableError) {
    records = try SketchRecords(tables: tables, name: name)
    table = try BandTable(tables: tables, name: name)
    self.lowest = min(max(lowest, 1), 100)
    banding = Banding(lowest: self.lowest)
  }

  // MARK: Insert

  /// Adds a text. A text without words is never found, and not kept.
  package func insert(_ sketch: Sketch, id: UInt64) throws(TableError) {
    if sketch.isEmpty { return }
    try insert(sketch, id: id, Probe(sketch))
  }

  private func insert(_ sketch: Sketch, id: UInt64, _ probe: Probe) throws(TableError) {
    if let address = try equal(to: sketch, probe) {
      try records.addText(address, id: id)
      return
    }
    let address = try records.append(sketch, id: id, signature: probe.signature)
    try table.file(address, under: probe.identity)
    if sketch.isAlone(atLeast: lowest) { return }
    banding.keys(sketch.hashes.span, into: &keys)
    for key in keys { try table.file(address, under: key) }
  }

  /// What a sketch is known again by.
  private struct Probe {
    let identity: UInt32
    let signature: UInt64

    init(_ sketch: Sketch) {
      identity = sketch.identity
      signature = sketch.parities
    }
  }

  /// The record of an equal sketch.
  private func equal(to sketch: Sketch, _ probe: Probe) throws(TableError) -> UInt32? {
    try table.open()
    found.removeAll(keepingCapacity: true)
    try table.collect(probe.identity, into: &found)
    for address in found where try records.signature(address) == probe.signature {
      let isEqual = try records.withRecord(address) { head, hashes in
        sketch.isEqual(to: hashes, isWhole: head.isWhole)
      }
      if isEqual { return address }
    }
    return nil
  }

  // MARK: Ask

  /// The number of texts that are similar, counting on until there are `limit`.
  package func count(
    similarTo sketch: Sketch, atLeast hundredths: Int, upTo limit: Int
  ) throws(TableError) -> Int {
    var count = 0
    try forEachSimilar(to: sketch, atLeast: hundredths) { head, _ in
      count += Int(clamping: head.count)
      return count < limit
    }
    return min(count, limit)
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
    let probe = Probe(sketch)
    let equal = try equal(to: sketch, probe)
    if let equal {
      let count = sketch.hashes.count
      let union = sketch.isWhole ? count : Sketch.hashesMax
      if try !body(records.head(equal), Similarity(shared: count, union: union)) { return }
    }
    if sketch.isAlone(atLeast: hundredths) { return }
    banding.keys(sketch.hashes.span, into: &keys)
    try collect(probe.signature, sketch.differenceMax(atLeast: hundredths))
    for address in found where address != equal {
      let goesOn = try records.withRecord(address) { head, hashes in
        let similarity = sketch.similarity(
          to: hashes, isWhole: head.isWhole, atLeast: hundredths)
        return similarity.map { body(head, $0) } ?? true
      }
      if !goesOn { return }
    }
  }

  /// Gathers the records of the bands, each once, but those that differ in too many parities.
  private func collect(_ signature: UInt64, _ differenceMax: Int) throws(TableError) {
    found.removeAll(keepingCapacity: true)
    touched = try table.touch(keys)
    for key in keys { try table.collect(key, into: &found) }
    found.sort()
    var kept = 0
    var last = UInt32.max
    for index in found.indices {
      let address = found[index]
      if address == last { continue }
      last = address
      let difference = try (records.signature(address) ^ signature).nonzeroBitCount
      found[kept] = address
      kept += difference <= differenceMax ? 1 : 0
    }
    found.removeLast(found.count - kept)
  }

  @safe @exclusivity(unchecked)
  private var touched: UInt64 = 0
}
