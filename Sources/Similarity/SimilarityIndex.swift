package import Views

/// Finds similar texts among those inserted; lives in a `TableSet`, so that a fold can stop and go on.
///
/// Two sets of n shingles that are similar enough must share one of the first few of each in any
/// order that both keep (prefix filtering, Chaudhuri et al. 2006). The order here puts what is common
/// behind what is rare, and within these it is that of the hashes, as in MinHash, so that four are
/// enough unless the rare ones are few. A shingle becomes common, for good, when more than
/// `listMax` texts are filed under it; those texts are then filed under their next.
///
/// What is found is compared in full, so every match is true. Equal sketches are stored once.
/// Memory, for a distinct text: 8 bytes a shingle, and about 130.
package final class SimilarityIndex {
  private let records: SketchRecords
  private let postings: Postings
  private let lowest: Int
  private static var listMax: Int { 32 }

  /// - Parameter lowest: the least similarity, in hundredths, that will be asked for. A higher one
  ///   makes for less work.
  package init(tables: TableSet, name: String, lowest: Int = 85) throws(TableError) {
    records = try SketchRecords(tables: tables, name: name)
    postings = try Postings(tables: tables, name: name)
    self.lowest = min(max(lowest, 1), 100)
  }

  // MARK: Insert

  /// Adds a text. A text without words is never found, and not kept.
  package func insert(_ sketch: Sketch, id: UInt64) throws(TableError) {
    if sketch.isEmpty { return }
    if let address = try equal(to: sketch) {
      try records.addText(address, id: id)
      return
    }
    let address = try records.append(sketch, id: id)
    let entry = Postings.Entry(address: address, signature: signature(sketch.hashes.span))
    _ = try postings.file(entry, under: identity(sketch), countMax: Int.max)
    var waiting = try file(sketch.hashes, entry)
    // Those that were filed under a shingle which has become common.
    while !waiting.isEmpty {
      var next: Set<UInt32> = []
      for address in waiting.sorted() {
        let hashes = try records.withRecord(address) { _, hashes in copy(hashes) }
        let entry = Postings.Entry(address: address, signature: signature(hashes.span))
        next.formUnion(try file(hashes, entry))
      }
      waiting = next
    }
  }

  /// Files a record under its first shingles. Returns the records whose shingles became common.
  private func file(
    _ hashes: [UInt64], _ entry: Postings.Entry
  ) throws(TableError) -> Set<UInt32> {
    var displaced: Set<UInt32> = []
    var walk = Walk(count: hashes.count, lowest: lowest)
    for hash in hashes {
      if walk.isDone { break }
      let key = UInt32(truncatingIfNeeded: hash)
      switch try postings.file(entry, under: key, countMax: Self.listMax) {
      case .done: walk.taken += 1
      case .common: walk.skipped += 1
      case .full:
        displaced.formUnion(try postings.makeCommon(key))
        walk.skipped += 1
      }
    }
    return displaced
  }

  /// The record of an equal sketch.
  private func equal(to sketch: Sketch) throws(TableError) -> UInt32? {
    let signature = signature(sketch.hashes.span)
    var found: UInt32?
    _ = try postings.forEach(identity(sketch)) { entry throws(TableError) in
      guard entry.signature == signature else { return true }
      let isEqual = try records.withRecord(entry.address) { head, hashes in
        head.isWhole == sketch.isWhole && areEqual(hashes, sketch.hashes.span)
      }
      if isEqual { found = entry.address }
      return !isEqual
    }
    return found
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
    var seen: Set<UInt32> = []
    if let address = try equal(to: sketch) {
      seen.insert(address)
      let count = sketch.hashes.count
      let union = sketch.isWhole ? count : Sketch.hashesMax
      if try !body(records.head(address), Similarity(shared: count, union: union)) { return }
    }
    let signature = signature(sketch.hashes.span)
    let differenceMax = differenceMax(sketch.hashes.count, hundredths)
    var isOpen = true
    var walk = Walk(count: sketch.hashes.count, lowest: lowest)
    for hash in sketch.hashes where isOpen {
      if walk.isDone { break }
      let isCommon = try postings.forEach(UInt32(truncatingIfNeeded: hash)) {
        entry throws(TableError) in
        guard (entry.signature ^ signature).nonzeroBitCount <= differenceMax,
          seen.insert(entry.address).inserted
        else { return true }
        isOpen = try records.withRecord(entry.address) { head, hashes in
          let similarity = compare(
            sketch.hashes.span, isWhole: sketch.isWhole, hashes, isWhole: head.isWhole)
          return similarity.isAtLeast(hundredths: hundredths) ? body(head, similarity) : true
        }
        return isOpen
      }
      if isCommon { walk.skipped += 1 } else { walk.taken += 1 }
    }
  }
}

/// How far a walk along a sketch's hashes goes.
private struct Walk {
  /// Hashes to take at most: with so many, nothing is missed.
  let enough: Int
  var taken = 0
  /// Hashes passed over because they are common.
  var skipped = 0

  init(count: Int, lowest: Int) {
    let sharedMin = (count * lowest + 99) / 100
    // A set that no other can be similar to is found by its identity alone.
    let isAlone = sharedMin == count && (count * 100 / lowest) == count
    enough = isAlone ? 0 : count - sharedMin + 1
  }

  /// Without common ones in the way, four find all but one in 10,000 at 0.85.
  var isDone: Bool { taken >= min(enough, 4 + skipped) }
}

/// A bit for each of 64 groups of hashes: whether the set has an odd number of them. The bits in
/// which two sets differ are no more than the hashes in which they do (Mitzenmacher et al. 2014).
private func signature(_ hashes: Span<UInt64>) -> UInt64 {
  var bits: UInt64 = 0
  for index in hashes.indices { bits ^= 1 << (hashes[index] >> 32 & 63) }
  return bits
}

/// In how many hashes a sketch may differ from another that is similar to it.
private func differenceMax(_ count: Int, _ hundredths: Int) -> Int {
  // The other may be one of 256 hashes out of more: an estimate, and no bound that helps.
  if count * 100 >= Sketch.hashesMax * hundredths { return UInt64.bitWidth }
  return count * (100 - hundredths) / max(hundredths, 1)
}

/// A key that equal sketches share.
private func identity(_ sketch: Sketch) -> UInt32 {
  var hash: UInt64 = sketch.isWhole ? 1 : 0
  for part in sketch.hashes { hash = hash &* 0x9e37_79b9_7f4a_7c15 &+ part }
  return UInt32(truncatingIfNeeded: mixed(hash))
}

private func areEqual(_ left: Span<UInt64>, _ right: Span<UInt64>) -> Bool {
  guard left.count == right.count else { return false }
  for index in left.indices where left[index] != right[index] { return false }
  return true
}

private func copy(_ hashes: Span<UInt64>) -> [UInt64] {
  var copy: [UInt64] = []
  copy.reserveCapacity(hashes.count)
  for index in hashes.indices { copy.append(hashes[index]) }
  return copy
}
