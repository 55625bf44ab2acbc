internal import Bytes
internal import Views

/// Reads rows by number that lie many to a value, packed together.
///
/// A row is found by its chunk, which is unpacked; the last few of these stay in memory.
class PackedSource: RowSource {
  fileprivate let name: String
  fileprivate let rowsPerChunk: UInt64
  /// One more than the highest number that ever had a row.
  @safe @exclusivity(unchecked) fileprivate(set) final var end: UInt64
  /// The same, of the rows that lie in the storage.
  @safe @exclusivity(unchecked) fileprivate final var storedEnd: UInt64
  private let rows: any RowSource
  @safe @exclusivity(unchecked) private final var recent: [RowChunk] = []

  private static let recentMax = 8
  fileprivate static let endKey = UInt64.max

  init(name: String, rows: any RowSource, rowsPerChunk: Int) throws(TableError) {
    self.name = name
    self.rows = rows
    self.rowsPerChunk = UInt64(max(1, rowsPerChunk))
    end = 0
    if let bytes = try rows.value(chunkKey(Self.endKey).span) {
      var reader = ByteReader(bytes.span)
      do { end = try reader.varint() } catch { throw TableError(table: name, error) }
    }
    storedEnd = end
  }

  final var isEmpty: Bool { get throws(TableError) { end == 0 } }

  func value(_ key: Span<UInt8>) throws(TableError) -> [UInt8]? {
    let (number, place) = try position(key)
    guard let chunk = try chunk(number), let range = chunk.range(place) else { return nil }
    return Array(chunk.bytes[range])
  }

  fileprivate final func position(_ key: Span<UInt8>) throws(TableError) -> (
    chunk: UInt64, place: Int
  ) {
    var reader = ByteReader(key)
    do throws(BytesError) {
      let (chunk, place) = try reader.ordered(UInt64.self)
        .quotientAndRemainder(dividingBy: rowsPerChunk)
      return (chunk, Int(place))
    } catch {
      throw TableError(table: name, error)
    }
  }

  /// A chunk as it lies in the storage.
  fileprivate final func chunk(_ number: UInt64) throws(TableError) -> RowChunk? {
    if let place = recent.lastIndex(where: { $0.number == number }) {
      if place != recent.count - 1 { recent.append(recent.remove(at: place)) }
      return recent.last
    }
    if storedEnd == 0 || number > (storedEnd - 1) / rowsPerChunk { return nil }
    guard let bytes = try rows.value(chunkKey(number).span) else { return nil }
    let chunk = try RowChunk(number: number, bytes, table: name)
    if recent.count == Self.recentMax { recent.removeFirst() }
    recent.append(chunk)
    return chunk
  }

  /// Has a chunk read anew when it is next asked for.
  fileprivate final func forget(_ number: UInt64) { recent.removeAll { $0.number == number } }

  final func scan(
    from key: Span<UInt8>,
    _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) throws(TableError) -> Bool
  ) throws(TableError) {
    let (first, firstPlace) = key.isEmpty ? (0, 0) : try position(key)
    try rows.scan(from: chunkKey(first).span) { key, value throws(TableError) in
      var reader = ByteReader(key)
      let number: UInt64
      do throws(BytesError) { number = try reader.ordered(UInt64.self) } catch {
        throw TableError(table: name, error)
      }
      if number == Self.endKey { return false }
      let chunk = try RowChunk(number: number, [UInt8](value), table: name)
      let bytes = chunk.bytes.span
      for place in (number == first ? firstPlace : 0)..<max(chunk.ends.count, firstPlace) {
        guard let range = chunk.range(place) else { continue }
        let key = chunkKey(number * rowsPerChunk + UInt64(place))
        if try !body(key.span, bytes.extracting(range)) { return false }
      }
      return true
    }
  }
}

/// Rows by number that lie many to a value, packed together: for rows that are large, or as many as
/// events. Changes in the order of the numbers rewrite each chunk once.
final class PackedRows: PackedSource, TableStorage {
  private let storage: any TableStorage
  @safe @exclusivity(unchecked) private var changing: ChunkChange?
  /// The room of the last chunk's rows, for those of the next one.
  @safe @exclusivity(unchecked) private var room = ByteWriter()

  init(name: String, storage: any TableStorage, rowsPerChunk: Int) throws(TableError) {
    self.storage = storage
    try super.init(name: name, rows: storage, rowsPerChunk: rowsPerChunk)
  }

  override func value(_ key: Span<UInt8>) throws(TableError) -> [UInt8]? {
    if let changing, try position(key).chunk == changing.number { try finishChunk() }
    return try super.value(key)
  }

  func put(_ key: Span<UInt8>, _ value: Span<UInt8>) throws(TableError) {
    let place = try reach(key)
    changing?.append(value, at: place)
    let (number, _) = try position(key)
    end = max(end, number * rowsPerChunk + UInt64(place) + 1)
  }

  func remove(_ key: Span<UInt8>) throws(TableError) {
    let place = try reach(key)
    changing?.skip(place)
  }

  /// Makes a row's chunk the one that is changing, with all rows before it taken over.
  private func reach(_ key: Span<UInt8>) throws(TableError) -> Int {
    let (number, place) = try position(key)
    if let change = changing, change.number != number || change.count > place {
      try finishChunk()
    }
    if changing == nil {
      let before = try chunk(number)
      var rows = ByteWriter()
      swap(&rows, &room)
      changing = ChunkChange(number: number, before: before, rows: rows)
    }
    changing?.keep(upTo: place)
    return place
  }

  private func finishChunk() throws(TableError) {
    guard var change = changing.take() else { return }
    defer { room = change.emptied() }
    change.keep(upTo: Int(rowsPerChunk))
    forget(change.number)
    if change.isEmpty {
      try storage.remove(chunkKey(change.number).span)
    } else {
      try storage.put(chunkKey(change.number).span, change.encoded().span)
    }
    if storedEnd < end { storedEnd = end }
  }

  /// Writes the chunk that is changing, and how far the rows go.
  func finish() throws(TableError) {
    try finishChunk()
    var value = ByteWriter()
    value.append(varint: end)
    try storage.put(chunkKey(Self.endKey).span, value.span)
    try storage.finish()
  }
}

private func chunkKey(_ number: UInt64) -> ByteWriter {
  var writer = ByteWriter(capacity: 8)
  writer.append(ordered: number)
  return writer
}

/// The rows of a chunk: their number, the size of each and 1 (0 for none), then their bytes.
private struct RowChunk {
  let number: UInt64
  let bytes: [UInt8]
  /// Where each row ends; nil where there is none.
  let ends: [Int?]
  private let start: Int

  init(number: UInt64, _ bytes: [UInt8], table: String) throws(TableError) {
    var reader = ByteReader(bytes.span)
    do throws(BytesError) {
      let count = try reader.count()
      guard count <= reader.remaining else { throw BytesError("\(count) rows", at: 0) }
      var ends: [Int?] = []
      ends.reserveCapacity(count)
      var size = 0
      for _ in 0..<count {
        let next = try reader.count()
        guard next <= bytes.count else { throw BytesError("a row of \(next) bytes", at: 0) }
        size += max(next - 1, 0)
        ends.append(next == 0 ? nil : size)
      }
      guard size == reader.remaining else {
        throw BytesError("\(size) bytes of rows expected", at: reader.position)
      }
      let start = reader.position
      self.number = number
      self.bytes = bytes
      self.start = start
      self.ends = ends.map { $0.map { $0 + start } }
    } catch {
      throw TableError(table: table, error)
    }
  }

  /// Where a row's bytes lie; nil when there is none.
  func range(_ place: Int) -> Range<Int>? {
    guard place < ends.count, let end = ends[place] else { return nil }
    var before = place - 1
    while before >= 0 {
      if let start = ends[before] { return start..<end }
      before -= 1
    }
    return start..<end
  }
}

/// A chunk that is written anew, row by row, from what it was.
private struct ChunkChange {
  let number: UInt64
  private let before: RowChunk?
  private var sizes: [Int] = []
  private var rows: ByteWriter

  /// - Parameter rows: room for the rows, with nothing in it.
  init(number: UInt64, before: RowChunk?, rows: ByteWriter) {
    self.number = number
    self.before = before
    self.rows = rows
  }

  /// Gives the room back.
  consuming func emptied() -> ByteWriter {
    rows.clear()
    return rows
  }

  /// How many places are decided.
  var count: Int { sizes.count }
  var isEmpty: Bool { sizes.allSatisfy { $0 == 0 } }

  /// Takes over the rows before a place as they were.
  mutating func keep(upTo place: Int) {
    while sizes.count < place, sizes.count < max(place, before?.ends.count ?? 0) {
      if let before, let range = before.range(sizes.count) {
        append(before.bytes.span.extracting(range), at: sizes.count)
      } else {
        sizes.append(0)
      }
    }
  }

  mutating func append(_ row: Span<UInt8>, at place: Int) {
    sizes.append(row.count + 1)
    rows.append(row)
  }

  mutating func skip(_ place: Int) { sizes.append(0) }

  func encoded() -> ByteWriter {
    var count = sizes.count
    while count > 0, sizes[count - 1] == 0 { count -= 1 }
    var writer = ByteWriter(capacity: rows.count + 2 * count + 8)
    writer.append(varint: count)
    for size in sizes[..<count] { writer.append(varint: size) }
    writer.append(rows.span)
    return writer
  }
}
