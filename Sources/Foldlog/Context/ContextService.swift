internal import Bytes
internal import Events
internal import Facts
internal import Projection
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
struct ContextSearch {
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
    var answer = ContextAnswer(
      offset: views.offset, sizeMax: asked.sizeMax, unread: views.unread)
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
    if asked.error == nil { try addFixesOfProject(to: &answer) }
    if asked.project != nil { try addProject(to: &answer) }
    return answer
  }

  // MARK: Errors

  /// - Parameter isCoveredOnly: whether only what a known template covers is one.
  private mutating func addKnown(
    _ message: String, isCoveredOnly: Bool = false, to answer: inout ContextAnswer
  ) throws {
    guard let tried = try views.tried(message, in: asked.projects),
      tried.isCovered || !isCoveredOnly, Mending.isTelling(tried.line)
    else { return }
    let met = Mending.Met(
      message: message, subject: tried.subject, isCovered: tried.isCovered, project: asked.project)
    var mends: [(Mending, TriedFix)] = []
    var deadEnds: [Line] = []
    let (fixes, ofOtherFiles) = met.fixes(tried.fixes)
    for fix in fixes {
      if let mending = Mending(fix, met: met, &text) {
        mends.append((mending, fix))
      } else if let end = Mending.deadEnd(fix, met: met, &text) {
        let how =
          end.successes == 0
          ? "did not mend it, tried \(times(end.attempts))"
          : "mended it only \(end.successes) of \(times(end.attempts))"
        var line = Line("\(end.shown) \(how)", at: end.offset)
        line.pattern = fix.template
        (line.successes, line.attempts) = (end.successes, end.attempts)
        deadEnds.append(line)
      }
    }
    let like = tried.isCovered ? "" : " (an error like it)"
    let lines = Self.surestFirst(mends).map { mending, fix in
      line(
        of: mending, fix, saying: "\(mending.shown) mended it",
        ofOtherFiles.contains(fix.fix) ? " (of another file)" : like)
    }
    answer.add("fixes", "What mended this error before:", Array(lines.prefix(5)))
    // What failed once, where nothing is known to work, may have been no more than a look.
    let isKnown = !lines.isEmpty
    deadEnds.removeAll { !isKnown && $0.attempts ?? 0 < 2 }
    answer.add("dead_ends", "What did not mend it:", Array(deadEnds.prefix(5)))
  }

  private static func surestFirst(
    _ mends: [(Mending, TriedFix)]
  ) -> [(Mending, TriedFix)] {
    mends.sorted { left, right in
      let (mine, theirs) = (
        left.0.successes * right.0.attempts, right.0.successes * left.0.attempts
      )
      return (mine, left.0.successes) > (theirs, right.0.successes)
    }
  }

  /// A line about a fix.
  private func line(
    of mending: Mending, _ fix: TriedFix, saying said: String, _ like: String = ""
  ) -> Line {
    let place = mending.isOfHere ? "" : ", in other projects"
    var line = Line(
      "\(said) \(mending.successes) of \(times(mending.attempts))\(place)\(like)",
      at: mending.offset)
    line.action = fix.fix
    line.pattern = fix.template
    (line.successes, line.attempts) = (mending.successes, mending.attempts)
    return line
  }

  func times(_ count: UInt64) -> String { count == 1 ? "1 time" : "\(count) times" }

  /// What mended errors of this project, more than once: of each the errors are named in quotes.
  private mutating func addFixesOfProject(to answer: inout ContextAnswer) throws {
    guard !asked.projects.isEmpty else { return }
    var mends: [(Mending, TriedFix)] = []
    var names: [String] = []
    for fix in try views.tried(in: asked.projects) {
      // Bound to one message it is told of that message, and of the template where it is bound to none.
      let isOfMany = Set(fix.tries.filter(\.worked).map(\.subject)).count >= 2
      let name = isOfMany ? fix.template : fix.exampleLine
      let met = Mending.Met(
        message: name, subject: fix.exampleSubject, isCovered: true, project: asked.project)
      guard Mending.isTelling(name), !isOfMany || !Mending.isAboutName(fix.template),
        let mending = Mending(fix, met: met, &text), mending.isOfHere, !mending.isEdit,
        mending.successes >= 2
      else { continue }
      mends.append((mending, fix))
      names.append(Mending.quoted(name, &text))
    }
    let order = mends.indices.sorted { left, right in
      (mends[left].0.successes, right) > (mends[right].0.successes, left)
    }
    let lines = order.prefix(5).map { place in
      let (mending, fix) = mends[place]
      return line(of: mending, fix, saying: "\(names[place]): \(mending.shown) mended it")
    }
    answer.add("project_fixes", "What mended errors in this project:", lines)
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
    project.map(asked.projects.contains) ?? false
  }

  private mutating func line(of note: FoundNote) -> Line {
    let key = note.key.map { "\(text.of($0, atMost: 60)): " } ?? ""
    return Line(key + text.of(note.text, atMost: 300), at: note.offset)
  }

  // MARK: A file

  /// Whether a text names a file: its path, or its last part, as a word of its own.
  private func names(_ file: String, in said: String?) -> Bool {
    guard let said, let name = file.split(separator: "/").last, name.contains("."), name.count > 1
    else { return false }
    let words = said.split { !($0.isLetter || $0.isNumber || "._-/".contains($0)) }
    return words.contains { word in
      let word = word.hasSuffix(".") ? word.dropLast() : word
      return word == file || word == name || word.hasSuffix("/\(name)") && file.hasSuffix(word)
    }
  }

  /// - Returns: the lines of the notes that were told.
  private mutating func addFile(
    _ file: String, _ notes: [FoundNote], to answer: inout ContextAnswer
  ) throws -> Set<UInt64> {
    let decided = notes.filter { note in
      note.section == "decision" && (names(file, in: note.key) || names(file, in: note.text))
    }.prefix(10)
    answer.add(
      "file_decisions", "What was decided about this file:", decided.map { line(of: $0) })
    var paths = [file]
    for project in asked.projects {
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

  // MARK: The project

  private mutating func addProject(to answer: inout ContextAnswer) throws {
    var (sessions, successes, failures, last) = (0, 0, 0, UInt64(0))
    var cost = FixedPoint.zero
    try views.forEach("sessions") { row in
      guard asked.isOfProject(row["project"].text) else { return !isLate() }
      sessions += 1
      if row["outcome"].text == "success" { successes += 1 }
      if row["outcome"].text == "failure" { failures += 1 }
      if case .decimal(let dollars) = row["cost_usd"] { cost = cost + dollars }
      last = max(last, row.lastOffset ?? 0)
      return !isLate()
    }
    guard successes + failures > 0 || cost != .zero, !isLate() else { return }
    let dollars = cost == .zero ? "" : "; \(hundredths(cost)) dollars"
    answer.add(
      "costs", "This project so far:",
      [
        Line(
          "sessions: \(sessions), of which \(successes) ended well and \(failures) failed\(dollars)",
          at: last)
      ])
  }
}
