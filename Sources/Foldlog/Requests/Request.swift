internal import Events
internal import Query

/// What somebody asks for, in the words in which it was said: a command line makes one, and so may any
/// other way in.
///
/// Making and checking it looks at no file, so that what is wrong with it is told before anything is
/// done. Services run what comes of the check, and only the check makes that.
package protocol Request: Sendable, Equatable {
  associatedtype Checked: Sendable

  /// - Parameter projectors: whose views and tables may be named.
  /// - Throws: what is wrong, and what would be right.
  func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked
}

/// The stream of a name; nil when none is given.
func checkedStream(_ name: String?) throws(FoldlogError) -> Stream? {
  guard let name else { return nil }
  guard let stream = Stream(name: name) else {
    throw FoldlogError(
      .usage,
      "there is no stream `\(name)`: there are \(Stream.allCases.map(\.name).joined(separator: ", "))"
        + suggestion(for: name, among: Stream.allCases.map(\.name)))
  }
  return stream
}

/// A name under which builds can be kept.
func checkedKeptName(_ name: String) throws(FoldlogError) -> String {
  let isPlain = name.utf8.allSatisfy { byte in
    (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
      || byte == 0x2d || byte == 0x2e || byte == 0x5f
  }
  if !isPlain || name.isEmpty || name.utf8.count > 64 {
    throw FoldlogError(
      .usage, "a name is 1 to 64 letters, digits, dots, dashes and underscores, not `\(name)`")
  }
  return name
}

/// Something long, for a person or for a program.
package enum TextFormat: String, CaseIterable, Sendable {
  case text, json
}

/// Asks for a report that is given as a text or as JSON.
package struct ReportRequest: Request {
  package var format = TextFormat.text.rawValue

  package init(format: String) { self.format = format }

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> TextFormat {
    try checkedFormat(format, [.text, .json])
  }
}

/// Asks that the room of free pages is given back.
package struct CompactRequest: Request {
  /// Whether the builds before the live ones are discarded first: no rollback leads back then.
  package var isDroppingPrevious = false
  package var format = TextFormat.text.rawValue

  package init() {}

  package struct Checked: Equatable, Sendable {
    let isDroppingPrevious: Bool
    package let format: TextFormat

    fileprivate init(isDroppingPrevious: Bool, format: TextFormat) {
      self.isDroppingPrevious = isDroppingPrevious
      self.format = format
    }
  }

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked {
    Checked(
      isDroppingPrevious: isDroppingPrevious, format: try checkedFormat(format, TextFormat.allCases)
    )
  }
}

/// One of the formats that there are here, by its name.
func checkedFormat<Format: RawRepresentable<String>>(
  _ name: String, _ known: [Format]
) throws(FoldlogError) -> Format {
  if let format = known.first(where: { $0.rawValue == name }) { return format }
  let names = known.map(\.rawValue)
  let list = names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
  throw FoldlogError(
    .usage,
    "there is no format `\(name)` here: there are \(list)\(suggestion(for: name, among: names))")
}

/// Of a text that an option does not take for an offset or a time.
func noPoint(_ option: String, _ text: String) -> FoldlogError {
  FoldlogError(
    .usage,
    "\(option) takes an offset or a time, such as 2026-01-09T10:33:00Z or 2026-01-09, "
      + (text.allSatisfy(\.isWhitespace)
        ? "and nothing is given" : "not `\(text)`\(daysMeant(by: text))")
      + "; \(timeWords)")
}
