package import Bytes
internal import Files
package import LMDB
package import Views

/// Why views could not be read or written.
package enum StoreError: Error, Sendable, CustomStringConvertible {
  /// There are no views yet.
  case absent(path: String)
  /// No build serves the view.
  case unknownView(String)
  case storage(LMDBError)
  case record(BytesError)
  case table(TableError)
  /// A view, or a build, that another process put something else in the place of meanwhile.
  case replaced(String)
  case files(path: String, reason: String)

  init(_ error: FileError) {
    self =
      error.isDiskFull
      ? .storage(LMDBError(code: error.code, operation: shownPath(error.path)))
      : .files(path: error.path, reason: error.reason)
  }

  /// Whether a disk without room is the cause.
  package var isDiskFull: Bool {
    if case .storage(let error) = self { error.isDiskFull } else { false }
  }

  /// Whether LMDB found its own file damaged.
  package var isDamage: Bool {
    if case .storage(let error) = self { error.isCorrupted } else { false }
  }

  /// Whether what should be there is damaged, or is not there.
  package var isLoss: Bool {
    switch self {
    case .storage(let error): error.isCorrupted || error.isAbsence
    case .record, .absent: true
    case .table(let error): error.isDamage
    case .unknownView, .replaced, .files: false
    }
  }

  /// What went wrong, without what to do about it.
  package var reason: String {
    switch self {
    case .storage(let error): error.description
    case .record(let error): error.description
    default: description
    }
  }

  package var description: String {
    switch self {
    case .absent(let path): "there are no views at \(shownPath(path)): run `foldlog project`"
    case .unknownView(let name): "no build serves the view `\(name)`: run `foldlog project`"
    case .storage(let error) where error.isMapFull:
      "the map of the views is full: raise `map_size` under [views] in foldlog.toml, and run again"
    case .storage(let error) where error.isDiskFull:
      "the disk is full: \(error); the views keep their last checkpoint. Make room, and run again"
    case .storage(let error) where error.isDiskFailure:
      "the disk is full, or failed: \(error); the views keep their last checkpoint. Make room, or "
        + "see what the system's log says, and run again"
    case .storage(let error) where error.isCorrupted:
      "views are damaged: \(error). Delete the folder views/, and run `foldlog project`: they are "
        + "folded again from the log"
    case .storage(let error): "views could not be read or written: \(error)"
    case .record(let error): "a record of the views does not decode: \(error)"
    case .table(let error): "\(error)"
    case .replaced(let name): "`\(name)` was replaced by another process meanwhile: try again"
    case .files(let path, let reason): "\(shownPath(path)): \(reason)"
    }
  }
}

/// Runs LMDB's operations, with their errors in the words of views.
func stored<Result: ~Copyable>(
  _ body: () throws(LMDBError) -> Result
) throws(StoreError) -> Result {
  do { return try body() } catch { throw .storage(error) }
}
