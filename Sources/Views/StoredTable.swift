/// A table of rows by key, as a view declares it: for folds, which write it, and for readers.
///
/// `static let table = StoredTable<TextKey, Session>("sessions")`
public struct StoredTable<K: Key, R: StoredRow>: Sendable {
  /// Within the view: on disk the view's name stands before it. Never to be changed.
  public let name: String
  /// How many rows are packed together; nil where each lies by itself. Never to be changed.
  public let rowsPerChunk: Int?
  /// False for what the fold must remember but does not answer: not in the digest.
  public let isCounted: Bool
  /// Rows that may stay in a fold's memory after a checkpoint.
  public let residentMax: Int

  public init(_ name: String, isCounted: Bool = true, residentMax: Int = 1 << 20) {
    self.name = name
    self.isCounted = isCounted
    self.residentMax = residentMax
    rowsPerChunk = nil
  }
}

extension StoredTable where K == UInt64 {
  /// A table of rows by number, where gaps may be, for large rows: they lie packed together, so
  /// that one that is cold costs a chunk's unpacking.
  public init(
    _ name: String, rowsPerChunk: Int, isCounted: Bool = true, residentMax: Int = 1 << 14
  ) {
    self.name = name
    self.rowsPerChunk = rowsPerChunk
    self.isCounted = isCounted
    self.residentMax = residentMax
  }
}

/// A table of rows by number, from 0 without gaps: for views with a row an event.
public struct NumberedTable<R: StoredRow>: Sendable {
  public let rows: StoredTable<UInt64, R>

  public init(
    _ name: String, rowsPerChunk: Int = 256, isCounted: Bool = true, residentMax: Int = 1 << 14
  ) {
    rows = StoredTable(
      name, rowsPerChunk: rowsPerChunk, isCounted: isCounted, residentMax: residentMax)
  }
}

/// A table of pages of 64-bit words by number, from 0 without gaps, which the fold remembers and
/// does not answer: never in the digest.
public struct StoredPages: Sendable {
  /// Within the view: on disk the view's name stands before it. Never to be changed.
  public let name: String
  /// 510 (and each 512 more) fill whole pages of an LMDB store. Never to be changed.
  public let wordsPerPage: Int
  /// Pages that may stay in a fold's memory after a checkpoint.
  public let residentMax: Int

  public init(_ name: String, wordsPerPage: Int = 510, residentMax: Int = 1 << 17) {
    self.name = name
    self.wordsPerPage = wordsPerPage
    self.residentMax = residentMax
  }
}
