internal import CLMDB

extension Environment {
  /// Copies what was committed last into an environment of its own, in a folder that has none yet,
  /// and waits until it is on disk. Each table is written in the order of its keys, so that all pages
  /// are full; hardly any is free.
  package func copyInOrder(to folder: String) throws(LMDBError) {
    let copy = try OrderedCopy(folder, mapSize: mapSize())
    let reading = try ReadTransaction(self)
    for name in try tableNames(reading.snapshot) {
      guard let table = try reading.snapshot.table(name) else { continue }
      try copy.append(table, of: reading.snapshot)
    }
    try copy.finish()
  }

  private func mapSize() throws(LMDBError) -> Int {
    var information = unsafe MDB_envinfo()
    try check(unsafe mdb_env_info(pointer, &information), "mdb_env_info")
    return unsafe information.me_mapsize
  }

  private func tableNames(_ snapshot: Snapshot) throws(LMDBError) -> [String] {
    // LMDB keeps them in a table of its own, with the handle 1.
    let cursor = try snapshot.cursor(Table(handle: 1, name: "names of tables"))
    var names: [String] = []
    var step = Cursor.Step.first
    while let name = try cursor.move(step, { key, _ in decoded(key) }) {
      names.append(name)
      step = .next
    }
    return names
  }
}

private func decoded(_ key: Span<UInt8>) -> String {
  unsafe key.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
}

/// An environment that is filled table by table, in the order of their keys.
private final class OrderedCopy {
  /// Bytes of a commit: LMDB keeps the pages of a transaction in memory.
  private static let sizePerCommitMax = 32 << 20

  private let environment: Environment
  private var transaction: WriteTransaction?
  private var size = 0

  init(_ folder: String, mapSize: Int) throws(LMDBError) {
    environment = try Environment(
      path: folder,
      options: EnvironmentOptions(mapSize: mapSize, tableCountMax: 1_024, isSyncDeferred: true))
    transaction = try WriteTransaction(environment)
  }

  func append(_ table: Table, of snapshot: Snapshot) throws(LMDBError) {
    guard let target = try transaction?.table(table.name) else { return }
    let cursor = try snapshot.cursor(table)
    var step = Cursor.Step.first
    while let outcome = try cursor.move(step, { put($0, $1, in: target) }) {
      try outcome.get()
      if size >= Self.sizePerCommitMax {
        try commit()
        transaction = try WriteTransaction(environment)
      }
      step = .next
    }
  }

  private func put(
    _ key: Span<UInt8>, _ value: Span<UInt8>, in table: Table
  ) -> Result<Void, LMDBError> {
    size += key.count + value.count
    do throws(LMDBError) {
      return .success(try transaction?.append(key, value, in: table) ?? ())
    } catch { return .failure(error) }
  }

  /// Writes what is left, and waits until all is on disk.
  func finish() throws(LMDBError) {
    try commit()
    try environment.sync()
  }

  private func commit() throws(LMDBError) {
    size = 0
    guard let transaction = transaction.take() else { return }
    try transaction.commit()
  }
}
