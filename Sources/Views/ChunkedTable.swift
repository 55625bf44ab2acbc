internal import Bytes

/// Rows by number, from 0 without gaps, kept in chunks of 256: for views with a row an event.
///
/// Rows are appended, and may change later. One number costs a chunk's decoding when it is cold.
package final class ChunkedTable<R: Row>: FlushableTable {
  package static var rowsPerChunk: Int { 256 }

  private struct Chunk {
    var rows: [R] = []
    /// Hashes in the digest of rows that changed since the last flush, by place in the chunk.
    var hashesBefore: [Int: Hash128] = [:]
    /// How many rows the storage holds: those beyond were never in the digest.
    var storedCount = 0
    var dirtyPlaces: Set<Int> = []
  }

  private let name: String
  private let storage: any TableStorage
  private let residentMax: Int
  private var chunks: [UInt64: Chunk] = [:]
  private var dirty: Set<UInt64> = []
  /// The number of rows.
  package private(set) var count: UInt64

  init(name: String, storage: any TableStorage, residentMax: Int) throws(TableError) {
    self.name = name
    self.storage = storage
    self.residentMax = residentMax
    var key = ByteWriter()
    key.append(ordered: UInt64.max)
    count = 0
    if let bytes = try storage.value(key.span) {
      var reader = ByteReader(bytes.span)
      do { count = try reader.varint() } catch { throw TableError(table: name, error) }
    }
  }

  /// Appends a row. Returns its number.
  @discardableResult
  package func append(_ row: R) throws(TableError) -> UInt64 {
    let number = count
    let (index, place) = position(number)
    try load(index)
    chunks[index, default: Chunk()].rows.append(row)
    chunks[index, default: Chunk()].dirtyPlaces.insert(place)
    dirty.insert(index)
    count += 1
    return number
  }

  package func row(_ number: UInt64) throws(TableError) -> R? {
    guard number < count else { return nil }
    let (index, place) = position(number)
    try load(index)
    return chunks[index]?.rows[place]
  }

  /// Changes a row in place.
  package func change(_ number: UInt64, _ body: (inout R) -> Void) throws(TableError) {
    guard number < count else {
      throw TableError(table: name, reason: "there is no row \(number)")
    }
    let (index, place) = position(number)
    try load(index)
    var chunk = chunks[index] ?? Chunk()
    chunks[index] = nil
    if place < chunk.storedCount, chunk.dirtyPlaces.insert(place).inserted {
      chunk.hashesBefore[place] = hash(number, chunk.rows[place])
    }
    body(&chunk.rows[place])
    chunks[index] = chunk
    dirty.insert(index)
  }

  private func position(_ number: UInt64) -> (chunk: UInt64, place: Int) {
    let (index, place) = number.quotientAndRemainder(dividingBy: UInt64(Self.rowsPerChunk))
    return (index, Int(place))
  }

  private func load(_ index: UInt64) throws(TableError) {
    if chunks[index] != nil { return }
    var key = ByteWriter()
    key.append(ordered: index)
    guard let bytes = try storage.value(key.span) else {
      chunks[index] = Chunk()
      return
    }
    var chunk = Chunk()
    chunk.rows = try decodeChunk(bytes.span, table: name)
    chunk.storedCount = chunk.rows.count
    chunks[index] = chunk
  }

  private func hash(_ number: UInt64, _ row: R) -> Hash128 {
    var writer = ByteWriter(capacity: 256)
    row.encode(into: &writer)
    var key = ByteWriter()
    key.append(ordered: number)
    return rowHash(table: name, key: key.span, row: writer.span)
  }

  func flush(into digest: inout Digest) throws(TableError) {
    for index in dirty.sorted() {
      guard var chunk = chunks[index] else { continue }
      let first = index * UInt64(Self.rowsPerChunk)
      for place in chunk.dirtyPlaces {
        if let hash = chunk.hashesBefore[place] { digest.subtract(hash) }
        digest.add(hash(first + UInt64(place), chunk.rows[place]))
      }
      var key = ByteWriter()
      key.append(ordered: index)
      try storage.put(key.span, encodeChunk(chunk.rows).span)
      chunk.storedCount = chunk.rows.count
      chunk.dirtyPlaces.removeAll()
      chunk.hashesBefore.removeAll()
      chunks[index] = chunk
    }
    if !dirty.isEmpty {
      var key = ByteWriter()
      key.append(ordered: UInt64.max)
      var value = ByteWriter()
      value.append(varint: count)
      try storage.put(key.span, value.span)
    }
    dirty.removeAll()
    if chunks.count > residentMax { chunks.removeAll() }
  }

  func rehash(into digest: inout Digest) throws(TableError) {
    try forEach { number, row in
      digest.add(hash(number, row))
      return true
    }
  }

  /// Calls `body` for each row from `start` on, in order, until it returns false. Rows changed
  /// since the last flush are not seen: for readers, not for folds.
  package func forEach(
    from start: UInt64 = 0, _ body: (UInt64, R) throws(TableError) -> Bool
  ) throws(TableError) {
    let (index, _) = position(start)
    var key = ByteWriter()
    key.append(ordered: index)
    try storage.scan(from: key.span) { key, value throws(TableError) in
      var reader = ByteReader(key)
      let index: UInt64
      do throws(BytesError) { index = try reader.ordered(UInt64.self) } catch {
        throw TableError(table: name, error)
      }
      if index == UInt64.max { return false }
      let first = index * UInt64(Self.rowsPerChunk)
      let rows: [R] = try decodeChunk(value, table: name)
      for (offset, row) in rows.enumerated() {
        if first + UInt64(offset) < start { continue }
        if try !body(first + UInt64(offset), row) { return false }
      }
      return true
    }
  }
}

private func encodeChunk<R: Row>(_ rows: [R]) -> ByteWriter {
  var writer = ByteWriter(capacity: 64 * 1024)
  writer.append(varint: rows.count)
  for row in rows { row.encode(into: &writer) }
  return writer
}

private func decodeChunk<R: Row>(_ span: Span<UInt8>, table: String) throws(TableError) -> [R] {
  var reader = ByteReader(span)
  do {
    let count = try reader.count()
    var rows: [R] = []
    rows.reserveCapacity(Swift.min(count, 4096))
    for _ in 0..<count { rows.append(try R(from: &reader)) }
    return rows
  } catch {
    throw TableError(table: table, error)
  }
}
