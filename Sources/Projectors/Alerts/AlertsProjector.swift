internal import Bytes
internal import ErrorText
public import Events
public import Facts
public import Projection
public import Tables
public import Views

/// Finds what somebody should know of: errors that are new or back, those of `foldlog react` among them,
/// days that cost too much or failed more than those before, deployments that were taken out of service.
///
/// It tells nobody: an open alert is a want, which `foldlog react` answers.
///
/// Memory: at most 2^14 errors of about 1 KB, 2^12 alerts of about 2 KB, and 2^10 days and deployments.
/// What is kept grows with the different errors, the days, and the alerts.
public final class AlertsProjector: EventProjector, ConfiguredProjector {
  public static let view = View(
    "alerts", version: 4, "What somebody should know of.",
    needs: Needs.events.andFacts.andCalls.andPayload(SentAlert.self)
      .andPayload(AcknowledgedAlert.self).andPayload(FailedEffect.self)
      .andPayload(WantedAgain.self),
    tables: [Alert.answer], wants: Wants(kinds: [Alert.kind], in: Alert.Wanted.answer),
    due: { tables throws(TableError) in try Alert.due(in: tables) })

  private let settings: AlertsSettings
  private let alerts: KeyedTable<TextKey, Alert>
  private let requests: KeyedTable<TextKey, RequestedAlert>
  private let latest: KeyedTable<UInt64, LatestTime>
  private let errors: KeyedTable<Hash128, ErrorRun>
  private let spend: KeyedTable<TextKey, DaySpend>
  private let outcomes: KeyedTable<TextKey, DayOutcomes>
  private let deployments: KeyedTable<TextKey, DemotedDeployment>
  private var reader = MessageReader()

  public init(tables: FoldTables, settings: AlertsSettings) throws(TableError) {
    self.settings = settings
    alerts = try tables.open(Alert.table)
    requests = try tables.open(RequestedAlert.table)
    latest = try tables.open(LatestTime.table)
    errors = try tables.open(ErrorRun.table)
    spend = try tables.open(DaySpend.table)
    outcomes = try tables.open(DayOutcomes.table)
    deployments = try tables.open(DemotedDeployment.table)
  }

  public func begin(_ batch: borrowing FoldBatch) throws(TableError) {
    if batch.events.isEmpty { return }
    let times = batch.timesBeforeRecording
    try latest.change(0) { slot in
      var row = slot.take() ?? LatestTime()
      row.events.merge(times)
      slot = row
    }
  }

  public func fold(_ event: borrowing Event, _ context: borrowing FoldContext) throws(TableError) {
    if context.isRepeat { return }
    if let message = event.fields.text(.errorMessage) {
      try fold(errorOf: copy event, message)
    }
    switch event.envelope.kind {
    case "deployment_demoted", "deployment_promoted", "deployment_active":
      try fold(deploymentOf: copy event)
    case "alert_sent", "alert_acknowledged", "effect_failed", "effect_wanted_again":
      // What others' telemetry says silences none.
      if event.envelope.stream == .foldlog {
        try fold(answer: copy event)
        try fold(failureOf: copy event)
      }
    default: return
    }
  }

  // MARK: Errors

  private func fold(errorOf event: Event, _ message: String) throws(TableError) {
    // What says that an error was resolved names it again.
    if Kinds.resolvesError(event.kind, status: event.fields.text(.status)) { return }
    let wording = reader.groupedWords(of: message, event)
    var writer = ByteWriter()
    wording.encode(into: &writer)
    let key = Hash128(of: writer.bytes)
    let moment = Moment(event)
    var run = try errors.row(key) ?? ErrorRun(subject: subject(of: message, wording, event))
    let quiet_s = Int64(settings.quietDays) * 86_400
    if run.take(moment, quiet_s: quiet_s), run.count.value >= settings.errorCount {
      let rule = run.isBack ? AlertRule.errorBack : .newError
      run.alert = try tell(
        run.alert, rule, of: run.subject, from: run.since, at: moment, run.evidence,
        until: Timestamp(adding: quiet_s, to: run.lastAt)
      ) {
        $0.count = run.count
        $0.lastAt = max($0.lastAt, run.lastAt)
        $0.about = "\(run.isBack ? "is back" : "is new"): \(run.subject)"
      }
    }
    try errors.put(key, run)
  }

  /// What `foldlog react` could not do is an error as others are.
  private func fold(failureOf event: Event) throws(TableError) {
    guard let failure = event.payload(FailedEffect.self),
      let reason = failure.reason ?? failure.status
    else { return }
    try fold(errorOf: event, "\(failure.effect): \(reason)")
  }

  /// What messages of one error have in common, after the type that it names.
  private func subject(of message: String, _ wording: Wording, _ event: Event) -> String {
    if wording.whole != nil { return message.bounded(Alert.subjectSizeMax) }
    let line = MessageReader.headline(of: message, event) { line, _ -> String in
      let (pieces, tail) = reader.scanner.template(of: line)
      let text = pieces.text(tail: tail)
      guard let type = event.fields.text(.errorType) ?? errorType(line), !text.contains(type)
      else { return text }
      return "\(type): \(text)"
    }
    return line.bounded(Alert.subjectSizeMax)
  }

  // MARK: Days

  public func fold(_ change: borrowing CallChange<ModelCall>) throws(TableError) {
    let offset = change.event.offset
    if let before = change.before, before.cost != nil {
      try self.change(spendOf: before) { $0.change(by: before, isAdding: false) }
    }
    let after = change.after
    guard after.cost != nil, !after.isToldTwice else { return }
    let day = try self.change(spendOf: after) {
      $0.change(by: after, isAdding: true)
      $0.since = $0.since ?? offset
      $0.evidence.add(offset)
    }
    guard settings.dailyCost > .zero, day.cost.total > Money(dollars: settings.dailyCost) else {
      return
    }
    let time = after.context.time
    let name = "\(CivilDate(day: time.day))"
    let moment = Moment(time, isInferred: after.context.isTimeInferred, at: offset)
    let alert = try tell(
      day.alert, .overBudget, of: name, from: day.since ?? offset, at: moment, day.evidence,
      until: endOfDay(time)
    ) {
      $0.count = day.calls
      $0.about = "\(day.cost.total.dollars) USD on \(name), of \(settings.dailyCost)"
    }
    if day.alert == nil { try spend.change(TextKey(name)) { $0?.alert = alert } }
  }

  @discardableResult
  private func change(
    spendOf call: ModelCall, _ body: (inout DaySpend) -> Void
  ) throws(TableError) -> DaySpend {
    try spend.change(TextKey("\(CivilDate(day: call.context.time.day))")) { slot in
      var row = slot.take() ?? DaySpend()
      body(&row)
      slot = row
      return row
    }
  }

  public func fold(_ fact: borrowing Fact) throws(TableError) {
    let (before, after) = (fact.before, fact.after)
    let offset = fact.event.offset
    if let before {
      if before.outcome == after.outcome, before.time == after.time, before.stream == after.stream {
        return
      }
      try change(outcomesOf: before) { $0.change(by: before.outcome, isAdding: false) }
    }
    let day = try change(outcomesOf: after) {
      $0.change(by: after.outcome, isAdding: true)
      $0.since = $0.since ?? offset
      if after.outcome == .failure { $0.evidence.add(offset) }
    }
    // A success may be the one by which there are enough of them to be compared.
    guard after.outcome == .failure || (day.alert == nil && after.outcome == .success),
      day.decided.value >= settings.failureCount
    else { return }
    let earlier = try earlier(than: after)
    guard earlier.decided.value >= settings.failureCount,
      day.alert != nil || day.isAbove(earlier, by: settings.failureRise)
    else { return }
    let name = "\(after.stream.name) \(CivilDate(day: after.time.day))"
    let moment = Moment(after.time, isInferred: after.isTimeInferred, at: offset)
    let alert = try tell(
      day.alert, .failuresUp, of: name, from: day.since ?? offset, at: moment, day.evidence,
      until: endOfDay(after.time)
    ) {
      $0.count = day.failures
      $0.about =
        "\(day.failures.value) of \(day.decided.value) interactions failed, of the days before "
        + "\(earlier.failures.value) of \(earlier.decided.value)"
    }
    if day.alert == nil { try outcomes.change(Self.key(of: after)) { $0?.alert = alert } }
  }

  /// How interactions of a stream ended in the days before one, as far as that is known by now.
  private func earlier(than interaction: Interaction) throws(TableError) -> DayOutcomes {
    var sum = DayOutcomes()
    for step in 1...DayOutcomes.daysBefore {
      guard let row = try outcomes.row(Self.key(of: interaction, daysBefore: step)) else {
        continue
      }
      sum.failures += row.failures.value
      sum.decided += row.decided.value
    }
    return sum
  }

  @discardableResult
  private func change(
    outcomesOf interaction: Interaction, _ body: (inout DayOutcomes) -> Void
  ) throws(TableError) -> DayOutcomes {
    try outcomes.change(Self.key(of: interaction)) { slot in
      var row = slot.take() ?? DayOutcomes()
      body(&row)
      slot = row
      return row
    }
  }

  private static func key(of interaction: Interaction, daysBefore days: Int64 = 0) -> TextKey {
    TextKey(interaction.stream.name, "\(CivilDate(day: interaction.time.day - days))")
  }

  private func endOfDay(_ time: Timestamp) -> Timestamp {
    Timestamp(adding: 86_400, to: Timestamp(adding: -(time.seconds - time.day * 86_400), to: time))
  }

  // MARK: Deployments

  private func fold(deploymentOf event: Event) throws(TableError) {
    guard let id = event.fields.text(.deploymentID) else { return }
    let (key, moment) = (TextKey(id), Moment(event))
    let known = try deployments.row(key)?.alert
    if event.kind == "deployment_demoted" {
      let reason = event.fields.text(.reason).map { ": \($0.bounded(Alert.subjectSizeMax))" } ?? ""
      let alert = try tell(
        known, .demoted, of: id, from: moment.offset, at: moment, Evidence(), until: nil
      ) {
        $0.count += 1
        $0.about = "\(id) was taken out of service\(reason)"
      }
      try deployments.put(key, DemotedDeployment(alert: alert))
    } else if let known {
      try change(known) {
        ($0.resolvedBy, $0.isResolvedByInferred) = (moment.time, moment.isInferred)
        $0.evidence.add(moment.offset)
      }
      try deployments.remove(key)
    }
  }

  // MARK: Alerts

  /// Changes the open alert that is known, or opens one. Returns its id.
  private func tell(
    _ known: String?, _ rule: AlertRule, of subject: String, from first: Offset,
    at moment: Moment, _ evidence: Evidence, until: Timestamp?, _ body: (inout Alert) -> Void
  ) throws(TableError) -> String {
    if let known {
      try change(known) {
        $0.happened(moment)
        $0.until = until
        body(&$0)
      }
      return known
    }
    var alert = Alert(rule, of: subject, from: first, at: moment)
    alert.evidence = evidence
    alert.until = until
    alert.evidence.add(moment.offset)
    body(&alert)
    try alerts.put(TextKey(alert.id), alert)
    try requests.put(TextKey(alert.want.requestID), RequestedAlert(id: alert.id))
    return alert.id
  }

  private func change(_ id: String, _ body: (inout Alert) -> Void) throws(TableError) {
    try alerts.change(TextKey(id)) { slot in
      guard var row = slot else { return }
      body(&row)
      slot = row
    }
  }

  /// What came of telling somebody, and that somebody has taken note.
  private func fold(answer event: Event) throws(TableError) {
    let offset = event.offset
    if let sent = event.payload(SentAlert.self) {
      try change(sent.alertID) {
        if sent.isOK != false { $0.notice = .sent }
        $0.evidence.add(offset)
      }
    } else if let taken = event.payload(AcknowledgedAlert.self) {
      try change(taken.alertID) {
        $0.isAcknowledged = true
        $0.acknowledgedBy = taken.who ?? $0.acknowledgedBy
        $0.evidence.add(offset)
      }
    } else if let again = event.payload(WantedAgain.self),
      let alert = try requests.row(TextKey(again.requestID))
    {
      try change(alert.id) {
        guard $0.notice == .failed else { return }
        $0.renew()
        $0.evidence.add(offset)
      }
    } else if let failure = event.payload(FailedEffect.self), failure.effect == Alert.kind,
      let alert = try requests.row(TextKey(failure.requestID))
    {
      try change(alert.id) {
        if failure.isFinal != true {
          $0.fail(failure)
        } else if $0.notice == .wanted {
          $0.notice = .failed
        }
        $0.evidence.add(offset)
      }
    }
  }
}

extension Timestamp {
  /// So many seconds later; at most as late as can be told.
  fileprivate init(adding seconds: Int64, to time: Timestamp) {
    let (sum, isOver) = time.nanoseconds.addingReportingOverflow(seconds &* 1_000_000_000)
    self.init(nanoseconds: isOver ? (seconds < 0 ? .min : .max) : sum)
  }
}
