import Bytes
import Events
import Facts
import Projection
import TestSupport
import Testing
import TrainingData
import Views

@testable import DatasetsProjector

/// What the outcome gate keeps out, and why there is nothing.
@Suite struct GatedTests {
  private let half = answered(
    0, prompt: "sort the list", response: "half of it", score: 80, outcome: .partial)
  private let failed = answered(
    1, prompt: "name the bird", response: "a stone", score: 75, outcome: .failure)
  private let worked = answered(2, prompt: "count the trees", response: "seven", score: 80)
  private let poor = answered(
    3, prompt: "draw the lake", response: "no", score: 60, outcome: .failure)

  private func gated(_ spec: ProjectorSpec<DatasetsProjector>) throws -> [String] {
    try spec.rows("datasets/gated").map { row in
      ["offset", "score", "outcome", "outcome_basis", "prompt"].map {
        row[$0]?.plainText ?? ""
      }.joined(separator: " ")
    }
  }

  private func count(_ spec: ProjectorSpec<DatasetsProjector>) throws -> Cell? {
    try spec.rows("datasets/readiness").first?["gated"]
  }

  @Test func `what is of high value and did not succeed is told, until it does`() throws {
    let spec = try ProjectorSpec(DatasetsProjector.self)
    try spec.given(facts: [half, failed, worked, poor].map(asserted))
    #expect(
      try gated(spec) == [
        "0 0.8 partial tool sort the list", "10 0.75 failure tool name the bird",
      ])
    #expect(try count(spec) == .integer(2))
    #expect(try spec.rows("datasets/readiness").last?["gated"] == .integer(0))
    var mended = half
    mended.outcome = .success
    try spec.given(facts: [changed(half, at: 50, to: mended)])
    #expect(try gated(spec) == ["10 0.75 failure tool name the bird"])
    #expect(try count(spec) == .integer(1) && spec.rows().count == 2)
  }

  @Test func `where nothing is gated, none is`() throws {
    var settings = DatasetsSettings()
    settings.isOutcomeGated = false
    let spec = try ProjectorSpec(DatasetsProjector.self, settings: settings)
    try spec.given(facts: [half, failed, worked, poor].map(asserted))
    #expect(try gated(spec).isEmpty && count(spec) == .integer(0))
    #expect(try spec.rows().count == 3)
  }

  @Test func `a gated interaction is found from its event, and counts in readiness`() throws {
    let spec = try ProjectorSpec(DatasetsProjector.self)
    try spec.given(facts: [half, worked].map(asserted))
    func tables(of interaction: Interaction) throws -> [String] {
      let subject = EventSubject(
        event: event(interaction.offset, "task_completed"), interaction: interaction)
      return try DatasetsProjector.view.tables.filter {
        try !$0.rows(about: subject, in: spec.tables).isEmpty
      }.map(\.name)
    }
    let ofGated = try tables(of: half)
    #expect(ofGated.contains("datasets/gated") && ofGated.contains("datasets/readiness"))
    #expect(!ofGated.contains("datasets"))
    #expect(try !tables(of: worked).contains("datasets/gated"))
  }

  @Test func `a table without rows says what there is instead`() throws {
    let spec = try ProjectorSpec(DatasetsProjector.self)
    func reasons(_ name: String) throws -> String {
      let table = DatasetsProjector.view.tables.first { $0.name == name }
      return try table?.reasonsForNone(in: spec.tables).joined(separator: " ") ?? ""
    }
    #expect(try reasons("datasets").hasPrefix("no interaction with an outcome has both"))
    let again = answered(
      4, prompt: "sort the list", response: "another half", score: 40, outcome: .partial)
    try spec.given(facts: [half, failed, poor, again].map(asserted))
    #expect(
      try reasons("datasets") == """
        of 4 interactions with a readable prompt and response none succeeded and is of high value; the \
        best score is 0.8; 2 of high value did not succeed: `foldlog query datasets/gated`
        """)
    #expect(
      try reasons("datasets/pairs").contains(
        """
        Of 4 answers 2 failed, 2 came half-way, 0 were corrected and 0 refused by a person; 1 prompts \
        were answered more than once, 0 of them with different outcomes
        """))
  }
}
