/// How many MinHash values make up the bands that a text is filed and looked for under (Leskovec,
/// Rajaraman, Ullman: Mining of Massive Datasets, 3.4).
///
/// Two texts that share J of their shingles agree in a value with probability J, and in the first
/// `rows` values of one of `bands` bands with 1 − (1 − J^rows)^bands. Where many texts agree, as those
/// of one template do in what the template says, a band takes in more values, step by step, until what
/// they have of their own decides (LSH Forest: Bawa, Condie, Ganesan 2005).
struct Banding {
  let bands: Int
  let rows: Int
  /// Values that are taken in at each level after the first.
  static var rowsAdded: Int { 2 }
  static var levels: Int { 4 }

  /// - Parameter lowest: the least similarity, in hundredths, that will be asked for.
  init(lowest: Int) {
    (bands, rows) =
      switch lowest {
      case 95...: (6, 5)
      case 90...: (8, 4)
      case 75...: (12, 3)
      default: (24, 2)
      }
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
    places = Self.places(banding)
    hashes = [UInt64](repeating: 0, count: banding.bands)
    keys = [UInt32](repeating: 0, count: banding.bands)
  }

  var count: Int { banding.bands }
  private var rowsMax: Int { banding.rows + (Banding.levels - 1) * Banding.rowsAdded }

  /// Which value is which row of which band, band by band: from both rings in turn, and in a
  /// scattered order, so that one shingle that is first from many places is not in all bands.
  private static func places(_ banding: Banding) -> [UInt8] {
    var places: [UInt8] = []
    for band in 0..<banding.bands {
      for row in 0..<(banding.rows + (Banding.levels - 1) * Banding.rowsAdded) {
        // An odd distance: no place twice in one band.
        let turn = (row >> 1) * (banding.bands | 1) + band
        let ring = row & 1 == 0 ? firstRing : secondRing
        places.append(ring[turn % ring.count] + UInt8(row & 1) * UInt8(MinHashes.ringCount))
      }
    }
    return places
  }

  private static let firstRing: [UInt8] = [
    13, 28, 3, 22, 9, 31, 17, 0, 25, 6, 19, 11, 29, 2, 15, 24,
    7, 20, 12, 30, 1, 18, 26, 5, 10, 23, 14, 4, 27, 16, 21, 8,
  ]
  private static let secondRing: [UInt8] = [
    4, 21, 30, 10, 16, 1, 26, 7, 19, 12, 31, 23, 5, 14, 28, 0,
    18, 9, 2, 25, 11, 20, 15, 29, 6, 27, 8, 17, 22, 3, 13, 24,
  ]

  /// Takes the bands of another sketch, each at its first level.
  mutating func begin(_ sketch: Span<UInt64>) {
    values.set(sketch)
    restart()
  }

  /// Puts each band back to its first level.
  mutating func restart() {
    for band in 0..<count {
      hashes[band] = UInt64(band)
      add(band, from: 0, banding.rows)
    }
  }

  /// Takes a band to its next level; the level is that which it then has.
  mutating func deepen(_ band: Int, to level: Int) {
    add(band, from: banding.rows + (level - 1) * Banding.rowsAdded, Banding.rowsAdded)
  }

  @inline(__always)
  private mutating func add(_ band: Int, from row: Int, _ count: Int) {
    var hash = hashes[band]
    let first = band &* rowsMax &+ row
    for place in first..<(first &+ count) {
      hash = hash &* 0x9e37_79b9_7f4a_7c15 &+ values[Int(places[place])]
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
