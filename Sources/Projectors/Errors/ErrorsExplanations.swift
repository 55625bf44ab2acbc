internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// The pattern that the error of an event went to, as it is by now; nil when it had none.
func pattern(of offset: Offset, in tables: any ViewReader) throws(TableError) -> UInt64? {
  let events = try tables.read(ErrorTables.events)
  // Rows come in the order of their offsets.
  var (low, high) = (UInt64(0), events.count)
  while low < high {
    let middle = (low + high) / 2
    guard let event = try events.row(middle) else { return nil }
    if event.offset == offset { return try ErrorTables.roots(tables)[event.group] ?? event.group }
    if event.offset < offset { low = middle + 1 } else { high = middle }
  }
  return nil
}

extension PatternAnswer: ExplainedTable {
  var notesNeeded: NotesNeeded { .events }

  func rows(about subject: EventSubject, in tables: any ViewReader) throws(TableError)
    -> [AnswerRow]
  {
    guard let id = try pattern(of: subject.offset, in: tables),
      let pattern = try tables.read(ErrorTables.patterns).row(id)
    else { return [] }
    return [AnswerRow(columns: columns, cells: cells(id, pattern))]
  }

  func explanation(
    of row: AnswerRow, in tables: any ViewReader, notes: FoldNotes?
  ) throws(TableError) -> Explanation {
    let id = UInt64(clamping: row["pattern_id"].integer ?? 0)
    let title = "errors \(id): \(row["template"].text ?? "")"
    guard let pattern = try tables.read(ErrorTables.patterns).row(id) else {
      return Explanation(title: title, rule: "")
    }
    let joined = try ErrorTables.roots(tables).filter { $0.value == id }.keys.sorted()
    let story = try FixStory(of: id, in: tables, notes)
    return Explanation(
      title: title,
      rule: """
        Of each error_message the telling line is taken, what varies in it (numbers, paths, quoted \
        texts, …) becomes <*>, and Drain's parse tree finds the group of messages that say the same. \
        Category, type and name come from the first message of the group.
        """,
      figures: [
        Figure(
          "template", row["template"],
          "the words that all messages of the group share, <*> where they differ",
          [
            Input(
              "example", row["example"],
              row["first_offset"].integer.map { [UInt64(clamping: $0)] } ?? []),
            Input("groups that became part of it", .offsets(joined)),
          ])
      ] + kind(pattern) + numbers(pattern, row),
      steps: story.steps, offsets: row.offsets, offsetCount: pattern.evidence.count)
  }

  private func kind(_ pattern: Pattern) -> [Figure] {
    let line = Described(pattern)
    let builtIn = pattern.builtIn.flatMap(BuiltIn.named)
    var rule = "nothing that a category names is in it"
    if builtIn != nil {
      rule = "that of the built-in pattern"
    } else if line.phrase(of: pattern.category) != nil {
      rule = "the first category of which type and line hold a phrase"
    } else if pattern.category != .other {
      rule = "by the whole message, of which the example shows the beginning"
    }
    return [
      Figure(
        "category", .text(pattern.category.name), rule,
        [
          Input("type and line", .text(line.text)),
          Input("phrase", Cell(builtIn.map(line.phrase(of:)) ?? line.phrase(of: pattern.category))),
        ]),
      Figure(
        "error_type", Cell(pattern.errorType), "the field error_type, else what the line names"),
      Figure(
        "built_in", .bool(pattern.builtIn != nil),
        "whether type and line hold a phrase of a built-in pattern, which gives name and advice",
        [
          Input("name", Cell(pattern.builtIn)),
          Input("phrase", Cell(builtIn.flatMap(line.phrase(of:)))),
          Input("advice", Cell(builtIn?.advice)),
        ]),
    ]
  }

  private func numbers(_ pattern: Pattern, _ row: AnswerRow) -> [Figure] {
    let successes = Input("successes", row["successes"])
    let failures = Input("failures", row["failures"])
    return [
      Figure("count", row["count"], "events with an error of the group"),
      Figure("sessions", row["sessions"], "different session_ids among them"),
      Figure(
        "success_rate", row["success_rate"],
        "successes / (successes + failures) of its fixes, each of which is a step below",
        [successes, failures]),
      Figure(
        "confidence", row["confidence"],
        "(successes + start) / (successes + failures + 1), where start is 0.9 for a built-in "
          + "pattern and 0.7 for a learned one",
        [successes, failures, Input("start", .real(pattern.startingConfidence))]),
      Figure(
        "active", row["active"],
        "built in, or fewer than \(Pattern.failuresMin) failures, or a success_rate of at least 0.5",
        [Input("built_in", row["built_in"]), failures, Input("success_rate", row["success_rate"])]),
    ]
  }
}

/// The type and the telling line of a pattern's first message: what categories are looked for in.
private struct Described {
  let text: String

  init(_ pattern: Pattern) {
    let bytes = pattern.example.utf8.span
    let plain = hasEscapes(bytes) ? withoutEscapes(bytes) : Array(pattern.example.utf8)
    let line = plain.span.extracting(Headline(plain.span).line)
    let type = pattern.errorType ?? ""
    text = "\(type) \(String(repairing: line).bounded(Limits.exampleSizeMax))"
  }

  func phrase(of category: Category) -> String? { category.phrase(in: text.utf8.span) }
  func phrase(of builtIn: BuiltIn) -> String? { builtIn.phrase(in: text.utf8.span) }
}

extension GapAnswer: ExplainedTable {
  func rows(about subject: EventSubject, in tables: any ViewReader) throws(TableError)
    -> [AnswerRow]
  {
    guard let offset = subject.interaction?.offset else { return [] }
    return try rows(in: tables) { $0.offsets.contains(offset) }
  }

  func explanation(
    of row: AnswerRow, in tables: any ViewReader, notes: FoldNotes?
  ) throws(TableError) -> Explanation {
    Explanation(
      title: "errors/gaps \(row["first_offset"].integer ?? 0): asked again and again in vain",
      rule: """
        Interactions whose prompt is at least 0.85 similar to the first of their cluster (equal, when \
        it has no words) count together. A cluster is a gap when it failed at least \
        \(PromptCluster.failuresMin) times and never succeeded, whenever that was; a partial success \
        is neither. The events below are those that first gave the failed interactions an outcome.
        """,
      figures: [
        Figure("prompt", row["prompt"], "the first of the cluster"),
        Figure(
          "failures", row["failures"], "failures ≥ \(PromptCluster.failuresMin) and successes = 0",
          [Input("failures", row["failures"], row.offsets), Input("successes", .integer(0))]),
      ],
      offsets: row.offsets, offsetCount: row["offset_count"].integer.map(UInt64.init(clamping:)))
  }
}

extension ErrorEventAnswer: ExplainedTable {
  func rows(about subject: EventSubject, in tables: any ViewReader) throws(TableError)
    -> [AnswerRow]
  {
    guard let id = try pattern(of: subject.offset, in: tables) else { return [] }
    return [AnswerRow(columns: columns, cells: [Cell(subject.offset), Cell(id)])]
  }

  func explanation(
    of row: AnswerRow, in tables: any ViewReader, notes: FoldNotes?
  ) throws(TableError) -> Explanation {
    let id = UInt64(clamping: row["pattern_id"].integer ?? 0)
    let pattern = try tables.read(ErrorTables.patterns).row(id)
    return Explanation(
      title: "errors/events \(row["offset"].integer ?? 0): the pattern of an error",
      rule: """
        Of the event's error_message the telling line is taken, what varies becomes <*>, and Drain's \
        parse tree finds its group; a group that became part of another counts as that one. \
        `foldlog explain errors \(id)` tells of the pattern.
        """,
      figures: [
        Figure(
          "pattern_id", row["pattern_id"], "the group whose template the line fits",
          [
            Input("template", Cell(pattern?.template)),
            Input(
              "example", Cell(pattern?.example), Array((pattern?.evidence.first ?? []).prefix(1))),
          ])
      ],
      offsets: row.offsets, offsetCount: 1)
  }
}
