internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// What became of fixes, by the notes of a fold, for one pattern.
struct FixStory {
  let notes: [FoldNotes.Note]

  init(
    of pattern: UInt64, in tables: any ViewReader, _ notes: FoldNotes?
  ) throws(TableError) {
    let merged = try ErrorTables.roots(tables)
    self.notes = (notes?.notes ?? []).filter { note in
      guard let group = UInt64(note.subject) else { return false }
      return merged[group] ?? group == pattern
    }
  }

  /// - Parameter fix: only of this fix; nil for the one that nobody named.
  func steps(of fix: String?) -> [Step] {
    steps(about(fix))
  }

  /// The first errors that it was tried on.
  func errors(of fix: String?) -> [Offset] {
    about(fix).prefix(Evidence.keptMax).compactMap(\.earlier)
  }

  private func about(_ fix: String?) -> [FoldNotes.Note] {
    notes.filter { $0.text.utf8.elementsEqual((fix ?? "").utf8) }
  }

  var steps: [Step] { steps(notes) }

  private func steps(_ notes: [FoldNotes.Note]) -> [Step] {
    notes.map { note in
      let verb = note.isGood == true ? "mended" : "did not mend"
      let fix = note.text.isEmpty ? "something that nobody named" : "`\(note.text)`"
      let error = note.earlier.map { " the error of event \($0)" } ?? ""
      return Step(
        note.offset,
        note.earlier == note.offset
          ? "says of its own error that \(fix) \(verb) it" : "\(fix) \(verb)\(error)")
    }
  }
}

extension FixAnswer: ExplainedTable {
  var notesNeeded: NotesNeeded { .events }

  func rows(about subject: EventSubject, in tables: any ViewReader) throws(TableError)
    -> [AnswerRow]
  {
    try rows(in: tables) { $0.offsets.contains(subject.offset) }
  }

  func explanation(
    of row: AnswerRow, in tables: any ViewReader, notes: FoldNotes?
  ) throws(TableError) -> Explanation {
    let id = UInt64(clamping: row["pattern_id"].integer ?? 0)
    let story = try FixStory(of: id, in: tables, notes)
    let successes = Input("successes", row["successes"])
    let seconds = row["seconds_to_fix"].real
    let sum = seconds.map { $0 * Double(row["successes"].integer ?? 0) }
    return Explanation(
      title: "errors/fixes: what was done about pattern \(id)",
      rule: """
        A fix works when, after an error, the same thing succeeds in the same session or task: the \
        same command or call of a tool, or the task that completes, or an event that says so. The \
        fix is what that event calls so, else the last other command or tool that succeeded in \
        between, else nobody named it. When the same fails in the same way after such an action, the \
        action has failed as a fix.
        """,
      figures: [
        Figure(
          "attempts", row["attempts"], "successes + failures",
          [
            successes, Input("failures", row["failures"]),
          ]),
        Figure(
          "seconds_to_fix", row["seconds_to_fix"],
          "the time from the error to its success, over the successes",
          [Input("seconds in all", Cell(sum)), successes]),
        Figure("projects", row["projects"], "different projects where it worked"),
        Figure(
          "global", row["global"], "named, and projects ≥ 2", [Input("projects", row["projects"])]),
      ],
      steps: story.steps(of: row["fix"].text),
      offsets: Set(row.offsets + story.errors(of: row["fix"].text)).sorted())
  }
}

extension TopAnswer: ExplainedTable {
  var notesNeeded: NotesNeeded { .events }

  func rows(about subject: EventSubject, in tables: any ViewReader) throws(TableError)
    -> [AnswerRow]
  {
    guard let id = try pattern(of: subject.offset, in: tables) else { return [] }
    return try rows(in: tables) { $0["pattern_id"] == Cell(id) }
  }

  func explanation(
    of row: AnswerRow, in tables: any ViewReader, notes: FoldNotes?
  ) throws(TableError) -> Explanation {
    let id = UInt64(clamping: row["pattern_id"].integer ?? 0)
    let pattern = try tables.read(ErrorTables.patterns).row(id)
    let (successes, failures) = (row["successes"], row["failures"])
    return Explanation(
      title: "errors/top \(row["rank"].integer ?? 0): pattern \(id)",
      rule: """
        The active patterns of which at least 60 of 100 fixes worked, by their success_rate, then by \
        their successes, then by their number. `foldlog explain errors \(id)` tells of the pattern.
        """,
      figures: [
        Figure(
          "rank", row["rank"], "its place in that order",
          [Input("success_rate", row["success_rate"]), Input("successes", successes)]),
        Figure(
          "success_rate", row["success_rate"], "successes / (successes + failures)",
          [Input("successes", successes), Input("failures", failures)]),
        Figure(
          "confidence", row["confidence"], "(successes + start) / (successes + failures + 1)",
          [
            Input("successes", successes), Input("failures", failures),
            Input("start", Cell(pattern?.startingConfidence)),
          ]),
      ],
      steps: try FixStory(of: id, in: tables, notes).steps,
      offsets: pattern?.evidence.first ?? [], offsetCount: pattern?.evidence.count)
  }
}

extension Cell {
  /// Its number, if it holds a derived one.
  fileprivate var real: Double? { if case .real(let number) = self { number } else { nil } }
}
