import TestSupport
import Testing

@Suite struct TailingSimulationTests {
  @Test(arguments: 0..<10)
  func `whatever happens to a file, each line is taken once`(_ part: UInt64) throws {
    for seed in part * 1_000..<(part + 1) * 1_000 {
      let simulation = TailingSimulation(seed: seed)
      let wrong = try simulation.run(actions: 40)
      #expect(wrong == nil, "seed \(seed): \(simulation.history.joined(separator: "; "))")
      if wrong != nil { return }
    }
  }
}
