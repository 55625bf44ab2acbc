public import Bytes

/// The sum modulo 2^128 of the hashes of a view's rows: kept up as rows change, whatever the order.
@usableFromInline
package struct Digest: Equatable, Sendable, CustomStringConvertible {
  package private(set) var sum: UInt128

  package init(sum: UInt128 = 0) { self.sum = sum }

  @usableFromInline package mutating func add(_ hash: Hash128) { sum &+= hash.value }
  /// The digest of the rows of both.
  package mutating func add(_ other: Digest) { sum &+= other.sum }
  @usableFromInline package mutating func subtract(_ hash: Hash128) { sum &-= hash.value }

  /// 32 hexadecimal digits.
  @usableFromInline package var description: String { Hash128(value: sum).description }
}
