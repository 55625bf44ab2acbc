import Bytes
import Events
import Facts

extension InteractionState {
  /// Stores an event's signature. Returns the fields of the event that count, one bit each: of a
  /// repeat only those that are new.
  ///
  /// An event is a repeat when it agrees with the signature of its kind and iteration in every
  /// field that both carry. The signature holds the latest value of each field, so that a value
  /// that was changed and changed back is no repeat.
  func remember(_ signature: EventSignature) -> UInt128 {
    guard let known = signatures.firstIndex(where: { $0.key == signature.key }) else {
      if signatures.count == Self.signatureMax { signatures.removeFirst() }
      signatures.append(signature)
      return ~0
    }
    let counted =
      signatures[known].agrees(with: signature)
      ? signature.presence & ~signatures[known].presence : ~0
    signatures[known].take(signature)
    return counted
  }

  /// Whether an event begins another interaction under the same id: after a closing, an opening, or
  /// an `iteration_…` no higher than one already seen.
  ///
  /// It does so even when it agrees with what is known, since a task that runs again gives much the
  /// same fields; but not when it also happened no later than the closing: then it is a late copy
  /// of a line, or a second writer's line of the same event. A closing event never begins another
  /// interaction under the same id: it repeats or corrects the one there is.
  func isReopened(by event: borrowing Event, _ role: EventRole, _ signature: EventSignature) -> Bool
  {
    guard isClosed, beginsAnew(event, role) else { return false }
    // A turn has one request, which a transcript may tell of behind what a run told of the turn's end.
    if let kind = outcomeRecord?.kind, Kinds.isTurn(kind), !fields.has(.prompt) { return false }
    guard let closed, !event.envelope.isTimeInferred, event.time <= closed else { return true }
    return !signatures.contains { $0.key == signature.key && $0.agrees(with: signature) }
  }

  private func beginsAnew(_ event: borrowing Event, _ role: EventRole) -> Bool {
    if role == .opens { return true }
    guard event.kind.utf8.starts(with: "iteration_".utf8),
      let iteration = event.fields.number(.iterations), let seen = fields.number(.iterations)
    else { return false }
    return iteration <= seen
  }
}

/// What is kept of an event to recognise a repeat of it: its kind and iteration, and a hash of each
/// field.
///
/// Hashes of fields have 32 bits, because they are most of what an interaction takes on disk. One
/// in 4·10^9 events that differ from an earlier one in a single field is taken for a repeat.
struct EventSignature: Equatable, Sendable {
  /// A hash of kind and iteration.
  let key: UInt64
  /// The fields, one bit each, without id and iteration, in which compared events agree anyway.
  private(set) var presence: UInt128
  /// One for each field that is present, in their order.
  private(set) var hashes: [UInt32]

  init(of event: borrowing Event) {
    key = Self.key(of: event)
    var hashes: [UInt32] = []
    hashes.reserveCapacity(12)
    event.fields.forEach { field, value in
      if field != .interactionID, field != .iterations {
        hashes.append(UInt32(truncatingIfNeeded: hash(of: value)))
      }
    }
    self.hashes = hashes
    presence = event.fields.presence & ~commonMask
  }

  private static func key(of event: borrowing Event) -> UInt64 {
    let kind = UInt64(truncatingIfNeeded: Hash128(of: event.kind).value)
    guard let iteration = event.fields.number(.iterations) else { return kind }
    return mixed(kind ^ mixed(UInt64(bitPattern: iteration.units)))
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

  /// Takes over the fields of a later event of the same key, also where the two differ.
  mutating func take(_ later: EventSignature) {
    if presence & ~later.presence == 0 {
      self = later
      return
    }
    var rest = later.presence
    for hash in later.hashes {
      let bit = rest & (~rest &+ 1)
      rest &= rest &- 1
      let place = (presence & (bit &- 1)).nonzeroBitCount
      if presence & bit != 0 {
        hashes[place] = hash
      } else {
        hashes.insert(hash, at: place)
        presence |= bit
      }
    }
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(littleEndian: key)
    writer.append(littleEndian: UInt64(truncatingIfNeeded: presence))
    writer.append(littleEndian: UInt64(truncatingIfNeeded: presence >> 64))
    #if _endian(little)
      unsafe hashes.withUnsafeBytes { unsafe writer.append(Span(_unsafeBytes: $0)) }
    #else
      for hash in hashes { writer.append(littleEndian: hash) }
    #endif
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    key = try reader.littleEndian(UInt64.self)
    let low = UInt128(try reader.littleEndian(UInt64.self))
    presence = UInt128(try reader.littleEndian(UInt64.self)) << 64 | low
    hashes = []
    hashes.reserveCapacity(presence.nonzeroBitCount)
    for _ in 0..<presence.nonzeroBitCount { hashes.append(try reader.littleEndian(UInt32.self)) }
  }
}

private let commonMask: UInt128 = Fields.mask(of: [.interactionID, .iterations])

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
