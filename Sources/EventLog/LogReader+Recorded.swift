package import Events

extension LogReader {
  /// The end of the longest beginning of the log in which nothing was recorded after a time.
  ///
  /// Headers say which block to unpack: one at most is.
  package func end(recordedBy time: Timestamp) throws(LogError) -> Offset {
    guard let entry = try blocks().first(where: { $0.header.recordedRange.upperBound > time })
    else { return try end() }
    let unpacker = try BlockUnpacker()
    var next = entry.first
    // Packing may have moved the block's ends meanwhile.
    while let (entry, block) = try unpack(at: next, with: unpacker) {
      for index in 0..<block.count where (block.envelope(index)?.recorded ?? time) > time {
        return entry.first + UInt64(index)
      }
      next = entry.end
    }
    return next
  }
}
