import Events
import Foldlog
import Query
import TestSupport
import Testing
import Views

/// An explanation says what the row says, whoever else had a part in the session.
@Suite struct ExplainTruthTests {
  private struct Log {
    let directory: TemporaryDirectory
    let store: Store

    init(_ lines: [String]) throws {
      directory = try TemporaryDirectory()
      store = try Store(directory: DataDirectory(path: directory.file("data")))
      let text = lines.map { $0 + "\n" }.joined()
      try store.ingest(lines: Array(text.utf8), source: "lines", stream: .aidb)
      try store.fold()
    }

    func rows() throws -> [AnswerRow] { try answerRows(of: "values", in: store) }

    func explain(_ words: String...) throws -> Lineage {
      var request = ExplainRequest()
      request.words = words
      return try ExplainService(store).run(
        request.checked(for: store.projectors), progress: { _ in })
    }

    /// Each row's score and feedback are those of its explanation, and each of its events is explained
    /// with the row's interaction.
    func check(_ comment: Comment) throws {
      for row in try rows() {
        let offset = row["offset"].plainText
        let interaction = try #require(
          try explain("values", offset).interaction, "values \(offset), \(comment)")
        for name in ["score", "feedback", "outcome", "reusability", "novelty"] {
          #expect(
            interaction.figures.first { $0.name == name }?.value == row[name],
            "\(name) of values \(offset), \(comment)")
        }
        #expect(interaction.offsets == row["offsets"].offsets, "values \(offset), \(comment)")
        for event in row["offsets"].offsets ?? [] {
          let explained = try explain("\(event)")
          #expect(
            explained.interaction?.offsets == interaction.offsets, "event \(event), \(comment)")
          #expect(
            explained.rows.contains { $0.name == "values \(offset)" }, "event \(event), \(comment)")
        }
      }
    }
  }

  @Test func `a question that was asked twice keeps the feedback of each apart`() throws {
    let log = try Log([
      #"{"event":"query_completion","query_id":"K1","session_id":"S01","query":"how","success":true}"#,
      #"{"event":"query_completion","query_id":"I1","session_id":"S01","query":"how","success":true}"#,
      #"{"event":"feedback","query_id":"K1","session_id":"S01","query":"how","user_feedback":-1}"#,
      #"{"event":"feedback","query_id":"I1","session_id":"S01","query":"how","copied_to_clipboard":true}"#,
    ])
    try log.check("two of one question")
  }

  @Test func `more feedback than may count in a minute is told as it counted`() throws {
    var lines = [
      #"{"event":"query_completion","query_id":"I1","session_id":"S","query":"how","success":true}"#
    ]
    for number in 1..<100 {
      lines.append(
        """
        {"event":"feedback","query_id":"I1","session_id":"S","user_feedback":\
        \(number % 2 == 0 ? 1 : -1),"timestamp":"2026-01-05T10:00:\(number % 50 + 10)Z"}
        """)
    }
    try Log(lines).check("99 feedbacks")
  }

  @Test func `ids that are numbers, and texts with escapes, are found`() throws {
    let log = try Log([
      #"{"event":"query_completion","query_id":17,"session_id":"s\u00e9","query":"a\nb","success":true}"#,
      #"{"event":"feedback","query_id":1.7e1,"session_id":"sé","rating":5}"#,
      #"{"event":"query_completion","query_id":"q\u0031","session_id":"x","query":"c","exit_code":0}"#,
      #"{"event":"feedback","query_id":"q1","rating":1}"#,
    ])
    try log.check("ids in other forms")
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func `whatever the order of few ids in few sessions, rows and explanations agree`(
    _ seed: UInt64
  ) throws {
    var random = SeededRandom(seed: seed)
    func pick(_ choices: [String]) -> String { choices[Int(random.next() % UInt64(choices.count))] }
    let lines = (0..<70).map { number in
      var parts = [
        #""event":"\#(pick(["query", "query_completion", "feedback", "query_completion"]))""#,
        #""timestamp":"2026-01-05T10:\#(number / 6 + 10):0\#(number % 6)Z""#,
      ]
      if random.next() % 5 != 0 {
        parts.append(#""query_id":"\#(pick(["i1", "i2", "i3", "i4"]))""#)
      }
      if random.next() % 4 != 0 { parts.append(#""session_id":"\#(pick(["one", "two"]))""#) }
      if random.next() % 3 != 0 { parts.append(#""query":"\#(pick(["how", "why", "when"]))""#) }
      parts.append(
        pick([
          #""success":true"#, #""success":false"#, #""rating":5"#, #""user_feedback":-1"#,
          #""copied_to_clipboard":true"#, #""exit_code":1"#,
        ]))
      return "{\(parts.joined(separator: ","))}"
    }
    try Log(lines).check("seed \(seed)")
  }
}
