public import Bytes
public import Views

/// The bytes of one row after another, with what comes before them in a row's hash: the table's
/// name and the key, each with its length, so that no two are confused.
@usableFromInline
struct RowWriter {
  @usableFromInline var bytes: ByteWriter
  @usableFromInline let keySizeStart: Int
  @usableFromInline var keyStart = 0
  @usableFromInline var rowStart = 0

  @usableFromInline
  init(table: String) {
    bytes = ByteWriter(capacity: 512)
    bytes.append(text: table)
    keySizeStart = bytes.count
  }

  /// Begins a row; its own bytes are to be appended.
  @inlinable
  mutating func begin(_ key: Span<UInt8>) {
    bytes.truncate(to: keySizeStart)
    bytes.append(varint: key.count)
    keyStart = bytes.count
    bytes.append(key)
    rowStart = bytes.count
  }

  @usableFromInline
  var key: Span<UInt8> {
    @inlinable @_lifetime(borrow self) get { bytes.span.extracting(keyStart..<rowStart) }
  }

  @usableFromInline
  var row: Span<UInt8> {
    @inlinable @_lifetime(borrow self) get { bytes.span.extracting(rowStart..<bytes.count) }
  }

  /// The row's summand in the digest: the hash of (table, key, canonical row).
  @inlinable var hash: Hash128 { Hash128(of: bytes.span) }

  @inlinable
  mutating func hash<K: Key, R: StoredRow>(_ key: K, _ row: R) -> Hash128 {
    var keyWriter = ByteWriter(capacity: 32)
    key.encode(ordered: &keyWriter)
    begin(keyWriter.span)
    row.encode(into: &bytes)
    return hash
  }
}

/// Encoded keys in one buffer, and the order in which they sort.
@usableFromInline
struct KeyOrder {
  @usableFromInline
  struct Entry {
    /// The first eight bytes, which decide most comparisons.
    @usableFromInline let prefix: UInt64
    @usableFromInline let slot: UInt32
    @usableFromInline let range: Range<Int>

    @inlinable
    init(prefix: UInt64, slot: UInt32, range: Range<Int>) {
      self.prefix = prefix
      self.slot = slot
      self.range = range
    }
  }

  /// Where the next key is to be appended.
  @usableFromInline var writer: ByteWriter
  @usableFromInline var entries: [Entry] = []

  @usableFromInline
  init(count: Int) {
    writer = ByteWriter(capacity: count * 16)
    entries.reserveCapacity(count)
  }

  /// Takes what was appended since the last one as the key of a slot.
  @usableFromInline
  mutating func endKey(of slot: UInt32) {
    let start = entries.last?.range.upperBound ?? 0
    let range = start..<writer.count
    let bytes = writer.bytes
    var prefix: UInt64 = 0
    for place in start..<(start + 8) {
      prefix = prefix << 8 | (place < range.upperBound ? UInt64(bytes[place]) : 0)
    }
    entries.append(Entry(prefix: prefix, slot: slot, range: range))
  }

  @usableFromInline
  mutating func sort() {
    let bytes = writer.bytes
    entries.sort { left, right in
      if left.prefix != right.prefix { return left.prefix < right.prefix }
      return bytes[left.range].lexicographicallyPrecedes(bytes[right.range])
    }
  }
}

/// The sum modulo 2^128 of the hashes of a view's rows: kept up as rows change, whatever the order.
public struct Digest: Equatable, Sendable, CustomStringConvertible {
  public private(set) var sum: UInt128

  public init(sum: UInt128 = 0) { self.sum = sum }

  public mutating func add(_ hash: Hash128) { sum &+= hash.value }
  /// The digest of the rows of both.
  public mutating func add(_ other: Digest) { sum &+= other.sum }
  public mutating func subtract(_ hash: Hash128) { sum &-= hash.value }

  /// 32 hexadecimal digits.
  public var description: String { Hash128(value: sum).description }
}
