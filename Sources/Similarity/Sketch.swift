package import Bytes
internal import Views

/// The 256 smallest 64-bit hashes of a text's word 3-shingles.
///
/// Words are maximal runs of Unicode letters and digits, lower-cased without a locale; a text of
/// fewer than 3 words is the set of its words.
package struct Sketch: Equatable, Sendable, Row {
  /// The most hashes that a sketch keeps.
  package static var hashesMax: Int { 256 }

  /// Ascending, without repeats.
  let hashes: [UInt64]
  /// Whether these are all shingles that the text has.
  let isWhole: Bool

  /// About 2.5 ns a byte of ASCII, and more beyond it.
  package init(of text: String) {
    var smallest = SmallestHashes(max: Self.hashesMax)
    addShingles(of: text, to: &smallest)
    isWhole = smallest.finish()
    hashes = smallest.hashes
  }

  init(hashes: [UInt64], isWhole: Bool) {
    self.hashes = hashes
    self.isWhole = isWhole
  }

  /// Whether the text has no words at all. Such texts are similar to none.
  package var isEmpty: Bool { hashes.isEmpty }

  /// Jaccard's index over the shingles, exact while both texts have at most 256; beyond, its
  /// estimate from the 256 smallest hashes of the union (Beyer et al. 2007).
  package func similarity(to other: Sketch) -> Similarity {
    compare(
      hashes.span, isWhole: isWhole, other.hashes.span, isWhole: other.isWhole)
  }

  package func encode(into writer: inout ByteWriter) {
    writer.append(varint: hashes.count << 1 | (isWhole ? 1 : 0))
    for hash in hashes { writer.append(littleEndian: hash) }
  }

  package init(from reader: inout ByteReader) throws(BytesError) {
    let start = reader.position
    let header = try reader.count()
    let count = header >> 1
    isWhole = header & 1 == 1
    guard count <= Self.hashesMax, isWhole || count == Self.hashesMax else {
      throw BytesError("a sketch of \(count) hashes", at: start)
    }
    var hashes: [UInt64] = []
    hashes.reserveCapacity(count)
    for _ in 0..<count {
      let hash = try reader.littleEndian(UInt64.self)
      if let last = hashes.last, last >= hash {
        throw BytesError("hashes of a sketch that do not ascend", at: reader.position)
      }
      hashes.append(hash)
    }
    self.hashes = hashes
  }
}

/// Adds the hashes of a text's shingles.
private func addShingles(of text: String, to smallest: inout SmallestHashes) {
  var first: UInt64 = 0
  var second: UInt64 = 0
  var count = 0
  let bytes = text.utf8
  WordHasher.forEachWord(in: bytes.span) { word in
    if count >= 2 { smallest.add(shingle(first, second, word)) }
    first = second
    second = word
    count += 1
  }
  if count == 2 { smallest.add(mixed(first)) }
  if count == 1 || count == 2 { smallest.add(mixed(second)) }
}

/// Hashes of words are well mixed, so that odd factors are enough to tell their places apart.
@inline(__always)
private func shingle(_ first: UInt64, _ second: UInt64, _ third: UInt64) -> UInt64 {
  mixed(
    first &* 0x9e6c_63d0_876a_68b5 &+ second &* 0xc2b2_ae3d_27d4_eb4f
      &+ third &* 0x1656_67b1_9e37_79f9)
}

/// Walks two ascending lists side by side.
func compare(
  _ left: Span<UInt64>, isWhole leftIsWhole: Bool, _ right: Span<UInt64>,
  isWhole rightIsWhole: Bool
) -> Similarity {
  let isExact = leftIsWhole && rightIsWhole
  let unionMax = isExact ? Int.max : Sketch.hashesMax
  var walk = PairWalk()
  walk.advance(left, right, steps: unionMax)
  let rest = left.count - walk.left + right.count - walk.right
  return Similarity(shared: walk.shared, union: min(walk.steps + rest, unionMax))
}

/// As `compare`, but nil, and sooner, when the texts are less similar than so many hundredths.
func compare(
  _ left: Span<UInt64>, isWhole leftIsWhole: Bool, _ right: Span<UInt64>,
  isWhole rightIsWhole: Bool, atLeast hundredths: Int
) -> Similarity? {
  var walk = PairWalk()
  if leftIsWhole && rightIsWhole {
    // Of the union at most so many may be in one text alone.
    let sum = left.count + right.count
    let sharedMin = (hundredths * sum + 99 + hundredths) / (100 + hundredths)
    let aloneMax = sum - 2 * sharedMin
    while walk.left < left.count, walk.right < right.count {
      walk.advance(left, right, steps: walk.steps + 16)
      if walk.steps - walk.shared > aloneMax { return nil }
    }
  } else {
    walk.advance(left, right, steps: Sketch.hashesMax)
  }
  let rest = left.count - walk.left + right.count - walk.right
  let unionMax = leftIsWhole && rightIsWhole ? Int.max : Sketch.hashesMax
  let similarity = Similarity(shared: walk.shared, union: min(walk.steps + rest, unionMax))
  return similarity.isAtLeast(hundredths: hundredths) ? similarity : nil
}

/// Where a walk along two ascending lists stands.
private struct PairWalk {
  var left = 0
  var right = 0
  var shared = 0
  /// The union of what was passed.
  var steps = 0

  /// Goes on until there are so many steps, or a list ends.
  @inline(__always)
  mutating func advance(_ one: Span<UInt64>, _ other: Span<UInt64>, steps stepsMax: Int) {
    while left < one.count, right < other.count, steps < stepsMax {
      // Which of two hashes is smaller is chance: no branch on it.
      let (first, second) = (one[left], other[right])
      left &+= first <= second ? 1 : 0
      right &+= second <= first ? 1 : 0
      shared &+= first == second ? 1 : 0
      steps &+= 1
    }
  }
}
