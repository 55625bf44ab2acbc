internal import Events
internal import ViewStore

/// Notes in the catalogue how far a rebuild is, for `status` and for who takes it up.
final class ProgressNotes {
  private let catalogue: ViewCatalogue
  private let name: String
  private var current: UnfinishedBuild?
  private var lastNoted = 0.0
  /// Of the builds that are being folded.
  private var locks: [FolderLock?] = []

  /// Seconds between two notes.
  private static let interval = 1.0

  init(_ catalogue: ViewCatalogue, name: String) {
    self.catalogue = catalogue
    self.name = name
  }

  func begin(_ build: Build, _ views: [String], _ checkpoint: Offset) throws {
    locks.append(try catalogue.hold(build))
    let unfinished = UnfinishedBuild(
      build: build.name, views: views, name: name, startedAt_ns: wallClock().nanoseconds,
      startedFrom: checkpoint)
    try catalogue.note(unfinished)
    // Of several builds, folded one after another, each is told at its checkpoints only.
    current = current == nil ? unfinished : nil
    lastNoted = monotonicSeconds()
  }

  func note(_ done: Offset) throws {
    guard current != nil, monotonicSeconds() - lastNoted >= Self.interval else { return }
    lastNoted = monotonicSeconds()
    current?.done = done
    if let current { try catalogue.renew(current) }
  }
}
