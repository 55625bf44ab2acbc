import DatasetsProjector
import Events
import Facts
import Projection
import TestSupport
import Testing
import Views

private func example(_ number: UInt64, _ domain: String?) -> Interaction {
  var fields: [Field: FieldValue] = [
    .prompt: .text("ask for \(number)"), .response: .text("answer \(number)"), .sessionID: "s",
  ]
  fields[.domain] = domain.map { .text($0) }
  return interaction(number, at: number * 10, score: 80, fields)
}

@Test func `examples are counted by domain, and move when theirs changes`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  let moved = example(2, "web")
  try spec.given(facts: [
    asserted(example(0, nil)), asserted(example(1, "web")), asserted(moved),
    asserted(example(3, "web")),
  ])
  func rows() throws -> [[Cell?]] {
    try spec.rows("datasets/domains").map { [$0["domain"], $0["examples"], $0["share"]] }
  }
  #expect(
    try rows() == [[.null, .integer(1), .real(0.25)], [.text("web"), .integer(3), .real(0.75)]])
  try spec.given(facts: [changed(moved, at: 50, to: example(2, "data"))])
  #expect(
    try rows() == [
      [.null, .integer(1), .real(0.25)], [.text("data"), .integer(1), .real(0.25)],
      [.text("web"), .integer(2), .real(0.5)],
    ])
}

@Test func `domains are told apart by their bytes, and none counts below nothing`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  // The same to Unicode, and two names to whoever wrote them.
  let (whole, parts) = ("caf\u{e9}", "cafe\u{301}")
  func alike(_ number: UInt64, _ domain: String, score: Int64) -> Interaction {
    let fields: [Field: FieldValue] = [
      .prompt: "ask for it", .response: "here it is", .sessionID: "s", .domain: .text(domain),
    ]
    return interaction(number, at: number * 10, score: score, fields)
  }
  let best = alike(1, whole, score: 90)
  try spec.given(facts: [
    asserted(best), asserted(alike(2, parts, score: 80)), asserted(example(3, parts)),
  ])
  func counts() throws -> [Cell?] { try spec.rows("datasets/domains").map { $0["examples"] } }
  #expect(try counts() == [.integer(1), .integer(1)])
  // The other of the two alike stands for both now.
  try spec.given(facts: [changed(best, at: 50, to: alike(1, whole, score: 10))])
  #expect(try counts() == [.integer(2)])
}

@Test func `where no example counts, it is said why there is no domain`() throws {
  func reasons(_ facts: [Fact]) throws -> String {
    let spec = try ProjectorSpec(DatasetsProjector.self)
    try spec.given(facts: facts)
    let table = DatasetsProjector.view.tables.first { $0.name == "datasets/domains" }
    return try table?.reasonsForNone(in: spec.tables).joined() ?? ""
  }
  #expect(try reasons([]) == "there is no example: `foldlog query datasets` says why")
  var said = example(0, "web")
  said.basis = .`self`
  #expect(try reasons([asserted(said)]).hasSuffix("none of the 1 in `datasets` is one"))
}
