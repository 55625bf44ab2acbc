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
