internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Tables
internal import TrainingData
internal import Views

/// How many examples a field of work has. Kept by its name.
struct Domain: Row {
  /// Nil for those that name none.
  var name: String?
  var examples: UInt64 = 0

  static let table = StoredTable<TextKey, Domain>("domains", residentMax: 1 << 14)

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("name", &row.name)
    try visit.hidden("examples", &row.examples)
  }
}

/// Keeps the counts by domain.
struct DomainCounts {
  private let table: KeyedTable<TextKey, Domain>

  init(tables: FoldTables) throws(TableError) { table = try tables.open(Domain.table) }

  /// Takes a cluster as it is for the one that it was, nil standing for none.
  func change(from old: Cluster?, to new: Cluster?) throws(TableError) {
    let (old, new) = (old?.isProven == true ? old : nil, new?.isProven == true ? new : nil)
    if let old, let new, TextKey(old.domain) == TextKey(new.domain) { return }
    if let old { try change(old.domain) { $0.examples &-= 1 } }
    if let new { try change(new.domain) { $0.examples &+= 1 } }
  }

  private func change(_ name: String?, _ body: (inout Domain) -> Void) throws(TableError) {
    try table.change(TextKey(name)) { row in
      var domain = row ?? Domain(name: name)
      body(&domain)
      row = domain.examples == 0 ? nil : domain
    }
  }
}

/// What part of the examples a field of work has.
struct DomainShare: Row {
  var domain = Domain()
  /// The examples of all domains.
  var total: UInt64 = 0
  var evidence = Evidence()

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    visit.derived("domain", isKey: true, "The field of work; null: of those that name none.") {
      row.domain.name
    }
    visit.derived(
      "examples", unit: .count, "Its examples that count in datasets/readiness."
    ) { row.domain.examples }
    visit.derived(
      "share", unit: .fraction, "Its part of all of these.",
      rule: "examples / the examples of all domains"
    ) { Double(row.domain.examples) / Double(max(row.total, 1)) }
    visit.standing(on: row.evidence)
  }

  static let answer = Answer(
    "datasets/domains",
    """
    How the examples are spread over fields of work. `dataset export --per-domain N` takes so many of \
    each at most.
    """,
    rows: { tables, body throws(TableError) in
      let total = try Readiness.of(.examples, in: tables).count
      let standing = try Standing.byDomain(in: tables)
      try tables.read(Domain.table).forEach { key, domain throws(TableError) in
        try body(
          DomainShare(domain: domain, total: total, evidence: standing[key] ?? Evidence()))
      }
    },
    row: { key, tables throws(TableError) in try of(key[0], in: tables) }
  ).showing(first: "examples", "share").touched { subject, tables throws(TableError) in
    guard let example = try Example.touched(by: subject, in: tables) else { return [] }
    return try of(example.domain, in: tables).map { [$0] } ?? []
  }.explained { explanation, row, tables, _ throws(TableError) in
    let members = row["offsets"].offsets ?? []
    explanation.add(
      Input("the first of them", .integer(Int64(members.count)), members), to: "examples")
    explanation.add(
      Input("the examples of all domains", try Readiness.of(.examples, in: tables).count.cell),
      to: "share")
  }.whenEmpty { tables throws(TableError) in
    let unproven = try Readiness.of(.examples, in: tables).unproven
    return [
      unproven == 0
        ? "there is no example: `foldlog query datasets` says why"
        : "only examples count here of which more than their own word says that they succeeded, and none "
          + "of the \(unproven) in `datasets` is one"
    ]
  }

  private static func of(
    _ name: String?, in tables: any ViewReader
  ) throws(TableError) -> DomainShare? {
    let total = try Readiness.of(.examples, in: tables).count
    guard let domain = try tables.read(Domain.table).row(TextKey(name)) else { return nil }
    let evidence = try Standing.byDomain(in: tables)[TextKey(name)] ?? Evidence()
    return DomainShare(domain: domain, total: total, evidence: evidence)
  }
}
