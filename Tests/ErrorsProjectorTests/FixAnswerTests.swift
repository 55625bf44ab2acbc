import ErrorsProjector
import Events
import Facts
import Projection
import TestSupport
import Testing
import Views

/// What answers about fixes tell beside the fix.
@Suite struct FixAnswerTests {
  private let message: FieldValue = "ModuleNotFoundError: No module named 'x'"

  /// Two sessions in which it worked, and a line of a project where it did not, or did.
  @Test(arguments: [(false, true), (true, false)])
  func `a failure in a project takes nothing from what worked elsewhere`(
    worked: Bool, isGlobal: Bool
  ) throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    for (offset, session) in ["a", "b", "c"].enumerated() {
      var fields: [Field: FieldValue] = [
        .errorMessage: message, .fix: "x", .sessionID: .text(session),
        .success: .bool(offset < 2 || worked),
      ]
      if offset == 2 { fields[.project] = "p" }
      try spec.given([event(Offset(offset), "error", fields)])
    }
    #expect(try spec.rows("errors/fixes").first?["global"] == .bool(isGlobal))
  }

  @Test func `what is told to agents has its advice, and the events that it stands on`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    let known: FieldValue = "ModuleNotFoundError: No module named 'x'"
    for (offset, text) in [known, "the frobnicator stalls"].enumerated() {
      try spec.given([
        event(
          Offset(offset), "error", [.errorMessage: text, .fix: "x", .success: true])
      ])
    }
    for name in ["errors/prompt", "errors/top"] {
      let rows = try spec.rows(name).sorted {
        $0["last_offset"]?.integer ?? 0 < $1["last_offset"]?.integer ?? 0
      }
      #expect(rows.map { $0["advice"] == .null } == [false, true])
      #expect(rows.map { $0["offsets"] } == [.offsets([0]), .offsets([1])])
      #expect(rows.map { $0["offset_count"] } == [.integer(1), .integer(1)])
    }
  }

  @Test func `an empty answer about fixes counts what there is`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given([event(0, "error", [.errorMessage: message, .sessionID: "s"])])
    func reasons(_ name: String) throws -> String {
      let table = ErrorsProjector.view.tables.first { $0.name == name }
      return try table?.reasonsForNone(in: spec.tables).joined() ?? ""
    }
    #expect(try reasons("errors/prompt").hasPrefix("of 1 patterns a fix was tried of 0"))
    #expect(try reasons("errors/fixes").contains("nothing tells of 1 errors"))
  }
}
