internal import Bytes
internal import SystemPackage

#if canImport(Glibc)
  internal import Glibc
#endif

/// Why something could not be read as a source.
package struct IngestError: Error, Sendable, CustomStringConvertible {
  package enum Code: Sendable, Equatable {
    /// There is no such file, or nothing that the pattern fits.
    case absent
    /// It could not be opened or read.
    case unreadable
    /// The process, or the system, may open nothing more at the moment.
    case noDescriptor
  }

  package let code: Code
  package let path: String
  package let reason: String

  package init(_ code: Code, path: String, reason: String) {
    self.code = code
    self.path = path
    self.reason = reason
  }

  init(path: String, errno: Errno) {
    let code: Code =
      switch errno {
      case .noSuchFileOrDirectory, .notDirectory: .absent
      case .tooManyOpenFiles, .tooManyOpenFilesInSystem: .noDescriptor
      default: .unreadable
      }
    let advice = advice(on: errno, path).map { ": \($0)" } ?? ""
    self.init(code, path: path, reason: "\(errno)\(advice)")
  }

  package var description: String { "\(shownPath(path)): \(reason)" }
}

/// What there is to do, where that is known.
private func advice(on errno: Errno, _ path: String) -> String? {
  switch errno {
  case .tooManyOpenFiles: "raise the limit of open files (`ulimit -n`)"
  case .tooManyOpenFilesInSystem: "raise the system's limit of open files (`sysctl fs.file-max`)"
  case .permissionDenied: missingRight(path)
  default: nil
  }
}

/// Which right this user lacks at a path that may not be read; nil when it is not for a missing right.
func missingRight(_ path: String) -> String? {
  var folders = [splitPath(path).folder]
  while let folder = folders.last, folder != "/", folder != "." {
    folders.append(splitPath(folder).folder)
  }
  for folder in folders.reversed() where !isAllowed(folder, X_OK) {
    return "this user has no right to enter \(shownPath(folder)) (x)"
  }
  return isAllowed(path, R_OK) ? nil : "this user has no right to read it (r)"
}

private func isAllowed(_ path: String, _ right: Int32) -> Bool {
  unsafe faccessat(AT_FDCWD, systemPath(path), right, AT_EACCESS) == 0 || errno != EACCES
}
