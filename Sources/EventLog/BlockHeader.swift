package import Bytes
package import Events

/// What is known about a block without unpacking it.
///
/// Its bytes, by the numbers of schemas/log-format.md:
///
///     version u8 │ count │ raw size │ lines size │ columns size │ time unit      varints
///     first and last time │ first and last recording                             zigzags
///     n │ n × (stream u8 │ kind text │ count)                                    kinds
///     n │ n × (id │ count │ first position │ end)                                sources
///     0                                    how many events are redacted: none, in this version
///     head, 32 bytes │ payload hash, 16 bytes │ hash of all before it, 16 bytes
package struct BlockHeader: Equatable, Sendable {
  /// A kind, and how many of the block's events have it.
  package struct KindCount: Equatable, Sendable {
    package var entry: EventBlock.KindEntry
    package var count: UInt64
  }

  /// A source, and which part of it the block's events come from.
  package struct SourceRange: Equatable, Sendable {
    package var id: SourceID
    package var count: UInt64
    package var firstPosition: UInt64
    package var end: UInt64
  }

  package var count: UInt64
  package var rawSize: Int
  package var linesSize: Int
  package var columnsSize: Int
  package var timeUnit: Int64
  package var timeRange: ClosedRange<Timestamp>
  package var recordedRange: ClosedRange<Timestamp>
  package var kinds: [KindCount]
  package var sources: [SourceRange]
  /// The chain's value after the block's last event.
  package var head: SHA256Digest
  package var payloadHash: Hash128

  func encoded() -> [UInt8] {
    var writer = ByteWriter(capacity: 256)
    writer.append(byte: LogLimits.headerVersion)
    writer.append(varint: count)
    writer.append(varint: rawSize)
    writer.append(varint: linesSize)
    writer.append(varint: columnsSize)
    writer.append(varint: UInt64(timeUnit))
    writer.append(zigzag: timeRange.lowerBound.nanoseconds)
    writer.append(zigzag: timeRange.upperBound.nanoseconds)
    writer.append(zigzag: recordedRange.lowerBound.nanoseconds)
    writer.append(zigzag: recordedRange.upperBound.nanoseconds)
    writer.append(varint: kinds.count)
    for kind in kinds {
      writer.append(byte: kind.entry.stream)
      writer.append(text: kind.entry.name)
      writer.append(varint: kind.count)
    }
    writer.append(varint: sources.count)
    for source in sources {
      writer.append(varint: source.id)
      writer.append(varint: source.count)
      writer.append(varint: source.firstPosition)
      writer.append(varint: source.end)
    }
    writer.append(varint: 0)  // no event of the block is redacted
    writer.append(head.bytes)
    writer.append(hash: payloadHash)
    writer.append(hash: Hash128(of: writer.bytes))
    return writer.bytes
  }

  /// Decodes a header, its own hash checked first.
  init(_ span: Span<UInt8>, block: UInt64) throws(LogError) {
    guard span.count > 16 else { throw .damaged(block: block, reason: "its header is too short") }
    let body = span.extracting(0..<(span.count - 16))
    do {
      var tail = ByteReader(span.extracting((span.count - 16)..<span.count))
      guard try tail.hash() == Hash128(of: body) else {
        throw LogError.damaged(block: block, reason: "its header does not match its hash")
      }
      self = try Self.decode(body, block: block)
    } catch let error as LogError {
      throw error
    } catch {
      throw .damaged(block: block, reason: "its header does not decode: \(error)")
    }
  }

  private static func decode(_ body: Span<UInt8>, block: UInt64) throws -> BlockHeader {
    var reader = ByteReader(body)
    let version = try reader.byte()
    guard version == LogLimits.headerVersion else {
      throw LogError.damaged(block: block, reason: "its header has version \(version)")
    }
    let count = try reader.varint()
    let rawSize = try reader.count()
    let linesSize = try reader.count()
    let columnsSize = try reader.count()
    let unit = try reader.varint()
    guard [1, 1_000, 1_000_000, 1_000_000_000].contains(unit) else {
      throw BytesError("a time unit of \(unit) ns", at: reader.position)
    }
    let timeRange = try reader.timeRange()
    let recordedRange = try reader.timeRange()
    var kinds: [KindCount] = []
    for _ in 0..<(try reader.count()) {
      let stream = try reader.byte()
      let name = try reader.text()
      kinds.append(
        KindCount(
          entry: EventBlock.KindEntry(stream: stream, name: name), count: try reader.varint()))
    }
    var sources: [SourceRange] = []
    for _ in 0..<(try reader.count()) {
      sources.append(
        SourceRange(
          id: try reader.varint(), count: try reader.varint(),
          firstPosition: try reader.varint(), end: try reader.varint()))
    }
    guard try reader.varint() == 0 else {
      throw LogError.damaged(
        block: block, reason: "it has redacted events, unknown to this foldlog")
    }
    guard let head = SHA256Digest(bytes: try reader.array(32)) else {
      throw BytesError("no digest", at: reader.position)
    }
    return BlockHeader(
      count: count, rawSize: rawSize, linesSize: linesSize, columnsSize: columnsSize,
      timeUnit: Int64(unit), timeRange: timeRange, recordedRange: recordedRange, kinds: kinds,
      sources: sources, head: head, payloadHash: try reader.hash())
  }

  private init(
    count: UInt64, rawSize: Int, linesSize: Int, columnsSize: Int, timeUnit: Int64,
    timeRange: ClosedRange<Timestamp>, recordedRange: ClosedRange<Timestamp>,
    kinds: [KindCount], sources: [SourceRange], head: SHA256Digest, payloadHash: Hash128
  ) {
    self.count = count
    self.rawSize = rawSize
    self.linesSize = linesSize
    self.columnsSize = columnsSize
    self.timeUnit = timeUnit
    self.timeRange = timeRange
    self.recordedRange = recordedRange
    self.kinds = kinds
    self.sources = sources
    self.head = head
    self.payloadHash = payloadHash
  }

  /// The header of a block that is being packed; the chain's value comes when it is committed.
  init(
    of block: EventBlock, linesSize: Int, columnsSize: Int, timeUnit: Int64, payloadHash: Hash128
  ) {
    self.init(
      count: UInt64(block.count), rawSize: block.raw.count, linesSize: linesSize,
      columnsSize: columnsSize, timeUnit: timeUnit, timeRange: Self.range(block.times),
      recordedRange: Self.range(block.recorded), kinds: Self.kinds(of: block),
      sources: Self.sources(of: block), head: .zero, payloadHash: payloadHash)
  }

  private static func range(_ times: [Int64]) -> ClosedRange<Timestamp> {
    var low = times.first ?? 0
    var high = low
    for time in times {
      low = min(low, time)
      high = max(high, time)
    }
    return Timestamp(nanoseconds: low)...Timestamp(nanoseconds: high)
  }

  private static func kinds(of block: EventBlock) -> [KindCount] {
    var kinds = block.kinds.map { KindCount(entry: $0, count: 0) }
    for index in block.kindIndices { kinds[Int(index)].count += 1 }
    return kinds
  }

  private static func sources(of block: EventBlock) -> [SourceRange] {
    var ranges: [SourceRange] = []
    var places: [SourceID: Int] = [:]
    for index in 0..<block.count {
      let id = block.sources[index]
      let position = block.positions[index]
      let end = position &+ UInt64(block.range(index).count) &+ 1
      if let place = places[id] {
        ranges[place].count += 1
        ranges[place].firstPosition = min(ranges[place].firstPosition, position)
        ranges[place].end = max(ranges[place].end, end)
      } else {
        places[id] = ranges.count
        ranges.append(SourceRange(id: id, count: 1, firstPosition: position, end: end))
      }
    }
    return ranges
  }
}

extension ByteReader {
  @_lifetime(self: copy self)
  fileprivate mutating func timeRange() throws -> ClosedRange<Timestamp> {
    let low = Timestamp(nanoseconds: try zigzag())
    let high = Timestamp(nanoseconds: try zigzag())
    guard low <= high else { throw BytesError("a time range that ends early", at: position) }
    return low...high
  }
}
