import TestSupport
import Testing

@Suite struct ReadmeTests {
  /// Its examples show what is printed, and their counts are those that one gets from the fixtures by
  /// hand.
  @Test func `what README shows of the fixtures is so`() throws {
    let result = try run(
      "python3", ["\(packageRoot)/tools/readme", "--check"],
      variables: ["FOLDLOG=\(foldlogBinary)"])
    #expect(result.status == 0, "\(result.output)\(result.errors)")
  }
}
