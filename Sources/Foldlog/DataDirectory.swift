internal import SystemPackage

#if canImport(Glibc)
  internal import Glibc
#endif

/// Where everything lies: `log/`, `views/`, and the settings.
package struct DataDirectory: Equatable, Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  /// The one given, else `$FOLDLOG_DATA`, else `$XDG_DATA_HOME/foldlog`, else
  /// `~/.local/share/foldlog`.
  package static func resolve(
    given: String?, environment: (String) -> String? = processEnvironment
  ) throws(FoldlogError) -> DataDirectory {
    if let given { return DataDirectory(path: given) }
    if let path = environment("FOLDLOG_DATA"), !path.isEmpty { return DataDirectory(path: path) }
    if let path = environment("XDG_DATA_HOME"), !path.isEmpty {
      return DataDirectory(path: "\(path)/foldlog")
    }
    guard let home = environment("HOME"), !home.isEmpty else {
      throw FoldlogError(
        .usage, "no place for the data: give --data DIR, or set FOLDLOG_DATA or HOME")
    }
    return DataDirectory(path: "\(home)/.local/share/foldlog")
  }

  package var log: String { "\(path)/log" }
  package var views: String { "\(path)/views" }
  package var settings: String { "\(path)/foldlog.toml" }
  var writerLock: String { "\(path)/views.lock" }
  var followLock: String { "\(path)/follow.lock" }
  var replayLock: String { "\(path)/replay.lock" }
  var placeLock: String { "\(path)/place.lock" }

  /// Makes the folders of the log, and those above.
  func make() throws(FoldlogError) {
    var folder = path.hasPrefix("/") ? "" : "."
    for part in "\(log)".split(separator: "/") {
      folder += "/\(part)"
      if unsafe mkdir(folder, 0o755) != 0 && errno != EEXIST {
        throw FoldlogError(
          .inputOutput,
          "the data directory cannot be made: \(folder): \(Errno(rawValue: errno))")
      }
    }
  }
}

extension DataDirectory {
  /// Whether a file is, or would be made, in the directory or its log's or views', by whatever way
  /// its path goes there. Of a folder that is not there, false.
  func holds(_ file: String) -> Bool {
    let ours = [path, log, views].compactMap(FolderIdentity.init)
    let slash = file.utf8.lastIndex(of: UInt8(ascii: "/"))
    var folder = slash.map { "\(file[...$0])" } ?? "./"
    while let identity = FolderIdentity(folder) {
      if ours.contains(identity) { return true }
      folder += "../"
      // The root is above itself.
      if FolderIdentity(folder) == identity { return false }
    }
    return false
  }
}

/// What a folder is, whatever it is called.
private struct FolderIdentity: Equatable {
  let device: UInt64
  let number: UInt64

  init?(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    device = UInt64(status.st_dev)
    number = UInt64(status.st_ino)
  }
}

/// A variable of this process's environment.
package func processEnvironment(_ name: String) -> String? {
  unsafe getenv(name).map { unsafe String(cString: $0) }
}
