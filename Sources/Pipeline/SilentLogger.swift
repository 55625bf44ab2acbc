package import Logging

extension Logger {
  /// Discards everything: the default where no logger is given.
  package static var silent: Logger {
    Logger(label: "foldlog", factory: { _ in SwiftLogNoOpLogHandler() })
  }
}
