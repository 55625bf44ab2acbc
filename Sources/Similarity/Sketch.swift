package import Bytes
internal import Views

/// The 256 smallest 40-bit hashes of a text's word 3-shingles.
///
/// Words are maximal runs of Unicode letters and digits, lower-cased without a locale; a text of
/// fewer than 3 words is the set of its words.
package struct Sketch: Equatable, Sendable, StoredRow {
  /// The most hashes that a sketch keeps.
  package static var hashesMax: Int { 256 }

  /// Enough that two different shingles of two texts are taken for one in 6 of 10^8 pairs of the
  /// longest.
  static var hashBits: UInt64 { 40 }

  /// Ascending, without repeats.
  let hashes: [UInt64]
  /// Whether these are all shingles that the text has.
  let isWhole: Bool
  /// A hash of the whole that equal sketches share.
  let identity: UInt64
  /// A bit for each of 64 groups of hashes: whether the set has an odd number of them. The bits in
  /// which two sets differ are no more than the hashes in which they do (Mitzenmacher et al. 2014).
  let parities: UInt64

  /// About 20 ns a word of ASCII.
  package init(of text: String) {
    var smallest = SmallestHashes(max: Self.hashesMax, expected: text.utf8.count / 6 + 1)
    addShingles(of: text, to: &smallest)
    let isWhole = smallest.finish()
    self.init(hashes: smallest.hashes, isWhole: isWhole)
  }

  init(hashes: [UInt64], isWhole: Bool) {
    self.hashes = hashes
    self.isWhole = isWhole
    var sum: UInt64 = isWhole ? 1 : 0
    var bits: UInt64 = 0
    for hash in hashes {
      sum = sum &* 0x9e37_79b9_7f4a_7c15 &+ hash
      bits ^= 1 << (hash & 63)
    }
    identity = mixed(sum)
    parities = bits
  }

  package static func == (left: Sketch, right: Sketch) -> Bool {
    left.isWhole == right.isWhole && left.identity == right.identity && left.hashes == right.hashes
  }

  /// Whether the text has no words at all. Such texts are similar to none.
  package var isEmpty: Bool { hashes.isEmpty }

  /// Jaccard's index over the shingles, exact while both texts have at most 256; beyond, its
  /// estimate from the 256 smallest hashes of the union (Beyer et al. 2007).
  package func similarity(to other: Sketch) -> Similarity {
    let isExact = isWhole && other.isWhole
    let unionMax = isExact ? Int.max : Self.hashesMax
    var walk = PairWalk()
    let (left, right) = (hashes.span, other.hashes.span)
    while walk.left < left.count, walk.right < right.count, walk.steps < unionMax {
      walk.step(left[walk.left], right[walk.right])
    }
    return walk.similarity(left.count, right.count, unionMax: unionMax)
  }

  package func encode(into writer: inout ByteWriter) {
    writer.append(varint: hashes.count << 1 | (isWhole ? 1 : 0))
    for hash in hashes { writer.append(littleEndian: hash) }
  }

  package init(from reader: inout ByteReader) throws(BytesError) {
    let start = reader.position
    let header = try reader.count()
    let count = header >> 1
    let isWhole = header & 1 == 1
    guard count <= Self.hashesMax, isWhole || count == Self.hashesMax else {
      throw BytesError("a sketch of \(count) hashes", at: start)
    }
    var hashes: [UInt64] = []
    hashes.reserveCapacity(count)
    for _ in 0..<count {
      let hash = try reader.littleEndian(UInt64.self)
      guard hash < 1 << Self.hashBits else {
        throw BytesError("a hash of more than \(Self.hashBits) bits", at: reader.position)
      }
      if let last = hashes.last, last >= hash {
        throw BytesError("hashes of a sketch that do not ascend", at: reader.position)
      }
      hashes.append(hash)
    }
    self.init(hashes: hashes, isWhole: isWhole)
  }
}

/// Adds the hashes of a text's shingles.
private func addShingles(of text: String, to smallest: inout SmallestHashes) {
  var first: UInt64 = 0
  var second: UInt64 = 0
  var count = 0
  let bytes = text.utf8
  WordHasher.forEachWord(in: bytes.span) { word in
    if count >= 2 { smallest.add(cut(shingle(first, second, word))) }
    first = second
    second = word
    count += 1
  }
  if count == 2 { smallest.add(cut(mixed(first))) }
  if count == 1 || count == 2 { smallest.add(cut(mixed(second))) }
}

/// Hashes of words are well mixed, so that odd factors are enough to tell their places apart.
@inline(__always)
private func shingle(_ first: UInt64, _ second: UInt64, _ third: UInt64) -> UInt64 {
  mixed(
    first &* 0x9e6c_63d0_876a_68b5 &+ second &* 0xc2b2_ae3d_27d4_eb4f
      &+ third &* 0x1656_67b1_9e37_79f9)
}

@inline(__always)
private func cut(_ hash: UInt64) -> UInt64 { hash >> (64 - Sketch.hashBits) }

/// Collects the smallest of the hashes that it is given, each once, in little memory.
struct SmallestHashes {
  private let max: Int
  /// Ascending and without repeats once finished.
  private(set) var hashes: [UInt64] = []
  /// No hash above it is among the smallest.
  private var limit = UInt64.max
  private var isCut = false

  /// - Parameter expected: about how many will be given.
  init(max: Int, expected: Int) {
    self.max = max
    hashes.reserveCapacity(min(expected, 2 * max))
  }

  mutating func add(_ hash: UInt64) {
    if hash > limit { return }
    hashes.append(hash)
    if hashes.count >= 2 * max { cut() }
  }

  /// Puts the hashes in order. Returns whether they are all that were given.
  mutating func finish() -> Bool {
    cut()
    return !isCut
  }

  private mutating func cut() {
    sortUniform(&hashes)
    removeRepeats()
    if hashes.count > max {
      isCut = true
      hashes.removeLast(hashes.count - max)
      limit = hashes[max - 1]
    }
  }

  private mutating func removeRepeats() {
    if hashes.isEmpty { return }
    var span = hashes.mutableSpan
    var kept = 1
    var last = span[0]
    for index in 1..<span.count where span[index] != last {
      last = span[index]
      span[kept] = last
      kept += 1
    }
    hashes.removeLast(hashes.count - kept)
  }
}

/// Sorts numbers that lie evenly: into buckets by their highest bits, then within.
func sortUniform(_ numbers: inout [UInt64]) {
  if numbers.count > 16, let greatest = numbers.max(), greatest > 0 {
    distribute(&numbers, greatest: greatest)
  }
  insertionSort(&numbers)
}

private func distribute(_ numbers: inout [UInt64], greatest: UInt64) {
  let bits = Int.bitWidth - numbers.count.leadingZeroBitCount
  let shift = UInt64(max(0, UInt64.bitWidth - greatest.leadingZeroBitCount - bits))
  unsafe withUnsafeTemporaryAllocation(of: UInt64.self, capacity: numbers.count) { sorted in
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: (1 << bits) + 1) { starts in
      unsafe starts.initialize(repeating: 0)
      let span = numbers.span
      for index in span.indices { unsafe starts[Int(span[index] >> shift) &+ 1] &+= 1 }
      var start: UInt32 = 0
      for bucket in starts.indices {
        unsafe start &+= starts[bucket]
        unsafe starts[bucket] = start
      }
      for index in span.indices {
        let bucket = Int(span[index] >> shift)
        unsafe sorted.initializeElement(at: Int(starts[bucket]), to: span[index])
        unsafe starts[bucket] &+= 1
      }
    }
    var span = numbers.mutableSpan
    for index in span.indices { unsafe span[index] = sorted[index] }
  }
}

private func insertionSort(_ numbers: inout [UInt64]) {
  var span = numbers.mutableSpan
  if span.count < 2 { return }
  for index in 1..<span.count {
    let number = span[index]
    var place = index
    while place > 0, span[place &- 1] > number {
      span[place] = span[place &- 1]
      place &-= 1
    }
    span[place] = number
  }
}
