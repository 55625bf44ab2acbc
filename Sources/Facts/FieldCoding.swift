public import Bytes
public import Events

// The bytes of canonical fields, as tables keep them: each with its number.

extension Fields: ByteCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.append(varint: presence.nonzeroBitCount)
    forEach { field, value in
      writer.append(byte: field.rawValue)
      value.encode(into: &writer)
    }
  }

  public init(from reader: inout ByteReader) throws(BytesError) {
    self.init()
    for _ in 0..<(try reader.count()) {
      let raw = try reader.byte()
      guard let field = Field(rawValue: raw) else {
        throw BytesError("no field has the number \(raw)", at: reader.position - 1)
      }
      self[field] = try FieldValue(from: &reader)
    }
  }
}

extension FieldValue {
  fileprivate func encode(into writer: inout ByteWriter) {
    switch self {
    case .text(let text):
      writer.append(byte: 0)
      writer.append(text: text)
    case .number(let number):
      writer.append(byte: 1)
      writer.append(zigzag: number.units)
    case .bool(let bool): writer.append(byte: bool ? 3 : 2)
    case .texts(let texts):
      writer.append(byte: 4)
      writer.append(varint: texts.count)
      for text in texts { writer.append(text: text) }
    }
  }

  fileprivate init(from reader: inout ByteReader) throws(BytesError) {
    switch try reader.byte() {
    case 0: self = .text(try reader.text())
    case 1: self = .number(FixedPoint(units: try reader.zigzag()))
    case 2: self = .bool(false)
    case 3: self = .bool(true)
    case 4:
      var texts: [String] = []
      for _ in 0..<(try reader.count()) { texts.append(try reader.text()) }
      self = .texts(texts)
    case let tag: throw BytesError("no field value has the tag \(tag)", at: reader.position - 1)
    }
  }
}
