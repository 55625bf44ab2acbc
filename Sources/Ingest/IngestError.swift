internal import SystemPackage

/// Why something could not be read as a source.
package struct IngestError: Error, Sendable, CustomStringConvertible {
  package enum Code: Sendable, Equatable {
    /// There is no such file, or nothing that the pattern fits.
    case absent
    /// It could not be opened or read.
    case unreadable
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
    self.init(
      errno == .noSuchFileOrDirectory ? .absent : .unreadable, path: path, reason: "\(errno)")
  }

  package var description: String { "\(shownPath(path)): \(reason)" }
}
