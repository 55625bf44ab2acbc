internal import Bytes
internal import Events
internal import Facts
internal import Views

/// A group of errors, as it is kept.
struct Pattern: StoredRow {
  /// The template: words with the punctuation before each.
  var pieces: [Piece]
  /// The punctuation after the last word.
  var tail: String
  /// The first message, at most 2,000 bytes of it.
  var example: String
  var errorType: String?
  var category: Category
  /// The name of the built-in pattern that it is an instance of.
  var builtIn: String?
  var evidence: Evidence
  /// When the first and the last event happened.
  var firstSeen: Timestamp
  var lastSeen: Timestamp
  var sessions: UInt64 = 0
  /// The session that came last: the head of a list through the table of sessions.
  var newestSession: UInt64?
  var successes: UInt64 = 0
  var failures: UInt64 = 0

  var template: String {
    var text = ""
    for piece in pieces { text += piece.separator + piece.word }
    return text + tail
  }

  /// Stands for what the group is told to be: category, type, and built-in pattern.
  var label: UInt64 {
    mix(
      mix(UInt64(category.rawValue), errorType.map(identity) ?? 0), builtIn.map(identity) ?? 0)
  }

  /// How sure one may be of what is known: 0.9 built in, 0.7 learned, then by what became of fixes.
  var confidence: Double {
    (Double(successes) + startingConfidence) / (Double(successes) + Double(failures) + 1)
  }

  var startingConfidence: Double { builtIn == nil ? 0.7 : 0.9 }

  /// Nil before there was a fix.
  var successRate: Double? {
    let attempts = successes + failures
    return attempts == 0 ? nil : Double(successes) / Double(attempts)
  }

  /// A learned pattern whose fixes fail more often than not is no longer active.
  var isActive: Bool {
    builtIn != nil || failures < Self.failuresMin || successes >= failures
  }

  static let failuresMin = 3

  /// Active, and at least 60 of 100 fixes worked.
  var isTop: Bool {
    let attempts = successes + failures
    return isActive && attempts > 0 && successes * 10 >= attempts * 6
  }

  /// Whether its fixes work more often, or as often and more of them did.
  func isBetter(than other: Pattern) -> Bool {
    let mine = successes.multipliedFullWidth(by: other.successes + other.failures)
    let theirs = other.successes.multipliedFullWidth(by: successes + failures)
    return (mine.high, mine.low, successes) > (theirs.high, theirs.low, other.successes)
  }

  mutating func add(_ event: Event) {
    evidence.add(event.offset)
    lastSeen = event.time
  }

  /// Takes in a later group, all but its sessions.
  mutating func absorb(_ other: Pattern) {
    if other.evidence.last > evidence.last { lastSeen = other.lastSeen }
    if let first = other.evidence.first.first, let mine = evidence.first.first, first < mine {
      firstSeen = other.firstSeen
    }
    evidence.absorb(other.evidence)
    successes += other.successes
    failures += other.failures
  }

  /// Puts wildcards where the template of the group has them.
  mutating func generalize(to template: [UInt64]) {
    for (index, hash) in template.enumerated()
    where hash == Token.wildcardHash && index < pieces.count {
      pieces[index].word = Piece.wildcard
    }
  }
}

extension Pattern {
  func encode(into writer: inout ByteWriter) {
    writer.append(varint: pieces.count)
    for piece in pieces {
      writer.append(text: piece.separator)
      writer.append(text: piece.word)
    }
    writer.append(text: tail)
    writer.append(text: example)
    writer.append(optional: errorType)
    writer.append(byte: category.rawValue)
    writer.append(optional: builtIn)
    writer.append(evidence)
    writer.append(zigzag: firstSeen.nanoseconds)
    writer.append(zigzag: lastSeen.nanoseconds)
    writer.append(varint: sessions)
    writer.append(littleEndian: newestSession ?? 0)
    writer.append(varint: successes)
    writer.append(varint: failures)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    let count = try reader.count()
    pieces = []
    for _ in 0..<count {
      pieces.append(Piece(separator: try reader.text(), word: try reader.text()))
    }
    tail = try reader.text()
    example = try reader.text()
    errorType = try reader.optionalText()
    guard let category = Category(rawValue: try reader.byte()) else {
      throw BytesError("a category that is none", at: reader.position - 1)
    }
    self.category = category
    builtIn = try reader.optionalText()
    evidence = try reader.evidence()
    firstSeen = Timestamp(nanoseconds: try reader.zigzag())
    lastSeen = Timestamp(nanoseconds: try reader.zigzag())
    sessions = try reader.varint()
    let newest = try reader.littleEndian(UInt64.self)
    newestSession = newest == 0 ? nil : newest
    successes = try reader.varint()
    failures = try reader.varint()
  }
}

extension Evidence {
  /// Takes in the events of another. Those that both keep count once.
  mutating func absorb(_ other: Evidence) {
    let both = Set(first).union(other.first)
    let shared = UInt64(first.count + other.first.count - both.count)
    self = Evidence(
      first: Array(both.sorted().prefix(Self.keptMax)),
      last: max(last, other.last), count: count + other.count - shared)
  }
}

extension ByteWriter {
  mutating func append(optional text: String?) {
    append(bool: text != nil)
    if let text { append(text: text) }
  }

  mutating func append(_ evidence: Evidence) {
    append(varint: evidence.first.count)
    for offset in evidence.first { append(varint: offset) }
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
  mutating func evidence() throws(BytesError) -> Evidence {
    let count = try count()
    var first: [Offset] = []
    for _ in 0..<count { first.append(try varint()) }
    return Evidence(first: first, last: try varint(), count: try varint())
  }
}
