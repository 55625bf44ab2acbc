internal import Bytes
internal import Interactions
package import Projection
package import Scoring
package import ViewStore

/// Which projectors are folded together, under which settings.
package struct FoldPlan: Sendable {
  package let projectors: [any Projector.Type]
  package let scoring: ScoringSettings

  package init(projectors: [any Projector.Type], scoring: ScoringSettings) {
    self.projectors = projectors
    self.scoring = scoring
  }

  /// The same under the same settings, with some of the projectors.
  package func only(_ views: [String]) -> FoldPlan {
    FoldPlan(projectors: projectors.filter { views.contains($0.view) }, scoring: scoring)
  }

  package func projector(_ view: String) -> (any Projector.Type)? {
    projectors.first { $0.view == view }
  }

  /// The state of a view of which nothing is folded yet: its version and all that counts in its
  /// digest.
  package func initialState(of projector: any Projector.Type) -> ViewState {
    var upstream = ByteWriter()
    upstream.append(varint: UInt64(InteractionStep.version))
    upstream.append(scoring.canonicalBytes)
    return ViewState(
      view: projector.view, version: projector.version, settings: Hash128(of: [UInt8]()),
      upstream: projector.usesFacts ? Hash128(of: upstream.bytes) : Hash128(value: 0))
  }

  /// Whether a view of a build can be folded on: it has not stopped, is current, and stands where
  /// the build does.
  func goesOn(_ state: ViewState, in record: BuildRecord) -> Bool {
    state.stopped == nil && state.checkpoint == record.checkpoint && isCurrent(state)
  }

  /// Whether a view was built by what this plan would build it with.
  package func isCurrent(_ state: ViewState) -> Bool {
    guard let projector = projector(state.view) else { return false }
    let initial = initialState(of: projector)
    return initial.version == state.version && initial.settings == state.settings
      && initial.upstream == state.upstream
  }
}
