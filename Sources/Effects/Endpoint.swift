package import Events

/// A server that is asked, and whether it can be at this time. Times are milliseconds of a clock that
/// only goes forward.
package struct Endpoint: Equatable, Sendable {
  /// Failures in a row after which a server is left alone.
  package static let failuresMax = 5
  /// How long it is.
  package static let pause_ms = 60_000

  /// Failures in a row.
  package private(set) var failures = 0
  private var pausedUntil = 0
  /// Whether one request finds out whether the pause may end.
  private var isProbing = false

  package init() {}

  /// One that was left alone before.
  package init(failures: Int, pausedUntil: Int) {
    self.failures = failures
    self.pausedUntil = pausedUntil
  }

  /// For how long it is left alone from now on; 0 for one that is not.
  package func pause(at now: Int) -> Int { max(0, pausedUntil - now) }

  /// When it may be asked; nil while a probe is on its way.
  package func next(at now: Int) -> Int? {
    if isProbing { return nil }
    return max(now, pausedUntil)
  }

  /// Notes that it is asked now.
  package mutating func begin() { isProbing = failures >= Self.failuresMax }

  /// Notes an answer, whatever it says.
  package mutating func succeed() {
    failures = 0
    isProbing = false
  }

  /// Notes that there was none, or one that says that there will be later.
  package mutating func fail(at now: Int, retryAfter_ms: Int?) {
    failures += 1
    isProbing = false
    if failures >= Self.failuresMax { pausedUntil = max(pausedUntil, now + Self.pause_ms) }
    if let retryAfter_ms { pausedUntil = max(pausedUntil, now + retryAfter_ms) }
  }

  /// Notes that a request was given up before anything was known.
  package mutating func giveUp() { isProbing = false }
}

/// How long to wait before a request is made again.
package enum BackOff {
  package static let triesMax = 3
  static let first_ms = 500
  static let most_ms = 30_000

  /// Any time up to one that doubles with each try, so that those who failed together do not come
  /// again together.
  ///
  /// - Parameter tries: how many there were, at least one.
  package static func milliseconds(
    after tries: Int, _ random: inout some RandomNumberGenerator
  ) -> Int {
    Int.random(in: 0...min(most_ms, first_ms << min(max(tries, 1) - 1, 16)), using: &random)
  }
}

/// What a server says of when to come again.
package enum RetryAfter {
  /// A day: what is longer is a mistake.
  static let most_ms = 86_400_000

  /// A number of seconds, or a date as HTTP writes it; nil of anything else.
  ///
  /// - Parameter time: when the answer came.
  package static func milliseconds(_ text: String, from time: Timestamp) -> Int? {
    // A number beyond all bounds asks for the most; a fraction is no number of HTTP, and is written.
    let digits = text.prefix { ("0"..."9").contains($0) }
    let rest = text.dropFirst(digits.count)
    if !digits.isEmpty, rest.isEmpty || rest.first == "." {
      if !rest.dropFirst().allSatisfy({ ("0"..."9").contains($0) }) { return nil }
      let whole = min(UInt64(digits) ?? .max, UInt64(most_ms / 1000))
      return min(most_ms, Int(whole) * 1000 + (rest.contains { $0 > "0" } ? 1000 : 0))
    }
    guard let date = HTTPDate.seconds(text) else { return nil }
    return min(most_ms, max(0, Int(date - time.seconds) * 1000))
  }
}

/// Dates as HTTP writes them.
enum HTTPDate {
  /// Of `Sun, 06 Nov 1994 08:49:37 GMT`, since 1970.
  static func seconds(_ text: String) -> Int64? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT", let day = Int64(words[1]),
      let month = months.firstIndex(of: String(words[2])), let year = Int64(words[3])
    else { return nil }
    let clock = words[4].split(separator: ":").compactMap { Int64($0) }
    guard clock.count == 3, (1...31).contains(day), (1970...9999).contains(year),
      (0...23).contains(clock[0]), (0...59).contains(clock[1]), (0...60).contains(clock[2])
    else { return nil }
    let days = CivilDate(year: year, month: Int64(month) + 1, day: day).number
    return days * 86_400 + clock[0] * 3_600 + clock[1] * 60 + clock[2]
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}
