internal import Bytes

/// A table that keeps changes in memory until the checkpoint.
protocol FlushableTable: AnyObject {
  func flush(into digest: inout Digest) throws(TableError)
  func rehash(into digest: inout Digest) throws(TableError)
}

/// The tables of one view, and its digest.
package final class TableSet {
  /// The name of the view, which begins the names of its tables.
  package let view: String
  /// The sum over the rows of the tables that count, as of the last flush.
  package private(set) var digest: Digest
  private let provider: any TableProvider
  private var tables: [any FlushableTable] = []

  package init(view: String, digest: Digest = Digest(), provider: any TableProvider) {
    self.view = view
    self.digest = digest
    self.provider = provider
  }

  private func fullName(_ name: String) -> String { "\(view)/\(name)" }

  /// Opens a table of rows by key.
  ///
  /// - Parameters:
  ///   - isCounted: false for what the fold must remember but does not answer: not in the digest.
  ///   - residentMax: rows that may stay in memory after a checkpoint.
  package func keyed<K: Key, R: Row>(
    _ name: String, key: K.Type, row: R.Type, isCounted: Bool = true, residentMax: Int = 1 << 20
  ) throws(TableError) -> KeyedTable<K, R> {
    let table = try KeyedTable<K, R>(
      name: fullName(name), storage: provider.storage(fullName(name), isPacked: false),
      isCounted: isCounted, residentMax: residentMax)
    tables.append(table)
    return table
  }

  /// Opens a table of rows by number, in chunks.
  ///
  /// - Parameter residentMax: chunks that may stay in memory after a checkpoint.
  package func chunked<R: Row>(
    _ name: String, row: R.Type, residentMax: Int = 64
  ) throws(TableError) -> ChunkedTable<R> {
    let table = try ChunkedTable<R>(
      name: fullName(name), storage: provider.storage(fullName(name), isPacked: true),
      residentMax: residentMax)
    tables.append(table)
    return table
  }

  /// Opens a table of pages, which the fold remembers and does not answer: not in the digest.
  ///
  /// - Parameters:
  ///   - wordsPerPage: 64-bit words; 510 (and each 512 more) fill whole pages of an LMDB store.
  ///   - residentMax: pages that may stay in memory after a checkpoint.
  package func pages(
    _ name: String, wordsPerPage: Int = 510, residentMax: Int = 1 << 17
  ) throws(TableError) -> PageTable {
    let table = try PageTable(
      name: fullName(name), storage: provider.storage(fullName(name), isPacked: false),
      wordsPerPage: wordsPerPage, residentMax: residentMax)
    tables.append(table)
    return table
  }

  /// Writes what changed to the storage; the caller makes it durable.
  package func flush() throws(TableError) {
    for table in tables { try table.flush(into: &digest) }
  }

  /// The digest of the rows as they lie in the storage.
  package func rehashed() throws(TableError) -> Digest {
    var digest = Digest()
    for table in tables { try table.rehash(into: &digest) }
    return digest
  }
}
