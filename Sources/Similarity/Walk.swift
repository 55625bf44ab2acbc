/// Which shingles of a sketch a record is filed and looked for under.
///
/// The hashes are walked in order, those that are common being passed over, until enough are taken.
/// When the walk ends before, the text may share nothing rare with one that is similar: then pairs
/// of its least common shingles stand in.
struct Walk {
  /// How many hashes make sure that nothing is missed.
  private let enough: Int
  private var taken = 0
  private var passed: [Passed] = []

  /// A common hash, by its key and how common it is.
  private struct Passed {
    var key: UInt32
    var level: UInt8
  }

  init(count: Int, lowest: Int) {
    let sharedMin = (count * lowest + 99) / 100
    // A set that no other can be similar to is found by its identity alone.
    let isAlone = sharedMin == count && (count * 100 / lowest) == count
    enough = isAlone ? 0 : count - sharedMin + 1
  }

  /// Without common ones in the way, four find all but one in 10,000 at 0.85.
  var isDone: Bool { taken >= min(enough, 4 + passed.count, Self.takenMax) }

  static var takenMax: Int { 12 }

  mutating func take() { taken += 1 }

  mutating func pass(_ key: UInt32, level: UInt8) {
    passed.append(Passed(key: key, level: level))
  }

  /// The most common hashes that are paired.
  static var pairedMax: Int { 8 }

  /// Keys of pairs, when the walk has ended and too little was taken.
  func pairs() -> [UInt32] {
    if isDone { return [] }
    var least: [UInt32] = []
    var level: UInt8 = 0
    while least.count < Self.pairedMax, level <= Commonness.levelMax {
      for one in passed where one.level == level && least.count < Self.pairedMax {
        least.append(one.key)
      }
      level += 1
    }
    var pairs: [UInt32] = []
    for (index, one) in least.enumerated() {
      for other in least[..<index] {
        let pair = UInt64(min(one, other)) << 32 | UInt64(max(one, other))
        pairs.append(UInt32(truncatingIfNeeded: mixed(pair)))
      }
    }
    return pairs
  }
}

/// How common a common shingle is, in wide steps that are seldom crossed.
enum Commonness {
  static var levelMax: UInt8 { 4 }

  static func level(_ count: UInt64) -> UInt8 {
    count < 512 ? 1 : count < 8_192 ? 2 : count < 131_072 ? 3 : 4
  }
}

/// Levels of common shingles that were looked up lately: most texts meet the same ones.
struct CommonnessCache {
  /// Key and level; 0 where nothing is known.
  private var places = [UInt64](repeating: 0, count: 1 << 13)

  private func place(_ key: UInt32) -> Int { Int(key >> 19) }

  @inline(__always)
  func level(_ key: UInt32) -> UInt8? {
    let known = places[place(key)]
    return known >> 8 == UInt64(key) && known != 0 ? UInt8(truncatingIfNeeded: known) : nil
  }

  mutating func set(_ key: UInt32, _ level: UInt8) {
    places[place(key)] = UInt64(key) << 8 | UInt64(level)
  }
}
