internal import Files
internal import Logging
internal import Pipeline
internal import Projection
package import Query
package import Tables
internal import ViewStore
internal import Views

#if canImport(Glibc)
  internal import Glibc
#endif

/// Three digests of one view that must be one, and where they are not, why.
package struct ViewVerdict: Sendable {
  package let view: String
  package let checkpoint: UInt64
  /// Kept up as rows changed.
  package let kept: Digest
  /// Computed from the rows as they lie; nil when they cannot be read.
  package fileprivate(set) var rows: Digest?
  /// Of the same events folded again from zero; nil when that fold stopped.
  package let refolded: Digest?
  /// False when it was built by another version or other settings, so that a fold of today says
  /// nothing about it.
  package let isCurrent: Bool
  /// Whether the settings say that it is not folded.
  package let isOff: Bool
  /// Why the rows cannot be read.
  package fileprivate(set) var unreadable: String?
  /// Tables in which rows are not those that the events give.
  package fileprivate(set) var tables: [String] = []
  /// How the answers differ: from those of the events folded again to those of the rows.
  package fileprivate(set) var differences: [TableDifference] = []

  /// Tables of what the fold remembers, its own or the interactions step's, that are not those of the
  /// events folded again: the rows are right, and those to come would not be.
  package fileprivate(set) var stateTables: [String] = []

  package var isGood: Bool {
    unreadable == nil && stateTables.isEmpty && kept == rows && (!isCurrent || refolded == rows)
  }
}

/// Checks the views against their log.
package struct VerifyService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// Computes each live digest from the rows, folds every view again from zero in a scratch place
  /// to its own checkpoint, and compares; where digests differ, rows.
  @available(*, noasync)
  package func verifyViews(
    progress: @escaping (Progress) -> Void
  ) throws(FoldlogError) -> [ViewVerdict] {
    try store.requireLog()
    return try store.reporting {
      let catalogue = try store.openCatalogue()
      let copied = try catalogue.copied().map(\.build)
      var verdicts: [ViewVerdict] = []
      // Whatever takes their places meanwhile, these are verified.
      let live = try catalogue.followingReplacements {
        let entries = try catalogue.entries()
        return try Set(entries.map(\.live)).sorted().map { name in
          (build: try catalogue.open(name), views: entries.filter { $0.live == name }.map(\.view))
        }
      }
      for (build, served) in live {
        let states = try build.record().views.filter { served.contains($0.view) }
        for view in served where !states.contains(where: { $0.view == view }) {
          throw FoldlogError(
            .badData,
            "\(build.name) serves `\(view)`, and has no record of it: `foldlog replay \(view)` builds it anew"
          )
        }
        // Views of a build stand at one checkpoint, but for those that stopped.
        for checkpoint in Set(states.map(\.checkpoint)).sorted() {
          verdicts += try verify(
            states.filter { $0.checkpoint == checkpoint }, of: build,
            isCopied: store.copyCheck.isUnnotedCopy || copied.contains(build.name), progress)
        }
      }
      return store.projectors.views.compactMap { view in verdicts.first { $0.view == view } }
    }
  }

  /// Notes that the log and all views were found good; on a disk that takes no file, nothing is noted.
  package func note() {
    let path = store.directory.verified
    do throws(FileError) {
      _ = close(try createPrivateFile(path, owner: .folder))
    } catch {
      store.logger.notice("verification not noted", metadata: ["cause": "\(error)"])
    }
  }

  /// Folds views of a build that stand at one checkpoint again, and compares.
  private func verify(
    _ states: [ViewState], of build: Build, isCopied: Bool,
    _ progress: @escaping (Progress) -> Void
  ) throws -> [ViewVerdict] {
    let plan = try store.plan()
    let catalogue = try store.openCatalogue()
    var verdicts: [ViewVerdict] = []
    for group in plan.groups(of: states.map(\.view)) {
      let scratch = try catalogue.makeScratch()
      defer { catalogue.discardScratch(scratch) }
      let upkeep = try store.upkeep(plan.only(group), phase: .verify, progress)
      // The long fold holds nothing of the build, which may go on meanwhile; a short one follows it.
      _ = try upkeep.bring(scratch, to: states.first?.checkpoint ?? 0)
      let snapshot = try BuildSnapshot(build)
      let now = try snapshot.record().views.filter { group.contains($0.view) }
      for state in now.sorted(by: { $0.checkpoint < $1.checkpoint }) {
        let refolded = try upkeep.bring(scratch, to: state.checkpoint)
        let again = try BuildSnapshot(scratch)
        verdicts.append(
          try verdict(state, snapshot, refolded, again, plan, isCopied: isCopied, progress))
      }
    }
    return verdicts
  }

  private func verdict(
    _ state: ViewState, _ snapshot: BuildSnapshot, _ refolded: BuildRecord, _ again: BuildSnapshot,
    _ plan: FoldPlan, isCopied: Bool, _ progress: @escaping (Progress) -> Void
  ) throws -> ViewVerdict {
    let stateAgain = refolded.views.first { $0.view == state.view }
    var verdict = ViewVerdict(
      view: state.view, checkpoint: state.checkpoint, kept: Digest(sum: state.sum),
      refolded: stateAgain.flatMap {
        $0.checkpoint == state.checkpoint ? Digest(sum: $0.sum) : nil
      },
      isCurrent: plan.isCurrent(state), isOff: store.configuration.viewsOff.contains(state.view))
    try examine(&verdict, snapshot, again, progress)
    // What a copied build remembers is of no consequence: it is not folded on.
    // Nor is it where the build has gone on without the view.
    let isFoldedOn = try snapshot.record().checkpoint == state.checkpoint
    if verdict.isGood, verdict.isCurrent, state.stopped == nil, !isCopied, isFoldedOn {
      try examineState(&verdict, snapshot, again, plan)
    }
    return verdict
  }

  /// Reads the rows, and compares them with those that were folded again if the digests differ.
  private func examine(
    _ verdict: inout ViewVerdict, _ snapshot: BuildSnapshot, _ refolded: BuildSnapshot,
    _ progress: @escaping (Progress) -> Void
  ) throws {
    do {
      let digests = try store.plan().rehashedRows(of: verdict.view, snapshot)
      verdict.rows = digests.reduce(into: Digest()) { $0.add($1.digest) }
      if verdict.isGood || !verdict.isCurrent { return }
      let expected = try store.plan().rehashedRows(of: verdict.view, refolded)
      verdict.tables = zip(expected, digests).filter { $0.digest != $1.digest }.map(\.0.table)
      verdict.differences = try ForecastService(store).differences(
        of: verdict.view, refolded, snapshot, by: .key, progress)
    } catch let error as TableError {
      verdict.unreadable = error.description
    }
  }

  /// Compares what the fold remembers.
  private func examineState(
    _ verdict: inout ViewVerdict, _ snapshot: BuildSnapshot, _ refolded: BuildSnapshot,
    _ plan: FoldPlan
  ) throws {
    do throws(TableError) {
      for view in plan.tableSets(of: verdict.view) {
        let found = try plan.rehashed(view, snapshot)
        let expected = try plan.rehashed(view, refolded)
        verdict.stateTables += zip(expected, found).filter { $0.digest != $1.digest }.map(\.0.table)
      }
    } catch {
      verdict.unreadable = error.description
    }
  }
}

extension FoldPlan {
  /// The digest of each of a view's tables, of the rows as they lie.
  func rehashedRows(
    of view: String, _ snapshot: BuildSnapshot
  ) throws -> [(table: String, digest: Digest)] {
    guard let projector = projector(view) else { throw StoreError.unknownView(view) }
    // The projector only says which tables it has: what it would write goes nowhere.
    let tables = FoldTables(view: view, provider: MemoryTables())
    _ = try viewSettings.open(projector, tables)
    return try tables.rehashedTables(in: snapshot)
  }
}
