import Events
import Facts
import Projection
import Tables
import TestSupport
import Testing
import TrainingData
import Views

@testable import DatasetsProjector

/// What an example's model was told first.
@Suite struct SystemMessageTests {
  private let spec: ProjectorSpec<DatasetsProjector>

  init() throws { spec = try ProjectorSpec(DatasetsProjector.self) }

  private func messages() throws -> [String?] {
    var found: [String?] = []
    try Example.answer.forEachRow(in: spec.tables) { example in
      found.append(example.systemMessage)
      return true
    }
    return found
  }

  private func started(_ offset: Offset, _ session: String, _ text: String) -> Event {
    event(offset, "session_started", [.sessionID: .text(session), .systemMessage: .text(text)])
  }

  @Test func `it is that of the interaction, else the last of its session`() throws {
    var own = answered(1, prompt: "explain the parser", response: "so", session: "s")
    own.fields[.systemMessage] = "be brief"
    try spec.given(
      [started(50, "s", "be kind"), started(51, "other", "be quick")],
      facts: [
        asserted(answered(0, prompt: "write the parser", response: "done", session: "s")),
        asserted(own),
        asserted(answered(2, prompt: "test the parser", response: "green", session: "none")),
        asserted(answered(3, prompt: "print the parser", response: "here", session: nil)),
      ])
    #expect(try messages() == ["be kind", "be brief", nil, nil])
    try spec.given([started(60, "s", "be exact"), event(61, "session_started", [.sessionID: "s"])])
    #expect(try messages() == ["be exact", "be brief", nil, nil])
    #expect(try spec.tables.rehashed() == spec.tables.digest)
  }

  @Test func `what cannot be read is none`() throws {
    let opaque = "sha256:" + String(repeating: "a", count: 64)
    try spec.given(
      [started(50, "s", opaque)],
      facts: [asserted(answered(0, prompt: "write the parser", response: "done", session: "s"))])
    #expect(try messages() == [nil])
  }
}
