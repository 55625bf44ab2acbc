internal import Tables
internal import Views

/// How many rows there are of each kind, and how many there were when a training last completed.
struct Counts {
  enum Kind: UInt64 { case examples, pairs, droppedPairs, trainedExamples, trainedPairs }

  private let table: KeyedTable<UInt64, Count>

  init(tables: TableSet) throws(TableError) {
    table = try tables.open(DatasetTables.counts)
  }

  /// Adds or takes away one when something comes or goes.
  func change(_ kind: Kind, from wasThere: Bool, to isThere: Bool) throws(TableError) {
    if wasThere == isThere { return }
    try table.change(kind.rawValue) { row in
      let count = row?.value ?? 0
      row = Count(value: isThere ? count &+ 1 : count &- 1)
    }
  }

  /// A training has used what there was enough of; of what there was not, it was no training.
  func train() throws(TableError) {
    for need in [Need.examples, .pairs] {
      let count = try table.row(need.counted.rawValue)?.value ?? 0
      let trained = try table.row(need.trained.rawValue)?.value ?? 0
      if count >= need.needed(trained: trained) {
        try table.put(need.trained.rawValue, Count(value: count))
      }
    }
  }
}

extension Counts.Kind {
  /// How many there are.
  func count(in tables: any ViewReader) throws(TableError) -> UInt64 {
    try tables.read(DatasetTables.counts).row(rawValue)?.value ?? 0
  }
}
