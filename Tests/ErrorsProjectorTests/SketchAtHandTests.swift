import ErrorsProjector
import Events
import Facts
import Projection
import Similarity
import TestSupport
import Testing
import Views

@Test func `a sketch at hand makes no difference to the gaps`() throws {
  let odd = "parse the odd file of the other day"
  let prompts = [odd, "draw an owl", odd, odd + " again", "draw an owl", odd]
  let digests = try [false, true].map { isAtHand in
    let spec = try ProjectorSpec(ErrorsProjector.self)
    let facts = prompts.enumerated().map { index, prompt in
      let one = interaction(
        UInt64(index), at: Offset(index), outcome: .failure, [.prompt: .text(prompt)])
      return Fact(
        offset: Offset(index), before: nil, after: one,
        prompt: isAtHand ? Sketch(of: prompt) : nil)
    }
    try spec.given(facts: facts)
    #expect(try spec.rows("errors/gaps").count == 1)
    return spec.tables.digest
  }
  #expect(digests[0] == digests[1])
}
