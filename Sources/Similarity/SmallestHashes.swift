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
    var kept = 0
    for index in hashes.indices where index == 0 || hashes[index] != hashes[index - 1] {
      hashes[kept] = hashes[index]
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
  var starts = [Int](repeating: 0, count: (1 << bits) + 1)
  for number in numbers { starts[Int(number >> shift) + 1] += 1 }
  for bucket in 1..<starts.count { starts[bucket] += starts[bucket - 1] }
  var sorted = [UInt64](repeating: 0, count: numbers.count)
  for number in numbers {
    let bucket = Int(number >> shift)
    sorted[starts[bucket]] = number
    starts[bucket] += 1
  }
  numbers = sorted
}

private func insertionSort(_ numbers: inout [UInt64]) {
  for index in numbers.indices.dropFirst() {
    let number = numbers[index]
    var place = index
    while place > 0, numbers[place - 1] > number {
      numbers[place] = numbers[place - 1]
      place -= 1
    }
    numbers[place] = number
  }
}
