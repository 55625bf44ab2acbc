internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Tables
internal import Views

/// A request of which something was counted, known by its id or by that of its trace.
struct CountedRequest: Row, Equatable {
  var isRouted = false
  /// Whether an event said where its model runs.
  var saysLocal = false
  /// Whether an event said if its answer came from a cache.
  var saysCacheHit = false
  /// Of a trace: the request that it stands for; nil where that is known by the trace alone.
  var request: Hash128?

  static let table = StoredTable<Hash128, CountedRequest>(
    "requests", isCounted: false, residentMax: 1 << 14)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout CountedRequest, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("is_routed", &row.isRouted)
    try visit.hidden("says_local", &row.saysLocal)
    try visit.hidden("says_cache_hit", &row.saysCacheHit)
    try visit.hidden("request", &row.request)
  }

  /// Takes note of what is measured of the request, and takes out what was measured before.
  fileprivate mutating func count(_ measured: inout Measured) {
    func count(_ metric: Metric, _ isKnown: inout Bool) {
      guard measured.values.contains(where: { $0.metric == metric }) else { return }
      if isKnown { measured.remove(metric) } else { isKnown = true }
    }
    count(.routes, &isRouted)
    count(.routedLocal, &saysLocal)
    count(.cacheHit, &saysCacheHit)
  }
}

/// Counts each request's route, and whether its answer came from a cache, once, however many events
/// tell of it: the first that does counts.
struct CountedRequests {
  private let table: KeyedTable<Hash128, CountedRequest>

  init(tables: FoldTables) throws(TableError) { table = try tables.open(CountedRequest.table) }

  /// Takes out of what an event measures what an earlier one of its request said.
  func count(_ event: borrowing Event, _ measured: inout Measured) throws(TableError) {
    if !measured.values.contains(where: { $0.metric.isOncePerRequest }) { return }
    let stream = event.envelope.stream.rawValue
    let id = event.fields.text(.interactionID).map { Self.key(stream, $0) }
    let trace = event.fields.text(.traceID).map { Self.key(Self.traceMark, $0) }
    let known = try known(id, trace)
    guard let key = known ?? id ?? trace else { return }
    let before = try table.row(key)
    var row = before ?? CountedRequest()
    row.count(&measured)
    if row != before { try table.put(key, row) }
    if known == nil { try join(trace, to: key) }
  }

  /// Stands where the number of a stream does.
  private static let traceMark: UInt8 = 255

  private static func key(_ kind: UInt8, _ name: String) -> Hash128 {
    var writer = ByteWriter(capacity: 48)
    writer.append(byte: kind)
    writer.append(text: name)
    return Hash128(of: writer.span)
  }

  /// A trace that was not met before stands for the request that names it first.
  private func join(_ trace: Hash128?, to request: Hash128) throws(TableError) {
    guard let trace, trace != request, try table.row(trace) == nil else { return }
    try table.put(trace, CountedRequest(request: request))
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
    try table.put(trace, CountedRequest(request: id))
    return id
  }
}

extension Metric {
  fileprivate var isOncePerRequest: Bool {
    self == .routes || self == .routedLocal || self == .cacheHit
  }
}
