internal import Bytes

/// Finds the place of a level of one factor by its hash: at most 256 in 512 slots, so that a probe
/// ends soon.
struct LevelIndex: Sendable {
  private var hashes = [UInt128](repeating: 0, count: Self.slotCount)
  /// −1 where a slot is free.
  private var places = [Int32](repeating: -1, count: Self.slotCount)
  private(set) var count = 0

  private static let slotCount = 512

  /// The slot where the hash is, or where it belongs.
  private func slot(_ hash: Hash128) -> Int {
    var slot = Int(truncatingIfNeeded: hash.value) & (Self.slotCount - 1)
    while places[slot] >= 0, hashes[slot] != hash.value { slot = (slot + 1) & (Self.slotCount - 1) }
    return slot
  }

  func place(_ hash: Hash128) -> Int? {
    let place = places[slot(hash)]
    return place < 0 ? nil : Int(place)
  }

  /// Precondition of the caller: the hash is not there, and fewer than 256 are.
  mutating func insert(_ hash: Hash128, at place: Int) {
    let slot = slot(hash)
    hashes[slot] = hash.value
    places[slot] = Int32(truncatingIfNeeded: place)
    count += 1
  }

  /// Moves up those that had to go further because of the one that goes.
  mutating func remove(_ hash: Hash128) {
    var hole = slot(hash)
    guard places[hole] >= 0 else { return }
    places[hole] = -1
    count -= 1
    var next = (hole + 1) & (Self.slotCount - 1)
    while places[next] >= 0 {
      let home = Int(truncatingIfNeeded: hashes[next]) & (Self.slotCount - 1)
      let distanceFromHome = (next - home) & (Self.slotCount - 1)
      let distanceFromHole = (next - hole) & (Self.slotCount - 1)
      if distanceFromHome >= distanceFromHole {
        hashes[hole] = hashes[next]
        places[hole] = places[next]
        places[next] = -1
        hole = next
      }
      next = (next + 1) & (Self.slotCount - 1)
    }
  }
}
