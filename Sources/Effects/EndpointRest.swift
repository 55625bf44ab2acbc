internal import Bytes
package import Events
internal import Files
internal import HTTP
internal import JSON

/// A server, as it is asked for one kind of things: another kind may have another health.
struct EndpointName: Hashable {
  /// `https://host:port`.
  let place: String
  let kind: String
}

/// A server that is left alone, or was until lately, and has not answered since.
package struct EndpointRest: Equatable, Sendable {
  /// `https://host:port`.
  package let place: String
  /// Of the wants that it is not asked for.
  package let kind: String
  /// Failures in a row.
  package let failures: Int
  /// When it came to be left alone.
  package let since: Timestamp
  /// When it failed last.
  package let failedAt: Timestamp
  /// When it may be asked again: by one request first, where it failed too often.
  package let until: Timestamp
  /// Of the last failure.
  package let reason: String

  package init(
    place: String, kind: String, failures: Int, since: Timestamp, failedAt: Timestamp,
    until: Timestamp, reason: String
  ) {
    self.place = place
    self.kind = kind
    self.failures = failures
    self.since = since
    self.failedAt = failedAt
    self.until = until
    self.reason = reason
  }

  /// Milliseconds that are left of it: no more than it was, whatever has become of the clock.
  package func left_ms(at time: Timestamp) -> Int {
    let most = until.nanoseconds - min(failedAt.nanoseconds, until.nanoseconds)
    let (left, isBeyond) = until.nanoseconds.subtractingReportingOverflow(time.nanoseconds)
    return Int((isBeyond ? most : max(0, min(left, most))) / 1_000_000)
  }
}

/// The servers that are asked, each by its place and what for, and which of them are left alone.
struct Endpoints {
  private var all: [EndpointName: Endpoint]
  private var rests: [EndpointName: EndpointRest]
  private let keep: ([EndpointRest]) throws -> Void

  /// - Parameters:
  ///   - rests: those that a run before left alone.
  ///   - keep: writes down which are, all of them each time.
  init(
    _ rests: [EndpointRest], at time: Timestamp, keep: @escaping ([EndpointRest]) throws -> Void
  ) {
    self.rests = Dictionary(rests.map { ($0.name, $0) }) { $1 }
    self.keep = keep
    let clock = milliseconds()
    all = self.rests.mapValues {
      Endpoint(failures: $0.failures, pausedUntil: clock + $0.left_ms(at: time))
    }
  }

  func next(_ name: EndpointName, at clock: Int) -> Int? {
    all[name, default: Endpoint()].next(at: clock)
  }

  mutating func begin(_ name: EndpointName) { all[name, default: Endpoint()].begin() }
  mutating func giveUp(_ name: EndpointName) { all[name, default: Endpoint()].giveUp() }

  mutating func succeed(_ name: EndpointName) throws {
    all[name, default: Endpoint()].succeed()
    if rests.removeValue(forKey: name) != nil { try keep(Array(rests.values)) }
  }

  mutating func fail(_ name: EndpointName, _ failure: EffectFailure, at time: Timestamp) throws {
    let clock = milliseconds()
    var endpoint = all[name, default: Endpoint()]
    endpoint.fail(at: clock, retryAfter_ms: failure.retryAfter_ms)
    all[name] = endpoint
    let pause = endpoint.pause(at: clock)
    if pause == 0 { return }
    let now_ms = time.nanoseconds / 1_000_000
    func stamp(_ milliseconds: Int64) -> Timestamp {
      Timestamp(nanoseconds: milliseconds.multipliedReportingOverflow(by: 1_000_000).partialValue)
    }
    let prefix = "\(name.place): "
    rests[name] = EndpointRest(
      place: name.place, kind: name.kind, failures: endpoint.failures,
      since: rests[name]?.since ?? stamp(now_ms),
      failedAt: stamp(now_ms), until: stamp(now_ms + Int64(pause)),
      reason: failure.reason.hasPrefix(prefix)
        ? String(failure.reason.dropFirst(prefix.count)) : failure.reason)
    try keep(Array(rests.values))
  }

  /// Milliseconds until one that is left alone may be asked; nil where none is.
  func nextTry_ms(at clock: Int) -> Int? {
    all.values.compactMap { $0.next(at: clock) }.filter { $0 > clock }.min().map { $0 - clock }
  }

  /// Those that are left alone now, in the order of their names.
  func resting(at time: Timestamp) -> [EndpointRest] {
    rests.values.filter { $0.left_ms(at: time) > 0 }.sorted {
      ($0.place, $0.kind) < ($1.place, $1.kind)
    }
  }
}

/// The file in which a run leaves the servers that are left alone to the next, and to who asks.
package struct EndpointRests: Sendable {
  private let path: String

  package init(path: String) { self.path = path }

  /// In the order of their names.
  package func read() throws -> [EndpointRest] {
    guard let bytes = try bytesOfFile(path) else { return [] }
    return try bytes.split(separator: UInt8(ascii: "\n")).map { line in
      guard let rest = EndpointRest(line: String(decoding: line, as: UTF8.self)) else {
        throw EndpointRestsError(
          description:
            "\(path) is damaged: remove it, and the servers that are left alone are asked again")
      }
      return rest
    }
  }

  /// Has these in the place of those before, whole.
  package func write(_ rests: [EndpointRest]) throws {
    if rests.isEmpty { return try removeFile(path) }
    let lines = rests.sorted { ($0.place, $0.kind) < ($1.place, $1.kind) }.flatMap {
      $0.line + [UInt8(ascii: "\n")]
    }
    try replaceFile(path, with: lines)
  }
}

/// That nobody knows which servers are left alone.
package struct EndpointRestsError: Error, CustomStringConvertible {
  package let description: String
}

extension EndpointRest {
  fileprivate var name: EndpointName { EndpointName(place: place, kind: kind) }

  fileprivate var line: [UInt8] {
    var line = JSONLineWriter()
    line.member("server", text: place)
    line.member("kind", text: kind)
    line.member("failures", json: "\(failures)")
    line.member("since", text: "\(since)")
    line.member("failed_at", text: "\(failedAt)")
    line.member("until", text: "\(until)")
    line.member("reason", text: reason)
    return line.bytes
  }

  /// Nil of a line that is none.
  fileprivate init?(line: String) {
    var rest: EndpointRest?
    do throws(JSONError) {
      rest = try JSONParser.withText(line) { object -> EndpointRest? in
        func time(_ name: String) -> Timestamp? {
          object[name]?.string.flatMap { Timestamp(parsing: $0) }
        }
        guard let place = object["server"]?.string, let kind = object["kind"]?.string,
          let failures = object["failures"]?.uint64.flatMap({ Int(exactly: $0) }),
          let since = time("since"), let failedAt = time("failed_at"), let until = time("until"),
          let reason = object["reason"]?.string
        else { return nil }
        return EndpointRest(
          place: place, kind: kind, failures: failures, since: since, failedAt: failedAt,
          until: until, reason: reason)
      }
    } catch { return nil }
    guard let rest else { return nil }
    self = rest
  }
}
