/// Where a walk along two ascending lists of hashes stands.
struct PairWalk {
  var left = 0
  var right = 0
  var shared = 0
  /// The union of what was passed.
  var steps = 0

  /// Goes on from the first hashes that were not passed.
  @inline(__always)
  mutating func step(_ first: UInt64, _ second: UInt64) {
    // Which of two hashes is smaller is chance: no branch on it.
    left &+= first <= second ? 1 : 0
    right &+= second <= first ? 1 : 0
    shared &+= first == second ? 1 : 0
    steps &+= 1
  }

  /// What the walk has found when it ends, by how many hashes the lists have.
  func similarity(_ leftCount: Int, _ rightCount: Int, unionMax: Int) -> Similarity {
    let rest = leftCount - left + rightCount - right
    return Similarity(shared: shared, union: min(steps + rest, unionMax))
  }
}

extension Sketch {
  /// As `similarity`, but nil, and sooner, when it is less than so many hundredths.
  func similarity(
    to other: PackedHashes, isWhole otherIsWhole: Bool, atLeast hundredths: Int
  ) -> Similarity? {
    let hashes = hashes.span
    let isExact = isWhole && otherIsWhole
    let unionMax = isExact ? Int.max : Self.hashesMax
    var walk = PairWalk()
    if isExact {
      // Of the union at most so many may be in one text alone.
      let sum = hashes.count + other.count
      let sharedMin = (hundredths * sum + 99 + hundredths) / (100 + hundredths)
      let aloneMax = sum - 2 * sharedMin
      if abs(hashes.count - other.count) > aloneMax { return nil }
      while walk.left < hashes.count, walk.right < other.count {
        let stepsMax = walk.steps + 16
        while walk.left < hashes.count, walk.right < other.count, walk.steps < stepsMax {
          walk.step(hashes[walk.left], other[walk.right])
        }
        if walk.steps - walk.shared > aloneMax { return nil }
      }
    } else {
      while walk.left < hashes.count, walk.right < other.count, walk.steps < unionMax {
        walk.step(hashes[walk.left], other[walk.right])
      }
    }
    let similarity = walk.similarity(hashes.count, other.count, unionMax: unionMax)
    return similarity.isAtLeast(hundredths: hundredths) ? similarity : nil
  }

  /// Whether a record has the same hashes.
  func isEqual(to other: PackedHashes, isWhole otherIsWhole: Bool) -> Bool {
    guard hashes.count == other.count, isWhole == otherIsWhole else { return false }
    for index in hashes.indices where hashes[index] != other[index] { return false }
    return true
  }

  /// A bit for each of 64 groups of hashes: whether the set has an odd number of them. The bits in
  /// which two sets differ are no more than the hashes in which they do (Mitzenmacher et al. 2014).
  var parities: UInt64 {
    var bits: UInt64 = 0
    for hash in hashes { bits ^= 1 << (hash & 63) }
    return bits
  }

  /// A key that equal sketches share.
  var identity: UInt32 {
    var hash: UInt64 = isWhole ? 1 : 0
    for part in hashes { hash = hash &* 0x9e37_79b9_7f4a_7c15 &+ part }
    return UInt32(truncatingIfNeeded: mixed(hash))
  }

  /// In how many hashes another may differ that is similar to it.
  func differenceMax(atLeast hundredths: Int) -> Int {
    // The other may be one of 256 hashes out of more: an estimate, and no bound that helps.
    if hashes.count * 100 >= Self.hashesMax * hundredths { return UInt64.bitWidth }
    return hashes.count * (100 - hundredths) / max(hundredths, 1)
  }

  /// Whether a set of as many can be similar to no other.
  func isAlone(atLeast hundredths: Int) -> Bool {
    let count = hashes.count
    return (count * hundredths + 99) / 100 == count && count * 100 / max(hundredths, 1) == count
  }
}
