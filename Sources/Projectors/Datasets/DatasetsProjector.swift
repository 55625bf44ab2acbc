internal import Events
package import Facts
internal import Projection
package import Views

/// What to train on: supervised examples from interactions of high value.
package final class DatasetsProjector: Projector {
  package static let view = "datasets"
  package static let version: UInt32 = 1
  package static let usesFacts = true
  package static let answers: [any AnswerTable] = [ExamplesAnswer()]

  private let examples: ExampleClusters

  package init(tables: TableSet) throws(TableError) {
    examples = try ExampleClusters(tables: tables)
  }

  package func apply(_ batch: FoldBatch) throws(FoldError) {
    for fact in batch.facts {
      do throws(TableError) { try examples.apply(fact) } catch {
        throw FoldError(at: fact.offset, error)
      }
    }
  }
}
