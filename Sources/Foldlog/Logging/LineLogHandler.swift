internal import Bytes
package import Events
package import Logging
internal import Query

#if canImport(Glibc)
  internal import Glibc
#endif

/// Writes each entry of the log as one line: time, level, label, message, then what belongs to it as
/// `key=value`.
///
/// A line is no longer than `lineSizeMax`, whatever it is given, and holds no control character. Under
/// journald it begins with the priority that the journal reads, and leaves the time to it.
package struct LineLogHandler: LogHandler {
  package let label: String
  package var logLevel: Logger.Level
  package var metadata: Logger.Metadata = [:]
  package var metadataProvider: Logger.MetadataProvider?
  private let form: Form
  private let now: @Sendable () -> Timestamp
  private let write: @Sendable ([UInt8]) -> Void

  /// What a line begins with.
  package enum Form: Sendable {
    case timestamped
    /// `<N>`, a priority of syslog.
    case prioritised
  }

  /// Bytes of a line.
  package static let lineSizeMax = 4_096
  /// Bytes of one value: more say no more to a person.
  package static let valueSizeMax = 512

  package init(
    label: String, level: Logger.Level, form: Form, now: @escaping @Sendable () -> Timestamp,
    write: @escaping @Sendable ([UInt8]) -> Void
  ) {
    self.label = label
    self.form = form
    self.now = now
    self.write = write
    logLevel = level
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    let given = metadata.merging(event.metadata ?? [:]) { _, new in new }
    write(Array(line(event, given).utf8))
  }

  private func line(_ event: LogEvent, _ metadata: Logger.Metadata) -> String {
    var line =
      switch form {
      case .timestamped: "\(now()) \(event.level.rawValue) "
      case .prioritised: "<\(event.level.priority)>"
      }
    line += "\(label): \(plain("\(event.message)", sizeMax: Self.valueSizeMax))"
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      line += " \(key)=\(quoted(plain("\(value)", sizeMax: Self.valueSizeMax)))"
    }
    if let error = event.error { line += " cause=\(quoted(plain("\(error)", sizeMax: 512)))" }
    return cut(line, sizeMax: Self.lineSizeMax - 1) + "\n"
  }
}

extension LineLogHandler {
  /// A logger that writes to standard error, for a journal where standard error is one.
  package static func standardError(_ level: Logger.Level) -> Logger {
    let form: Form = isJournal() ? .prioritised : .timestamped
    return Logger(label: "foldlog") { label in
      LineLogHandler(label: label, level: level, form: form, now: wallClock) { line in
        // Nobody can be told that it failed.
        _ = unsafe line.withUnsafeBytes { unsafe Glibc.write(2, $0.baseAddress, $0.count) }
      }
    }
  }

  /// Whether standard error is the journal's: `JOURNAL_STREAM` says which file that is, and a child may
  /// have another.
  private static func isJournal() -> Bool {
    guard let stream = processEnvironment("JOURNAL_STREAM") else { return false }
    var status = stat()
    return unsafe fstat(2, &status) == 0 && stream == "\(status.st_dev):\(status.st_ino)"
  }
}

extension Logger.Level {
  /// The level of a name; nil where none is given.
  package static func named(_ name: String?) throws(FoldlogError) -> Logger.Level? {
    guard let name else { return nil }
    guard let level = Logger.Level(rawValue: name) else {
      throw FoldlogError(
        .usage,
        "there is no level `\(name)`: there are "
          + allCases.map(\.rawValue).joined(separator: ", ")
          + suggestion(for: name, among: allCases.map(\.rawValue)))
    }
    return level
  }

  /// As syslog counts: the smaller, the more urgent.
  fileprivate var priority: Int {
    switch self {
    case .trace, .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    case .critical: 2
    }
  }
}

/// A text of one line, cut to a size. Names that are no text are shown as a person reads them.
private func plain(_ text: String, sizeMax: Int) -> String {
  // Cut before, too: what is not shown costs nothing.
  cut(shownPath(cut(withShownNames(text), sizeMax: sizeMax)), sizeMax: sizeMax)
}

private func cut(_ text: String, sizeMax: Int) -> String {
  if text.utf8.count <= sizeMax { return text }
  var end = text.utf8.index(text.utf8.startIndex, offsetBy: sizeMax - 3)
  while String.Index(end, within: text) == nil { end = text.utf8.index(before: end) }
  return text[..<end] + "…"
}

/// As it is where it is one word; else in quotes.
private func quoted(_ value: String) -> String {
  let isWord = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3d }
  if isWord { return value }
  let escaped = value.split(separator: "\\", omittingEmptySubsequences: false)
    .joined(separator: "\\\\")
    .split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
  return "\"\(escaped)\""
}
