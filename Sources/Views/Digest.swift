package import Bytes

/// The sum modulo 2^128 of the hashes of a view's rows: kept up as rows change, whatever the order.
package struct Digest: Equatable, Sendable, CustomStringConvertible {
  package private(set) var sum: UInt128

  package init(sum: UInt128 = 0) { self.sum = sum }

  package mutating func add(_ hash: Hash128) { sum &+= hash.value }
  package mutating func subtract(_ hash: Hash128) { sum &-= hash.value }

  /// 32 hexadecimal digits.
  package var description: String { Hash128(value: sum).description }
}

/// The hash of (table, key, canonical row), each with its length, so that no two are confused.
func rowHash(table: String, key: Span<UInt8>, row: Span<UInt8>) -> Hash128 {
  var writer = ByteWriter(capacity: table.utf8.count + key.count + row.count + 12)
  writer.append(text: table)
  writer.append(varint: key.count)
  writer.append(key)
  writer.append(row)
  return Hash128(of: writer.span)
}
