import Pipeline
import Testing

@Suite struct WorkersTests {
  private final class Held: Sendable {
    let number = 7
  }

  @Test(arguments: [1, 2])
  func `what work held is let go of when its result is there`(threadCount: Int) throws {
    let workers = Workers(threadCount: threadCount)
    for _ in 0..<2_000 {
      let (pending, held) = start(workers)
      #expect(try pending.value() == 7)
      #expect(held.object == nil)
    }
  }

  private struct Weak { weak var object: Held? }

  private func start(_ workers: Workers) -> (Pending<Int>, Weak) {
    let held = Held()
    return (workers.submit { held.number }, Weak(object: held))
  }
}
