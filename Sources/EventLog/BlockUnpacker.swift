internal import Bytes
package import Events
internal import Provenance
internal import Zstd

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
