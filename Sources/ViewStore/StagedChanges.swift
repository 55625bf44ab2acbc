internal import Bytes
internal import LMDB

/// What is to be put into a table by the next commit, in the order of the keys.
///
/// Filled by one thread, and read by any once it is complete. The bytes lie in segments, so that
/// growing moves nothing.
final class StagedChanges: @unchecked Sendable {
  private struct Entry {
    /// The first eight bytes of the key, which decide most comparisons.
    let prefix: UInt64
    let segment: Int32
    let keyStart: UInt32
    let valueStart: UInt32
    let end: UInt32
    let isRemoved: Bool

    var key: Range<Int> { Int(keyStart)..<Int(valueStart) }
    var value: Range<Int> { Int(valueStart)..<Int(end) }
  }

  /// What is known of a key.
  enum Value {
    case unchanged
    case removed
    case put([UInt8])
  }

  private static let segmentSize = 1 << 20

  private var segments: [ByteWriter] = []
  private var entries: [Entry] = []

  var isEmpty: Bool { entries.isEmpty }

  /// Cheapest when the keys come in order. Of several changes of a key the last counts.
  func put(_ key: Span<UInt8>, _ value: Span<UInt8>) { add(key, value, isRemoved: false) }

  func remove(_ key: Span<UInt8>) { add(key, Span(), isRemoved: true) }

  private func add(_ key: Span<UInt8>, _ value: Span<UInt8>, isRemoved: Bool) {
    let size = key.count + value.count
    if segments.isEmpty || segments[segments.count - 1].count + size > Self.segmentSize {
      segments.append(ByteWriter(capacity: max(size, Self.segmentSize)))
    }
    let segment = segments.count - 1
    let start = segments[segment].count
    segments[segment].append(key)
    segments[segment].append(value)
    let entry = Entry(
      prefix: prefix(key), segment: Int32(segment), keyStart: UInt32(start),
      valueStart: UInt32(start + key.count), end: UInt32(start + size), isRemoved: isRemoved)
    let place =
      entries.isEmpty || isOrdered(entries[entries.count - 1], key)
      ? entries.count : firstPlace(key)
    if place < entries.count, !isOrdered(key, entries[place]) {
      entries[place] = entry
    } else {
      entries.insert(entry, at: place)
    }
  }

  func value(_ key: Span<UInt8>) -> Value {
    let place = firstPlace(key)
    guard place < entries.count, !isOrdered(key, entries[place]) else { return .unchanged }
    let entry = entries[place]
    if entry.isRemoved { return .removed }
    let segment = segments[Int(entry.segment)]
    return .put([UInt8](segment.span.extracting(entry.value)))
  }

  /// Calls `body` for each change, in the order of the keys; the value of a key that is to be
  /// removed is empty.
  func forEach(
    _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>, _ isRemoved: Bool) throws(LMDBError) -> Void
  ) throws(LMDBError) {
    for entry in entries {
      let segment = segments[Int(entry.segment)]
      let bytes = segment.span
      try body(bytes.extracting(entry.key), bytes.extracting(entry.value), entry.isRemoved)
    }
  }

  /// The place of the first entry whose key is not before `key`.
  private func firstPlace(_ key: Span<UInt8>) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if isOrdered(entries[middle], key) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func isOrdered(_ left: Entry, _ right: Span<UInt8>) -> Bool {
    let prefix = prefix(right)
    if left.prefix != prefix { return left.prefix < prefix }
    let segment = segments[Int(left.segment)]
    return precedes(segment.span.extracting(left.key), right)
  }

  private func isOrdered(_ left: Span<UInt8>, _ right: Entry) -> Bool {
    let prefix = prefix(left)
    if prefix != right.prefix { return prefix < right.prefix }
    let segment = segments[Int(right.segment)]
    return precedes(left, segment.span.extracting(right.key))
  }
}

private func prefix(_ key: Span<UInt8>) -> UInt64 {
  var prefix: UInt64 = 0
  for place in 0..<8 { prefix = prefix << 8 | (place < key.count ? UInt64(key[place]) : 0) }
  return prefix
}

/// Whether the bytes sort before others.
func precedes(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
  for place in 0..<min(left.count, right.count) where left[place] != right[place] {
    return left[place] < right[place]
  }
  return left.count < right.count
}
