/// A value with canonical bytes: equal values have equal bytes, on every machine.
public protocol ByteCodable {
  func encode(into writer: inout ByteWriter)
  /// Reads what `encode` wrote. Throws where the bytes end early, or say what no value is.
  init(from reader: inout ByteReader) throws(BytesError)
}

extension Bool: ByteCodable {
  @inlinable public func encode(into writer: inout ByteWriter) { writer.append(bool: self) }
  @inlinable public init(from reader: inout ByteReader) throws(BytesError) {
    self = try reader.bool()
  }
}

extension UInt8: ByteCodable {
  @inlinable public func encode(into writer: inout ByteWriter) { writer.append(byte: self) }
  @inlinable public init(from reader: inout ByteReader) throws(BytesError) {
    self = try reader.byte()
  }
}

extension UInt64: ByteCodable {
  @inlinable public func encode(into writer: inout ByteWriter) { writer.append(varint: self) }
  @inlinable public init(from reader: inout ByteReader) throws(BytesError) {
    self = try reader.varint()
  }
}

extension Int64: ByteCodable {
  @inlinable public func encode(into writer: inout ByteWriter) { writer.append(zigzag: self) }
  @inlinable public init(from reader: inout ByteReader) throws(BytesError) {
    self = try reader.zigzag()
  }
}

extension Int128: ByteCodable {
  @inlinable public func encode(into writer: inout ByteWriter) {
    writer.append(wide: WideInteger(self))
  }
  public init(from reader: inout ByteReader) throws(BytesError) {
    let start = reader.position
    let wide = try reader.wide()
    self = Int128(truncatingIfNeeded: wide.limbs.low)
    guard WideInteger(self) == wide else {
      throw BytesError("a number of more than 128 bits", at: start)
    }
  }
}

extension WideInteger: ByteCodable {
  @inlinable public func encode(into writer: inout ByteWriter) { writer.append(wide: self) }
  @inlinable public init(from reader: inout ByteReader) throws(BytesError) {
    self = try reader.wide()
  }
}

extension FixedPoint: ByteCodable {
  @inlinable public func encode(into writer: inout ByteWriter) { writer.append(zigzag: units) }
  @inlinable public init(from reader: inout ByteReader) throws(BytesError) {
    self.init(units: try reader.zigzag())
  }
}

extension Hash128: ByteCodable {
  @inlinable public func encode(into writer: inout ByteWriter) { writer.append(hash: self) }
  @inlinable public init(from reader: inout ByteReader) throws(BytesError) {
    self = try reader.hash()
  }
}

extension String: ByteCodable {
  @inlinable public func encode(into writer: inout ByteWriter) { writer.append(text: self) }
  @inlinable public init(from reader: inout ByteReader) throws(BytesError) {
    self = try reader.text()
  }
}

/// A byte that says whether there is a value, then the value.
extension Optional: ByteCodable where Wrapped: ByteCodable {
  @inlinable public func encode(into writer: inout ByteWriter) {
    writer.append(bool: self != nil)
    self?.encode(into: &writer)
  }
  @inlinable public init(from reader: inout ByteReader) throws(BytesError) {
    self = try reader.bool() ? try Wrapped(from: &reader) : nil
  }
}

/// How many there are, then each.
extension Array: ByteCodable where Element: ByteCodable {
  @inlinable public func encode(into writer: inout ByteWriter) {
    writer.append(varint: count)
    for element in self { element.encode(into: &writer) }
  }
  @inlinable public init(from reader: inout ByteReader) throws(BytesError) {
    let start = reader.position
    let count = try reader.count()
    // An element may take no bytes, but nobody keeps that many.
    guard count <= reader.remaining else { throw BytesError("\(count) elements", at: start) }
    self = []
    reserveCapacity(count)
    for _ in 0..<count { append(try Element(from: &reader)) }
  }
}
