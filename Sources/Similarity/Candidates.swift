internal import Views

/// Records that may be similar to a sketch: those whose parities do not differ in too many places.
struct Candidates {
  private(set) var numbers: [UInt32] = []
  private var parities: UInt64 = 0
  private var differenceMax = 0
  /// Numbers that were come upon lately, each with the question in the upper half: bands have many
  /// in common.
  private var seen = [UInt64](repeating: 0, count: 1 << 9)
  private var question: UInt32 = 0

  mutating func begin(_ sketch: Sketch, atLeast hundredths: Int) {
    numbers.removeAll(keepingCapacity: true)
    parities = sketch.parities
    differenceMax = sketch.differenceMax(atLeast: hundredths)
    question &+= 1
    // After 2^32 questions the first would seem to be asked again.
    if question == 0 { seen = [UInt64](repeating: 0, count: seen.count) }
  }

  /// Adds a record, unless it was come upon before; in rare cases also then.
  @inline(__always)
  mutating func add(_ number: UInt32) {
    let place = Int((number &* 0x9e37_79b1) >> 23)
    let entry = UInt64(question) << 32 | UInt64(number)
    if seen[place] == entry { return }
    seen[place] = entry
    numbers.append(number)
  }

  /// Leaves those whose parities are near enough, each once, in order.
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
    if kept < 2 { return }
    numbers.sort()
    kept = 1
    for index in 1..<numbers.count where numbers[index] != numbers[kept - 1] {
      numbers[kept] = numbers[index]
      kept += 1
    }
    numbers.removeLast(numbers.count - kept)
  }
}
