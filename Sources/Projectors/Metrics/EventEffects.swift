internal import Bytes
internal import Events
internal import Facts
internal import Projection

/// Which rows an event gave something to, by itself, with its interaction or with a call of a model.
///
/// Rows name the first of their events: of these it is known. Where a row names fewer than it counts,
/// what the event and its interaction are now tells the rest.
struct EventEffects {
  private let offset: Offset
  private var places: [Place] = []

  /// An hour and those whose rows of it may count the event, by these metrics.
  private struct Place {
    let hour: Int64
    let stream: String
    let model: String?
    let user: String?
    let metrics: [Metric]

    func holds(_ hour: Int64, _ series: SeriesKey) -> Bool {
      guard hour == self.hour, metrics.contains(series.metric) else { return false }
      switch series.scope {
      case .system: return true
      case .stream: return series.level == stream
      case .model: return series.level == model
      // Calls belong to whom their session does.
      case .user: return series.level == user || user == nil && isOfCall(series.metric)
      }
    }

    private func isOfCall(_ metric: Metric) -> Bool { Measured.ofCalls.contains(metric) }
  }

  init(_ subject: EventSubject) {
    offset = subject.offset
    let event = subject.event
    let own = Measured(event)
    var metrics = own.values.map(\.metric) + (Measured.Report(event.kind)?.metrics ?? [])
    if event.kind == "inference" || event.kind == "session_ended" { metrics += Measured.ofCalls }
    add(own, metrics)
    places.append(
      Place(
        hour: own.time.hourNumber, stream: own.stream.name, model: nil, user: nil,
        metrics: [.events]))
    if let interaction = subject.interaction {
      let whole = Measured(interaction)
      add(whole, whole.values.map(\.metric) + Measured.ofCalls)
    }
  }

  private mutating func add(_ measured: Measured, _ metrics: [Metric]) {
    places.append(
      Place(
        hour: measured.time.hourNumber, stream: measured.stream.name, model: measured.model,
        user: measured.user, metrics: metrics))
  }

  func areIn(_ row: MetricHour) -> Bool {
    areIn(row.sums.evidence, row.hour.hourNumber, row.series)
  }

  /// Whether the event is among those of an hour of a series.
  func areIn(_ evidence: Evidence, _ hour: Int64, _ series: SeriesKey) -> Bool {
    if evidence.first.contains(offset) { return true }
    return evidence.isCut && evidence.mayHold(offset)
      && places.contains { $0.holds(hour, series) }
  }
}
