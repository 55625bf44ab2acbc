package import LMDB
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

// Builds that are copied with full pages and without free ones, and serve by their copies from then
// on.

/// A build that has another name since its copy took its place.
package struct CompactedBuild: Equatable, Sendable {
  package let name: String
  package let sizeBefore: UInt64
  package let sizeAfter: UInt64
}

extension ViewCatalogue {
  /// Lets a compact copy of a build serve in its place, in one transaction, and unlinks the build:
  /// who reads it keeps its file for as long as it likes, and holds no page of the copy.
  ///
  /// Nobody writes to the build meanwhile, nor may the caller have a writer of it.
  ///
  /// - Parameter isAlone: whether the caller holds the lock of replays. Who replays may know a build
  ///   by its name, unless it is a live one and nothing else: all others are left as they are.
  /// - Returns: nil where it is left as it is.
  @available(*, noasync)
  package func compact(_ name: String, isAlone: Bool) throws(StoreError) -> CompactedBuild? {
    guard try mayMove(name, isAlone: isAlone) else { return nil }
    let build = try open(name)
    let before = try build.sizeOnDisk()
    // Held until the copy serves, so that no process commits to the build what the copy would lack.
    let writing = try stored { () throws(LMDBError) in try WriteTransaction(build.environment) }
    let scratch = try folders.makeScratch()
    var isMoved = false
    var copy = scratch
    do throws(StoreError) {
      try stored { () throws(LMDBError) in
        try build.environment.copyInOrder(to: folders.path(of: scratch))
      }
      try changing { transaction throws(StoreError) in
        let entries: [CatalogueEntry] = try transaction.snapshot.records()
        let kept: [KeptBuilds] = try transaction.snapshot.records()
        guard mayMove(name, entries, kept, isAlone: isAlone) else { return }
        copy = try folders.numberScratch(scratch, after: builds())
        try transaction.put(entries.map { $0.moving(name, to: copy) })
        try transaction.put(kept.map { $0.moving(name, to: copy) })
        isMoved = true
      }
    } catch {
      // Once it has a number the catalogue may name it, whatever LMDB says of the commit; if it does
      // not, the copy goes with the builds that nothing names.
      if copy == scratch { folders.discardScratch(scratch) }
      throw error
    }
    withExtendedLifetime(writing) {}
    if !isMoved {
      folders.discardScratch(scratch)
      return nil
    }
    folders.discard(name)
    return CompactedBuild(
      name: copy, sizeBefore: before, sizeAfter: try open(copy).sizeOnDisk())
  }

  private func mayMove(_ name: String, isAlone: Bool) throws(StoreError) -> Bool {
    mayMove(name, try entries(), try kept(), isAlone: isAlone)
  }

  private func mayMove(
    _ name: String, _ entries: [CatalogueEntry], _ kept: [KeptBuilds], isAlone: Bool
  ) -> Bool {
    let isLive = entries.contains { $0.live == name }
    let isOther =
      entries.contains { $0.previous == name }
      || kept.contains { $0.placements.contains { $0.build == name } }
    return isAlone ? isLive || isOther : isLive && !isOther
  }

  /// Whether a build has grown by more than it should for readers of older pictures, and something
  /// can be done about it. Without such readers this is a look at the table of readers.
  package func isHeld(_ name: String) throws(StoreError) -> Bool {
    let held = try heldSize(of: name)
    // After an attempt that found no room, the next one waits until twice as much would be freed.
    return held > heldAtLastAttempt.withLock { 2 * ($0[name] ?? 0) }
  }

  private func heldSize(of name: String) throws(StoreError) -> UInt64 {
    let build = try open(name)
    return try stored { () throws(LMDBError) in
      guard try build.environment.hasOldReaders() else { return 0 }
      let usage = try build.environment.pageUsage()
      return usage.held > max(Self.heldMin, usage.used / 3) ? usage.held : 0
    }
  }

  /// Compacts a live build that is held, if there is room for a copy.
  ///
  /// - Returns: its name from now on.
  @available(*, noasync)
  package func compactHeld(_ name: String) throws(StoreError) -> String {
    if let compacted = try compactIfRoom(name) { return compacted.name }
    let held = try heldSize(of: name)
    heldAtLastAttempt.withLock { $0[name] = held }
    return name
  }

  /// Compacts a build that began to serve, and that checkpoints on the way left full of free pages,
  /// if there is room for a copy: no later transaction may ever need as many.
  ///
  /// - Returns: its name from now on.
  @available(*, noasync)
  package func compactFinished(_ name: String) throws(StoreError) -> String {
    let usage = try pageUsage(of: name)
    if usage.free <= max(Self.freeMin, usage.size / 8) { return name }
    return try compactIfRoom(name)?.name ?? name
  }

  /// Compacts a live build. Nil where it is left as it is.
  private func compactIfRoom(_ name: String) throws(StoreError) -> CompactedBuild? {
    do { return try compact(name, isAlone: false) } catch {
      // Without room for a copy the build stays as large as it is, which is no error.
      guard case .storage(let cause) = error, cause.isDiskFull || cause.isDiskFailure else {
        throw error
      }
      return nil
    }
  }

  /// Bytes that are held for readers without anything being done.
  private static let heldMin: UInt64 = 256 << 10
  /// Bytes that may be free in a build that has just begun to serve.
  private static let freeMin: UInt64 = 1 << 20

  /// Forgets the builds before the live ones, and discards them. The caller holds the lock of replays.
  ///
  /// - Returns: their names.
  package func dropPrevious() throws(StoreError) -> [String] {
    var dropped: Set<String> = []
    try changing { transaction throws(StoreError) in
      let entries: [CatalogueEntry] = try transaction.snapshot.records()
      for entry in entries {
        guard let previous = entry.previous else { continue }
        dropped.insert(previous)
        try transaction.put(CatalogueEntry(view: entry.view, live: entry.live))
      }
    }
    try discardUnused()
    return try dropped.subtracting(usedBuilds()).sorted()
  }

  /// The builds that serve, or may serve again, by their numbers.
  package func namedBuilds() throws(StoreError) -> [String] {
    let used = try usedBuilds()
    return builds().filter(used.contains)
  }

  /// How the pages of a build are used.
  package func pageUsage(of name: String) throws(StoreError) -> PageUsage {
    let build = try open(name)
    return try stored { () throws(LMDBError) in try build.environment.pageUsage() }
  }

  /// How the catalogue's own pages are used.
  package func pageUsage() throws(StoreError) -> PageUsage {
    try stored { () throws(LMDBError) in try environment.pageUsage() }
  }

  /// The folder of the catalogue's own environment.
  package var folder: String { environment.path }
}

extension WriteTransaction {
  fileprivate func put(_ records: [some CatalogueRecord]) throws(StoreError) {
    for record in records { try put(record) }
  }
}

extension CatalogueEntry {
  fileprivate func moving(_ name: String, to other: String) -> CatalogueEntry {
    CatalogueEntry(
      view: view, live: live == name ? other : live,
      previous: previous == name ? other : previous)
  }
}

extension KeptBuilds {
  fileprivate func moving(_ name: String, to other: String) -> KeptBuilds {
    KeptBuilds(
      name: self.name,
      placements: placements.map {
        Placement(build: $0.build == name ? other : $0.build, views: $0.views)
      })
  }
}
