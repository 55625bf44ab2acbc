internal import Bytes
internal import Events
internal import Facts
internal import Similarity
internal import Views

/// Tells what an agent should know now, from the views as they are at one moment: the surest first, and
/// nothing without evidence.
package struct ContextService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// - Parameter isLate: whether there is no more time to look: what was found by then is told.
  @available(*, noasync)
  package func run(
    _ asked: ContextRequest.Checked, isLate: @escaping () -> Bool = { false }
  ) throws(FoldlogError) -> ContextAnswer {
    try ContextViews.with(Self.views(for: asked), of: store, asOf: asked.end) { views in
      var search = ContextSearch(asked, views, isLate)
      return try search.answer()
    }
  }

  /// The views that a question needs.
  private static func views(for asked: ContextRequest.Checked) -> [String] {
    var views: Set = ["errors"]
    if asked.file != nil || asked.project != nil { views.insert("sessions") }
    if !asked.isBrief || asked.file != nil { views.insert("knowledge") }
    if asked.prompt != nil { views.formUnion(["values", "skills"]) }
    return views.sorted()
  }
}

/// One search for what to tell.
private struct ContextSearch {
  let asked: ContextRequest.Checked
  let views: ContextViews
  let isLate: () -> Bool
  var text: AnswerText

  init(_ asked: ContextRequest.Checked, _ views: ContextViews, _ isLate: @escaping () -> Bool) {
    self.asked = asked
    self.views = views
    self.isLate = isLate
    text = AnswerText(project: asked.project)
  }

  typealias Line = ContextAnswer.Line

  mutating func answer() throws -> ContextAnswer {
    var answer = ContextAnswer(offset: views.offset, sizeMax: asked.sizeMax)
    if let error = asked.error { try addKnown(error, to: &answer) }
    // People paste what failed into what they ask for.
    if asked.error == nil, let prompt = asked.prompt, prompt.contains("\n") {
      try addKnown(prompt, isCoveredOnly: true, to: &answer)
    }
    var notes = try notes()
    if let file = asked.file {
      let told = try addFile(file, notes, to: &answer)
      notes.removeAll { told.contains($0.offset) }
    }
    if let prompt = asked.prompt { try addLike(prompt, to: &answer) }
    if asked.isBrief { return answer }
    for kind in NoteKind.allCases {
      let lines = notes.filter { $0.section == kind.rawValue }.prefix(kind.limit).map { note in
        line(of: note)
      }
      answer.add(kind.name, kind.title, Array(lines))
    }
    if asked.error == nil { try addGlobalFixes(to: &answer) }
    if let project = asked.project { try addProject(project, to: &answer) }
    return answer
  }

  // MARK: Errors

  private mutating func addKnown(
    _ message: String, isCoveredOnly: Bool = false, to answer: inout ContextAnswer
  ) throws {
    let rows = try views.knownFixes(message)
    guard let first = rows.first, let match = first["match"].text, match != "new",
      match == "covered" || !isCoveredOnly, let template = first["template"].text,
      Advisable.isTelling(template)
    else { return }
    let isCovered = match == "covered"
    var fixes: [Line] = []
    var deadEnds: [Line] = []
    for row in rows {
      guard let fix = row["fix"].text, let offset = row.lastOffset,
        let action = Advisable(fix, in: asked.project)
      else { continue }
      let (successes, attempts) = (row.count("successes"), row.count("attempts"))
      let isGood = isCovered ? 2 * successes >= attempts : 10 * successes >= 6 * attempts
      if successes > 0, isGood {
        if successes < leastSuccesses(action, isCovered: isCovered, message, template) { continue }
        let place = row["global"] == .bool(true) ? ", in more than one place" : ""
        let like = isCovered ? "" : " (an error like it)"
        fixes.append(
          line(
            "\(shown(action)) mended it \(successes) of \(times(attempts))\(place)\(like)",
            row, at: offset))
      } else if isCovered, !action.isEdit {
        let how = successes == 0 ? "did not mend it" : "mended it only \(successes) of"
        deadEnds.append(
          line(
            successes == 0
              ? "\(shown(action)) \(how), tried \(times(attempts))"
              : "\(shown(action)) \(how) \(times(attempts))", row, at: offset))
      }
    }
    answer.add("fixes", "What mended this error before:", Array(fixes.prefix(5)))
    // What failed once, where nothing is known to work, may have been no more than a look.
    let isKnown = !fixes.isEmpty
    deadEnds.removeAll { !isKnown && $0.attempts ?? 0 < 2 }
    answer.add("dead_ends", "What did not mend it:", Array(deadEnds.prefix(5)))
  }

  /// How often a fix must have worked to be told: once may be chance where the error is only like it, is a
  /// failed expectation, which says nothing of its cause, or names another file than the one changed.
  private func leastSuccesses(
    _ action: Advisable, isCovered: Bool, _ message: String, _ template: String
  ) -> UInt64 {
    if !isCovered || Advisable.isExpectation(template) { return 2 }
    guard case .edit(let path) = action.kind, let name = path.split(separator: "/").last else {
      return 1
    }
    return message.contains(name) ? 1 : 2
  }

  private mutating func shown(_ action: Advisable) -> String {
    switch action.kind {
    case .command(let command): "`\(text.of(command))`"
    case .edit(let path): "a change of `\(text.of(path))`"
    }
  }

  /// A line about a fix.
  private func line(_ said: String, _ row: AnswerRow, at offset: UInt64) -> Line {
    var line = Line(said, at: offset)
    line.action = row["fix"].text
    line.pattern = row["template"].text
    line.successes = row.count("successes")
    line.attempts = row.count("attempts")
    return line
  }

  private func times(_ count: UInt64) -> String { count == 1 ? "1 time" : "\(count) times" }

  private mutating func addGlobalFixes(to answer: inout ContextAnswer) throws {
    var rows: [AnswerRow] = []
    try views.forEach("errors/fixes") { row in
      let (successes, attempts) = (row.count("successes"), row.count("attempts"))
      if row["global"] == .bool(true), 10 * successes >= 6 * attempts { rows.append(row) }
      return true
    }
    rows.sort { left, right in
      let (mine, theirs) = (
        left.count("successes") * right.count("attempts"),
        right.count("successes") * left.count("attempts")
      )
      return (mine, left.count("successes")) > (theirs, right.count("successes"))
    }
    var lines: [Line] = []
    for row in rows where lines.count < 20 {
      guard let fix = row["fix"].text, let template = row["template"].text,
        let offset = row.lastOffset, Advisable.isTelling(template),
        let action = Advisable(fix, in: asked.project), !action.isEdit
      else { continue }
      let counts = "\(row.count("successes")) of \(times(row.count("attempts")))"
      lines.append(
        line(
          "\(text.of(template, atMost: 80)): \(shown(action)) mended it \(counts)", row, at: offset)
      )
    }
    answer.add("global_fixes", "What mended errors in more than one place:", lines)
  }

  // MARK: Notes

  private struct FoundNote {
    let section: String
    let text: String
    let key: String?
    let time: Timestamp
    let offset: UInt64
  }

  private enum NoteKind: String, CaseIterable {
    case decision, preference, pattern, insight, other

    var name: String { self == .other ? "notes" : "\(rawValue)s" }
    var limit: Int { self == .pattern ? 30 : 10 }
    var title: String {
      switch self {
      case .decision: "What was decided:"
      case .preference: "What the person prefers:"
      case .pattern: "What works here:"
      case .insight: "What was found out:"
      case .other: "What was noted:"
      }
    }
  }

  /// The notes that hold here, the newest first.
  private func notes() throws -> [FoundNote] {
    var notes: [FoundNote] = []
    try views.forEach("knowledge") { row in
      let scope = row["scope"].text
      let holds =
        scope == "global" || scope == "user"
        || scope == "project" && isHere(row["subject"].text)
      guard holds, let section = row["section"].text, let said = row["text"].text,
        case .time(let time) = row["noted_at"], let offset = row.lastOffset
      else { return !isLate() }
      if section == "insight", case .decimal(let sure) = row["confidence"],
        sure < FixedPoint(hundredths: 70)
      {
        return true
      }
      notes.append(
        FoundNote(section: section, text: said, key: row["key"].text, time: time, offset: offset))
      return !isLate()
    }
    return notes.sorted { ($0.time, $0.offset) > ($1.time, $1.offset) }
  }

  /// Whether a project is the one that is worked in, or holds it.
  private func isHere(_ project: String?) -> Bool {
    guard let project, let here = asked.project else { return false }
    return here == project || here.hasPrefix(project + "/")
  }

  private mutating func line(of note: FoundNote) -> Line {
    let key = note.key.map { "\(text.of($0, atMost: 60)): " } ?? ""
    return Line(key + text.of(note.text, atMost: 300), at: note.offset)
  }

  // MARK: A file

  /// - Returns: the lines of the notes that were told.
  private mutating func addFile(
    _ file: String, _ notes: [FoundNote], to answer: inout ContextAnswer
  ) throws -> Set<UInt64> {
    let name = String(file.split(separator: "/").last ?? file[...])
    let decided = notes.filter { note in
      note.section == "decision" && (note.key?.contains(name) == true || note.text.contains(name))
    }.prefix(10)
    answer.add(
      "file_decisions", "What was decided about this file:", decided.map { line(of: $0) })
    var paths = [file]
    if let project = asked.project {
      paths.append("\(project)/\(file)")
      if file.hasPrefix(project + "/") { paths.append(String(file.dropFirst(project.count + 1))) }
    }
    var lines: [Line] = []
    for path in paths {
      guard let row = try views.row("sessions/files", [path]), let offset = row.lastOffset,
        let session = row["last_session_id"].text
      else { continue }
      let known = try views.row("sessions", [session])
      let title = known?["title"].text ?? known?["first_prompt"].text
      let about = title.map { " (\(text.of($0, atMost: 100)))" } ?? ""
      lines.append(
        Line(
          "\(text.of(path)): last touched in session \(text.of(session))\(about); sessions: "
            + "\(row.count("sessions")), changes: \(row.count("edits"))", at: offset))
    }
    answer.add("file", "Who worked on this file:", lines)
    return Set(decided.map(\.offset))
  }

  // MARK: Requests like this one

  /// From here on, in hundredths, a request is like another.
  private static let likeMin = 60
  /// Words of a request below which it says too little.
  private static let wordsMin = 4

  private mutating func addLike(_ prompt: String, to answer: inout ContextAnswer) throws {
    guard prompt.split(whereSeparator: \.isWhitespace).count >= Self.wordsMin else { return }
    let sketch = Sketch(of: prompt)
    func similarity(_ other: String) -> FixedPoint? {
      let found = sketch.similarity(to: Sketch(of: other))
      return found.isAtLeast(hundredths: Self.likeMin) ? found.value : nil
    }
    var known: [AnswerRow] = []
    try views.forEach("skills") { row in
      if row["status"].text != "retired" { known.append(row) }
      return !isLate()
    }
    var skills: [(FixedPoint, AnswerRow)] = []
    for row in known where !isLate() {
      // A skill is for what was asked where it comes from.
      guard let source = row["source_offset"].integer,
        let value = try views.row("values", ["\(source)", "0"]), let asked = value["prompt"].text,
        let like = similarity(asked)
      else { continue }
      skills.append((like, row))
    }
    var lines: [Line] = []
    for (_, row) in skills.sorted(by: { $0.0 > $1.0 }).prefix(5) {
      guard let offset = row.lastOffset, let name = row["name"].text else { continue }
      var steps = ""
      if case .texts(let all) = row["steps"] { steps = all.joined(separator: "; ") }
      lines.append(
        Line(
          "\(text.of(name, atMost: 60)): \(text.of(steps, atMost: 400)) (worked "
            + "\(row.count("successes")) of \(times(row.count("usage_count"))))", at: offset))
    }
    answer.add("skills", "Ways that worked for such a request:", lines)
    var succeeded: [(FixedPoint, AnswerRow)] = []
    var failed: [(FixedPoint, AnswerRow)] = []
    try views.forEach("values") { row in
      guard let asked = row["prompt"].text, let like = similarity(asked) else { return !isLate() }
      switch row["outcome"].text {
      case "success": succeeded.append((like, row))
      case "failure": failed.append((like, row))
      default: break
      }
      return !isLate()
    }
    answer.add("succeeded", "Requests like it that succeeded:", requests(succeeded))
    answer.add("failed", "Requests like it that failed:", requests(failed))
  }

  private mutating func requests(_ found: [(FixedPoint, AnswerRow)]) -> [Line] {
    let sorted = found.sorted { left, right in
      left.0 != right.0 ? left.0 > right.0 : left.1.count("offset") > right.1.count("offset")
    }
    return sorted.prefix(5).map { like, row in
      let model = row["model"].text.map { ", by \(text.of($0, atMost: 60))" } ?? ""
      return Line(
        "\(text.of(row["prompt"].text ?? "", atMost: 160)) (\(like) like it, worth "
          + "\(row["score"].plainText)\(model))", at: row.count("offset"))
    }
  }

  // MARK: The project

  private mutating func addProject(_ project: String, to answer: inout ContextAnswer) throws {
    var (sessions, successes, failures, last) = (0, 0, 0, UInt64(0))
    var cost = FixedPoint.zero
    try views.forEach("sessions") { row in
      guard row["project"].text == project else { return !isLate() }
      sessions += 1
      if row["outcome"].text == "success" { successes += 1 }
      if row["outcome"].text == "failure" { failures += 1 }
      if case .decimal(let dollars) = row["cost_usd"] { cost = cost + dollars }
      last = max(last, row.lastOffset ?? 0)
      return !isLate()
    }
    guard successes + failures > 0 || cost != .zero, !isLate() else { return }
    let dollars = cost == .zero ? "" : "; \(cost) dollars"
    answer.add(
      "costs", "This project so far:",
      [
        Line(
          "sessions: \(sessions), of which \(successes) ended well and \(failures) failed\(dollars)",
          at: last)
      ])
  }
}

extension AnswerRow {
  fileprivate func count(_ column: String) -> UInt64 {
    UInt64(clamping: self[column].integer ?? 0)
  }

  /// Nil where it stands on no line.
  fileprivate var lastOffset: UInt64? {
    self["last_offset"].integer.map { UInt64(clamping: $0) }
  }
}
