internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Tables
internal import Views

/// A request whose route was counted, known by its id or by that of its trace.
struct RoutedRequest: Row, Equatable {
  /// Whether an event said where its model runs.
  var saysLocal = false
  /// Of a trace: the request that it stands for; nil where that is known by the trace alone.
  var request: Hash128?

  static let table = StoredTable<Hash128, RoutedRequest>(
    "requests", isCounted: false, residentMax: 1 << 14)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout RoutedRequest, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("says_local", &row.saysLocal)
    try visit.hidden("request", &row.request)
  }
}

/// Counts each request's route once, however many events tell of it.
struct RoutedRequests {
  private let table: KeyedTable<Hash128, RoutedRequest>

  init(tables: FoldTables) throws(TableError) { table = try tables.open(RoutedRequest.table) }

  /// Takes out of what an event of a route measures what an earlier one of its request said.
  func count(_ event: borrowing Event, _ measured: inout Measured) throws(TableError) {
    let stream = event.envelope.stream
    let id = event.fields.text(.interactionID).map { Hash128(of: "\(stream.rawValue)\u{0}\($0)") }
    let trace = event.fields.text(.traceID).map { Hash128(of: "trace\u{0}\($0)") }
    guard let key = try known(id, trace) else {
      guard let new = id ?? trace else { return }
      try table.put(new, RoutedRequest(saysLocal: measured.says(.routedLocal)))
      try join(trace, to: new)
      return
    }
    measured.remove(.routes)
    if try table.row(key)?.saysLocal == true {
      measured.remove(.routedLocal)
    } else if measured.says(.routedLocal) {
      try table.change(key) { $0?.saysLocal = true }
    }
  }

  /// A trace that was not met before stands for the request that names it first.
  private func join(_ trace: Hash128?, to request: Hash128) throws(TableError) {
    guard let trace, trace != request, try table.row(trace) == nil else { return }
    try table.put(trace, RoutedRequest(request: request))
  }

  /// Under which key a request is kept; nil for a new one.
  private func known(_ id: Hash128?, _ trace: Hash128?) throws(TableError) -> Hash128? {
    if let id, try table.row(id) != nil {
      try join(trace, to: id)
      return id
    }
    guard let trace, let row = try table.row(trace) else { return nil }
    guard let id else { return row.request ?? trace }
    // Of a trace with several requests each counts; one that was known by its trace alone is this one.
    if row.request != nil { return nil }
    try table.put(id, row)
    try table.put(trace, RoutedRequest(request: id))
    return id
  }
}

extension Measured {
  fileprivate func says(_ metric: Metric) -> Bool { values.contains { $0.metric == metric } }
}
