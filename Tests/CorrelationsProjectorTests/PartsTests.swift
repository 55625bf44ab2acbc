import Bytes
import Events
import TestSupport
import Testing

@testable import CorrelationsProjector

@Suite struct PartsTests {
  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
  func `offsets are the first and the last of the samples`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var offsets = SampleOffsets()
    var all: Set<Offset> = []
    var next: Offset = 0
    for _ in 0..<2_000 {
      // Around 40 there and back, where the middle begins to be forgotten.
      if all.count < 25 || Int.random(in: 0..<2, using: &random) == 0, all.count < 40 {
        next += 1
        let late = Offset.random(in: 0..<next, using: &random)
        let offset = all.contains(late) ? next : late
        all.insert(offset)
        offsets.add(offset)
      } else if let offset = all.sorted().randomElement(using: &random) {
        all.remove(offset)
        offsets.remove(offset)
      }
      let sorted = all.sorted()
      #expect(offsets.count == UInt64(all.count))
      #expect(offsets.kept == Array(sorted.prefix(32)))
      #expect(offsets.last == sorted.last)
    }
  }

  @Test func `of many samples the first 32 and the last are known`() {
    var offsets = SampleOffsets()
    for offset in 0..<1_000 as Range<Offset> { offsets.add(offset * 2) }
    #expect(offsets.kept == (0..<32).map { $0 * 2 })
    #expect(offsets.last == 1_998)
    // One that comes late finds its place among the first.
    offsets.add(5)
    #expect(offsets.kept.contains(5))
    #expect(offsets.kept.count == 32)
    offsets.remove(1_998)
    #expect(offsets.last == 1_996)
    offsets.remove(0)
    #expect(offsets.kept.first == 2)
    #expect(offsets.kept.count == 31)
    #expect(offsets.count == 999)
  }

  @Test func `the index finds what is there, and nothing else`() {
    var random = SeededRandom(seed: 99)
    var index = LevelIndex()
    var expected: [Hash128: Int] = [:]
    // Few low bits, so that slots collide.
    let hashes = (0..<300).map { number in
      Hash128(value: UInt128(number) << 64 | UInt128(UInt64.random(in: 500..<520, using: &random)))
    }
    for step in 0..<5_000 {
      guard let hash = hashes.randomElement(using: &random) else { continue }
      if expected[hash] != nil {
        index.remove(hash)
        expected[hash] = nil
      } else if expected.count < 256 {
        index.insert(hash, at: step)
        expected[hash] = step
      }
      #expect(index.count == expected.count)
      if step % 50 == 0 {
        for hash in hashes { #expect(index.place(hash) == expected[hash]) }
      }
    }
  }

  @Test func `wide integers multiply and convert exactly`() {
    var random = SeededRandom(seed: 5)
    for _ in 0..<1_000 {
      let left = Int128(truncatingIfNeeded: Int64.random(in: .min ... .max, using: &random))
      let right = Int128(truncatingIfNeeded: Int64.random(in: .min ... .max, using: &random))
      #expect(WideInteger.product(left, right) == WideInteger(left * right))
      #expect(WideInteger(left * right).doubleValue == Double(left * right))
      let count = UInt64.random(in: 0...9, using: &random)
      var sum = WideInteger.zero
      for _ in 0..<count { sum += WideInteger.product(left << 60, right << 60) }
      #expect(WideInteger.product(left << 60, right << 60) * count == sum)
      #expect((WideInteger(left) < WideInteger(right)) == (left < right))
      #expect(-(-sum) == sum)
    }
    let large = WideInteger.product(Int128.max, Int128.max)
    #expect(large.doubleValue == 0x1p254)
    #expect((-large).doubleValue == -0x1p254)
    // Halfway between two doubles goes to the even one, and a single bit more goes up.
    let even = WideInteger(low: 1 << 75, high: 1)
    #expect(even.doubleValue == 0x1p128)
    #expect((even + WideInteger(Int64(1))).doubleValue == 0x1p128 * (1 + 0x1p-52))
    #expect(WideInteger.product(.min, .min).doubleValue == 0x1p254)
  }

  @Test func `discoveries are those up to the last that keeps its rank`() {
    #expect(FalseDiscovery.threshold([], rate: 0.05) == nil)
    #expect(FalseDiscovery.threshold([0.9, 0.5], rate: 0.05) == nil)
    // 0.03 alone is above its 0.025, and yet kept, because 0.035 keeps its 0.0375.
    #expect(FalseDiscovery.threshold([0.035, 0.9, 0.001, 0.03], rate: 0.05) == 0.035)
    #expect(FalseDiscovery.threshold([0.05], rate: 0.05) == 0.05)
  }
}
