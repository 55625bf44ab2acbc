import Bytes
@testable import EventLog
import Events
import Zstd

/// The bytes of a header, of lines and of columns, with hashes that are right: what a block may hold
/// that was written by another program, or damaged where no hash sees it.
func fuzzBlock(_ bytes: [UInt8]) {
  guard bytes.count > 4 else { return }
  let choice = bytes[0]
  let rest = bytes.dropFirst(3)
  let headerSize = min(Int(bytes[1]), rest.count)
  let linesSize = min(Int(bytes[2]), rest.count - headerSize)
  let lines = Array(rest.dropFirst(headerSize).prefix(linesSize))
  let columns = Array(rest.dropFirst(headerSize + linesSize))
  let isFrame = choice & 1 == 0
  guard let compressor = try? Compressor(level: 1),
    let first = isFrame ? try? compressor.compress(lines.span) : lines,
    let second = isFrame ? try? compressor.compress(columns.span) : columns
  else { return }
  let payload = first + second
  guard var header = header(Array(rest.prefix(headerSize)), payload: payload) else { return }
  if choice & 2 == 0 {
    header.rawSize = lines.count
    header.linesSize = first.count
    header.columnsSize = columns.count
    header.count = UInt64(lines.count { $0 == UInt8(ascii: "\n") })
  }
  use(header, payload)
}

/// A header of these bytes, with the hashes of header and payload put right.
private func header(_ bytes: [UInt8], payload: [UInt8]) -> BlockHeader? {
  var writer = ByteWriter()
  writer.append(bytes.dropLast(16) + [])
  writer.append(hash: Hash128(of: payload))
  writer.append(hash: Hash128(of: writer.bytes))
  return try? BlockHeader(writer.bytes.span, block: 7)
}

private func use(_ header: BlockHeader, _ payload: [UInt8]) {
  guard let unpacker = try? BlockUnpacker() else { return }
  _ = try? unpacker.lines(payload.span, header, block: 7)
  guard let block = try? unpacker.unpack(payload.span, header, block: 7) else { return }
  for index in 0..<block.count {
    _ = block.envelope(index)
    _ = block.line(index)
  }
  _ = eventHashes(of: block)
  // What unpacks, packs: a tail is joined with what comes next.
  guard let packer = try? BlockPacker() else { return }
  _ = try? packer.pack(block)
}
