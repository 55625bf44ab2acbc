internal import Bytes
internal import Files
internal import Ingest

#if canImport(Glibc)
  internal import Glibc
#endif

/// Where everything lies: `log/`, `views/`, and the settings.
package struct DataDirectory: Equatable, Sendable {
  /// As a path's text: two are the same only when their bytes are.
  package let path: String

  package init(path: String) { self.path = pathText(of: path) }

  /// The one given, else `$FOLDLOG_DATA`, else `$XDG_DATA_HOME/foldlog`, else
  /// `~/.local/share/foldlog`. A relative `$XDG_DATA_HOME` or `$HOME` counts as none: it would mean
  /// another log in each working directory.
  package static func resolve(
    given: String?, environment: (String) -> String? = processEnvironment
  ) throws(FoldlogError) -> DataDirectory {
    if given == "" {
      throw FoldlogError(.usage, "--data takes the name of a folder, not an empty one")
    }
    if let given { return DataDirectory(path: given) }
    if let path = environment("FOLDLOG_DATA"), !path.isEmpty { return DataDirectory(path: path) }
    if let path = environment("XDG_DATA_HOME"), isAbsolute(path) {
      return DataDirectory(path: "\(path)/foldlog")
    }
    guard let home = environment("HOME"), isAbsolute(home) else {
      throw FoldlogError(
        .usage,
        "no place for the data: give --data DIR, or set FOLDLOG_DATA, or HOME to a path from the root"
      )
    }
    return DataDirectory(path: "\(home)/.local/share/foldlog")
  }

  private static func isAbsolute(_ path: String) -> Bool { path.utf8.first == UInt8(ascii: "/") }

  /// As a person reads it.
  package var shown: String { shownPath(path) }
  var shownViews: String { shownPath(views) }
  /// Whether there is a log, if only an empty one.
  var hasLog: Bool { (DiskFiles().status("\(log)/data.mdb")?.size ?? 0) > 0 }
  package var log: String { "\(path)/log" }
  package var views: String { "\(path)/views" }
  /// Copies of files that servers have.
  package var downloads: String { "\(path)/downloads" }
  package var settings: String { "\(path)/foldlog.toml" }
  var writerLock: String { "\(path)/views.lock" }
  var followLock: String { "\(path)/follow.lock" }
  var replayLock: String { "\(path)/replay.lock" }
  var reactLock: String { "\(path)/react.lock" }
  var placeLock: String { "\(path)/place.lock" }
  /// What agents were told, a line each, until a writer takes it into the log.
  var advice: String { "\(path)/advice.jsonl" }
  /// Servers that `foldlog react` leaves alone, a line each.
  var restingServers: String { "\(path)/react-servers.jsonl" }
  /// An empty file that was written when the log and all views were last found good.
  var verified: String { "\(path)/verified" }
  private var locks: [String] { [writerLock, followLock, replayLock, reactLock, placeLock] }

  /// Makes the folder of the log and those above: from the data directory on for this user alone.
  func make() throws(FoldlogError) {
    do throws(FileError) {
      for folder in foldersAbove { try makeOrdinaryFolder(folder) }
      try makePrivateFolder(tidyPath(path), owner: .maker)
      // Nothing was in it that anybody could have read, but settings.
      if try makePrivateFolder(log, owner: .folder) { _ = narrowed() }
    } catch {
      throw FoldlogError(.inputOutput, "the data directory cannot be made: \(error)")
    }
  }

  /// The folders that the directory lies in, the outermost first.
  private var foldersAbove: [String] {
    let path = tidyPath(path)
    return path.utf8.indices.dropFirst().filter { path.utf8[$0] == UInt8(ascii: "/") }
      .map { String(path[..<$0]) }
  }
}

extension DataDirectory {
  /// Whether a file is, or would be made, in the directory or its log's or views', by whatever way
  /// its path goes there. Of a folder that is not there, false.
  func holds(_ file: String) -> Bool {
    let ours = [path, log, views].compactMap { try? FileIdentity($0) }
    var folder = splitPath(file).folder + "/"
    while let identity = try? FileIdentity(folder) {
      if ours.contains(identity) { return true }
      folder += "../"
      // The root is above itself.
      if (try? FileIdentity(folder)) == identity { return false }
    }
    return false
  }
}

// MARK: Who may read it

extension DataDirectory {
  /// The settings, what is kept of those before, and what is left of both when a process dies.
  private var settingsFiles: [String] {
    [settings, "\(settings).before"].flatMap { [$0, "\($0).unfinished"] }
  }

  private var otherFiles: [String] {
    [verified, advice, restingServers, "\(restingServers).new"]
  }

  /// All that foldlog makes, or a file system of its own has.
  private var ownNames: Set<String> {
    Set(
      ([log, views, downloads] + otherFiles + locks + settingsFiles).map { splitPath($0).name }
        + ["lost+found"])
  }

  /// Takes from others what rights they have to the data, where there is some already.
  ///
  /// - Returns: what a person should know of it.
  func narrowedIfThere() -> [String] {
    let isThere = [log, views].contains { (try? FileIdentity($0)) != nil }
    return isThere ? narrowed() : []
  }

  private func narrowed() -> [String] {
    var results: [Narrowing] = []
    // A folder that holds other things too, such as a home, may have readers whom they concern; what
    // lies in it is closed to them all the same.
    if let names = try? folderNames(path), Set(names).isSubset(of: ownNames) {
      results.append(narrow(path, isFollowingLinks: true))
    }
    for file in settingsFiles + locks + otherFiles {
      results.append(narrow(file))
    }
    for folder in [log, views, downloads] {
      results.append(narrow(folder, isFollowingLinks: true))
      results += narrowAll(in: folder)
    }
    var notes: [String] = []
    if results.contains(.narrowed) {
      notes.append("the data directory was readable by others: narrowed to 0700/0600 (\(shown))")
    }
    // One is enough to know what to do about all.
    if let error = results.compactMap(\.refusal).first {
      notes.append(
        "the data directory is readable by others, and cannot be narrowed: \(error): let its owner "
          + "give its folders the mode 0700, and its files 0600")
    }
    return notes
  }
}

/// A variable of this process's environment.
package func processEnvironment(_ name: String) -> String? {
  environmentText(name)
}
