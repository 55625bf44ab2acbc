package import Bytes
package import Events
internal import Zstd

/// A block as it will lie in the log, but for the chain's value. Packing needs no log, so that it can
/// be done by several threads.
package struct PackedBlock: Sendable {
  package var header: BlockHeader
  package let payload: [UInt8]
  package let hashes: SHA256List
}

/// Packs blocks, one after the other. Not for two threads at once.
package final class BlockPacker {
  private let compressor: Compressor

  package init() throws(LogError) {
    do { compressor = try Compressor(level: LogLimits.compressionLevel) } catch {
      throw .compression(error)
    }
  }

  /// Hashes, compresses and describes a block. About 5 ms a MiB.
  package func pack(_ block: EventBlock) throws(LogError) -> PackedBlock {
    let raw = block.raw
    let (columns, timeUnit) = encodeColumns(of: block)
    do {
      var payload = try compressor.compress(raw.span)
      let linesSize = payload.count
      payload.append(contentsOf: try compressor.compress(columns.span))
      return PackedBlock(
        header: BlockHeader(
          of: block, linesSize: linesSize, columnsSize: columns.count, timeUnit: timeUnit,
          payloadHash: Hash128(of: payload)),
        payload: payload, hashes: eventHashes(of: block))
    } catch {
      throw .compression(error)
    }
  }
}

/// The columns of schemas/log-format.md, and the unit of their times.
private func encodeColumns(of block: EventBlock) -> (bytes: [UInt8], timeUnit: Int64) {
  var writer = ByteWriter(capacity: block.count * 10)
  for index in block.kindIndices { writer.append(varint: UInt64(index)) }
  let unit = timeUnit(of: block.times)
  var before: Int64 = 0
  for time in block.times {
    let time = time / unit
    writer.append(zigzag: time &- before)
    before = time
  }
  for inferred in block.inferred { writer.append(bool: inferred) }
  appendSources(of: block, to: &writer)
  before = 0
  for time in block.recorded {
    writer.append(zigzag: time &- before)
    before = time
  }
  return (writer.bytes, unit)
}

private func appendSources(of block: EventBlock, to writer: inout ByteWriter) {
  var places: [SourceID: Int] = [:]
  var last: (id: SourceID, place: Int)?
  for id in block.sources {
    let place: Int
    if let last, last.id == id {
      place = last.place
    } else {
      place = places[id] ?? places.count
      places[id] = place
      last = (id, place)
    }
    writer.append(varint: place)
  }
  var ends = [UInt64](repeating: 0, count: places.count)
  for index in 0..<block.count {
    let place = places[block.sources[index]] ?? 0
    let position = block.positions[index]
    writer.append(zigzag: Int64(bitPattern: position &- ends[place]))
    ends[place] = position &+ UInt64(block.range(index).count) &+ 1
  }
}

private func timeUnit(of times: [Int64]) -> Int64 {
  for unit: Int64 in [1_000_000_000, 1_000_000, 1_000] where times.allSatisfy({ $0 % unit == 0 }) {
    return unit
  }
  return 1
}

/// Unpacks blocks, one after the other. Not for two threads at once.
package final class BlockUnpacker {
  private let decompressor: Decompressor

  package init() throws(LogError) {
    do { decompressor = try Decompressor() } catch { throw .compression(error) }
  }

  /// The lines alone, each with its LF.
  package func lines(
    _ payload: Span<UInt8>, _ header: BlockHeader, block: UInt64
  ) throws(LogError) -> [UInt8] {
    try checkBytes(payload, header, block: block)
    return try frame(
      payload.extracting(0..<header.linesSize), count: header.rawSize, block: block)
  }

  /// The block with its envelopes. Its bytes are checked against the header's hash.
  package func unpack(
    _ payload: Span<UInt8>, _ header: BlockHeader, block: UInt64
  ) throws(LogError) -> EventBlock {
    try checkBytes(payload, header, block: block)
    let raw = try frame(
      payload.extracting(0..<header.linesSize), count: header.rawSize, block: block)
    let columns = try frame(
      payload.extracting(header.linesSize..<payload.count), count: header.columnsSize,
      block: block)
    do { return try decode(raw: raw, columns: columns, header) } catch {
      throw .damaged(block: block, reason: "its columns do not decode: \(error)")
    }
  }

  private func checkBytes(
    _ payload: Span<UInt8>, _ header: BlockHeader, block: UInt64
  ) throws(LogError) {
    guard header.linesSize <= payload.count else {
      throw .damaged(block: block, reason: "its payload is too short")
    }
    guard Hash128(of: payload) == header.payloadHash else {
      throw .damaged(block: block, reason: "its bytes do not match their hash")
    }
  }

  private func frame(
    _ span: Span<UInt8>, count: Int, block: UInt64
  ) throws(LogError) -> [UInt8] {
    do { return try decompressor.decompress(span, count: count) } catch {
      throw .damaged(block: block, reason: "\(error)")
    }
  }
}

private func decode(
  raw: [UInt8], columns: [UInt8], _ header: BlockHeader
) throws(BytesError) -> EventBlock {
  guard let count = Int(exactly: header.count), count <= raw.count else {
    throw BytesError("more events than bytes", at: 0)
  }
  let ends = lineEnds(of: raw)
  guard ends.count == count, ends.last.map({ $0 == raw.count - 1 }) ?? raw.isEmpty else {
    throw BytesError("\(ends.count) lines where \(count) were expected", at: 0)
  }
  var reader = ByteReader(columns.span)
  var kindIndices: [UInt32] = []
  kindIndices.reserveCapacity(count)
  for _ in 0..<count {
    let index = try reader.varint()
    guard index < UInt64(header.kinds.count) else {
      throw BytesError("a kind of number \(index)", at: reader.position)
    }
    kindIndices.append(UInt32(index))
  }
  let times = try reader.deltas(count, unit: header.timeUnit)
  var inferred: [Bool] = []
  inferred.reserveCapacity(count)
  for _ in 0..<count { inferred.append(try reader.bool()) }
  let (sources, positions) = try reader.sources(ends: ends, header)
  let recorded = try reader.deltas(count, unit: 1)
  return EventBlock(
    raw: raw, ends: ends, kinds: header.kinds.map(\.entry), kindIndices: kindIndices, times: times,
    inferred: inferred, sources: sources, positions: positions, recorded: recorded)
}

/// The places of the newlines.
private func lineEnds(of raw: [UInt8]) -> [Int] {
  var ends: [Int] = []
  ends.reserveCapacity(raw.count / 256)
  var start = 0
  while let end = firstIndex(of: UInt8(ascii: "\n"), in: raw.span, from: start) {
    ends.append(end)
    start = end + 1
  }
  return ends
}

extension ByteReader {
  /// Numbers as differences from the one before.
  @_lifetime(self: copy self)
  fileprivate mutating func deltas(_ count: Int, unit: Int64) throws(BytesError) -> [Int64] {
    var values: [Int64] = []
    values.reserveCapacity(count)
    var value: Int64 = 0
    for _ in 0..<count {
      value = value &+ (try zigzag())
      values.append(value &* unit)
    }
    return values
  }

  @_lifetime(self: copy self)
  fileprivate mutating func sources(
    ends: [Int], _ header: BlockHeader
  ) throws(BytesError) -> ([SourceID], [UInt64]) {
    var places: [Int] = []
    places.reserveCapacity(ends.count)
    for _ in ends {
      let place = try varint()
      guard place < UInt64(header.sources.count) else {
        throw BytesError("a source of number \(place)", at: position)
      }
      places.append(Int(place))
    }
    var positions: [UInt64] = []
    positions.reserveCapacity(ends.count)
    var expected = [UInt64](repeating: 0, count: header.sources.count)
    var start = 0
    for (index, end) in ends.enumerated() {
      let position = expected[places[index]] &+ UInt64(bitPattern: try zigzag())
      positions.append(position)
      expected[places[index]] = position &+ UInt64(end - start) &+ 1
      start = end + 1
    }
    return (places.map { header.sources[$0].id }, positions)
  }
}

/// The own hash of each event of a block, in order: SHA-256 over envelope and line, as
/// schemas/log-format.md says.
///
/// - Parameter count: of the first so many; nil for all.
func eventHashes(of block: EventBlock, count: Int? = nil) -> SHA256List {
  let count = min(count ?? block.count, block.count)
  var hashes = SHA256List(capacity: count)
  var prefix = ByteWriter(capacity: 96)
  let raw = block.raw
  for index in 0..<count {
    let kind = block.kind(index)
    prefix.clear()
    prefix.append(byte: kind.stream)
    prefix.append(bool: block.inferred[index])
    prefix.append(littleEndian: block.times[index])
    prefix.append(littleEndian: block.recorded[index])
    prefix.append(littleEndian: block.sources[index])
    prefix.append(littleEndian: block.positions[index])
    prefix.append(littleEndian: UInt32(truncatingIfNeeded: kind.name.utf8.count))
    prefix.append(utf8: kind.name)
    hashes.append(of: prefix.span, raw.span.extracting(block.range(index)))
  }
  return hashes
}
