import DatasetsProjector
import Events
import Facts
import Projection
import TestSupport
import Testing
import TrainingData
import Views

private typealias Spec = ProjectorSpec<DatasetsProjector>

/// A view that a history of every kind of change has gone through, its events, and its interactions as
/// they are at last.
private func lived() throws -> (spec: Spec, events: [Event], interactions: [Interaction]) {
  var random = SeededRandom(seed: 0xda7a_5e78)
  let (events, facts) = history(&random)
  let spec = try Spec(DatasetsProjector.self)
  try spec.given(events, facts: facts)
  var last: [UInt64: Interaction] = [:]
  for fact in facts { last[fact.after.number] = fact.after }
  return (spec, events, last.values.sorted { $0.number < $1.number })
}

private func subject(_ spec: Spec, _ event: Event, _ interactions: [Interaction]) -> EventSubject {
  EventSubject(
    event: event,
    interaction: interactions.first { $0.evidence.first.contains(event.offset) })
}

@Test func `a row is found by its key as the scan gives it`() throws {
  let (spec, _, _) = try lived()
  for table in DatasetsProjector.view.tables {
    let places = table.columns.indices.filter { table.columns[$0].isKey }
    var count = 0
    try table.forEach(in: spec.tables) { cells throws(TableError) in
      count += 1
      let key = RowKey(places.map { cells[$0] == .null ? nil : cells[$0].plainText })
      let found = try table.row(key, in: spec.tables)
      #expect(found == cells, "\(table.name) \(key)")
      return true
    }
    #expect(count > 1, "\(table.name)")
    #expect(try table.row(["99999"], in: spec.tables) == nil)
    #expect(try table.row(["none"], in: spec.tables) == nil)
  }
}

@Test func `the rows of an event are those that it stands in`() throws {
  let (spec, events, interactions) = try lived()
  for table in DatasetsProjector.view.tables.prefix(2) {
    var all: [AnswerRow] = []
    try table.forEach(in: spec.tables) { cells in
      all.append(AnswerRow(columns: table.columns, cells: cells))
      return true
    }
    var count = 0
    for event in events {
      let found = try table.rows(about: subject(spec, event, interactions), in: spec.tables)
      let expected = all.filter { $0.offsets.contains(event.offset) }
      let keys = found.map(\.cells)
      #expect(expected.allSatisfy { keys.contains($0.cells) }, "\(table.name) \(event.offset)")
      #expect(keys.allSatisfy { cells in all.contains { $0.cells == cells } })
      #expect(zip(found, found.dropFirst()).allSatisfy { id($0) < id($1) })
      count += expected.count
    }
    #expect(count > 20, "\(table.name)")
  }
}

private func id(_ row: AnswerRow) -> Int64 { row.cells[0].integer ?? -1 }

@Test func `a retry and a dropped pair are found from each of their sides`() throws {
  let spec = try Spec(DatasetsProjector.self)
  func attempt(_ number: UInt64, _ response: String, _ session: String, accepted: Bool?)
    -> Interaction
  {
    var one = answered(
      number, prompt: "sort it", response: response, session: session,
      score: accepted == true ? 90 : 20, outcome: accepted == true ? .success : .failure)
    one.feedback.accepted = accepted
    return one
  }
  let refused = attempt(0, "no", "s66", accepted: false)
  let taken = attempt(1, "yes", "s66", accepted: true)
  var elsewhere = attempt(2, "worse", "s92", accepted: nil)
  elsewhere.fields[.prompt] = "sort that"
  try spec.given(facts: [refused, taken, elsewhere].map(asserted))
  func reasons(_ interaction: Interaction) throws -> [String] {
    let about = EventSubject(
      event: event(interaction.offset, "task_completed"), interaction: interaction)
    return try PreferencePair.answer.rows(about: about, in: spec.tables).map {
      $0["reason"].plainText
    }
  }
  #expect(try reasons(refused) == ["retry"])
  #expect(try reasons(taken) == ["retry"])
  // The one that would be of another split is no row.
  #expect(try reasons(elsewhere).isEmpty)
}

@Test func `the pair of a judgment is found from its event and from its interaction`() throws {
  let spec = try Spec(DatasetsProjector.self)
  let asked = interaction(
    0, at: 10, stream: .hybrid, score: 80,
    [.interactionID: "i", .prompt: "which", .response: "x", .sessionID: "s92"])
  let early = event(3, "judgment", [.interactionID: "i", .chosen: "a", .rejected: "b"])
  let late = event(20, "preference", [.prompt: "which", .chosen: "a", .rejected: "b"])
  let other = event(21, "judgment", [.interactionID: "i", .chosen: "c", .rejected: "b"])
  try spec.given([early], facts: [asserted(asked)])
  try spec.given([late, other], facts: [changed(asked, at: 21, to: asked)])
  func ids(_ event: Event, _ interaction: Interaction?) throws -> [Int64] {
    let about = EventSubject(event: event, interaction: interaction)
    return try PreferencePair.answer.rows(about: about, in: spec.tables).map(id)
  }
  #expect(try ids(early, nil) == [0])
  #expect(try ids(late, nil) == [0])
  #expect(try ids(other, asked) == [0, 1])
  #expect(try ids(event(10, "task_completed"), asked) == [0, 1])
  #expect(try ids(event(11, "chat"), nil).isEmpty)
}

@Test func `the members of a cluster are listed, the first 32 in their order`() throws {
  let spec = try Spec(DatasetsProjector.self)
  let members = (0..<40 as Range<UInt64>).map {
    answered($0, prompt: text("p"), response: text("r"), score: 70 + Int64($0 % 20))
  }
  try spec.given(facts: members.map(asserted))
  let fallen = answered(1, prompt: text("p"), response: text("r"), score: 30)
  try spec.given(facts: [changed(members[1], at: 900, to: fallen)])
  let cells = try #require(try Example.answer.row(["0"], in: spec.tables))
  let row = AnswerRow(columns: Example.answer.columns, cells: cells)
  let explanation = try Example.answer.explanation(of: row, in: spec.tables, trace: nil)
  let inputs = explanation.figures.first { $0.name == "offset" }?.inputs ?? []
  #expect(inputs.map(\.offsets) == (0..<32).map { [$0 * 10] })
  #expect(inputs[1].name == "score, no longer an example")
  #expect(inputs.allSatisfy { $0.name == "score" || $0.offsets == [10] })
  let merged = explanation.figures.first { $0.name == "merged" }
  #expect(merged?.inputs == [Input("members", .integer(40))])
}
