internal import Bytes
internal import EventLog
internal import Events
internal import Pipeline
internal import Projection
internal import Tables
internal import ViewStore
internal import Views

/// Lets views know that time has passed in which nothing happened. A fold knows no clock: its now is the
/// latest time of the log.
struct TickService {
  let store: Store

  init(_ store: Store) { self.store = store }

  /// A view, and when silence changes a row of it.
  struct Due: Equatable {
    let view: String
    let time: Timestamp
  }

  /// The first row that silence changes, of all views that are live, current and up to date; nil for
  /// none. Where one lags behind the log, nobody knows yet: then it is nil, and not known.
  func due() throws(FoldlogError) -> (isKnown: Bool, first: Due?) {
    try store.reporting {
      let end = try LogReader(store.openLog()).end()
      let catalogue = try store.openCatalogue()
      let plan = try store.plan()
      var first: Due?
      for projector in store.projectors.projectors {
        let view = projector.view
        guard let due = view.due, !plan.off.contains(view.name),
          try catalogue.entry(view.name) != nil
        else { continue }
        let snapshot = try store.reading.snapshot(of: TableAddress(view.name))
        guard let state = try snapshot.record().views.first(where: { $0.view == view.name }),
          state.stopped == nil, plan.isCurrent(state)
        else { continue }
        if state.checkpoint < end { return (false, nil) }
        guard let time = try due(ViewTables(view.name, in: snapshot)) else { continue }
        if first.map({ time < $0.time }) ?? true { first = Due(view: view.name, time: time) }
      }
      return (true, first)
    }
  }

  /// Appends how late it is.
  func tick(_ due: Due, at time: Timestamp, _ lines: OwnLines) throws {
    var line = JSONLineWriter()
    line.member("event", text: "tick")
    line.member("timestamp", text: "\(time)")
    line.member("view", text: due.view)
    line.member("due_at", text: "\(due.time)")
    try lines.append([.init(line.bytes)])
  }
}
