internal import Bytes
internal import Events
internal import Facts
internal import Views

/// What was done about a pattern.
struct FixKey: Key {
  var group: UInt64
  /// A hash of the fix's text; 0 when nobody said what it was.
  var fix: UInt64

  func encode(ordered writer: inout ByteWriter) {
    writer.append(ordered: group)
    writer.append(ordered: fix)
  }

  init(group: UInt64, fix: UInt64) {
    self.group = group
    self.fix = fix
  }

  init(ordered reader: inout ByteReader) throws(BytesError) {
    group = try reader.ordered(UInt64.self)
    fix = try reader.ordered(UInt64.self)
  }
}

/// How often a fix worked, and where.
struct Fix: StoredRow {
  /// Hashes of projects that are kept; more do not count.
  static let projectsMax = 64

  var text: String?
  var successes: UInt64 = 0
  var failures: UInt64 = 0
  /// From the error to the success, summed up over the successes.
  var nanosecondsToFix = WideInteger()
  /// Hashes of the projects where it worked, sorted.
  var projects: [UInt64] = []
  var evidence: Evidence

  init(text: String?, evidence: Evidence) {
    self.text = text
    self.evidence = evidence
  }

  mutating func add(project: UInt64) {
    guard projects.count < Self.projectsMax, !projects.contains(project) else { return }
    projects.append(project)
    projects.sort()
  }

  /// Takes in what is known of the same fix under a pattern that became part of this one.
  mutating func absorb(_ other: Fix) {
    successes += other.successes
    failures += other.failures
    nanosecondsToFix += other.nanosecondsToFix
    for project in other.projects { add(project: project) }
    evidence.absorb(other.evidence)
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(optional: text)
    writer.append(varint: successes)
    writer.append(varint: failures)
    writer.append(wide: nanosecondsToFix)
    writer.append(varint: projects.count)
    for project in projects { writer.append(littleEndian: project) }
    writer.append(evidence)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    text = try reader.optionalText()
    successes = try reader.varint()
    failures = try reader.varint()
    nanosecondsToFix = try reader.wide()
    for _ in 0..<(try reader.count()) { projects.append(try reader.littleEndian(UInt64.self)) }
    evidence = try reader.evidence()
  }
}

/// An error that waits for the same thing to succeed.
struct OpenError: StoredRow {
  var group: UInt64
  var offset: Offset
  var time: Timestamp
  var project: UInt64
  /// The other thing that waits with it, the task of a call or the call of a task; 0 for none.
  var partner: UInt64 = 0

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: group)
    writer.append(varint: offset)
    writer.append(zigzag: time.nanoseconds)
    writer.append(littleEndian: project)
    writer.append(littleEndian: partner)
  }

  init(group: UInt64, offset: Offset, time: Timestamp, project: UInt64) {
    self.group = group
    self.offset = offset
    self.time = time
    self.project = project
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    group = try reader.varint()
    offset = try reader.varint()
    time = Timestamp(nanoseconds: try reader.zigzag())
    project = try reader.littleEndian(UInt64.self)
    partner = try reader.littleEndian(UInt64.self)
  }
}

/// The errors of a thing that wait for it to succeed, one for each pattern, in the order of their
/// offsets; at most `Limits.openErrorsMax`.
struct OpenRow: StoredRow {
  var errors: [OpenError] = []

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: errors.count)
    for error in errors { error.encode(into: &writer) }
  }

  init() {}

  init(from reader: inout ByteReader) throws(BytesError) {
    for _ in 0..<(try reader.count()) { errors.append(try OpenError(from: &reader)) }
  }
}

/// A task or session: its last error, and the last thing that succeeded in it since it had one.
struct ScopeRow: StoredRow {
  var error: OpenError?
  var action: String?
  var actionOffset: Offset = 0
  /// A hash of what was last said of a fix, until something else happens; 0 for nothing.
  var told: UInt64 = 0

  func encode(into writer: inout ByteWriter) {
    writer.append(bool: error != nil)
    error?.encode(into: &writer)
    writer.append(optional: action)
    writer.append(varint: actionOffset)
    writer.append(littleEndian: told)
  }

  init() {}

  init(from reader: inout ByteReader) throws(BytesError) {
    error = try reader.bool() ? try OpenError(from: &reader) : nil
    action = try reader.optionalText()
    actionOffset = try reader.varint()
    told = try reader.littleEndian(UInt64.self)
  }
}
