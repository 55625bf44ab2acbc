internal import Bytes
internal import Events
internal import Facts
internal import Interactions
internal import Similarity
internal import Views

/// What came of requests like one.
extension ContextSearch {
  /// From here on, in hundredths, a request is like another.
  private static let likeMin = 60
  /// Words of a request below which it says too little.
  private static let wordsMin = 4
  /// Of the newest requests so many are looked at one by one; of older ones those that are found by index.
  private static let newestMax: UInt64 = 4_000

  mutating func addLike(_ prompt: String, to answer: inout ContextAnswer) throws {
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
        let value = try views.row("values", ["\(source)", "0"]),
        let asked = value["prompt"].text, let like = similarity(asked), try isOfProject(value)
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
    let found = try like(prompt, similarity)
    func having(_ outcome: String) -> [(FixedPoint, AnswerRow)] {
      found.filter { $0.1["outcome"].text == outcome }
    }
    answer.add("succeeded", "Requests like it that succeeded:", requests(having("success")))
    answer.add("failed", "Requests like it that failed:", requests(having("failure")))
  }

  /// The rows of requests like one, of this project.
  private func like(
    _ prompt: String, _ similarity: (String) -> FixedPoint?
  ) throws -> [(FixedPoint, AnswerRow)] {
    let known = try views.requests(
      like: prompt, atLeast: Self.likeMin, newest: Self.newestMax, isLate: isLate)
    if let known {
      var rows: [(FixedPoint, AnswerRow)] = []
      for request in known {
        let key = ["\(request.outcome.offset)", "\(request.outcome.part)"]
        guard let row = try views.row("values", RowKey(key)), try isOfProject(row) else { continue }
        rows.append((request.similarity, row))
      }
      return rows
    }
    var found: [(FixedPoint, AnswerRow)] = []
    try views.forEach("values") { row in
      if let asked = row["prompt"].text, let like = similarity(asked) { found.append((like, row)) }
      return !isLate()
    }
    return try found.filter { try isOfProject($0.1) }
  }

  /// What was asked elsewhere is nobody's business here.
  private func isOfProject(_ row: AnswerRow) throws -> Bool {
    if asked.project == nil { return true }
    guard let id = row["session_id"].text, let session = try views.row("sessions", [id]) else {
      return false
    }
    return asked.isOfProject(session["project"].text)
  }

  private mutating func requests(_ found: [(FixedPoint, AnswerRow)]) -> [Line] {
    let sorted = found.sorted { left, right in
      left.0 != right.0 ? left.0 > right.0 : left.1.count("offset") > right.1.count("offset")
    }
    return sorted.prefix(5).map { like, row in
      let model = row["model"].text.map { ", by \(text.of($0, atMost: 60))" } ?? ""
      return Line(
        "\(text.of(row["prompt"].text ?? "", atMost: 160)) (\(hundredths(like)) like it, worth "
          + "\(worth(row["score"]))\(model))", at: row.count("offset"))
    }
  }

  private func worth(_ cell: Cell) -> String {
    if case .decimal(let value) = cell { hundredths(value) } else { cell.plainText }
  }

  /// No more digits than say something.
  func hundredths(_ value: FixedPoint) -> String {
    let text = "\(value)"
    guard let point = text.firstIndex(of: ".") else { return text }
    return String(text[..<point] + text[point...].prefix(3))
  }
}
