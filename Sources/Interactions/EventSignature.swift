import Bytes
import Events

/// What is kept of an event to know it again: its kind and iteration, and a hash of each field.
struct EventSignature: Equatable, Sendable {
  /// Of kind and iteration.
  let key: UInt64
  /// When it happened; nil when the line does not say.
  let time: Timestamp?
  /// Of the fields but id and iteration, which those that are compared have in common.
  private(set) var presence: UInt128
  /// In the order of the fields.
  private(set) var hashes: [UInt64]

  init(of event: Event) {
    key = Self.key(of: event)
    time = event.envelope.isTimeInferred ? nil : event.time
    var hashes: [UInt64] = []
    hashes.reserveCapacity(12)
    event.fields.forEach { field, value in
      if field != .interactionID, field != .iterations { hashes.append(hash(of: value)) }
    }
    self.hashes = hashes
    presence = event.fields.presence & ~commonMask
  }

  private static func key(of event: Event) -> UInt64 {
    let kind = UInt64(truncatingIfNeeded: Hash128(of: event.kind).value)
    guard let iteration = event.fields.number(.iterations) else { return kind }
    return mixed(kind ^ mixed(UInt64(bitPattern: iteration.units)))
  }

  /// Whether the two are one line that was told twice: equal to the very time.
  func isSameLine(as other: EventSignature) -> Bool {
    time != nil && time == other.time && key == other.key && agrees(with: other)
  }

  /// Whether the two agree in every field that both carry.
  func agrees(with other: EventSignature) -> Bool {
    var both = presence & other.presence
    while both != 0 {
      let below = (both & (~both &+ 1)) &- 1
      let mine = hashes[(presence & below).nonzeroBitCount]
      if mine != other.hashes[(other.presence & below).nonzeroBitCount] { return false }
      both &= both &- 1
    }
    return true
  }

  /// Takes the fields of an event that agrees with it.
  mutating func complete(with other: EventSignature) {
    var missing = other.presence & ~presence
    while missing != 0 {
      let bit = missing & (~missing &+ 1)
      let hash = other.hashes[(other.presence & (bit &- 1)).nonzeroBitCount]
      hashes.insert(hash, at: (presence & (bit &- 1)).nonzeroBitCount)
      presence |= bit
      missing &= missing &- 1
    }
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(littleEndian: key)
    writer.append(bool: time != nil)
    if let time { writer.append(zigzag: time.nanoseconds) }
    writer.append(littleEndian: presence)
    for hash in hashes { writer.append(littleEndian: hash) }
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    key = try reader.littleEndian(UInt64.self)
    time = try reader.bool() ? Timestamp(nanoseconds: try reader.zigzag()) : nil
    presence = try reader.littleEndian(UInt128.self)
    hashes = []
    hashes.reserveCapacity(presence.nonzeroBitCount)
    for _ in 0..<presence.nonzeroBitCount { hashes.append(try reader.littleEndian(UInt64.self)) }
  }
}

private let commonMask: UInt128 = mask(of: [.interactionID, .iterations])

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
private func mixed(_ value: UInt64) -> UInt64 {
  var value = value &+ 0x9e37_79b9_7f4a_7c15
  value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
  value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
  return value ^ (value >> 31)
}

private func hash(of value: FieldValue) -> UInt64 {
  switch value {
  case .text(let text): UInt64(truncatingIfNeeded: Hash128(of: text).value)
  case .number(let number): mixed(UInt64(bitPattern: number.units))
  case .bool(let bool): bool ? 2 : 1
  case .texts(let texts):
    texts.reduce(UInt64(texts.count)) { sum, text in
      mixed(sum ^ UInt64(truncatingIfNeeded: Hash128(of: text).value))
    }
  }
}
