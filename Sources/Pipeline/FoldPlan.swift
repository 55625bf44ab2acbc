internal import Bytes
package import Conversations
package import Events
internal import Interactions
package import Projection
package import Scoring
package import Tables
package import ViewStore
package import Views

/// Which projectors are folded, under which settings, and what each passes over.
package struct FoldPlan: Sendable {
  package let projectors: [any Projector.Type]
  package let scoring: ScoringSettings
  package let viewSettings: ViewSettings
  /// The settings as they were written: a build keeps them.
  package let settings: String
  /// By view, the events that it passes over, ascending.
  package let skips: [String: [Offset]]
  /// How lines of other tools are read.
  package let formats: FormatSet
  /// What calls of models cost.
  package let prices: PriceList
  /// Views that are not folded on, nor built, unless they are asked for by name.
  package let off: Set<String>

  package init(
    projectors: [any Projector.Type], scoring: ScoringSettings,
    viewSettings: ViewSettings = ViewSettings(), settings: String = "",
    skips: [String: [Offset]] = [:], formats: FormatSet = .native,
    prices: PriceList = PriceList([]), off: Set<String> = []
  ) {
    self.prices = prices
    self.off = off
    self.projectors = projectors
    self.scoring = scoring
    self.viewSettings = viewSettings
    self.settings = settings
    self.skips = skips
    self.formats = formats
  }

  /// The same under the same settings, with some of the projectors.
  package func only(_ views: [String]) -> FoldPlan {
    FoldPlan(
      projectors: projectors.filter { views.contains($0.view.name) }, scoring: scoring,
      viewSettings: viewSettings, settings: settings, skips: skips, formats: formats,
      prices: prices)
  }

  /// Which lines a fold of all its projectors reads.
  var selection: LineSelection { LineSelection(for: projectors.map { $0.view.needs }) }

  package func projector(_ view: String) -> (any Projector.Type)? {
    projectors.first { $0.view.name == view }
  }

  /// Whether the rows of a view rest on prices.
  func usesPrices(_ view: String) -> Bool {
    projector(view).map { $0.view.needs.facts || $0.view.needs.calls } ?? false
  }

  /// Those views that can be folded together, in the order of the projectors: what is folded
  /// together shares the interactions step, so that it passes over the same events.
  package func groups(of views: [String]) -> [[String]] {
    var groups: [[String]] = []
    for view in projectors.map({ $0.view.name }) where views.contains(view) {
      if let group = groups.firstIndex(where: { skips[$0[0]] ?? [] == skips[view] ?? [] }) {
        groups[group].append(view)
      } else {
        groups.append([view])
      }
    }
    return groups
  }

  /// The record of a build of which nothing is folded yet: of the projectors of this plan, that
  /// form one group.
  func initialRecord(from start: Offset = 0) -> BuildRecord {
    var record = BuildRecord()
    record.checkpoint = start
    record.settings = settings
    record.skipped = projectors.first.flatMap { skips[$0.view.name] } ?? []
    record.views = projectors.map(initialState)
    for index in record.views.indices { record.views[index].checkpoint = start }
    return record
  }

  /// The state of a view of which nothing is folded yet: its version and all that counts in its
  /// digest, but for prices, of which those count that calls ask for.
  package func initialState(of projector: any Projector.Type) -> ViewState {
    var upstream = ByteWriter()
    upstream.append(varint: UInt64(InteractionStep.version))
    upstream.append(scoring.canonicalBytes)
    for format in formats.formats where format.isRead {
      upstream.append(text: format.name)
      upstream.append(varint: UInt64(format.version))
    }
    upstream.append(varint: UInt64(Conversations.version))
    // For a view without settings of its own, these are the bytes of the skip list alone.
    var own = ByteWriter()
    for offset in skips[projector.view.name] ?? [] { own.append(varint: offset) }
    if let settings = viewSettings[projector.view.name] {
      own.append(hash: Hash128(of: settings.canonicalBytes))
    }
    return ViewState(
      view: projector.view.name, version: projector.view.version,
      settings: Hash128(of: own.bytes),
      upstream: usesPrices(projector.view.name)
        ? Hash128(of: upstream.bytes) : Hash128(value: 0))
  }

  /// Whether a view of a build can be folded on: it has not stopped, is current, and stands where
  /// the build does.
  func goesOn(_ state: ViewState, in record: BuildRecord) -> Bool {
    !off.contains(state.view) && state.stopped == nil && state.checkpoint == record.checkpoint
      && isCurrent(state)
  }

  /// Whether a view was built by what this plan would build it with.
  package func isCurrent(_ state: ViewState) -> Bool {
    guard let projector = projector(state.view) else { return false }
    let initial = initialState(of: projector)
    return initial.version == state.version && initial.settings == state.settings
      && initial.upstream == state.upstream
      && state.priced.allSatisfy {
        $0.prices
          == prices.digest(
            of: $0.model, from: Timestamp(nanoseconds: $0.first),
            through: Timestamp(nanoseconds: $0.last))
      }
  }

  /// Gives a build whose views all stand as the plan's settings would have made them these settings.
  func renewSettings(of record: inout BuildRecord) {
    if record.views.allSatisfy(isCurrent) { record.settings = settings }
  }

  /// What a fold's results rest on, of the prices.
  func states(of priced: PricedModels) -> [PricedModel] {
    let none = Timestamp(nanoseconds: 0)
    var states = priced.times.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
      model, times in
      PricedModel(
        model: model, first: times.lowerBound.nanoseconds, last: times.upperBound.nanoseconds,
        prices: prices.digest(of: model, from: times.lowerBound, through: times.upperBound))
    }
    if priced.isOverfull {
      states.append(
        PricedModel(
          model: "", first: 0, last: 0, prices: prices.digest(of: "", from: none, through: none)))
    }
    return states
  }

  /// Whether a build that nothing serves yet is one that this plan began, or would begin.
  func canTakeUp(_ record: BuildRecord) -> Bool {
    record.views.map(\.view) == projectors.map { $0.view.name }
      && record.views.allSatisfy { goesOn($0, in: record) }
  }

  /// The sets of tables that a view is folded with: its own, and those of the steps before it.
  package func tableSets(of view: String) -> [String] {
    guard let needs = projector(view)?.view.needs, needs.facts || needs.calls else { return [view] }
    return [view, InteractionStep.tables, Conversations.tables]
  }

  /// The digest of every table of a set, also of what the fold remembers and does not answer.
  package func rehashed(
    _ set: String, _ provider: any RowProvider
  ) throws(TableError) -> [(table: String, digest: Digest)] {
    // The projector is opened only to learn which tables it has; nothing that it writes is kept.
    let tables = FoldTables(view: set, provider: MemoryTables())
    if set == InteractionStep.tables {
      _ = try InteractionStep(tables: tables, settings: scoring)
    } else if set == Conversations.tables {
      _ = try Conversations(tables: tables, prices: prices)
    } else {
      if let projector = projector(set) { _ = try viewSettings.open(projector, tables) }
    }
    return try tables.rehashedTables(in: provider, includingState: true)
  }
}
