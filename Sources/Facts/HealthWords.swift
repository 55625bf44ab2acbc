public import Events

/// Whether what has a status works; nil for a word that does not tell.
public func isHealthy(status: String) -> Bool? {
  switch status.lowercased() {
  case "healthy", "up", "running", "active", "available", "operational", "passed", "pass",
    "passing",
    "ready", "alive", "online", "serving":
    true
  case "unhealthy", "degraded", "down", "inactive", "unavailable", "unreachable", "critical",
    "fail",
    "failing", "dead", "offline":
    false
  default: Outcome(ofStatus: status).map { $0 == .success }
  }
}

extension Fields {
  /// Whether something went wrong, as `is_error`, else `success`, else a message of an error says; nil
  /// where nothing does.
  public var saysError: Bool? {
    bool(.isError) ?? bool(.success).map { !$0 } ?? (has(.errorMessage) ? true : nil)
  }
}
