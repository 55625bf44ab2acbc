internal import Bytes
internal import SystemPackage

#if canImport(Glibc)
  internal import Glibc
#endif

/// What may have changed since files were last looked at.
package struct FileChanges: Equatable, Sendable {
  /// Paths that were written to.
  package var written: Set<String> = []
  /// Paths where a name came, went or moved.
  package var renamed: Set<String> = []
  /// Whether nobody knows: then all is looked at.
  package var isEverything = false

  package init() {}

  package var isEmpty: Bool { !isEverything && written.isEmpty && renamed.isEmpty }

  package static var everything: FileChanges {
    var changes = FileChanges()
    changes.isEverything = true
    return changes
  }
}

/// A name in a folder that leads to what is followed: whether it comes, goes or moves matters.
package struct WatchedName: Hashable, Sendable {
  package let folder: String
  package let name: String

  package init(folder: String, name: String) {
    self.folder = folder
    self.name = name
  }
}

/// Waits until something changes in folders: by inotify, or, where that cannot be had, by looking
/// again and again.
package final class ChangeWatch {
  private var inotify: FileDescriptor?
  private let wake: Int32
  private let files = DiskFiles()
  /// By the kernel's number: one folder may be known by several paths.
  private var folders: [Int32: Set<String>] = [:]
  private var watched: [String: Watched] = [:]
  /// Folders in which every change matters.
  private var wholes: Set<String> = []
  /// The names that matter in other folders.
  private var names: [String: Set<String>] = [:]
  /// Whether some folder cannot be watched.
  private var isBlind = false

  private struct Watched {
    /// The kernel's number of the watch; nil where it does not watch the folder.
    let number: Int32?
    /// The folder that was there when it was to be watched.
    let id: FileID
    /// What is told of it.
    let events: UInt32
  }

  /// How often is looked where nothing tells of changes.
  package static let pollInterval_ms: Int32 = 200
  /// After how long a wait ends though nothing was told.
  package static let waitMax_ms: Int32 = 10_000

  /// - Parameters:
  ///   - wake: a descriptor that ends any wait once it can be read.
  ///   - isPolling: looks again and again from the start.
  package init(wake: Int32, isPolling: Bool = false) {
    self.wake = wake
    if isPolling { return }
    let descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
    if descriptor >= 0 { inotify = FileDescriptor(rawValue: descriptor) }
  }

  deinit { try? inotify?.close() }

  package var isPolling: Bool { inotify == nil || isBlind }

  /// Watches these folders and no others; a folder that took the place of another is watched anew.
  ///
  /// - Parameters:
  ///   - wanted: folders of which everything is told.
  ///   - steps: names that are told of when they come, go or move, each behind those that lead to its
  ///     folder. Of other names beside them nothing is told.
  package func watch(_ wanted: Set<String>, steps: [WatchedName] = []) {
    if inotify == nil { return }
    wholes = wanted
    names = [:]
    for step in steps { names[step.folder, default: []].insert(step.name) }
    for folder in watched.keys where !wholes.contains(folder) && names[folder] == nil {
      forget(folder)
    }
    isBlind = false
    // The folders that lead to others come first, so that no change can be missed in between.
    var seen: Set<String> = []
    for folder in steps.map(\.folder) where seen.insert(folder).inserted {
      if !isWatching(folder, Self.nameEvents), isMissingStep(in: folder) { isBlind = true }
    }
    for folder in wanted where !isWatching(folder, Self.events) {
      // That a missing folder comes to be is told of where its name is watched.
      if steps.isEmpty || self.id(of: folder) != nil { isBlind = true }
    }
  }

  private func isMissingStep(in folder: String) -> Bool {
    id(of: folder) != nil
      && names[folder, default: []].contains { files.status(joinPath(folder, $0)) == nil }
  }

  /// Has the kernel tell of a folder. Returns whether it does.
  private func isWatching(_ folder: String, _ events: UInt32) -> Bool {
    guard let inotify else { return false }
    // Looked up before it is watched: a folder that replaces it in between will differ from this one.
    let id = id(of: folder)
    if watched[folder]?.id != id { forget(folder) }
    guard let id else { return false }
    let known = watched[folder].flatMap { $0.number == nil ? nil : $0.events } ?? 0
    if known & events == events { return true }
    let number = unsafe inotify_add_watch(
      inotify.rawValue, systemPath(folder), events | Self.flags)
    if number >= 0 {
      watched[folder] = Watched(number: number, id: id, events: events | known)
      folders[number, default: []].insert(folder)
    } else if known == 0 {
      watched[folder] = Watched(number: nil, id: id, events: 0)
    }
    return number >= 0
  }

  private func id(of folder: String) -> FileID? {
    files.status(folder).flatMap { $0.isDirectory ? $0.id : nil }
  }

  /// Whether a watched folder was replaced, or one has come that was not there, and nobody told.
  /// Costs a look at each.
  package func isOutdated() -> Bool {
    if inotify == nil { return false }
    return wholes.union(names.keys).contains { id(of: $0) != watched[$0]?.id }
  }

  private func forget(_ folder: String) {
    guard let number = watched.removeValue(forKey: folder)?.number else { return }
    folders[number]?.remove(folder)
    guard folders[number]?.isEmpty == true else { return }
    folders[number] = nil
    if let inotify { _ = inotify_rm_watch(inotify.rawValue, number) }
  }

  /// IN_ATTRIB, since a name may lead further once rights are given.
  private static let nameEvents =
    UInt32(IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_ATTRIB)
  private static let events = nameEvents | UInt32(IN_MODIFY | IN_DELETE_SELF | IN_MOVE_SELF)
  /// Adds to what is told of a folder already, since it may be watched by another path too.
  private static let flags = UInt32(bitPattern: Int32(IN_ONLYDIR)) | UInt32(IN_MASK_ADD)

  /// Waits for changes. Gives none when time is up; where nothing tells of changes, everything.
  package func wait(atMost_ms limit: Int32 = waitMax_ms) -> FileChanges {
    let interval = min(limit, isPolling ? Self.pollInterval_ms : Self.waitMax_ms)
    let start = ContinuousClock.now
    var left = interval
    while true {
      let isWoken = pause(untilTold: left)
      var changes = read()
      let passed = (ContinuousClock.now - start) / .milliseconds(1)
      left = interval - Int32(min(passed, Double(interval)))
      // Names that do not matter wake nobody.
      if changes.isEmpty && !isWoken && left > 0 { continue }
      if isPolling && changes.isEmpty { changes.isEverything = true }
      return changes
    }
  }

  /// Returns whether a request to stop ended it.
  private func pause(untilTold limit: Int32) -> Bool {
    var requests = [pollfd(fd: wake, events: Int16(POLLIN), revents: 0)]
    if let inotify {
      requests.append(pollfd(fd: inotify.rawValue, events: Int16(POLLIN), revents: 0))
    }
    _ = unsafe requests.withUnsafeMutableBufferPointer { buffer in
      unsafe poll(buffer.baseAddress, nfds_t(buffer.count), limit)
    }
    return requests[0].revents != 0
  }

  /// Waits without looking at changes; a request to stop ends it.
  package func pause(atMost_ms limit: Int32) {
    var request = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
    _ = unsafe poll(&request, 1, limit)
  }

  /// What was told since it was last asked.
  private func read() -> FileChanges {
    var changes = FileChanges()
    guard let inotify else { return changes }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count =
        (try? unsafe bytes.withUnsafeMutableBytes { try unsafe inotify.read(into: $0) }) ?? 0
      if count == 0 { return changes }
      take(bytes[..<count], &changes)
    }
  }

  private func take(_ bytes: ArraySlice<UInt8>, _ changes: inout FileChanges) {
    let headerSize = MemoryLayout<inotify_event>.size
    var rest = bytes
    while rest.count >= headerSize {
      let event = unsafe rest.withUnsafeBytes { unsafe $0.loadUnaligned(as: inotify_event.self) }
      let name = rest.dropFirst(headerSize).prefix(Int(event.len)).prefix { $0 != 0 }
      rest = rest.dropFirst(headerSize + Int(event.len))
      take(event, name: pathText(name), &changes)
    }
  }

  private func take(_ event: inotify_event, name: String, _ changes: inout FileChanges) {
    let mask = event.mask
    guard let folders = folders[event.wd], mask & UInt32(IN_Q_OVERFLOW) == 0 else {
      changes.isEverything = changes.isEverything || mask & UInt32(IN_Q_OVERFLOW) != 0
      return
    }
    if mask & UInt32(IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF) != 0 {
      folders.forEach(forget)
      changes.isEverything = true
      return
    }
    let isOfNames = mask & Self.nameEvents != 0
    for folder in folders {
      if wholes.contains(folder) {
        take(mask, joinPath(folder, name), isNameless: name.isEmpty, &changes)
      } else if isOfNames, names[folder]?.contains(name) == true {
        changes.isEverything = true
      }
    }
  }

  private func take(
    _ mask: UInt32, _ path: String, isNameless: Bool, _ changes: inout FileChanges
  ) {
    if mask & UInt32(IN_ISDIR) != 0 || isNameless {
      changes.isEverything = true
    } else if mask & UInt32(IN_MODIFY) != 0 {
      changes.written.insert(path)
    } else {
      changes.renamed.insert(path)
    }
  }
}
