/// Where the keys that matter stand in an object of a line, and in some objects inside it.
///
/// Keeps its memory from line to line, and forgets a line in constant time.
package struct JSONSlots {
  private let keys: JSONKeyTable
  /// For each place and key the tape's index of the value, marked with the line that wrote it.
  private var slots: [Slot]
  private var line: UInt32 = 0
  /// The keys that the line has at any place; one that comes twice may be here twice.
  package private(set) var found: [Int] = []

  private struct Slot {
    var line: UInt32 = 0
    var index: UInt32 = 0
  }

  /// Room for objects at that many places.
  package init(keys: JSONKeyTable, places: Int) {
    self.keys = keys
    slots = Array(repeating: Slot(), count: keys.names.count * places)
    found.reserveCapacity(64)
  }

  /// Forgets the line before.
  package mutating func beginLine() {
    found.removeAll(keepingCapacity: true)
    line &+= 1
    if line == 0 {
      for index in slots.indices { slots[index] = Slot() }
      line = 1
    }
  }

  /// Notes where the members of an object stand; of duplicate keys the last counts.
  package mutating func note(_ object: JSONObject, place: Int) {
    let first = place &* keys.names.count
    var members = object.members
    while let member = members.next() {
      guard let key = keys.index(of: member.key) else { continue }
      slots[first &+ key] = Slot(line: line, index: UInt32(truncatingIfNeeded: member.value.index))
      found.append(key)
    }
  }

  /// The `JSONValue.index` of a key's value at a place, for `JSONObject.value(at:)`; or nil.
  package func index(of key: Int, place: Int) -> Int? {
    let slot = slots[place &* keys.names.count &+ key]
    return slot.line == line ? Int(slot.index) : nil
  }
}
