import TestSupport
import Testing

/// A program in a package of its own, with a projector of its own, is built and run.
@Suite struct ExampleTests {
  private static var hasSwift: Bool {
    (try? run("sh", ["-c", "command -v swift"]).status) == 0
  }

  /// Beside the build of this package, so that only the first run builds all of it.
  private var scratch: String { "\(packageRoot)/.build/examples" }

  @Test(.enabled(if: hasSwift, "there is no `swift` on PATH to build the example with"))
  func `a stranger's projector is folded, asked and replayed`() throws {
    let example = "\(packageRoot)/Tests/Examples/WordCount"
    let words = [
      "build", "--package-path", example, "--scratch-path", scratch, "--disable-keychain",
    ]
    var built = try run("swift", words)
    if built.status != 0 {
      // What an earlier build left names files that have moved since.
      _ = try run("rm", ["-rf", scratch])
      built = try run("swift", words)
    }
    try #require(built.status == 0, "\(built.output)\(built.errors)")
    let directory = try TemporaryDirectory()
    let path = try directory.write(
      "ralph-events.jsonl",
      """
      {"event":"task_completed","task_id":"a","prompt":"Mend the gate"}
      {"event":"task_completed","task_id":"b","model":"m","tokens_input":100,"ts":"2026-03-01T10:20:00Z"}
      {"event":"task_completed","task_id":"c","prompt":"paint, and mend, the fence"}

      """)
    let data = directory.file("data")
    let first = try run("\(scratch)/debug/WordCount", [data, path])
    #expect(first.status == 0, "\(first.output)\(first.errors)")
    #expect(first.output.hasPrefix("4 events taken; the views stand at 4\n"), "\(first.output)")
    #expect(first.output.contains("the same rows\n{\"view\":\"words\",\"offset\":3,"))
    #expect(
      first.output.contains(
        "{\"word\":\"mend\",\"count\":3,\"prompts\":3,\"offsets\":[0,2,3],"), "\(first.output)")
    #expect(
      first.output.contains("\nmend: integer(3), explained: true\nafter event 0: integer(1)\n"),
      "\(first.output)")
    #expect(
      first.output.contains("tokens: time(2026-03-01T10:00:00Z) text(\"m\") integer(1)"),
      "\(first.output)")
    #expect(first.errors.isEmpty)
    // Again, everything was there.
    let second = try run("\(scratch)/debug/WordCount", [data, path])
    #expect(second.output.hasPrefix("0 events taken; the views stand at 4\n"), "\(second.output)")
    let refused = try run("\(scratch)/debug/WordCount", [data, directory.file("none.jsonl")])
    #expect(refused.status == 66 && refused.output.contains("none.jsonl"), "\(refused.output)")
  }
}
