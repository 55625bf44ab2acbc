internal import Bytes

/// Rows by key, the hot ones in memory; changed ones are written at the checkpoint, and only those.
package final class KeyedTable<K: Key, R: Row>: FlushableTable {
  private struct Slot {
    var row: R?
    /// The row's hash in the digest as it was when the row changed first since the last flush.
    var hashBefore: Hash128?
    var isDirty: Bool
  }

  private let name: String
  private let storage: any TableStorage
  private let isCounted: Bool
  private let residentMax: Int
  private var slots: [K: Slot] = [:]
  private var dirty: [K] = []
  /// Whether `slots` holds every key that there is, so that a miss needs no look at the storage.
  private var isComplete: Bool

  init(name: String, storage: any TableStorage, isCounted: Bool, residentMax: Int) throws(TableError) {
    self.name = name
    self.storage = storage
    self.isCounted = isCounted
    self.residentMax = residentMax
    isComplete = try storage.isEmpty
  }

  /// The row of a key; nil when there is none.
  package func row(_ key: K) throws(TableError) -> R? {
    if let slot = slots[key] { return slot.row }
    if isComplete { return nil }
    let row = try load(key)
    slots[key] = Slot(row: row, hashBefore: nil, isDirty: false)
    return row
  }

  /// The row of a key as of the last flush, not kept in memory: for readers, not for folds.
  package func stored(_ key: K) throws(TableError) -> R? { try load(key) }

  /// Puts a row in the place of the one that was there, if any.
  package func put(_ key: K, _ row: R) throws(TableError) {
    try change(key) { $0 = row }
  }

  package func remove(_ key: K) throws(TableError) {
    try change(key) { $0 = nil }
  }

  /// Changes a row in place; nil stands for no row, before and after.
  package func change<Result>(
    _ key: K, _ body: (inout R?) -> Result
  ) throws(TableError) -> Result {
    if slots[key] == nil {
      let row = isComplete ? nil : try load(key)
      slots[key] = Slot(row: row, hashBefore: nil, isDirty: false)
    }
    var becameDirty = false
    let result = withSlot(key) { slot in
      if !slot.isDirty {
        slot.isDirty = true
        becameDirty = true
        if isCounted, let row = slot.row { slot.hashBefore = hash(key, row) }
      }
      return body(&slot.row)
    }
    if becameDirty { dirty.append(key) }
    return result
  }

  private func withSlot<Result>(_ key: K, _ body: (inout Slot) -> Result) -> Result {
    body(&slots[key, default: Slot(row: nil, hashBefore: nil, isDirty: false)])
  }

  private func load(_ key: K) throws(TableError) -> R? {
    var keyWriter = ByteWriter(capacity: 32)
    key.encode(into: &keyWriter)
    guard let bytes = try storage.value(keyWriter.span) else { return nil }
    return try decode(bytes)
  }

  private func decode(_ bytes: [UInt8]) throws(TableError) -> R {
    var reader = ByteReader(bytes.span)
    do { return try R(from: &reader) } catch { throw TableError(table: name, error) }
  }

  private func hash(_ key: K, _ row: R) -> Hash128 {
    var writer = ByteWriter(capacity: 256)
    row.encode(into: &writer)
    var keyWriter = ByteWriter(capacity: 32)
    key.encode(into: &keyWriter)
    return rowHash(table: name, key: keyWriter.span, row: writer.span)
  }

  func flush(into digest: inout Digest) throws(TableError) {
    // Keys in order: the storage fills its pages from left to right.
    var encoded: [(key: [UInt8], slot: K)] = []
    encoded.reserveCapacity(dirty.count)
    var keyWriter = ByteWriter(capacity: 32)
    for key in dirty {
      keyWriter.clear()
      key.encode(into: &keyWriter)
      encoded.append((keyWriter.bytes, key))
    }
    var writer = ByteWriter(capacity: 256)
    encoded.sort { $0.key.lexicographicallyPrecedes($1.key) }
    for (bytes, key) in encoded {
      guard let slot = slots[key] else { continue }
      if let hash = slot.hashBefore { digest.subtract(hash) }
      if let row = slot.row {
        writer.clear()
        row.encode(into: &writer)
        if isCounted { digest.add(rowHash(table: name, key: bytes.span, row: writer.span)) }
        try storage.put(bytes.span, writer.span)
      } else {
        try storage.remove(bytes.span)
      }
      slots[key] = Slot(row: slot.row, hashBefore: nil, isDirty: false)
    }
    dirty.removeAll(keepingCapacity: true)
    if slots.count > residentMax {
      slots.removeAll(keepingCapacity: true)
      isComplete = false
    }
  }

  /// Calls `body` for each row, in the order of the keys. Rows changed since the last flush are
  /// not seen: for readers, not for folds.
  package func forEach(_ body: (K, R) throws(TableError) -> Bool) throws(TableError) {
    let start: [UInt8] = []
    try storage.scan(from: start.span) { key, value throws(TableError) in
      var keyReader = ByteReader(key)
      var reader = ByteReader(value)
      let entry: (K, R)
      do throws(BytesError) { entry = (try K(from: &keyReader), try R(from: &reader)) } catch {
        throw TableError(table: name, error)
      }
      return try body(entry.0, entry.1)
    }
  }

  func rehash(into digest: inout Digest) throws(TableError) {
    let start: [UInt8] = []
    guard isCounted else { return }
    try storage.scan(from: start.span) { key, value throws(TableError) in
      digest.add(rowHash(table: name, key: key, row: value))
      return true
    }
  }
}
