internal import Bytes
internal import ErrorText
internal import Events
internal import Tables
package import Views

/// What a message says, but for numbers: a port of the same error, or a line of the same file, is no other
/// error, and the name of another program or folder is.
enum ErrorSubject {
  static func of(_ message: String, _ event: Event) -> UInt64 { identity(text(message, event)) }

  /// The telling line with a 0 for each run of digits.
  static func text(_ message: String, _ event: Event) -> String {
    MessageReader.headline(of: message, event) { line, _ in
      var bytes: [UInt8] = []
      for index in line.indices.prefix(ErrorLimits.lineSizeMax) {
        let isDigit = (0x30...0x39).contains(line[index])
        if isDigit, bytes.last == 0x30 { continue }
        bytes.append(isDigit ? 0x30 : line[index])
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}

extension Event {
  /// Of a message that is asked about.
  init(asking message: String) {
    var fields = Fields()
    fields[.errorMessage] = .text(message)
    self.init(
      EventID(0),
      envelope: Envelope(
        stream: .ralph, kind: "error", time: Timestamp(nanoseconds: 0), isTimeInferred: true,
        source: 0, position: 0, recorded: Timestamp(nanoseconds: 0)), fields: fields)
  }
}

/// What was done about errors of a pattern, with each time that it was tried.
package struct TriedFix: Sendable {
  package struct Try: Sendable {
    package let worked: Bool
    /// Whether it was in the project that is asked about.
    package let isHere: Bool
    /// Whether an event says that it was the fix.
    package let isNamed: Bool
    /// Tells apart the messages that it was tried on.
    package let subject: UInt64
    /// Hashes; 0 for none.
    package let project: UInt64
    package let session: UInt64
    package let offset: UInt64
  }

  package let fix: String
  /// What the messages of the pattern have in common.
  package let template: String
  /// The telling line of its first message, and what that is told apart by.
  package let exampleLine: String
  package let exampleSubject: UInt64
  package let tries: [Try]
}

/// What was tried about errors like a message.
package struct TriedFixes: Sendable {
  package let subject: UInt64
  /// Its telling line.
  package let line: String
  /// Whether the pattern's template covers it; else it is only like it.
  package let isCovered: Bool
  package let fixes: [TriedFix]

  /// Nil where no pattern is like the message.
  ///
  /// - Parameter projects: the folders that count as the project.
  package init?(
    _ message: String, in projects: [String], _ tables: any ViewReader
  ) throws(TableError) {
    guard let (fit, group) = try KnownFix.group(of: message, in: tables),
      let pattern = try Pattern.named(try GroupNumber.root(of: group, in: tables), in: tables)
    else { return nil }
    let event = Event(asking: message)
    subject = ErrorSubject.of(message, event)
    line = ErrorSubject.line(of: message)
    isCovered = fit == .covered
    let here = Set(projects.map(identity))
    fixes = try TriedFix.all(Trial.all(of: pattern.id, in: tables), of: pattern, here)
  }

  /// Of all patterns, what was tried in a project.
  package static func all(
    in projects: [String], _ tables: any ViewReader
  ) throws(TableError) -> [TriedFix] {
    let here = Set(projects.map(identity))
    let trials = try Trial.all(in: tables)
    var byPattern: [UInt64: [Trial]] = [:]
    for trial in trials { byPattern[trial.group, default: []].append(trial) }
    var fixes: [TriedFix] = []
    for (id, trials) in byPattern.sorted(by: { $0.key < $1.key })
    where trials.contains(where: { here.contains($0.project) }) {
      guard let pattern = try Pattern.named(id, in: tables) else { continue }
      fixes += TriedFix.all(trials, of: pattern, here)
    }
    return fixes
  }
}

extension TriedFix {
  /// By their texts.
  fileprivate static func all(
    _ trials: [Trial], of pattern: Pattern, _ here: Set<UInt64>
  ) -> [TriedFix] {
    var known: [String: [Try]] = [:]
    for trial in trials {
      guard let fix = trial.fix else { continue }
      known[fix, default: []].append(
        Try(
          worked: trial.worked, isHere: here.contains(trial.project), isNamed: trial.isNamed,
          subject: trial.subject, project: trial.project, session: trial.session,
          offset: trial.event.offset))
    }
    if known.isEmpty { return [] }
    let (template, line) = (pattern.template, ErrorSubject.line(of: pattern.example))
    let subject = ErrorSubject.of(pattern.example, Event(asking: pattern.example))
    return known.sorted { $0.key < $1.key }.map { fix, tries in
      TriedFix(
        fix: fix, template: template, exampleLine: line, exampleSubject: subject, tries: tries)
    }
  }
}

extension ErrorSubject {
  /// The telling line of a message, as it is.
  fileprivate static func line(of message: String) -> String {
    MessageReader.headline(of: message, Event(asking: message)) { line, _ in
      String(repairing: line)
    }
  }
}
