/// Which bands of MinHash values a text is filed and looked for under (Leskovec, Rajaraman, Ullman:
/// Mining of Massive Datasets, 3.4).
///
/// Two texts that share J of their shingles agree in a value with probability J, and in all `rows`
/// values of one of `bands` bands with 1 − (1 − J^rows)^bands. More rows tell apart texts of one
/// template, which agree in what the template says: what they share beyond it decides.
struct Banding {
  let bands: Int
  let rows: Int
  /// Which value is which row of which band, band by band.
  let places: [UInt8]

  /// - Parameter lowest: the least similarity, in hundredths, that will be asked for.
  init(lowest: Int) {
    (bands, rows) =
      switch lowest {
      case 95...: (8, 8)
      case 90...: (12, 5)
      case 75...: (16, 4)
      default: (32, 2)
      }
    // Rows come from both rings in turn, and in a scattered order, so that one shingle that stands
    // for many neighbouring values is not in all bands.
    var places: [UInt8] = []
    for band in 0..<bands {
      for row in 0..<rows {
        let turn = (row >> 1) * bands + band
        let ring = row & 1 == 0 ? Self.firstRing : Self.secondRing
        places.append(ring[turn % ring.count] + UInt8(row & 1) * UInt8(MinHashes.ringCount))
      }
    }
    self.places = places
  }

  private static let firstRing: [UInt8] = [
    13, 28, 3, 22, 9, 31, 17, 0, 25, 6, 19, 11, 29, 2, 15, 24,
    7, 20, 12, 30, 1, 18, 26, 5, 10, 23, 14, 4, 27, 16, 21, 8,
  ]
  private static let secondRing: [UInt8] = [
    4, 21, 30, 10, 16, 1, 26, 7, 19, 12, 31, 23, 5, 14, 28, 0,
    18, 9, 2, 25, 11, 20, 15, 29, 6, 27, 8, 17, 22, 3, 13, 24,
  ]

  /// Puts the keys of a sketch's bands in place of what was there.
  func keys(_ hashes: Span<UInt64>, into keys: inout [UInt32]) {
    keys.removeAll(keepingCapacity: true)
    let values = MinHashes(hashes)
    var place = 0
    for band in 0..<bands {
      var hash = UInt64(band)
      for _ in 0..<rows {
        hash = hash &* 0x9e37_79b9_7f4a_7c15 &+ values.values[Int(places[place])]
        place += 1
      }
      keys.append(UInt32(truncatingIfNeeded: mixed(hash) >> 32))
    }
  }
}

/// The least hashes of a set in 64 orders.
///
/// An order puts the hashes, multiplied by a factor, on a ring, and begins at one of 32 places: the
/// least is the first that comes from there (One Permutation Hashing: Li, Owen, Zhang 2012). The 64
/// orders are two rings of these.
struct MinHashes {
  static var ringCount: Int { 32 }
  private(set) var values = [64 of UInt64](repeating: UInt64.max)

  init(_ hashes: Span<UInt64>) {
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
