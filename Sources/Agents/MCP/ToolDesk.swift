internal import Bytes
internal import Events
internal import Foldlog
internal import JSON
internal import Masking
internal import Query

/// Does what tools ask: the requests of the command line, over one store that stays open.
///
/// Belongs to one thread.
final class ToolDesk {
  private var store: Store
  private var mark: DirectoryMark
  private let project: String?

  init(_ store: Store, project: String?) {
    self.store = store
    mark = store.mark
    self.project = project
  }

  /// Opens the directory anew where its settings or its log are others by now.
  func lookAnew() throws(FoldlogError) {
    let now = store.mark
    if now == mark { return }
    store = try store.anew()
    mark = now
  }

  /// Lines of an answer about an error, unless more are asked for.
  private static let linesMax = 5
  private static let rowsMax = 10
  /// Characters of a text within a row, unless more rows are asked for.
  private static let cellMax = 200
  private static let largeCellMax = 2_000

  // MARK: What to be told

  @available(*, noasync)
  func fix(_ given: ToolArguments) throws(FoldlogError) -> ToolAnswer {
    var request = ContextRequest()
    request.error = given.text("error")
    request.project = given.text("project") ?? project
    request.isBrief = true
    let limit = given.count("limit")
    return try told(
      context(request).first(lines: limit ?? Self.linesMax), to: given.call,
      nothing: "Nothing is known of this error.",
      within: limit ?? 0 > Self.linesMax ? ToolAnswer.largeMax : ToolAnswer.sizeMax)
  }

  @available(*, noasync)
  func context(_ given: ToolArguments) throws(FoldlogError) -> ToolAnswer {
    var request = ContextRequest()
    request.prompt = given.text("prompt")
    request.file = given.text("file")
    request.error = given.text("error")
    request.project = project
    return try told(context(request), to: given.call, nothing: "Nothing is known for this.")
  }

  @available(*, noasync)
  private func context(_ request: ContextRequest) throws(FoldlogError) -> ContextAnswer {
    try store.openWithoutWaiting()
    return try ContextService(store).run(request.checked(for: store.projectors))
  }

  /// What is shown of an answer, which is noted.
  ///
  /// - Throws: where there is nothing because views could not be read.
  private func told(
    _ answer: ContextAnswer, to call: String?, nothing: String,
    within size: Int = ToolAnswer.sizeMax
  ) throws(FoldlogError) -> ToolAnswer {
    if answer.isEmpty, let reason = answer.unread.first {
      throw FoldlogError(.inputOutput, "what is known cannot be read now: \(reason)")
    }
    var shown = answer.first(lines: 0)
    let told = ToolAnswer.largest(of: answer.lines.count, within: size) { count in
      let part = answer.first(lines: count)
      let told = ToolAnswer(
        text: part.isEmpty ? nothing : part.text,
        structured: .object([
          ("offset", .number(answer.offset)),
          (
            "claims",
            .list(
              part.sections.flatMap { section in
                section.lines.map { $0.claim(in: section.name) }
              })
          ),
        ]))
      // Of those that fit the last is the largest.
      if told.document.line.count <= size { shown = part }
      return told
    }
    note(shown, to: call)
    return told
  }

  private func note(_ answer: ContextAnswer, to call: String?) {
    // What cannot be noted is told all the same.
    do throws(FoldlogError) {
      try AdviceSpool(store).append(
        answer.advices(by: "mcp").map { advice in
          var advice = advice
          advice.call = call
          return advice
        })
    } catch {
      store.notices.tell("what was advised is not noted: \(error)")
    }
  }

  // MARK: What is there

  /// Ends an answer of which there is enough.
  private struct Enough: Error {}

  @available(*, noasync)
  func query(_ given: ToolArguments) throws(FoldlogError) -> ToolAnswer {
    try store.openWithoutWaiting()
    let asked = given.count("limit")
    let limit = min(asked ?? Self.rowsMax, 1_000)
    let isLarge = limit > Self.rowsMax
    var request = QueryRequest(table: given.text("view") ?? "")
    request.filters = given.texts("where")
    request.sort = given.texts("sort")
    request.limit = limit + 1
    request.format = AnswerFormat.jsonl.rawValue
    var bytes: [UInt8] = []
    // What a person would read beside the rows, a model reads with them.
    var notes: [String] = []
    let tell = store.notices.tell
    store.notices.tell = { notes.append($0) }
    defer { store.notices.tell = tell }
    try QueryService(store).run(request.checked(for: store.projectors)) { bytes += $0 }
    var masker = Masker()
    var rows: [JSONDocument] = []
    var parser = JSONParser()
    for line in bytes.split(separator: UInt8(ascii: "\n")).prefix(limit + 1) {
      let row: AnyJSON
      do throws(JSONError) {
        row = try parser.withObject(Array(line).span, isPadded: false) { AnyJSON($0) }
      } catch {
        throw FoldlogError(.badData, "a row cannot be read: \(error)")
      }
      rows.append(shown(row, &masker, atMost: isLarge ? Self.largeCellMax : Self.cellMax))
    }
    let hasMore = rows.count > limit
    let kept = Array(rows.prefix(limit))
    let said = notes.prefix(5).map { cut($0, &masker, Self.cellMax) }
    return ToolAnswer.largest(
      of: kept.count, within: isLarge ? ToolAnswer.largeMax : ToolAnswer.sizeMax
    ) { count in
      let document = JSONDocument.object(
        [
          ("view", .text(request.table)), ("rows", .list(Array(kept.prefix(count)))),
          ("more", .bool(hasMore || count < kept.count)),
        ] + (said.isEmpty ? [] : [("notes", .texts(Array(said)))]))
      return ToolAnswer(
        text: String(decoding: document.line, as: UTF8.self), structured: document)
    }
  }

  /// A row without what says nothing; its texts masked, and cut.
  private func shown(
    _ row: AnyJSON, _ masker: inout Masker, atMost count: Int
  ) -> JSONDocument {
    guard case .object(let members) = row else { return row.document }
    var shown: [String: AnyJSON] = [:]
    for (name, value) in members where name != "offsets" && name != "offset_count" {
      switch value {
      case .null: continue
      case .text(let text): shown[name] = .text(cut(text, &masker, count))
      case .list(let list):
        shown[name] = .list(
          list.prefix(20).map { item in item.text.map { .text(cut($0, &masker, count)) } ?? item })
      default: shown[name] = value
      }
    }
    return AnyJSON.object(shown).document
  }

  /// Names of things that are asked for by them stay whole, but for what is masked; so does the folder
  /// that the agent works in anyhow.
  private func cut(_ text: String, _ masker: inout Masker, _ count: Int) -> String {
    let text = String(text.prefix(10 * count))
    let pieces =
      project.map {
        $0.utf8.count > 1
          ? text.split(separator: $0, omittingEmptySubsequences: false) : [text[...]]
      } ?? [text[...]]
    let masked = pieces.map { masker.mask(String($0)) }.joined(separator: project ?? "")
    return masked.count > count ? masked.prefix(count - 1) + "…" : masked
  }

  @available(*, noasync)
  func explain(_ given: ToolArguments) throws(FoldlogError) -> ToolAnswer {
    try store.openWithoutWaiting()
    var request = ExplainRequest()
    request.words = (given.text("view").map { [$0] } ?? []) + given.texts("key")
    let lineage = try ExplainService(store).run(
      request.checked(for: store.projectors), progress: { _ in })
    store.giveBackMemory()
    let limit = given.count("limit")
    let size = limit == nil ? ToolAnswer.sizeMax : ToolAnswer.largeMax
    var masker = Masker()
    let all = lineage.lines(TextStyle(isASCII: true), atLeast: size) { masker.mask($0) }
    let lines = all.prefix(limit ?? .max).map { line in
      line.count > 300 ? line.prefix(299) + "…" : line
    }
    let offsets = Set(lineage.events.map(\.offset)).sorted().prefix(32)
    return ToolAnswer.largest(of: lines.count, within: size) { count in
      ToolAnswer(
        text: lines.prefix(count).joined(separator: "\n"),
        structured: .object([
          ("offset", .number(lineage.offset)), ("lines", .list(offsets.map { .number($0) })),
          ("more", .bool(count < all.count)),
        ]))
    }
  }

  // MARK: What is to be remembered

  @available(*, noasync)
  func note(_ given: ToolArguments) throws(FoldlogError) -> ToolAnswer {
    var request = NoteRequest(text: given.text("text") ?? "")
    request.section = given.text("section")
    request.key = given.text("key")
    request.project = project
    let projection = try NoteService(store).run(request.checked(for: store.projectors))
    store.giveBackMemory()
    let said =
      projection.error.map { "Noted; the views are not up to date: \($0)" } ?? "Noted."
    return ToolAnswer(text: said, structured: .object([("noted", .bool(true))]))
  }
}

extension ContextAnswer.Line {
  /// For programs.
  fileprivate func claim(in section: String) -> JSONDocument {
    var members: [(name: String, value: JSONDocument)] = [
      ("section", .text(section)), ("text", .text(text)), ("offset", .number(offset)),
    ]
    if let successes { members.append(("successes", .number(successes))) }
    if let attempts { members.append(("attempts", .number(attempts))) }
    return .object(members)
  }
}
