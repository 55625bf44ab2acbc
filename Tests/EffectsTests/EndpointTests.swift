import Bytes
import Events
import HTTP
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

  @Test
  func `who is left alone is so for the next process, no longer than it was, until it answers`()
    throws
  {
    let directory = try TemporaryDirectory()
    let file = EndpointRests(path: directory.file("servers.jsonl"))
    #expect(try file.read().isEmpty)
    func time(_ seconds: Int64) -> Timestamp { Timestamp(nanoseconds: seconds * 1_000_000_000) }
    let place = EndpointName(place: "http://127.0.0.1:1", kind: "webhook")
    var first = Endpoints([], at: time(1_000), keep: file.write)
    let failure = EffectFailure("503", "\(place.place): it has a \"fault\"", .waiting)
    for _ in 0..<4 { try first.fail(place, failure, at: time(1_000)) }
    #expect(try file.read().isEmpty && first.resting(at: time(1_000)).isEmpty)
    for seconds in [1_001, 1_002] { try first.fail(place, failure, at: time(Int64(seconds))) }
    let rest = try #require(try file.read().first)
    #expect(first.resting(at: time(1_002)) == [rest])
    #expect(
      rest.place == place.place && rest.kind == "webhook" && rest.failures == 6
        && rest.reason == "it has a \"fault\"")
    #expect(rest.since == time(1_001) && rest.failedAt == time(1_002))
    // A clock that was set back or on makes no pause longer.
    for (seconds, left) in [(1_012, 50...50), (1_063, 0...0), (5, 60...60), (99_999, 0...0)] {
      #expect(left.contains((rest.left_ms(at: time(Int64(seconds))) + 999) / 1_000), "\(seconds)")
      let next = Endpoints([rest], at: time(Int64(seconds)), keep: { _ in })
      let clock = milliseconds()
      let wait = try #require(next.next(place, at: clock)) - clock
      #expect(left.contains((wait + 999) / 1_000), "\(seconds)")
    }
    // One request finds out.
    var later = Endpoints(try file.read(), at: time(1_100), keep: file.write)
    later.begin(place)
    #expect(later.next(place, at: milliseconds()) == nil)
    try later.fail(place, failure, at: time(1_100))
    let second = try #require(try file.read().first)
    #expect(second.failures == 7 && second.since == time(1_001) && second.failedAt == time(1_100))
    var last = Endpoints(try file.read(), at: time(1_200), keep: file.write)
    try last.succeed(place)
    #expect(try file.read().isEmpty)
    #expect(last.next(EndpointName(place: place.place, kind: "extract_skill"), at: 0) == 0)
    // What asks for it is left alone after one failure.
    var asked = failure
    asked.retryAfter_ms = 7_000
    try last.fail(place, asked, at: time(1_300))
    #expect(try file.read().map(\.until) == [time(1_307)])
    for wrong in ["{", "{}\n", "{\"server\":\"x\",\"failures\":-1}\n"] {
      _ = try directory.write("servers.jsonl", wrong)
      #expect(throws: EndpointRestsError.self) { try file.read() }
    }
  }

  @Test func `a page for people is told from what a receiver says`() {
    for page in [
      "<!DOCTYPE html><html>", "\u{feff}\n <!doctype HTML PUBLIC>", "<HTML>", "<html lang=de>",
      "<head>",
      "<!-- login --> <html>", "<?xml version=\"1.0\"?>\n<!DOCTYPE html>", "<script>x</script>",
      "<!-- \(String(repeating: "x", count: 2_000))", "<body", "<FORM action=/login>",
    ] {
      #expect(HTMLPage.begins(page.utf8), "\(page)")
    }
    for text in [
      "", "ok", "OK\n", "<p>ok</p>", "{\"html\":\"<html>\"}", "<ok/>",
      "<?xml version=\"1.0\"?><ok/>",
      "<headers/>", "<", "{\"a\":1}\n<html>", "\u{1f}\u{8b}\u{8}",
    ] {
      #expect(!HTMLPage.begins(text.utf8), "\(text)")
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
