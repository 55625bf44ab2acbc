import Pipeline
import Testing

/// A transaction that ended on the thread of a worker would hold its lock for good.
@Test func `what work holds is let go of before its result is known`() throws {
  final class Held: Sendable {}
  let workers = Workers(threadCount: 2)
  for _ in 0..<2_000 {
    var held: Held? = Held()
    weak let seen = held
    let pending = workers.submit { [held] in held == nil }
    held = nil
    #expect(try pending.value() == false)
    #expect(seen == nil)
  }
}
