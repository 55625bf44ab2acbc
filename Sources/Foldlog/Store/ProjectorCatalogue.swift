internal import AlertsProjector
internal import CorrelationsProjector
internal import CostsProjector
internal import DatasetsProjector
internal import DeploymentsProjector
internal import ErrorsProjector
package import Events
internal import Formats
internal import KnowledgeProjector
internal import MetricsProjector
public import Projection
internal import Query
internal import SessionsProjector
internal import SkillsProjector
internal import ToolsProjector
internal import ValuesProjector
package import Views

/// The projectors that a store folds its log with, in the order in which their views are listed.
public struct ProjectorCatalogue: Sendable {
  /// In the order in which views are listed.
  public let projectors: [any Projector.Type]
  /// How lines of other tools are read.
  package private(set) var formats = FormatSet.native

  /// - Parameter projectors: their views have different names.
  public init(_ projectors: [any Projector.Type]) { self.projectors = projectors }

  /// Every projector that comes with foldlog: adding one is its folder and a line here.
  public static let builtIn = ProjectorCatalogue([
    ValuesProjector.self,
    CorrelationsProjector.self,
    ErrorsProjector.self,
    DatasetsProjector.self,
    DeploymentsProjector.self,
    SessionsProjector.self,
    ToolsProjector.self,
    CostsProjector.self,
    MetricsProjector.self,
    SkillsProjector.self,
    AlertsProjector.self,
    KnowledgeProjector.self,
  ]).reading(FormatCatalogue.builtIn)

  /// These, and more after them.
  public func adding(_ more: [any Projector.Type]) -> ProjectorCatalogue {
    var catalogue = ProjectorCatalogue(projectors + more)
    catalogue.formats = formats
    return catalogue
  }

  /// The same projectors, of a log that holds lines of other tools.
  package func reading(_ formats: FormatSet) -> ProjectorCatalogue {
    var catalogue = self
    catalogue.formats = formats
    return catalogue
  }

  /// The names of all views.
  public var views: [String] { projectors.map { $0.view.name } }

  /// Every table that can be asked for, those of one view side by side.
  package var answers: [any AnswerTable] { projectors.flatMap { $0.view.tables } }

  /// The same, for what explains their rows.
  var explainedTables: [any ExplainedTable] { projectors.flatMap { $0.view.tables } }

  /// What the projectors need of events beside the canonical fields, and what foldlog's own events
  /// carry, each once.
  package var payloads: [any Payload.Type] {
    var payloads = OwnEvents.payloads
    for payload in projectors.flatMap({ $0.view.needs.payloads })
    where !payloads.contains(where: { $0 == payload }) { payloads.append(payload) }
    return payloads
  }

  /// Each view with the sentence that says what it tells.
  package var viewSentences: [(name: String, about: String)] {
    projectors.map { ($0.view.name, $0.view.about) }
  }

  func projector(of view: String) -> (any Projector.Type)? {
    projectors.first { $0.view.name == view }
  }

  /// The views that are named, in the order of the catalogue; all of them when none is.
  func chosen(_ views: [String]) throws(FoldlogError) -> [String] {
    for view in views where !self.views.contains(view) {
      throw FoldlogError(
        .noInput,
        "there is no view `\(view)`: there are \(self.views.joined(separator: ", "))"
          + suggestion(for: view, among: self.views))
    }
    return views.isEmpty ? self.views : self.views.filter(views.contains)
  }
}
