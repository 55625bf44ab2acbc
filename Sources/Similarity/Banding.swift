internal import Views

/// How many MinHash values make up the bands that a text is filed and looked for under (Leskovec,
/// Rajaraman, Ullman: Mining of Massive Datasets, 3.4).
///
/// Two texts that share J of their shingles agree in a value with probability J, and in the first
/// `rows[0]` values of one of `bands` bands with 1 − (1 − J^rows)^bands. Where many texts agree, as
/// those of one template do in what the template says, a band takes in more values, step by step,
/// until what they have of their own decides (LSH Forest: Bawa, Condie, Ganesan 2005).
struct Banding {
  let bands: Int
  /// Values that are taken in at each level.
  let rows: [Int]
  /// The most records that a band keeps at a level.
  let keptMax: Int
  /// Bands without room at the first level that make a crowd.
  let crowdMin: Int
  /// Tells the bands of one banding from those of another.
  let salt: UInt64

  private init(_ bands: Int, _ rows: [Int], keptMax: Int, salt: UInt64) {
    self.bands = bands
    self.rows = rows
    self.keptMax = keptMax
    self.salt = salt
    crowdMin = (bands + 2) / 3
  }

  /// For every text.
  ///
  /// - Parameter lowest: the least similarity, in hundredths, that will be asked for.
  static func common(lowest: Int) -> Banding {
    switch lowest {
    case 95...: Banding(6, [5, 7, 9, 11], keptMax: 8, salt: 0)
    case 90...: Banding(8, [4, 6, 8, 10], keptMax: 8, salt: 0)
    case 75...: Banding(12, [3, 5, 7, 9], keptMax: 8, salt: 0)
    default: Banding(24, [2, 4, 6, 8], keptMax: 8, salt: 0)
    }
  }

  /// For texts of a crowd that have few shingles of their own: what their template says agrees
  /// anyway, so that it takes many values until the words decide that fill it.
  static func crowded(lowest: Int) -> Banding {
    Banding(
      lowest >= 95 ? 12 : lowest >= 90 ? 16 : 24, [6, 10, 14, 20, 28], keptMax: 16, salt: 1 << 32)
  }
}

/// The bands of a sketch, each as far as it was taken.
struct Bands {
  private let banding: Banding
  private let places: [UInt8]
  /// Of each band, the hash of the values that were taken in.
  private var hashes: [UInt64]
  private(set) var keys: [UInt32]
  private var values = MinHashes()

  init(_ banding: Banding) {
    self.banding = banding
    rowsMax = banding.rows.last ?? 0
    places = Self.places(banding, rowsMax)
    hashes = [UInt64](repeating: 0, count: banding.bands)
    keys = [UInt32](repeating: 0, count: banding.bands)
  }

  private var count: Int { banding.bands }
  private let rowsMax: Int

  /// Which value is which row of which band, band by band: for each its own, in a scattered order.
  private static func places(_ banding: Banding, _ rowsMax: Int) -> [UInt8] {
    var places: [UInt8] = []
    var draw: UInt64 = 0
    for _ in 0..<banding.bands {
      var order = (0..<UInt8(MinHashes.count)).map(\.self)
      for row in 0..<rowsMax {
        draw = mixed(draw)
        order.swapAt(row, row + Int(draw % UInt64(order.count - row)))
      }
      places += order[..<rowsMax]
    }
    return places
  }

  /// Takes the bands of another sketch, each at its first level.
  mutating func begin(_ sketch: Span<UInt64>) {
    values.set(sketch)
    restart()
  }

  /// Puts each band back to its first level.
  mutating func restart() {
    for band in 0..<count {
      hashes[band] = UInt64(band) | banding.salt
      add(band, 0..<banding.rows[0])
    }
  }

  /// Takes a band to its next level; the level is that which it then has.
  mutating func deepen(_ band: Int, to level: Int) {
    add(band, banding.rows[level - 1]..<banding.rows[level])
  }

  @inline(__always)
  private mutating func add(_ band: Int, _ rows: Range<Int>) {
    var hash = hashes[band]
    let first = band &* rowsMax
    for row in rows {
      hash = hash &* 0x9e37_79b9_7f4a_7c15 &+ values[Int(places[first &+ row])]
    }
    hashes[band] = hash
    keys[band] = UInt32(truncatingIfNeeded: mixed(hash) >> 32)
  }
}

/// The least hashes of a set in 64 orders.
///
/// An order puts the hashes, multiplied by a factor, on a ring, and begins at one of 32 places: the
/// least is the first that comes from there (One Permutation Hashing: Li, Owen, Zhang 2012). The 64
/// orders are two rings of these.
struct MinHashes {
  static var ringCount: Int { 32 }
  static var count: Int { 2 * ringCount }
  private var values = [64 of UInt64](repeating: UInt64.max)

  subscript(_ place: Int) -> UInt64 { values[place] }

  mutating func set(_ hashes: Span<UInt64>) {
    for place in values.indices { values[place] = .max }
    for index in hashes.indices {
      let first = hashes[index] &* 0xd6e8_feb8_6659_fd93
      let second = hashes[index] &* 0xa076_1d64_78bd_642f
      let (one, other) = (Int(first >> 59), Int(second >> 59) + Self.ringCount)
      values[one] = min(values[one], first)
      values[other] = min(values[other], second)
    }
    fill(0..<Self.ringCount)
    fill(Self.ringCount..<(2 * Self.ringCount))
  }

  /// Gives places where nothing lies the next that does.
  private mutating func fill(_ ring: Range<Int>) {
    // Twice around: the last places look on at the beginning.
    var next = UInt64.max
    for _ in 0..<2 {
      for place in ring.reversed() {
        if values[place] == .max { values[place] = next }
        next = values[place]
      }
    }
  }
}

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
