internal import Views

/// Finds similar texts by the shingles that few texts have: exactly.
///
/// A set of n shingles shares at least o = ⌈b·n⌉ with any that is similar from a bound b on: so, in
/// any order of all shingles, the two share one among the first n − o + 1 of each (prefix filter:
/// Chaudhuri, Ganti, Kaushik 2006; Bayardo, Ma, Srikant 2007), and two among the first n − o + 2
/// (Wang, Li, Feng 2012), which few others do.
///
/// The order here is: rare ones by their hashes, then common ones. A text is filed under the rare
/// ones among its first. When a shingle has too many texts it becomes common, for good, and each of
/// these is filed under its next rare one; so that no text is ever missed, and a look-up reads few.
/// A text that has not enough rare ones is crowded: it can be similar to another crowded one by
/// common shingles, and has to be found in some other way.
struct RareShingles {
  private let table: FilingTable
  private let records: SketchRecords
  /// Records that lack filings.
  private var lacking: [(number: UInt32, count: Int)] = []

  init(_ table: FilingTable, _ records: SketchRecords) {
    self.table = table
    self.records = records
  }

  @inline(__always)
  private func key(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash) }

  /// Gathers the records that share two of the first shingles. Returns whether these are all that
  /// can be similar; if not, it gathers those that share one, and a crowded one can be similar too.
  @inline(__always)
  func collect(
    _ sketch: Sketch, atLeast hundredths: Int, into candidates: inout Candidates
  ) throws(TableError) -> Bool {
    let hashes = sketch.hashes.span
    var missing = sketch.filingCount(atLeast: hundredths)
    for index in 0..<min(missing, hashes.count) { try table.touch(key(hashes[index])) }
    for index in 0..<hashes.count {
      let isRare = try table.forEachRare(key(hashes[index])) { number throws(TableError) in
        candidates.addAgain(number)
      }
      if isRare { missing &-= 1 }
      if missing == 0 { return true }
    }
    candidates.forget()
    for index in 0..<hashes.count {
      _ = try table.forEachRare(key(hashes[index])) { number throws(TableError) in
        candidates.add(number)
      }
    }
    return false
  }

  /// Files a record that is new. Returns the records that are crowded thereby, each once ever.
  mutating func insert(
    _ number: UInt32, filingCount: Int
  ) throws(TableError) -> [UInt32] {
    var crowded: [UInt32] = []
    lacking.append((number, filingCount))
    while let (number, count) = lacking.popLast() {
      if try !file(number, count), try records.crowd(number) { crowded.append(number) }
    }
    return crowded
  }

  /// Files a record under so many more rare shingles. Returns whether it has as many.
  private mutating func file(_ number: UInt32, _ count: Int) throws(TableError) -> Bool {
    let head = try records.head(number)
    let packed = try records.hashes(head)
    var missing = count
    var index = head.filed
    while index < packed.count, missing > 0 {
      let key = key(packed[index])
      index &+= 1
      switch try table.file(number, under: key) {
      case .filed: missing &-= 1
      case .common: continue
      case .full:
        // These are filed anew once this one is.
        for other in try table.makeCommon(key) { lacking.append((other, 1)) }
      }
    }
    try records.setFiled(number, index)
    return missing == 0
  }
}
