internal import Bytes
internal import Events

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
