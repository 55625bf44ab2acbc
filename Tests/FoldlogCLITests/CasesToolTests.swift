import TestSupport
import Testing

/// `tools/cases`: what is compared, and what is left to the eye.
@Suite struct CasesToolTests {
  @Test func `lines of the form are compared, and the rest is printed side by side`() throws {
    let directory = try TemporaryDirectory()
    func add(_ name: String, prints output: String, expected: String) throws {
      try directory.makeFolder(name)
      try directory.write("\(name)/output.txt", output)
      try directory.write("\(name)/run.sh", "cat \"$(dirname \"$0\")/output.txt\"\n")
      try directory.write("\(name)/expected.txt", expected)
    }
    try add(
      "1-right", prints: "MARK0 a\nb END0\nMARK1 [KEY] END1\n",
      expected: "Right: all.\n0: \"x\" -> \"a\\nb\"\n1: \"y\" -> \"[KEY] (its name may stay)\"\n")
    try add("2-by-eye", prints: "what came\n", expected: "Right: what is right.\n")
    func cases(_ names: String...) throws -> ChildResult {
      try run(
        "python3", ["\(packageRoot)/tools/cases", directory.path] + names,
        variables: ["FOLDLOG=/bin/true", "COLUMNS=100"])
    }
    let good = try cases()
    #expect(good.status == 0, "\(good.output)\(good.errors)")
    #expect(good.output.contains("== 1-right: 2 of 2 right"))
    #expect(good.output.contains("Right: what is right."))
    #expect(good.output.contains("| what came"))
    #expect(good.output.hasSuffix("2 of 2 compared lines are right; 1 cases to be judged by eye\n"))

    try add("3-wrong", prints: "MARK0 b END0\n", expected: "0: \"x\" -> \"a\"\n1: \"z\" -> \"c\"\n")
    let bad = try cases("3")
    #expect(bad.status == 1 && bad.output.contains("3-wrong: 0 of 2 right"))
    #expect(bad.output.contains("right \"a\"") && bad.output.contains("came  \"b\""))
    #expect(bad.output.contains("came  null"))
    #expect(try cases("9").status == 66)
  }
}
