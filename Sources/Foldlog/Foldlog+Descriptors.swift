internal import Ingest
internal import Pipeline

#if canImport(Glibc)
  internal import Glibc
#endif

/// Descriptors that a follower needs beside those of the files that it follows.
private enum OwnDescriptors {
  /// Of an LMDB environment: its lock, twice, its data, and its data once more for writing.
  static let environment = 4
  /// The follower's lock, what tells of changes, the log, and one for a moment, as for settings.
  static let always = 2 + environment + 1
  /// Of the threads' library, which ends the process when it has none: three, and one for a moment.
  static let threads = 4
  /// Two locks, the catalogue, and at most a build for each view.
  static var views: Int { 2 + environment + Foldlog.views.count * environment }
}

extension Foldlog {
  /// How many files a follower may hold open, of what the system lets this process open.
  ///
  /// - Throws: when they are too few.
  func followedFilesMax(isProjecting: Bool) throws(FoldlogError) -> Int {
    let limit = descriptorLimit()
    let own =
      descriptorsInUse() + OwnDescriptors.always
      + (workers.threadCount > 1 ? OwnDescriptors.threads : 0)
      + (isProjecting ? OwnDescriptors.views : 0) + Follower.passingMax
    if limit < own + Follower.openMin {
      throw FoldlogError(
        .inputOutput,
        "following needs \(own + Follower.openMin) open files, and the system gives this process "
          + "\(limit): raise the limit (`ulimit -n \(own + Follower.openMin)`, or more)")
    }
    return min(Follower.openLimit, limit - own)
  }
}

private func descriptorLimit() -> Int {
  var limit = rlimit()
  guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
    return .max
  }
  return Int(clamping: limit.rlim_cur)
}

/// Those that this process has, or was given. Where nobody can say: the three that every process has.
private func descriptorsInUse() -> Int {
  // One is that of the listing.
  (try? DiskFiles().names(in: "/proc/self/fd")).map { $0.count - 1 } ?? 3
}
