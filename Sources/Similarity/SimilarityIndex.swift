package import Views

/// Finds similar texts among those inserted; lives in a `TableSet`, so that a fold can stop and go on.
///
/// Two sets of n shingles that are similar enough must share one of the first few of each in any
/// order that both keep (prefix filtering, Chaudhuri et al. 2006). The order here puts what is common
/// behind what is rare, and within these it is that of the hashes, as in MinHash, so that four are
/// enough unless common ones are in the way. A shingle becomes common, for good, when more than
/// `listMax` texts are filed under it; those texts are then filed under their next. A text that runs
/// out of rare ones is filed under pairs of its least common.
///
/// What is found is compared in full, so every match is true. Equal sketches are stored once.
/// Memory, for a distinct text: 8 bytes a shingle and about 130; where texts come from few templates,
/// up to 800 more. Pages beyond 256 MiB are let go of at a checkpoint.
///
/// A question compares at most `Candidates.comparedMax` records beside the equal one, those that
/// promise most: among more texts that all resemble one another, it answers from these.
package final class SimilarityIndex {
  private let records: SketchRecords
  private let postings: Postings
  private let lowest: Int
  @safe @exclusivity(unchecked)
  private var commonness = CommonnessCache()
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
    let identity = identity(sketch)
    let signature = parities(sketch.hashes.span)
    if let address = try equal(to: sketch, identity, signature) {
      try records.addText(address, id: id)
      return
    }
    let address = try records.append(sketch, id: id)
    let entry = Postings.Entry(address: address, signature: signature)
    _ = try postings.file(entry, under: identity, countMax: Int.max)
    // One in eight texts stands for eight where common shingles are counted.
    var waiting = try file(sketch.hashes, entry, counting: identity >> 29 == 0 ? 8 : 0)
    // Those that were filed under a shingle which has become common.
    while !waiting.isEmpty {
      var next: Set<UInt32> = []
      for address in waiting.sorted() {
        let hashes = try records.withRecord(address) { _, hashes in copy(hashes) }
        let entry = Postings.Entry(address: address, signature: parities(hashes.span))
        next.formUnion(try file(hashes, entry, counting: 0))
      }
      waiting = next
    }
  }

  /// Files a record under its first shingles. Returns the records whose shingles became common.
  private func file(
    _ hashes: [UInt64], _ entry: Postings.Entry, counting amount: UInt64
  ) throws(TableError) -> Set<UInt32> {
    var displaced: Set<UInt32> = []
    var walk = Walk(count: hashes.count, lowest: lowest)
    for hash in hashes {
      if walk.isDone { break }
      let key = UInt32(truncatingIfNeeded: hash)
      if let level = commonness.level(key) {
        walk.pass(key, level: level)
      } else {
        switch try postings.file(entry, under: key, countMax: Self.listMax) {
        case .done:
          walk.take()
          continue
        case .common: break
        case .full: displaced.formUnion(try postings.makeCommon(key))
        }
        walk.pass(key, level: try level(key) ?? 1)
      }
      if amount > 0 { try count(key, adding: amount) }
    }
    for pair in walk.pairs() {
      _ = try postings.file(entry, under: pair, countMax: Self.listMax)
    }
    return displaced
  }

  private func count(_ key: UInt32, adding amount: UInt64) throws(TableError) {
    try postings.count(key, adding: amount)
    let count = try postings.forEach(key) { _ in true }
    if let count { commonness.set(key, Commonness.level(count)) }
  }

  /// How common a key is; nil when it is rare.
  private func level(_ key: UInt32) throws(TableError) -> UInt8? {
    if let level = commonness.level(key) { return level }
    guard let count = try postings.forEach(key, { _ in true }) else { return nil }
    let level = Commonness.level(count)
    commonness.set(key, level)
    return level
  }

  /// The record of an equal sketch.
  private func equal(
    to sketch: Sketch, _ identity: UInt32, _ signature: UInt64
  ) throws(TableError) -> UInt32? {
    var found: UInt32?
    _ = try postings.forEach(identity) { entry throws(TableError) in
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

  /// Calls `body` for each similar record, the equal one first and then those that promise most,
  /// until it returns false.
  private func forEachSimilar(
    to sketch: Sketch, atLeast hundredths: Int,
    _ body: (SketchRecords.Head, Similarity) -> Bool
  ) throws(TableError) {
    if sketch.isEmpty { return }
    let signature = parities(sketch.hashes.span)
    let equal = try equal(to: sketch, identity(sketch), signature)
    if let equal {
      let count = sketch.hashes.count
      let union = sketch.isWhole ? count : Sketch.hashesMax
      if try !body(records.head(equal), Similarity(shared: count, union: union)) { return }
    }
    var candidates = Candidates(
      signature: signature, differenceMax: differenceMax(sketch.hashes.count, hundredths))
    try collect(sketch, into: &candidates)
    for address in candidates.mostPromising() where address != equal {
      let goesOn = try records.withRecord(address) { head, hashes in
        let similarity = compare(
          sketch.hashes.span, isWhole: sketch.isWhole, hashes, isWhole: head.isWhole,
          atLeast: hundredths)
        return similarity.map { body(head, $0) } ?? true
      }
      if !goesOn { return }
    }
  }

  /// Gathers the records that are filed where a sketch would be.
  private func collect(
    _ sketch: Sketch, into candidates: inout Candidates
  ) throws(TableError) {
    var walk = Walk(count: sketch.hashes.count, lowest: lowest)
    for hash in sketch.hashes {
      if walk.isDone { return }
      let key = UInt32(truncatingIfNeeded: hash)
      if let level = commonness.level(key) {
        walk.pass(key, level: level)
      } else if let count = try collect(key, into: &candidates) {
        let level = Commonness.level(count)
        commonness.set(key, level)
        walk.pass(key, level: level)
      } else {
        walk.take()
      }
    }
    for pair in walk.pairs() { _ = try collect(pair, into: &candidates) }
  }

  private func collect(
    _ key: UInt32, into candidates: inout Candidates
  ) throws(TableError) -> UInt64? {
    try postings.forEach(key) { entry in
      candidates.add(entry)
      return true
    }
  }
}

/// A bit for each of 64 groups of hashes: whether the set has an odd number of them. The bits in
/// which two sets differ are no more than the hashes in which they do (Mitzenmacher et al. 2014).
private func parities(_ hashes: Span<UInt64>) -> UInt64 {
  var bits: UInt64 = 0
  for index in hashes.indices { bits ^= 1 << (hashes[index] >> 32 & 63) }
  return bits
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
