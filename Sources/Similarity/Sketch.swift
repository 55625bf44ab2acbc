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
    let (hashes, isWhole) = unsafe withUnsafeTemporaryAllocation(
      of: UInt64.self, capacity: SmallestHashes.room
    ) { room in
      var smallest = unsafe SmallestHashes(room)
      addShingles(of: text, to: &smallest)
      return smallest.finish()
    }
    self.init(hashes: hashes, isWhole: isWhole)
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

/// Collects the smallest hashes of those that it is given, each once, in a room that somebody lends.
@safe
private struct SmallestHashes {
  /// Collected before all but the smallest are dropped.
  private static var countMax: Int { 2 * Sketch.hashesMax }
  private static var bucketsMax: Int { 2 * countMax }
  /// What it needs: the hashes, as many again to sort them, and two starts of buckets to a number.
  static var room: Int { 2 * countMax + bucketsMax / 2 }

  private let hashes: UnsafeMutablePointer<UInt64>
  private let sorted: UnsafeMutablePointer<UInt64>
  private let starts: UnsafeMutablePointer<UInt32>
  private var count = 0
  /// No hash above it is among the smallest.
  private var limit = UInt64.max
  private var isCut = false

  /// - Parameter room: of `room` numbers, for as long as this is used.
  @unsafe
  init(_ room: UnsafeMutableBufferPointer<UInt64>) {
    guard room.count >= Self.room, let start = room.baseAddress else {
      preconditionFailure("no room for hashes")
    }
    unsafe hashes = start
    unsafe sorted = start + Self.countMax
    unsafe starts = UnsafeMutableRawPointer(start + 2 * Self.countMax)
      .bindMemory(to: UInt32.self, capacity: Self.bucketsMax)
  }

  @inline(__always)
  mutating func add(_ hash: UInt64) {
    if hash > limit { return }
    unsafe hashes[count] = hash
    count &+= 1
    if count == Self.countMax { cut() }
  }

  /// The hashes in order, and whether they are all that were given.
  mutating func finish() -> ([UInt64], isWhole: Bool) {
    cut()
    return (unsafe Array(UnsafeBufferPointer(start: hashes, count: count)), !isCut)
  }

  private mutating func cut() {
    sort()
    removeRepeats()
    if count > Sketch.hashesMax {
      isCut = true
      count = Sketch.hashesMax
      limit = unsafe hashes[count - 1]
    }
  }

  private mutating func removeRepeats() {
    if count == 0 { return }
    var kept = 1
    var last = unsafe hashes[0]
    for index in 1..<count {
      let hash = unsafe hashes[index]
      unsafe hashes[kept] = hash
      kept &+= hash == last ? 0 : 1
      last = hash
    }
    count = kept
  }

  /// Sorts them as numbers that lie evenly: into buckets by their highest bits, then within.
  private func sort() {
    if count > 16 { distribute() }
    for index in 1..<max(count, 1) {
      let number = unsafe hashes[index]
      var place = index
      while place > 0, unsafe hashes[place &- 1] > number {
        unsafe hashes[place] = hashes[place &- 1]
        place &-= 1
      }
      unsafe hashes[place] = number
    }
  }

  private func distribute() {
    var greatest: UInt64 = 0
    for index in 0..<count { greatest = unsafe max(greatest, hashes[index]) }
    let bits = min(Int.bitWidth - count.leadingZeroBitCount, Self.bucketsMax.trailingZeroBitCount)
    let shift = UInt64(max(0, UInt64.bitWidth - greatest.leadingZeroBitCount - bits))
    unsafe starts.update(repeating: 0, count: 1 << bits)
    for index in 0..<count { unsafe starts[Int(hashes[index] >> shift)] &+= 1 }
    var start: UInt32 = 0
    for bucket in 0..<(1 << bits) {
      let size = unsafe starts[bucket]
      unsafe starts[bucket] = start
      start &+= size
    }
    for index in 0..<count {
      let hash = unsafe hashes[index]
      let bucket = Int(hash >> shift)
      unsafe sorted[Int(starts[bucket])] = hash
      unsafe starts[bucket] &+= 1
    }
    unsafe hashes.update(from: sorted, count: count)
  }
}
