internal import Events

extension SourceResolver {
  /// Opens standard input, named or not.
  package func openStandardInput(name: String?) throws -> SourceSession {
    let file = DiskFile.standardInput
    let reader = ContentReader(file, path: "standard input")
    guard let name else {
      let record = SourceRecord(id: 0, form: .standardInput, path: "standard input")
      return SourceSession(
        TrackedSource(new: record, knownID: nil), name: "standard input", place: "", reader: reader,
        status: nil, beginning: .init(), tailRule: .always)
    }
    guard let known = try book.source(named: name) else {
      let record = SourceRecord(id: 0, form: .named, path: name)
      return SourceSession(
        TrackedSource(new: record, knownID: nil), name: name, place: "", reader: reader,
        status: nil,
        beginning: .init(), tailRule: .whenWhole)
    }
    let content = try KnownContent(reader, known.content)
    if !content.matches(known.content), !reader.isAtEnd || content.isWhole {
      throw IngestError(
        .unreadable, path: "standard input",
        reason: "it does not begin with what this --source gave before; nothing was taken. "
          + "Give it under another name to take all of it")
    }
    var beginning = SourceSession.Beginning(content)
    if !content.isWhole {
      beginning.warnings = [
        "gave less than before (\(known.content.position) bytes): nothing is new"
      ]
    }
    return SourceSession(
      known, name: name, place: "", reader: reader, status: nil, beginning: beginning,
      tailRule: .whenWhole)
  }
}
