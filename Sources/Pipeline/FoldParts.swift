internal import Bytes
internal import Events
internal import Facts
internal import Interactions
internal import Projection
internal import ViewStore
package import Views

/// The interactions step and the projectors of a build that still go on, with their tables.
final class FoldParts {
  private let decoding: DecodingCounts
  private let decodingTables: TableSet
  private let stepTables: TableSet
  private let step: InteractionStep?
  private let projectors:
    [(name: String, usesFacts: Bool, tables: TableSet, projector: any Projector)]

  init(_ record: BuildRecord, plan: FoldPlan, provider: any TableProvider) throws {
    decodingTables = TableSet(view: DecodingCounts.name, provider: provider)
    decoding = try DecodingCounts(tables: decodingTables)
    stepTables = TableSet(view: "interactions", provider: provider)
    var projectors: [(name: String, usesFacts: Bool, tables: TableSet, projector: any Projector)] =
      []
    for state in record.views where state.stopped == nil {
      guard let type = plan.projector(state.view) else { continue }
      let tables = TableSet(
        view: state.view, digest: Digest(sum: state.sum), provider: provider)
      projectors.append((state.view, type.usesFacts, tables, try type.init(tables: tables)))
    }
    self.projectors = projectors
    step =
      projectors.contains { $0.usesFacts }
      ? try InteractionStep(tables: stepTables, settings: plan.scoring) : nil
  }

  /// Folds a batch into all of them. An error of a fold is returned; one of the tables is thrown.
  func fold(_ decoded: DecodedEvents) throws -> FoldFailure? {
    try decoding.count(decoded.mismatches)
    var facts: [Fact] = []
    do throws(FoldError) {
      facts = try step?.derive(decoded.events, prepared: decoded.prepared) ?? []
    } catch {
      if error.isStorage { throw error }
      return FoldFailure(views: projectors.filter(\.usesFacts).map(\.name), error: error)
    }
    let batch = FoldBatch(events: decoded.events, facts: facts)
    for part in projectors {
      do throws(FoldError) {
        try part.projector.apply(batch)
      } catch {
        if error.isStorage { throw error }
        return FoldFailure(views: [part.name], error: error)
      }
    }
    return nil
  }

  /// Writes what changed. Returns the sum over each view's rows.
  func flush() throws -> [String: UInt128] {
    try decodingTables.flush()
    try stepTables.flush()
    var sums: [String: UInt128] = [:]
    for part in projectors {
      try part.tables.flush()
      sums[part.name] = part.tables.digest.sum
    }
    return sums
  }
}

/// How often a kind carried a field in a type that it cannot have.
package struct Mismatch: Equatable, Sendable {
  package let kind: String
  package let field: String
  package let count: UInt64
}

/// Counts mismatches of types, for `status`.
package final class DecodingCounts {
  package static let name = "decoding"
  private let table: KeyedTable<MismatchKey, CountRow>

  package init(tables: TableSet) throws(TableError) {
    table = try tables.keyed(
      "mismatches", key: MismatchKey.self, row: CountRow.self, isCounted: false)
  }

  func count(_ mismatches: [(kind: String, field: Field)]) throws(TableError) {
    for (kind, field) in mismatches {
      try table.change(MismatchKey(kind: kind, field: field)) { row in
        row = CountRow(count: (row?.count ?? 0) + 1)
      }
    }
  }

  /// All counts, by kind and field.
  package func mismatches() throws(TableError) -> [Mismatch] {
    var all: [Mismatch] = []
    try table.forEach { key, row in
      all.append(Mismatch(kind: key.kind, field: "\(key.field)", count: row.count))
      return true
    }
    return all
  }
}

private struct MismatchKey: Key {
  let kind: String
  let field: Field

  /// A kind is a line's own word, of any length: its beginning is enough to tell.
  private static let kindSizeMax = 400

  init(kind: String, field: Field) {
    self.kind = kind.utf8.count <= Self.kindSizeMax ? kind : String(kind.prefix(100))
    self.field = field
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(byte: field.rawValue)
    writer.append(text: kind)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    guard let field = Field(rawValue: try reader.byte()) else {
      throw BytesError("an unknown field", at: 0)
    }
    self.field = field
    kind = try reader.text()
  }
}

private struct CountRow: Row {
  let count: UInt64

  init(count: UInt64) { self.count = count }
  func encode(into writer: inout ByteWriter) { writer.append(varint: count) }
  init(from reader: inout ByteReader) throws(BytesError) { count = try reader.varint() }
}
