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

  func hasHashes(_ other: PackedHashes) -> Bool {
    guard hashes.count == other.count else { return false }
    for index in hashes.indices where hashes[index] != other[index] { return false }
    return true
  }

  /// In how many hashes another may differ that is similar to it.
  func differenceMax(atLeast hundredths: Int) -> Int {
    // The other may be one of 256 hashes out of more: an estimate, and no bound that helps.
    if hashes.count * 100 >= Self.hashesMax * hundredths { return UInt64.bitWidth }
    return hashes.count * (100 - hundredths) / max(hundredths, 1)
  }

  /// Of how many hashes two must be in another set that is similar, if neither is alone.
  func filingCount(atLeast hundredths: Int) -> Int {
    hashes.count - (hashes.count * hundredths + 99) / 100 + 2
  }

  /// Whether a set of as many can be similar to no other.
  func isAlone(atLeast hundredths: Int) -> Bool {
    let count = hashes.count
    return (count * hundredths + 99) / 100 == count && count * 100 / max(hundredths, 1) == count
  }
}
