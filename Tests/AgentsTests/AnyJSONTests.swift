import JSON
import Testing

@testable import Agents

@Suite struct AnyJSONTests {
  @Test func `values are kept as they are written`() throws {
    let kept = try JSONParser.withText(
      #"{"a":[1,18446744073709551615,1.5,null,true],"b":{"c":"d"}}"#
    ) {
      AnyJSON($0)
    }
    #expect(
      kept["a"]
        == .list([.integer(1), .number("18446744073709551615"), .number("1.5"), .null, .bool(true)])
    )
    #expect(kept["b"]?["c"]?.text == "d")
  }
}
