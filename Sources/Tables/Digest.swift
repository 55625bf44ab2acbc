public import Bytes

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
