internal import Files

#if canImport(Glibc)
  internal import Glibc
#endif

/// A build of one view as it was at an offset, kept so that the past need not be folded from the
/// first event again. It is never written, and may be discarded at any time.
package struct PastBuild: Equatable, Sendable {
  package let view: String
  /// What it was folded by, as a name.
  package let plan: String
  package let checkpoint: UInt64

  package init(view: String, plan: String, checkpoint: UInt64) {
    self.view = view
    self.plan = plan
    self.checkpoint = checkpoint
  }

  var folder: String { "past-\(view)-\(plan)-\(checkpoint)" }

  init?(folder: String) {
    let parts = folder.split(separator: "-")
    guard parts.count == 4, parts[0] == "past", let checkpoint = UInt64(parts[3]) else {
      return nil
    }
    self.init(view: String(parts[1]), plan: String(parts[2]), checkpoint: checkpoint)
  }
}

extension ViewCatalogue {
  /// What there is of a view's past, by checkpoint.
  package func pasts(of view: String) -> [PastBuild] {
    folders.names(beginning: "past-\(view)-").compactMap(PastBuild.init(folder:))
      .sorted { ($0.checkpoint, $0.plan) < ($1.checkpoint, $1.plan) }
  }

  /// Makes a scratch build that stands where a past one does.
  ///
  /// - Returns: nil when the past one is gone.
  package func makeScratch(from past: PastBuild) throws(StoreError) -> Build? {
    let scratch = try makeScratchFolder()
    let from = "\(folders.path(of: past.folder))/data.mdb"
    do throws(StoreError) {
      if try copyFile(from, to: "\(folders.path(of: scratch))/data.mdb", isDurable: false) {
        return try folders.open(scratch, isScratch: true)
      }
    } catch {
      folders.discardScratch(scratch)
      throw error
    }
    folders.discardScratch(scratch)
    return nil
  }

  /// Copies a scratch build, of which nobody writes now, so that it is there for later questions.
  /// It is on disk before it has its name: a crash leaves no half of it.
  package func keep(_ scratch: Build, as past: PastBuild) throws(StoreError) {
    let copy = folders.copyName(in: scratch.name)
    folders.discard(copy)
    _ = try folders.make(copy)
    let from = "\(folders.path(of: scratch.name))/data.mdb"
    let to = "\(folders.path(of: copy))/data.mdb"
    do throws(StoreError) {
      guard try copyFile(from, to: to, isDurable: true) else {
        throw .files(path: from, reason: "it is gone")
      }
    } catch {
      folders.discard(copy)
      throw error
    }
    // Another process may have kept the same meanwhile.
    do { try folders.rename(copy, to: past.folder) } catch { folders.discard(copy) }
  }

  /// Discards all of them.
  package func discardPasts() {
    for name in folders.names(beginning: "past-") { folders.discard(name) }
  }

  package func discard(_ past: PastBuild) { folders.discard(past.folder) }
}

/// Copies a file within the kernel. Returns false when there is no such file.
private func copyFile(
  _ path: String, to other: String, isDurable: Bool
) throws(StoreError) -> Bool {
  do throws(FileError) {
    let from = try openFile(path, O_RDONLY)
    defer { close(from) }
    let to = try createPrivateFile(other, owner: .folder)
    defer { close(to) }
    while true {
      let count = sendfile(to, from, nil, 1 << 30)
      if count < 0 { throw FileError(path: other, code: errno) }
      if count == 0 { break }
    }
    if isDurable, fsync(to) != 0 { throw FileError(path: other, code: errno) }
    return true
  } catch {
    if error.isAbsent, error.path == path { return false }
    throw StoreError(error)
  }
}
