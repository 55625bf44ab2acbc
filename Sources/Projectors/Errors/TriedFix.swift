internal import Bytes
internal import ErrorText
internal import Events
package import Projection
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

extension ErrorsProjector: TriedFixProjector {
  package static func tried(
    _ message: String, in projects: [String], _ tables: any ViewReader
  ) throws(TableError) -> TriedFixes? {
    guard let (fit, group) = try KnownFix.group(of: message, in: tables),
      let pattern = try Pattern.named(try GroupNumber.root(of: group, in: tables), in: tables)
    else { return nil }
    let here = Set(projects.map(identity))
    return TriedFixes(
      subject: ErrorSubject.of(message, Event(asking: message)),
      line: ErrorSubject.line(of: message), isCovered: fit == .covered,
      fixes: try TriedFix.all(Trial.all(of: pattern.id, in: tables), of: pattern, here))
  }

  package static func tried(
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
