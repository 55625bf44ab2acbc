internal import Bytes
internal import Events
internal import Facts
internal import Views

/// What was done about a pattern.
struct FixKey: Key {
  var group: UInt64
  /// A hash of the fix's text; 0 when nobody said what it was.
  var fix: UInt64

  func encode(into writer: inout ByteWriter) {
    writer.append(ordered: group)
    writer.append(ordered: fix)
  }

  init(group: UInt64, fix: UInt64) {
    self.group = group
    self.fix = fix
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    group = try reader.ordered(UInt64.self)
    fix = try reader.ordered(UInt64.self)
  }
}

/// How often a fix worked, and where.
struct Fix: Row {
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
struct OpenError: Row {
  var group: UInt64
  var offset: Offset
  var time: Timestamp
  var project: UInt64

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: group)
    writer.append(varint: offset)
    writer.append(zigzag: time.nanoseconds)
    writer.append(littleEndian: project)
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
  }
}

/// A task or session that had an error: the last one, and the last thing that succeeded since.
struct ScopeRow: Row {
  var error: OpenError
  var action: String?
  var actionOffset: Offset = 0

  func encode(into writer: inout ByteWriter) {
    error.encode(into: &writer)
    writer.append(optional: action)
    writer.append(varint: actionOffset)
  }

  init(error: OpenError) { self.error = error }

  init(from reader: inout ByteReader) throws(BytesError) {
    error = try OpenError(from: &reader)
    action = try reader.optionalText()
    actionOffset = try reader.varint()
  }
}
