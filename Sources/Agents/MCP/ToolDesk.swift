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
  private let store: Store
  private let project: String?

  init(_ store: Store, project: String?) {
    self.store = store
    self.project = project
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
    let answer = try context(request).first(lines: limit ?? Self.linesMax)
    let fixes = answer.sections.filter { $0.name == "fixes" }.flatMap(\.lines)
    // What cannot be noted is told all the same.
    do throws(FoldlogError) {
      try AdviceSpool(store).append(
        fixes.compactMap { line in
          var advice = GivenAdvice(line, section: "fixes", hook: "mcp")
          advice?.call = given.call
          return advice
        })
    } catch {
      store.notices.tell("what was advised is not noted: \(error)")
    }
    return Self.answer(
      answer, nothing: "Nothing is known of this error.",
      within: limit ?? 0 > Self.linesMax ? ToolAnswer.largeMax : ToolAnswer.sizeMax)
  }

  @available(*, noasync)
  func context(_ given: ToolArguments) throws(FoldlogError) -> ToolAnswer {
    var request = ContextRequest()
    request.prompt = given.text("prompt")
    request.file = given.text("file")
    request.error = given.text("error")
    request.project = project
    return Self.answer(try context(request), nothing: "Nothing is known for this.")
  }

  @available(*, noasync)
  private func context(_ request: ContextRequest) throws(FoldlogError) -> ContextAnswer {
    try store.openWithoutWaiting()
    return try ContextService(store).run(request.checked(for: store.projectors))
  }

  private static func answer(
    _ answer: ContextAnswer, nothing: String, within size: Int = ToolAnswer.sizeMax
  ) -> ToolAnswer {
    ToolAnswer.largest(of: answer.lines.count, within: size) { count in
      let part = answer.first(lines: count)
      return ToolAnswer(
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
      rows.append(Self.shown(row, &masker, atMost: isLarge ? Self.largeCellMax : Self.cellMax))
    }
    let hasMore = rows.count > limit
    let kept = Array(rows.prefix(limit))
    return ToolAnswer.largest(
      of: kept.count, within: isLarge ? ToolAnswer.largeMax : ToolAnswer.sizeMax
    ) { count in
      let document = JSONDocument.object([
        ("view", .text(request.table)), ("rows", .list(Array(kept.prefix(count)))),
        ("more", .bool(hasMore || count < kept.count)),
      ])
      return ToolAnswer(
        text: String(decoding: document.line, as: UTF8.self), structured: document)
    }
  }

  /// A row without what says nothing; its texts masked, and cut.
  private static func shown(
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

  /// Names of things that are asked for by them stay whole, but for what is masked.
  private static func cut(_ text: String, _ masker: inout Masker, _ count: Int) -> String {
    let masked = masker.mask(String(text.prefix(10 * count)))
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
    var masker = Masker()
    let lines = lineage.lines(TextStyle(isASCII: true)).map { line in
      let masked = masker.mask(line)
      return masked.count > 300 ? masked.prefix(299) + "…" : masked
    }
    let offsets = Set(lineage.events.map(\.offset)).sorted().prefix(32)
    let limit = given.count("limit")
    let size = limit == nil ? ToolAnswer.sizeMax : ToolAnswer.largeMax
    return ToolAnswer.largest(of: min(lines.count, limit ?? .max), within: size) { count in
      ToolAnswer(
        text: lines.prefix(count).joined(separator: "\n"),
        structured: .object([
          ("offset", .number(lineage.offset)), ("lines", .list(offsets.map { .number($0) })),
          ("more", .bool(count < lines.count)),
        ]))
    }
  }

  // MARK: What is to be remembered

  @available(*, noasync)
  func note(_ given: ToolArguments) throws(FoldlogError) -> ToolAnswer {
    var request = NoteRequest(text: given.text("text") ?? "")
    request.section = given.text("section")
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
