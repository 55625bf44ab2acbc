internal import Views

/// Finds similar texts by bands of MinHash values: see `Banding`. A band keeps a few texts at each of
/// its levels, so that a question and an insertion have a bound.
struct BandedTexts {
  private let table: FilingTable
  private let banding: Banding
  private var bands: Bands
  /// The identity of the sketch whose bands are at hand.
  private var identity: UInt64?
  /// Bands without room at the level that was looked at.
  private var full: [Int] = []

  init(_ table: FilingTable, _ banding: Banding) {
    self.table = table
    self.banding = banding
    bands = Bands(banding)
  }

  /// Has the bands of a sketch at hand, each at its first level.
  private mutating func begin(_ hashes: Span<UInt64>, _ identity: UInt64?) throws(TableError) {
    if let identity, identity == self.identity {
      bands.restart()
      return
    }
    bands.begin(hashes)
    self.identity = identity
    for key in bands.keys { try table.touch(key) }
  }

  /// Files a record. Returns whether it is in a crowd: too many of its bands had no room at first.
  mutating func insert(
    _ hashes: Span<UInt64>, _ identity: UInt64? = nil, _ number: UInt32
  ) throws(TableError) -> Bool {
    try begin(hashes, identity)
    var fullCount = 0
    for band in 0..<banding.bands {
      var level = 0
      while try !table.keep(
        number, under: bands.keys[band], upTo: banding.keptMax,
        replacing: level == banding.rows.count - 1)
      {
        level += 1
        bands.deepen(band, to: level)
      }
      fullCount += level > 0 ? 1 : 0
    }
    return fullCount >= banding.crowdMin
  }

  /// Gathers the records of the bands, going on to the next level where one is full. Goes level by
  /// level, so as to wait for memory seldom. Returns whether they are a crowd.
  mutating func collect(
    _ sketch: Sketch, into candidates: inout Candidates
  ) throws(TableError) -> Bool {
    try begin(sketch.hashes.span, sketch.identity)
    full.removeAll(keepingCapacity: true)
    for band in 0..<banding.bands where try !collect(bands.keys[band], &candidates) {
      full.append(band)
    }
    let isCrowd = full.count >= banding.crowdMin
    for level in 1..<banding.rows.count where !full.isEmpty {
      for band in full {
        bands.deepen(band, to: level)
        try table.touch(bands.keys[band])
      }
      var kept = 0
      for index in full.indices where try !collect(bands.keys[full[index]], &candidates) {
        full[kept] = full[index]
        kept += 1
      }
      full.removeLast(full.count - kept)
    }
    return isCrowd
  }

  @inline(__always)
  private func collect(_ key: UInt32, _ candidates: inout Candidates) throws(TableError) -> Bool {
    try table.forEachKept(key, upTo: banding.keptMax) { number throws(TableError) in
      candidates.add(number)
    }
  }
}
