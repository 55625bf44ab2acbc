import Glibc
import Similarity
import Tables
import TestSupport
import Views

/// What a question and an insertion cost among so many texts: as prompts join (from 85 hundredths
/// on), and as responses (90) and examples (95) are asked for.
struct Cost {
  private static let checkpointInterval = 1 << 18

  /// Prints microseconds of processor time, over the tenth of the texts before each of the marks.
  static func measure(_ name: String, _ texts: [NumberedText], marks: [Int]) throws {
    var sketches: [Sketch] = []
    sketches.reserveCapacity(texts.count)
    let start = processorSeconds()
    for text in texts { sketches.append(Sketch(of: text.text)) }
    let sketching = (processorSeconds() - start) * 1e6 / Double(max(texts.count, 1))
    for lowest in [85, 90, 95] {
      let tables = FoldTables(view: "measure", provider: MemoryTables())
      let index = try SimilarityIndex(tables, StoredSimilarityIndex("texts", lowest: lowest))
      var line = padded("\(name), from \(lowest)", 32)
      var next = 0
      var costs: [Double] = []
      for mark in marks where mark <= texts.count {
        try fold(sketches, next..<(mark - mark / 10), lowest, index, tables)
        let start = processorSeconds()
        try fold(sketches, (mark - mark / 10)..<mark, lowest, index, nil)
        let microseconds = (processorSeconds() - start) * 1e6 / Double(mark / 10)
        line += padded(left: decimal(microseconds, places: 2), 10)
        costs.append(microseconds)
        next = mark
      }
      if let first = costs.first, let last = costs.last {
        line += padded(left: "× " + decimal(last / first, places: 2), 10)
      }
      print(line)
    }
    print(
      "\(padded("\(name), making and sketching", 32))\(padded(left: decimal(sketching, places: 2), 10))"
    )
  }

  private static func fold(
    _ sketches: [Sketch], _ range: Range<Int>, _ lowest: Int, _ index: SimilarityIndex,
    _ tables: FoldTables?
  ) throws {
    for id in range {
      let sketch = sketches[id]
      switch lowest {
      case 85:
        _ = try index.join(sketch, ClusterBounds(wide: 85, narrow: 95), upTo: 5)
      case 90:
        _ = try index.nearest(to: sketch, atLeast: lowest)
        try index.insert(sketch, id: UInt64(id))
      default:
        _ = try index.earliest(similarTo: sketch, atLeast: lowest)
        try index.insert(sketch, id: UInt64(id))
      }
      if (id + 1) % checkpointInterval == 0 { try tables?.flush() }
    }
  }

  private static func processorSeconds() -> Double {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
