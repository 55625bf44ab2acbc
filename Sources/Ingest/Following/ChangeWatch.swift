internal import SystemPackage

#if canImport(Glibc)
  internal import Glibc
#endif

/// Waits until something changes in folders: by inotify, or, where that cannot be had, by looking
/// again and again.
package final class ChangeWatch {
  private var inotify: FileDescriptor?
  private let wake: Int32
  /// By the kernel's number: one folder may be known by several paths.
  private var folders: [Int32: Set<String>] = [:]
  private var watched: [String: Int32] = [:]
  /// Whether some folder cannot be watched.
  private var isBlind = false

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

  /// Watches these folders and no others.
  package func watch(_ wanted: Set<String>) {
    guard let inotify else { return }
    for (folder, number) in watched where !wanted.contains(folder) { forget(folder, number) }
    isBlind = false
    for folder in wanted where watched[folder] == nil {
      let number = unsafe inotify_add_watch(inotify.rawValue, systemPath(folder), Self.events)
      // A folder that is not there yet, or one more than the kernel watches for this user.
      if number < 0 {
        isBlind = true
      } else {
        watched[folder] = number
        folders[number, default: []].insert(folder)
      }
    }
  }

  private func forget(_ folder: String, _ number: Int32) {
    watched[folder] = nil
    folders[number]?.remove(folder)
    guard folders[number]?.isEmpty == true else { return }
    folders[number] = nil
    if let inotify { _ = inotify_rm_watch(inotify.rawValue, number) }
  }

  private static let events = UInt32(
    IN_MODIFY | IN_ATTRIB | IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF
      | IN_MOVE_SELF)

  /// Waits for changes. Gives none when time is up; where nothing tells of changes, everything.
  package func wait(atMost_ms limit: Int32 = waitMax_ms) -> FileChanges {
    let interval = min(limit, isPolling ? Self.pollInterval_ms : Self.waitMax_ms)
    var requests = [pollfd(fd: wake, events: Int16(POLLIN), revents: 0)]
    if let inotify {
      requests.append(pollfd(fd: inotify.rawValue, events: Int16(POLLIN), revents: 0))
    }
    _ = unsafe requests.withUnsafeMutableBufferPointer { buffer in
      unsafe poll(buffer.baseAddress, nfds_t(buffer.count), interval)
    }
    var changes = read()
    if isPolling && changes.isEmpty { changes.isEverything = true }
    return changes
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
      for folder in folders { forget(folder, event.wd) }
      isBlind = true
      changes.isEverything = true
    } else if mask & UInt32(IN_ISDIR) != 0 || name.isEmpty {
      changes.isEverything = true
    } else if mask & UInt32(IN_MODIFY) != 0 {
      changes.written.formUnion(folders.map { joinPath($0, name) })
    } else {
      changes.renamed.formUnion(folders.map { joinPath($0, name) })
    }
  }
}
