import TestSupport
import Testing

@Suite struct OracleTests {
  @Test(arguments: [1, 2])
  func `made-up interactions score as an independent computation says`(_ seed: Int) throws {
    let result = try run(
      "python3",
      ["\(packageRoot)/Tests/Oracle/compare.py", foldlogBinary, "4000", "\(seed)"])
    #expect(result.status == 0, "seed \(seed): \(result.output)\(result.errors)")
  }
}
