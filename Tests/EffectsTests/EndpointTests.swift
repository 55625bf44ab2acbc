import Bytes
import Events
import TestSupport
import Testing

@testable import Effects

@Suite struct EndpointTests {
  @Test func `five failures in a row open the breaker for a minute, then one probe`() {
    var endpoint = Endpoint()
    for time in 0..<4 { endpoint.fail(at: time, retryAfter_ms: nil) }
    #expect(endpoint.next(at: 4) == 4)
    endpoint.fail(at: 4, retryAfter_ms: nil)
    #expect(endpoint.next(at: 5) == 60_004)
    endpoint.begin()
    #expect(endpoint.next(at: 60_004) == nil)
    // The probe fails: another minute.
    endpoint.fail(at: 60_100, retryAfter_ms: nil)
    #expect(endpoint.next(at: 60_100) == 120_100)
    endpoint.begin()
    endpoint.succeed()
    #expect(endpoint.next(at: 120_101) == 120_101)
    endpoint.fail(at: 120_102, retryAfter_ms: nil)
    #expect(endpoint.next(at: 120_103) == 120_103)
  }

  @Test func `a probe that is given up lets another one through`() {
    var endpoint = Endpoint()
    for _ in 0..<5 { endpoint.fail(at: 0, retryAfter_ms: nil) }
    endpoint.begin()
    endpoint.giveUp()
    #expect(endpoint.next(at: 60_000) == 60_000)
  }

  @Test func `a server is left alone as long as it asks for`() {
    var endpoint = Endpoint()
    endpoint.fail(at: 100, retryAfter_ms: 2_000)
    #expect(endpoint.next(at: 100) == 2_100)
    let time = Timestamp(nanoseconds: 784_111_777_000_000_000)  // 1994-11-06T08:49:37Z
    #expect(RetryAfter.milliseconds("120", from: time) == 120_000)
    #expect(RetryAfter.milliseconds("Sun, 06 Nov 1994 08:49:47 GMT", from: time) == 10_000)
    #expect(RetryAfter.milliseconds("Sun, 06 Nov 1994 08:49:07 GMT", from: time) == 0)
    #expect(RetryAfter.milliseconds("99999999999999", from: time) == 86_400_000)
    #expect(RetryAfter.milliseconds("99999999999999999999999", from: time) == 86_400_000)
    #expect(RetryAfter.milliseconds("5.5", from: time) == 6_000)
    #expect(RetryAfter.milliseconds("5.0", from: time) == 5_000)
    for text in [
      "", "soon", "-1", "5.x", ".5", "5s", "Sun, 06 Foo 1994 08:49:37 GMT",
      "Sun, 06 Nov 1994 08:49 GMT",
    ] {
      #expect(RetryAfter.milliseconds(text, from: time) == nil, "\(text)")
    }
  }

  @Test func `waits are any up to one that doubles`() {
    var random = SeededRandom(seed: 1)
    for tries in 1...20 {
      let most = min(30_000, 500 << min(tries - 1, 16))
      let waits = (0..<200).map { _ in BackOff.milliseconds(after: tries, &random) }
      #expect(waits.allSatisfy { (0...most).contains($0) })
      #expect(waits.contains { $0 < most / 4 } && waits.contains { $0 > most * 3 / 4 })
    }
  }

  @Test func `signatures are those of RFC 4231, keys show nowhere`() throws {
    // Test case 2, and 6 with a key longer than a block.
    let short = try Secret("Jefe")
    #expect(
      short.signature(of: Array("what do ya want for nothing?".utf8))?.description
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    let long = try Secret(String(repeating: "k", count: 100))
    #expect(long.signature(of: []) != short.signature(of: []))
    // The vector of standardwebhooks.com.
    let webhook = try Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    let signed = #"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}"#
    #expect(
      webhook.signature(of: Array(signed.utf8)).map { base64($0.bytes) }
        == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    #expect(try !webhook.isBrokenWebhookKey && Secret("whsec_a!b").isBrokenWebhookKey)
    #expect(webhook.hidden(in: "a whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw b") == "a [KEY] b")
    #expect("\(short)" == "a key" && !String(reflecting: short).contains("Jefe"))
    var dumped = ""
    dump(short, to: &dumped)
    #expect(!dumped.contains("Jefe"))
    for text in ["", "a b", "a\nb", "é"] { #expect(throws: SecretError.self) { try Secret(text) } }
  }
}
