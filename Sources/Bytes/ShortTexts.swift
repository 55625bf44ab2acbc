/// Values by short texts that were all known before, such as names of kinds: found by a few
/// instructions, where a dictionary hashes every byte against adversaries.
public struct ShortTextTable<Value: Sendable>: Sendable {
  @usableFromInline let slots: [(text: String, value: Value)?]

  public init(_ values: [String: Value]) {
    var count = 8
    while count < 4 * values.count { count *= 2 }
    var slots = [(text: String, value: Value)?](repeating: nil, count: count)
    for (text, value) in values {
      var place = spread(text) & (count - 1)
      while slots[place] != nil { place = (place + 1) & (count - 1) }
      slots[place] = (text, value)
    }
    self.slots = slots
  }

  @inlinable
  public subscript(text: String) -> Value? {
    var place = spread(text) & (slots.count &- 1)
    while let slot = slots[place] {
      if slot.text == text { return slot.value }
      place = (place &+ 1) & (slots.count &- 1)
    }
    return nil
  }
}

/// What was decided about the texts that were last asked about, of which there are few.
public struct ShortTextMemo {
  @usableFromInline var slots = [(text: String, answer: Bool)?](repeating: nil, count: 64)

  public init() {}

  @inlinable
  public mutating func answer(_ text: String, _ decide: (String) -> Bool) -> Bool {
    let place = spread(text) & 63
    if let slot = slots[place], slot.text == text { return slot.answer }
    let answer = decide(text)
    slots[place] = (text, answer)
    return answer
  }
}

extension String {
  /// Whether its bytes begin with those of another text.
  @inlinable
  public func begins(withBytesOf other: String) -> Bool {
    let (bytes, wanted) = (utf8.span, other.utf8.span)
    if bytes.count < wanted.count { return false }
    for index in wanted.indices where bytes[index] != wanted[index] { return false }
    return true
  }
}

/// A hash of a text's size, its first and its last bytes.
@inlinable
func spread(_ text: String) -> Int {
  let bytes = text.utf8.span
  var hash = UInt64(bytes.count)
  for index in 0..<min(bytes.count, 4) { hash = hash << 8 ^ UInt64(bytes[index]) }
  for index in max(0, bytes.count - 4)..<bytes.count { hash = hash &* 31 ^ UInt64(bytes[index]) }
  return Int(truncatingIfNeeded: (hash &* 0x9e37_79b9_7f4a_7c15) >> 40)
}
