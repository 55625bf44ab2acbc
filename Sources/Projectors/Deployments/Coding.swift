internal import Bytes
internal import Events
internal import Facts

extension ByteWriter {
  mutating func append(optional text: String?) {
    append(bool: text != nil)
    if let text { append(text: text) }
  }

  mutating func append(optional time: Timestamp?) {
    append(bool: time != nil)
    if let time { append(zigzag: time.nanoseconds) }
  }

  /// The first offsets as steps, the last, and the count.
  mutating func append(evidence: Evidence) {
    append(varint: evidence.first.count)
    var before: Offset = 0
    for offset in evidence.first {
      append(varint: offset &- before)
      before = offset
    }
    append(varint: evidence.last)
    append(varint: evidence.count)
  }
}

extension ByteReader {
  @_lifetime(self: copy self)
  mutating func optionalText() throws(BytesError) -> String? {
    try bool() ? try text() : nil
  }

  @_lifetime(self: copy self)
  mutating func optionalTime() throws(BytesError) -> Timestamp? {
    try bool() ? Timestamp(nanoseconds: try zigzag()) : nil
  }

  @_lifetime(self: copy self)
  mutating func evidence() throws(BytesError) -> Evidence {
    let start = position
    let kept = try count()
    guard kept <= Evidence.keptMax else {
      throw BytesError("\(kept) offsets where \(Evidence.keptMax) are kept", at: start)
    }
    var first: [Offset] = []
    first.reserveCapacity(kept)
    var before: Offset = 0
    for _ in 0..<kept {
      before &+= try varint()
      first.append(before)
    }
    return Evidence(first: first, last: try varint(), count: try varint())
  }

  /// A case of an enumeration that is kept as a byte.
  @_lifetime(self: copy self)
  mutating func choice<Choice: RawRepresentable<UInt8>>(
    _ type: Choice.Type
  ) throws(BytesError) -> Choice {
    let raw = try byte()
    guard let choice = Choice(rawValue: raw) else {
      throw BytesError("\(raw) is no \(type)", at: position - 1)
    }
    return choice
  }
}
