import Bytes
import Events
import Facts
import Projection
import TestSupport
import Testing
import Views

@testable import AlertsProjector

/// 2026-01-01T00:00:00Z.
private let newYear: Int64 = 1_767_225_600
private let day: Int64 = 86_400

/// Given these events, facts and calls, these alerts: each number worked out by hand.
@Suite struct AlertsProjectorTests {
  private func spec(
    _ change: (inout AlertsSettings) -> Void = { _ in }
  ) throws -> ProjectorSpec<AlertsProjector> {
    var settings = AlertsSettings()
    settings.errorCount = 3
    settings.quietDays = 1
    settings.failureCount = 10
    change(&settings)
    return try ProjectorSpec(AlertsProjector.self, settings: settings)
  }

  private static func failing(
    _ offset: Offset, at seconds: Int64, _ kind: String = "tool_call",
    _ message: String = "Error: connect ECONNREFUSED 10.0.0.7:5432",
    _ more: [Field: FieldValue] = [:]
  ) -> Event {
    event(
      offset, kind, at: newYear + seconds,
      [.errorMessage: .text(message)].merging(more) { $1 })
  }

  private static func time(_ seconds: Int64) -> Cell {
    .time(Timestamp(nanoseconds: (newYear + seconds) * 1_000_000_000))
  }

  private func told(_ offset: Offset, _ kind: String, _ payload: any Payload) -> Event {
    let bare = event(offset, kind, stream: .foldlog, at: newYear)
    return Event(
      EventID(offset), envelope: bare.envelope, fields: bare.fields, payloads: [payload])
  }

  // MARK: Errors

  @Test func `what could not be done for a view is an alert as other errors are`() throws {
    let spec = try spec()
    var failure = FailedEffect()
    (failure.effect, failure.reason) = ("extract_skill", "the server answers 503")
    // What another program writes under that name is none of ours.
    let bare = event(1, "effect_failed", at: newYear)
    try spec.given([
      Event(EventID(1), envelope: bare.envelope, fields: bare.fields, payloads: [failure])
    ])
    try spec.given([told(2, "effect_failed", failure), told(3, "effect_failed", failure)])
    #expect(try spec.rows().isEmpty)
    try spec.given([told(4, "effect_failed", failure)])
    let row = try #require(try spec.rows().first)
    #expect(row["rule"] == .text("error_new") && row["count"] == .integer(3))
    #expect("\(row["about"] ?? .null)".contains("extract_skill: the server answers"), "\(row)")
  }

  @Test func `an error that happens often enough is an alert, once`() throws {
    let spec = try spec()
    try spec.given([Self.failing(1, at: 0), Self.failing(2, at: 60)])
    #expect(try spec.rows().isEmpty)
    // Another address and port are the same error, another host's name is not told apart either.
    try spec.given([
      Self.failing(3, at: 120, "tool_call", "Error: connect ECONNREFUSED 10.0.0.9:6379")
    ])
    var row = try #require(try spec.rows().first)
    #expect(row["rule"] == .text("error_new") && row["severity"] == .text("low"))
    #expect(row["count"] == .integer(3) && row["opened_at"] == Self.time(120))
    #expect(row["last_at"] == Self.time(120) && row["resolved_at"] == .null)
    #expect(row["acknowledged"] == .bool(false) && row["notice"] == .text("wanted"))
    #expect(row["offsets"] == .offsets([1, 2, 3]))
    #expect(row["alert_subject"]?.text?.contains("ECONNREFUSED <*>") == true, "\(row)")
    let id = row["alert_id"]
    try spec.given([Self.failing(4, at: 180)])
    #expect(try spec.rows().count == 1)
    row = try #require(try spec.rows().first)
    #expect(row["alert_id"] == id && row["count"] == .integer(4))
    #expect(row["opened_at"] == Self.time(120) && row["last_at"] == Self.time(180))
    let wanted = try spec.rows("alerts/wanted")
    #expect(wanted.map { $0["alert_id"] } == [id] && wanted.first?["kind"] == .text("webhook"))
    #expect(wanted.first?["since_offset"] == .integer(3) && wanted.first?["count"] == .integer(4))
  }

  @Test func `it says when silence changes a row, and no sooner and no later it does`() throws {
    let spec = try spec()
    let due = try #require(AlertsProjector.view.due)
    #expect(try due(spec.tables) == nil)
    try spec.given((1...3).map { Self.failing($0, at: Int64($0)) })
    let time = Timestamp(nanoseconds: (newYear + 3 + day) * 1_000_000_000)
    #expect(try due(spec.tables) == time)
    try spec.given([event(4, "tick", stream: .foldlog, at: newYear + 2 + day)])
    #expect(try spec.rows().first?["resolved_at"] == .null && due(spec.tables) == time)
    try spec.given([event(5, "tick", stream: .foldlog, at: newYear + 3 + day)])
    #expect(try spec.rows().first?["resolved_at"] == .time(time) && due(spec.tables) == nil)
  }

  @Test func `what others say in its place silences no alert`() throws {
    let spec = try spec()
    try spec.given((1...3).map { Self.failing($0, at: Int64($0)) })
    let wanted = try #require(try spec.rows("alerts/wanted").first)
    let sent = SentAlert(of: wanted["alert_id"]?.text ?? "")
    let bare = event(4, "alert_sent", at: newYear + 4)
    try spec.given([
      Event(EventID(4), envelope: bare.envelope, fields: bare.fields, payloads: [sent])
    ])
    #expect(try spec.rows("alerts/wanted").count == 1)
    try spec.given([told(5, "alert_sent", sent)])
    #expect(try spec.rows("alerts/wanted").isEmpty)
  }

  @Test func `what was given up is wanted again when somebody says so, as if never tried`() throws {
    let spec = try spec()
    try spec.given((1...3).map { Self.failing($0, at: Int64($0)) })
    let wanted = try #require(try spec.rows("alerts/wanted").first)
    var failure = FailedEffect()
    failure.effect = "webhook"
    failure.requestID = try #require(wanted["request_id"]?.text)
    failure.isRefused = true
    try spec.given([told(4, "effect_failed", failure)])
    failure.isFinal = true
    try spec.given([told(5, "effect_failed", failure)])
    #expect(try spec.rows("alerts/wanted").isEmpty)
    #expect(try spec.rows().first?["notice"] == .text("failed"))
    var again = WantedAgain()
    again.effect = "webhook"
    again.requestID = "0"
    try spec.given([told(6, "effect_wanted_again", again)])
    #expect(try spec.rows("alerts/wanted").isEmpty)
    again.requestID = failure.requestID
    try spec.given([told(7, "effect_wanted_again", again)])
    let row = try #require(try spec.rows("alerts/wanted").first)
    #expect(row["request_id"] == wanted["request_id"])
    #expect(row["failures"] == .integer(0) && row["refusals"] == .integer(0))
    #expect(row["offsets"] == .offsets([1, 2, 3, 4, 5, 7]))
    // Whoever was told is not told again.
    try spec.given([told(8, "alert_sent", SentAlert(of: wanted["alert_id"]?.text ?? ""))])
    try spec.given([told(9, "effect_wanted_again", again)])
    #expect(try spec.rows("alerts/wanted").isEmpty)
  }

  @Test func `an error is over after a pause, and back when it happens again`() throws {
    let spec = try spec()
    try spec.given((1...3).map { Self.failing($0, at: Int64($0)) })
    try spec.given([event(4, "query", at: newYear + 3 + day - 1)])
    #expect(try spec.rows().first?["resolved_at"] == .null)
    try spec.given([event(5, "query", at: newYear + 3 + day)])
    #expect(try spec.rows().first?["resolved_at"] == Self.time(3 + day))
    #expect(try spec.rows("alerts/wanted").map { $0["resolved_at"] } == [Self.time(3 + day)])
    try spec.given((6...8).map { Self.failing($0, at: 2 * day + Int64($0)) })
    let rows = try spec.rows().sorted { $0["rule"]?.plainText ?? "" < $1["rule"]?.plainText ?? "" }
    #expect(rows.map { $0["rule"] } == [.text("error_back"), .text("error_new")])
    #expect(rows[0]["count"] == .integer(3) && rows[0]["resolved_at"] == .null)
    #expect(rows[0]["offsets"] == .offsets([6, 7, 8]) && rows[0]["severity"] == .text("medium"))
    #expect(rows[1]["count"] == .integer(3) && rows[1]["resolved_at"] == Self.time(3 + day))
    #expect(
      Set(try spec.rows("alerts/wanted").map { $0["alert_id"]?.text })
        == Set(rows.map { $0["alert_id"]?.text }))
  }

  @Test func `what is read late of an earlier time tells that an error is back`() throws {
    let spec = try spec()
    try spec.given([
      Self.failing(1, at: 10 * day), Self.failing(2, at: 0), Self.failing(3, at: 10 * day - 5),
      Self.failing(4, at: 10 * day + 5),
    ])
    let row = try #require(try spec.rows().first)
    #expect(row["rule"] == .text("error_back") && row["count"] == .integer(3))
    #expect(row["offsets"] == .offsets([1, 3, 4]))
  }

  @Test func `what repeats an event or says that an error was resolved is no error`() throws {
    let spec = try spec()
    try spec.given(
      [
        Self.failing(1, at: 0), Self.failing(2, at: 1), Self.failing(3, at: 1),
        Self.failing(4, at: 2, "error_resolved"),
      ], repeats: [Repeat(of: EventID(3))])
    #expect(try spec.rows().isEmpty)
  }

  @Test func `a line of a wrong clock ends nothing`() throws {
    let spec = try spec()
    try spec.given((1...3).map { Self.failing($0, at: Int64($0)) })
    // It was taken in then, and says that it happened in 2099.
    let late = event(4, "query", at: newYear + 73 * 365 * day)
    var envelope = late.envelope
    envelope.recorded = Timestamp(nanoseconds: (newYear + 10) * 1_000_000_000)
    try spec.given([Event(late.id, envelope: envelope, fields: late.fields)])
    #expect(try spec.rows().first?["resolved_at"] == .null)
    #expect(try spec.rows("alerts/wanted").count == 1)
    // A day may lie between the clocks of two machines.
    let next = event(5, "query", at: newYear + 3 + day)
    envelope = next.envelope
    envelope.recorded = Timestamp(nanoseconds: (newYear + 3) * 1_000_000_000)
    try spec.given([Event(next.id, envelope: envelope, fields: next.fields)])
    #expect(try spec.rows().first?["resolved_at"] == Self.time(3 + day))
  }

  @Test func `a changed threshold tells nobody again`() throws {
    var ids: [Cell?] = []
    for count in [UInt64(3), 2] {
      let spec = try spec { $0.errorCount = count }
      try spec.given((1...3).map { Self.failing($0, at: Int64($0)) })
      ids.append(try spec.rows("alerts/wanted").first?["request_id"])
    }
    #expect(ids[0] == ids[1] && ids[0] != nil)
  }

  // MARK: Days

  private static func call(_ event: UInt64, at seconds: Int64, cents: Int64?) -> ModelCall {
    ModelCall(
      event: EventID(event), id: "\(event)",
      context: CallContext(
        stream: .ralph, session: "s",
        time: Timestamp(nanoseconds: (newYear + seconds) * 1_000_000_000)),
      model: "m", usage: TokenUsage(),
      cost: cents.map { Money(dollars: FixedPoint(hundredths: $0)) },
      basis: cents == nil ? .unknown : .priced)
  }

  private static func begun(_ call: ModelCall) -> CallChange<ModelCall> {
    CallChange(of: call.event, before: nil, after: call)
  }

  @Test func `a day that costs more than it may is an alert until it is over`() throws {
    let spec = try spec { $0.dailyCost = .one }
    var twice = Self.call(4, at: 20, cents: 90)
    twice.isToldTwice = true
    try spec.given(
      modelCalls: [
        Self.call(1, at: 0, cents: 60), Self.call(2, at: 10, cents: 40),
        Self.call(3, at: 15, cents: nil), twice, Self.call(5, at: day, cents: 90),
      ].map(Self.begun))
    // A dollar is what it may cost, and the day after is another.
    #expect(try spec.rows().isEmpty)
    try spec.given(modelCalls: [Self.begun(Self.call(6, at: 30, cents: 1))])
    let row = try #require(try spec.rows().first)
    #expect(row["rule"] == .text("spend_over_budget") && row["severity"] == .text("high"))
    #expect(row["alert_subject"] == .text("2026-01-01") && row["count"] == .integer(3))
    #expect(row["about"] == .text("1.01 USD on 2026-01-01, of 1") && row["resolved_at"] == .null)
    #expect(row["opened_at"] == Self.time(30) && row["offsets"] == .offsets([1, 2, 6]))
    // What a call cost is corrected; the alert stays, since it was right.
    let corrected = CallChange(
      of: EventID(7), before: Self.call(1, at: 0, cents: 60),
      after: Self.call(1, at: 0, cents: 160))
    try spec.given([event(8, "query", at: newYear + day - 1)], modelCalls: [corrected])
    #expect(try spec.rows().first?["about"] == .text("2.01 USD on 2026-01-01, of 1"))
    #expect(try spec.rows("alerts/wanted").count == 1)
    try spec.given([event(9, "query", at: newYear + day)])
    #expect(try spec.rows().first?["resolved_at"] == Self.time(day))
    // The day ends whatever happens: who could not be told is told of it still, over a weekend.
    #expect(try spec.rows("alerts/wanted").map { $0["resolved_at"] } == [Self.time(day)])
    try spec.given([event(10, "query", at: newYear + 4 * day - 1)])
    #expect(try spec.rows("alerts/wanted").count == 1)
    try spec.given([event(11, "query", at: newYear + 4 * day)])
    #expect(try spec.rows("alerts/wanted").isEmpty)
  }

  @Test func `without a budget no day costs too much`() throws {
    let spec = try spec()
    try spec.given(modelCalls: [Self.begun(Self.call(1, at: 0, cents: 1_000_000))])
    #expect(try spec.rows().isEmpty)
  }

  /// So many successes, then so many failures, from an offset on.
  private static func facts(
    _ first: UInt64, day number: Int64, good: Int, bad: Int, stream: Events.Stream = .ralph
  ) -> [Fact] {
    (0..<UInt64(good + bad)).map { place in
      asserted(
        interaction(
          first + place, at: first + place, stream: stream, seconds: newYear + number * day,
          outcome: place < UInt64(good) ? .success : .failure))
    }
  }

  @Test func `more failures than in the days before are an alert`() throws {
    let spec = try spec()
    // 1 of 10 failed, and 2 of 9 the day after; then 3 of 10: by 20 of 100 more, exactly.
    try spec.given(facts: Self.facts(1, day: 0, good: 9, bad: 1))
    try spec.given(facts: Self.facts(20, day: 1, good: 7, bad: 2))
    #expect(try spec.rows().isEmpty)
    try spec.given(facts: Self.facts(29, day: 1, good: 0, bad: 1))
    let row = try #require(try spec.rows().first)
    #expect(row["rule"] == .text("failure_rate_up"))
    #expect(row["alert_subject"] == .text("ralph 2026-01-02") && row["count"] == .integer(3))
    #expect(
      row["about"] == .text("3 of 10 interactions failed, of the days before 1 of 10"))
    #expect(row["offsets"] == .offsets([27, 28, 29]))
    // Another stream has no days before, and of this one those of nine days ago do not count.
    try spec.given(facts: Self.facts(40, day: 1, good: 0, bad: 20, stream: .aidb))
    try spec.given(facts: Self.facts(80, day: 9, good: 0, bad: 20))
    #expect(try spec.rows().count == 1)
  }

  @Test func `a day's failures are compared whatever comes last`() throws {
    let spec = try spec()
    try spec.given(facts: Self.facts(1, day: 0, good: 9, bad: 1))
    try spec.given(facts: Self.facts(20, day: 1, good: 0, bad: 5))
    try spec.given(facts: Self.facts(30, day: 1, good: 4, bad: 0))
    #expect(try spec.rows().isEmpty)
    try spec.given(facts: Self.facts(40, day: 1, good: 1, bad: 0))
    let row = try #require(try spec.rows().first)
    #expect(row["about"] == .text("5 of 10 interactions failed, of the days before 1 of 10"))
    #expect(row["count"] == .integer(5))
    // More successes are told of when something happens that makes it worse.
    try spec.given(facts: Self.facts(50, day: 1, good: 3, bad: 0))
    #expect(try spec.rows().first?["count"] == .integer(5))
  }

  @Test func `a failure that turns out to be none is taken back`() throws {
    let spec = try spec()
    try spec.given(facts: Self.facts(1, day: 0, good: 9, bad: 1))
    try spec.given(facts: Self.facts(20, day: 1, good: 7, bad: 2))
    let known = interaction(28, at: 28, seconds: newYear + day, outcome: .failure)
    let now = interaction(28, at: 28, seconds: newYear + day, outcome: .success)
    try spec.given(facts: [Fact(of: EventID(29), before: known, after: now)])
    try spec.given(facts: Self.facts(30, day: 1, good: 0, bad: 1))
    #expect(try spec.rows().isEmpty)
  }

  // MARK: Deployments

  @Test func `a deployment that was demoted is an alert until it serves again`() throws {
    let spec = try spec()
    func change(_ offset: Offset, _ kind: String) -> Event {
      event(
        offset, kind, at: newYear + Int64(offset),
        [.deploymentID: "d1", .reason: "error rate"])
    }
    try spec.given([change(1, "deployment_created"), change(2, "deployment_demoted")])
    var row = try #require(try spec.rows().first)
    #expect(row["rule"] == .text("deployment_demoted") && row["alert_subject"] == .text("d1"))
    #expect(row["about"] == .text("d1 was taken out of service: error rate"))
    #expect(row["count"] == .integer(1) && row["resolved_at"] == .null)
    try spec.given([change(3, "deployment_demoted"), change(4, "deployment_promoted")])
    #expect(try spec.rows().count == 1)
    row = try #require(try spec.rows().first)
    #expect(row["count"] == .integer(2) && row["resolved_at"] == Self.time(4))
    #expect(row["offsets"] == .offsets([2, 3, 4]))
    try spec.given([change(5, "deployment_demoted")])
    #expect(try spec.rows().count == 2)
    // The first is over, and nobody was told of it.
    let wanted = try spec.rows("alerts/wanted").map { $0["resolved_at"] }
    #expect(wanted.count == 2 && wanted.contains(.null) && wanted.contains(Self.time(4)))
  }

  // MARK: Answers

  @Test func `who was told, or has taken note, is told no more`() throws {
    for answer in ["sent", "taken", "failed", "later"] {
      let spec = try spec()
      try spec.given((1...3).map { Self.failing($0, at: Int64($0)) })
      let wanted = try #require(try spec.rows("alerts/wanted").first)
      let (id, request) = (wanted["alert_id"]?.text ?? "", wanted["request_id"]?.text ?? "")
      var (sent, taken) = (SentAlert(), AcknowledgedAlert())
      var failed = FailedEffect()
      (sent.alertID, sent.requestID) = (id, request)
      (taken.alertID, taken.who) = (id, "ann")
      (failed.requestID, failed.effect, failed.isFinal) = (request, "webhook", answer == "failed")
      failed.isRefused = true
      switch answer {
      case "sent": try spec.given([told(4, "alert_sent", sent)])
      case "taken": try spec.given([told(4, "alert_acknowledged", taken)])
      default: try spec.given([told(4, "effect_failed", failed)])
      }
      let row = try #require(try spec.rows().first)
      let notices = ["sent": "sent", "failed": "failed"]
      #expect(row["notice"] == .text(notices[answer] ?? "wanted"))
      #expect(row["acknowledged"] == .bool(answer == "taken"))
      #expect(row["acknowledged_by"] == (answer == "taken" ? .text("ann") : .null))
      #expect(row["last_offset"] == .integer(4))
      let left = try spec.rows("alerts/wanted")
      #expect(left.map { $0["failures"] } == (answer == "later" ? [.integer(1)] : []))
      #expect(left.map { $0["refusals"] } == (answer == "later" ? [.integer(1)] : []))
      // It goes on all the same.
      try spec.given([Self.failing(5, at: 5)])
      #expect(try spec.rows().first?["count"] == .integer(4))
      #expect(try spec.rows("alerts/wanted").count == left.count)
    }
  }
}

extension SentAlert {
  fileprivate init(of alert: String) {
    self.init()
    alertID = alert
  }
}
