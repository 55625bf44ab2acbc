/// The key of a member.
package struct JSONKey: ~Escapable {
  let tape: Tape
  let index: Int

  @_lifetime(copy tape)
  init(tape: Tape, index: Int) {
    self.tape = tape
    self.index = index
  }

  package var utf8: Span<UInt8> {
    @_lifetime(copy self)
    get { tape.text(index) }
  }
}

/// What tells a short name from any other: its length, and its first, second and last eight bytes.
struct KeySignature: Equatable {
  /// The length up to which a signature is the whole name.
  static let wholeByteCountMax = 24

  let count: Int
  let first: UInt64
  let second: UInt64
  let last: UInt64

  var hash: UInt64 {
    (first ^ (last << 7 | last >> 57) ^ UInt64(truncatingIfNeeded: count)) &* 0x9e37_79b9_7f4a_7c15
  }

  @inline(__always)
  init(of key: JSONKey) {
    count = key.utf8.count
    let start = key.tape.eightBytes(key.index, at: 0)
    guard count >= 8 else {
      first = start & ((1 << UInt64(truncatingIfNeeded: count &* 8)) &- 1)
      second = 0
      last = first
      return
    }
    let next = key.tape.eightBytes(key.index, at: 8)
    let isWhole = count >= 16
    first = start
    second = isWhole ? next : next & ((1 << UInt64(truncatingIfNeeded: (count &- 8) &* 8)) &- 1)
    last = key.tape.eightBytes(key.index, at: count &- 8)
  }

  init(of name: String) {
    let bytes = Array(name.utf8)
    func word(_ range: Range<Int>) -> UInt64 {
      range.reversed().reduce(0) { word, index in
        word << 8 | (bytes.indices.contains(index) ? UInt64(bytes[index]) : 0)
      }
    }
    count = bytes.count
    first = word(0..<8)
    second = word(8..<16)
    last = count < 8 ? first : word(count - 8..<count)
  }
}

/// Some names, each found by its bytes in a few nanoseconds, without making a String.
package struct JSONKeyTable: Sendable {
  package let names: [String]
  private let signatures: [KeySignature]
  /// Open addressing: 1 more than the index of a name, or 0.
  private let slots: [UInt16]
  private let shift: UInt64

  /// Builds the table: at most 65,534 names, none twice.
  package init(_ names: [String]) {
    self.names = names
    let bits = max(4, 64 - (names.count * 6).leadingZeroBitCount)
    var slots = [UInt16](repeating: 0, count: 1 << bits)
    shift = UInt64(64 - bits)
    signatures = names.map(KeySignature.init(of:))
    for (index, signature) in signatures.enumerated() {
      var slot = Int(signature.hash >> shift)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt16(index + 1)
    }
    self.slots = slots
  }

  /// The index of a name, or nil.
  package func index(of key: JSONKey) -> Int? {
    let signature = KeySignature(of: key)
    var slot = Int(truncatingIfNeeded: signature.hash >> shift)
    while true {
      let index = Int(slots[slot]) &- 1
      if index < 0 { return nil }
      if signatures[index] == signature,
        signature.count <= KeySignature.wholeByteCountMax
          || equal(key.utf8, names[index].utf8.span)
      {
        return index
      }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
  }
}

/// Whether two texts have the same bytes.
package func equal(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
  guard left.count == right.count else { return false }
  let (left, right) = unsafe (left.bytes, right.bytes)
  let wordsEnd = left.byteCount & ~7
  for offset in stride(from: 0, to: wordsEnd, by: 8) {
    let leftWord = unsafe left.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    let rightWord = unsafe right.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    if leftWord != rightWord { return false }
  }
  for offset in wordsEnd..<left.byteCount {
    let leftByte = unsafe left.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    let rightByte = unsafe right.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    if leftByte != rightByte { return false }
  }
  return true
}

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
