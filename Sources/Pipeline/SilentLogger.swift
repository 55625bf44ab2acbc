package import Logging

extension Logger {
  /// Says nothing: for whoever is given no logger.
  package static var silent: Logger {
    Logger(label: "foldlog", factory: { _ in SwiftLogNoOpLogHandler() })
  }
}
