/// Records that may be similar to a sketch, each with how far its parities differ: a lower bound
/// of the hashes in which it does.
struct Candidates {
  private let signature: UInt64
  private let differenceMax: Int
  /// Difference and address, as often as they were come upon.
  private var found: [UInt64] = []
  /// The most records that are compared for one question, so that its cost has a bound.
  static var comparedMax: Int { 64 }

  init(signature: UInt64, differenceMax: Int) {
    self.signature = signature
    self.differenceMax = differenceMax
  }

  @inline(__always)
  mutating func add(_ entry: Postings.Entry) {
    let difference = (entry.signature ^ signature).nonzeroBitCount
    if difference > differenceMax { return }
    found.append(UInt64(difference) << 32 | UInt64(entry.address))
  }

  /// Addresses, each once, the smallest differences first.
  mutating func mostPromising() -> [UInt32] {
    if found.count > 2 * Self.comparedMax { dropFarthest() }
    found.sort()
    var addresses: [UInt32] = []
    addresses.reserveCapacity(found.count)
    for entry in found {
      let address = UInt32(truncatingIfNeeded: entry)
      if addresses.last == address { continue }
      if addresses.count == Self.comparedMax { break }
      addresses.append(address)
    }
    return addresses
  }

  /// Leaves as many repeats of the nearest as there is use for, to have less to sort.
  private mutating func dropFarthest() {
    var seen = [UInt32](repeating: 0, count: 1 << 10)
    found.removeAll { entry in
      let address = UInt32(truncatingIfNeeded: entry)
      let place = Int((address &* 0x9e37_79b1) >> 22)
      if seen[place] == address &+ 1 { return true }
      seen[place] = address &+ 1
      return false
    }
  }
}

/// In how many hashes a sketch may differ from another that is similar to it.
func differenceMax(_ count: Int, _ hundredths: Int) -> Int {
  // The other may be one of 256 hashes out of more: an estimate, and no bound that helps.
  if count * 100 >= Sketch.hashesMax * hundredths { return UInt64.bitWidth }
  return count * (100 - hundredths) / max(hundredths, 1)
}
