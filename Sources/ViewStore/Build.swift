internal import LMDB
package import Views

/// The environment of one build: what was folded together, its state and its checkpoint.
package final class Build: Sendable {
  package let name: String
  let environment: Environment

  /// Opens the folder of a build, which must exist.
  package init(
    name: String, path: String, mapSize: Int, isReadOnly: Bool
  ) throws(StoreError) {
    self.name = name
    environment = try stored { () throws(LMDBError) in
      try Environment(
        path: path,
        options: EnvironmentOptions(mapSize: mapSize, tableCountMax: 128, isReadOnly: isReadOnly))
    }
  }

  /// The record as it is now.
  package func record() throws(StoreError) -> BuildRecord {
    try BuildSnapshot(self).record()
  }

  package func sizeOnDisk() throws(StoreError) -> UInt64 {
    try stored { () throws(LMDBError) in try environment.sizeOnDisk() }
  }
}

/// A build as it is at one moment, for readers.
package final class BuildSnapshot: TableProvider {
  private let build: Build
  private let transaction: ReadTransaction
  private var tables: [String: Table] = [:]

  package init(_ build: Build) throws(StoreError) {
    self.build = build
    transaction = try stored { () throws(LMDBError) in try ReadTransaction(build.environment) }
  }

  package func record() throws(StoreError) -> BuildRecord {
    try BuildRecord(
      stored: stored { () throws(LMDBError) -> [UInt8]? in
        guard let table = try table(BuildRecord.table) else { return nil }
        let key = BuildRecord.key
        return try transaction.snapshot.value(key.span, in: table)
      })
  }

  package func storage(
    _ name: String, isPacked: Bool
  ) throws(TableError) -> any TableStorage {
    SnapshotTable(self, entries: try TableEntries(name: name, isPacked: isPacked))
  }

  var snapshot: Snapshot { transaction.snapshot }

  func table(_ name: String) throws(LMDBError) -> Table? {
    if let table = tables[name] { return table }
    let table = try transaction.snapshot.table(name)
    tables[name] = table
    return table
  }
}
