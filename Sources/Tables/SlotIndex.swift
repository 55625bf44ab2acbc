/// Finds slots of an array by a hash: open addressing, 8 bytes an entry, at most two thirds full.
///
/// Says nothing of order: what is found is compared by the caller.
@usableFromInline
struct SlotIndex {
  /// The hash in the upper half, the slot's number and 1 in the lower; 0 where there is none.
  @usableFromInline var entries: [UInt64]
  @usableFromInline var count = 0
  /// How far a hash is shifted to give a place.
  @usableFromInline var shift: UInt32

  @usableFromInline static let bitsMin: UInt32 = 4

  @inlinable
  init() {
    entries = [UInt64](repeating: 0, count: 1 << Int(Self.bitsMin))
    shift = 32 - Self.bitsMin
  }

  /// The first slot with the hash that `isEqual` takes.
  @inline(__always) @inlinable
  func slot(_ hash: UInt32, _ isEqual: (Int) -> Bool) -> Int? {
    let last = entries.count &- 1
    var place = Int(hash >> shift)
    while true {
      let entry = entries[place]
      if entry == 0 { return nil }
      if UInt32(truncatingIfNeeded: entry >> 32) == hash {
        let slot = Int(UInt32(truncatingIfNeeded: entry)) &- 1
        if isEqual(slot) { return slot }
      }
      place = (place &+ 1) & last
    }
  }

  /// Adds a slot that is not there.
  @inlinable
  mutating func insert(_ slot: Int, _ hash: UInt32) {
    if (count &+ 1) * 3 > entries.count * 2 { grow() }
    put(UInt64(hash) << 32 | UInt64(UInt32(truncatingIfNeeded: slot &+ 1)))
    count &+= 1
  }

  @inlinable
  mutating func put(_ entry: UInt64) {
    let last = entries.count &- 1
    var place = Int(UInt32(truncatingIfNeeded: entry >> 32) >> shift)
    while entries[place] != 0 { place = (place &+ 1) & last }
    entries[place] = entry
  }

  @inline(never) @usableFromInline
  mutating func grow() {
    let old = entries
    entries = [UInt64](repeating: 0, count: old.count * 2)
    shift -= 1
    for entry in old where entry != 0 { put(entry) }
  }

  @usableFromInline
  mutating func removeAll() {
    for place in entries.indices { entries[place] = 0 }
    count = 0
  }
}
