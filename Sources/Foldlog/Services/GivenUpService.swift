internal import Bytes
internal import EventLog
package import Events
internal import Pipeline
package import Query
internal import Views

/// A want that was given up for good.
package struct GivenUpWant: Equatable, Sendable {
  package let requestID: String
  package let kind: String
  package let subject: String
  package let reason: String
  /// The event that says so.
  package let offset: Offset
}

/// Wants that were given up for good, and how somebody wants one again.
package struct GivenUpService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// All that are given up now, in the order of the log.
  package func all() throws(FoldlogError) -> [GivenUpWant] {
    var selection = EventSelection()
    selection.stream = .foldlog
    selection.kind = FailedEffect.kinds.first
    let decoder = LineDecoder(payloads: [FailedEffect.self])
    var wants: [GivenUpWant] = []
    let reader = try store.reporting { LogReader(try store.openLog()) }
    try LogService(store).forEachEvent(selection) { event in
      let decoded = try decoder.event(of: event.line.span, isPadded: false, event.envelope)
      guard let failure = decoded.payloads.all.lazy.compactMap({ $0 as? FailedEffect }).first,
        failure.isFinal == true,
        // Another line may say so of one that is wanted again, or was answered since.
        try reader.answer(to: failure.requestID) == event.offset
      else { return true }
      wants.append(
        GivenUpWant(
          requestID: failure.requestID, kind: failure.effect, subject: failure.subject,
          reason: failure.reason ?? "", offset: event.offset))
      return true
    }
    return wants
  }

  /// Those that are meant by a kind, or by a request_id or as much of its beginning as fits it alone.
  package func named(_ name: String) throws(FoldlogError) -> [GivenUpWant] {
    let all = try all()
    let ofKind = all.filter { $0.kind == name }
    if !ofKind.isEmpty { return ofKind }
    let fitting = all.filter { $0.requestID.hasPrefix(name) }
    if fitting.count > 1 {
      throw FoldlogError(
        .usage, "`\(name)` may be any of \(fitting.count) requests: give more of the request_id")
    }
    if fitting.isEmpty {
      let kinds = Set(all.map(\.kind)).sorted().joined(separator: ", ")
      throw FoldlogError(
        .noInput,
        "nothing that was given up is called `\(name)`: "
          + (all.isEmpty ? "nothing was given up" : "there is \(kinds)"))
    }
    return fitting
  }

  /// Writes down that somebody wants these again, and brings the views up to date.
  @available(*, noasync)
  package func renew(_ wants: [GivenUpWant]) throws(FoldlogError) -> ProjectionOutcome {
    try store.requireWritable()
    try store.reporting {
      let time = wallClock()
      let lines = wants.map { want in
        var line = JSONLineWriter()
        line.member("event", text: "effect_wanted_again")
        line.member("timestamp", text: "\(time)")
        line.member("kind", text: want.kind)
        line.member("request_id", text: want.requestID)
        return OwnLines.Line(line.bytes, renewing: want.requestID, answeredBy: want.offset)
      }
      try OwnLines(store.openWholeLog(), now: wallClock).append(lines)
    }
    return ViewService(store).projectTaken(progress: { _ in })
  }
}

extension [GivenUpWant] {
  /// As `foldlog react --again … --format json` prints them.
  package var document: JSONDocument {
    .list(
      map { want in
        .object([
          ("request_id", .text(want.requestID)), ("kind", .text(want.kind)),
          ("subject", .text(want.subject)), ("reason", .text(want.reason)),
          ("offset", .number(want.offset)),
        ])
      })
  }
}
