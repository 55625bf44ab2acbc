internal import Views

/// Records that may be similar to a sketch: those whose parities do not differ in too many places.
struct Candidates {
  private(set) var numbers: [UInt32] = []
  /// Those that were compared before, in order.
  private var compared: [UInt32] = []
  private var parities: UInt64 = 0
  private var differenceMax = 0
  /// Numbers that were come upon lately, each with the question in the upper half: bands have many
  /// in common.
  private var seen = [UInt64](repeating: 0, count: 1 << 9)
  private var question: UInt32 = 0

  mutating func begin(_ sketch: Sketch, atLeast hundredths: Int) {
    compared.removeAll(keepingCapacity: true)
    parities = sketch.parities
    differenceMax = sketch.differenceMax(atLeast: hundredths)
    forget()
  }

  /// Forgets what was come upon, but not what was selected.
  mutating func forget() {
    numbers.removeAll(keepingCapacity: true)
    question &+= 1
    // After 2^32 questions the first would seem to be asked again.
    if question == 0 { seen = [UInt64](repeating: 0, count: seen.count) }
  }

  /// Begins anew for the same sketch; those that were selected are not selected again.
  ///
  /// - Parameter hundredths: no less than before.
  mutating func setAside(_ sketch: Sketch, atLeast hundredths: Int) {
    differenceMax = sketch.differenceMax(atLeast: hundredths)
    compared += numbers
    compared.sort()
    forget()
  }

  /// Adds a record, unless it was come upon before; in rare cases also then.
  @inline(__always)
  mutating func add(_ number: UInt32) {
    let (place, entry) = slot(number)
    if seen[place] == entry { return }
    seen[place] = entry
    numbers.append(number)
  }

  /// Adds a record when it is come upon again; in rare cases sooner, and each time.
  @inline(__always)
  mutating func addAgain(_ number: UInt32) {
    let (place, entry) = slot(number)
    if seen[place] >> 32 == entry >> 32 {
      numbers.append(number)
    } else {
      seen[place] = entry
    }
  }

  @inline(__always)
  private func slot(_ number: UInt32) -> (place: Int, entry: UInt64) {
    (Int((number &* 0x9e37_79b1) >> 23), UInt64(question) << 32 | UInt64(number))
  }

  /// Leaves those whose parities are near enough, each once, in order, that were not selected before.
  @inline(__always)
  mutating func select(
    _ parities: (UInt32) throws(TableError) -> UInt64
  ) throws(TableError) {
    var kept = 0
    for index in numbers.indices {
      let number = numbers[index]
      let difference = try (parities(number) ^ self.parities).nonzeroBitCount
      numbers[kept] = number
      kept &+= difference <= differenceMax ? 1 : 0
    }
    numbers.removeLast(numbers.count - kept)
    if numbers.count > 1 { numbers.sort() }
    removeKnown()
  }

  /// Leaves of the numbers, in order, each once, and none that was compared.
  private mutating func removeKnown() {
    var kept = 0
    var before = 0
    for number in numbers {
      while before < compared.count, compared[before] < number { before += 1 }
      if before < compared.count, compared[before] == number { continue }
      if kept > 0, numbers[kept - 1] == number { continue }
      numbers[kept] = number
      kept += 1
    }
    numbers.removeLast(numbers.count - kept)
  }
}

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
