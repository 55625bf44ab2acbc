package import Events

/// Asks how an event or a row came about.
package struct ExplainRequest: Request {
  /// An event, `48` or `48.2`; or a table, and the key of a row of it.
  package var words: [String] = []
  package var format = TextFormat.text.rawValue

  package init() {}

  package enum Subject: Equatable, Sendable {
    case event(EventID)
    case row(TableAddress, key: [String])
  }

  package struct Checked: Equatable, Sendable {
    package let subject: Subject
    package let format: TextFormat

    fileprivate init(_ subject: Subject, _ format: TextFormat) {
      self.subject = subject
      self.format = format
    }
  }

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked {
    let format = try checkedFormat(format, [TextFormat.text, .json])
    guard let first = words.first else {
      throw FoldlogError(
        .usage,
        "explain what? an event, `foldlog explain 48`, or a row, `foldlog explain values 48`")
    }
    guard let letter = first.utf8.first, letter < 0x3a else {
      let address = TableAddress(first)
      if let kept = address.kept { _ = try checkedKeptName(kept) }
      return Checked(.row(address, key: Array(words.dropFirst())), format)
    }
    guard let event = EventID(first) else {
      throw FoldlogError(
        .usage,
        "an event is named by its offset, a whole number from 0 on, and `\(first)` is none; of a line "
          + "that tells of several, `48.2` is the third")
    }
    guard words.count == 1 else {
      throw FoldlogError(
        .usage, "one event at a time: `foldlog explain \(first)`; a row begins with its view")
    }
    return Checked(.event(event), format)
  }
}
