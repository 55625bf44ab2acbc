/// What numbers are measured in: those of lines, of rows and of settings.
public enum Unit: String, Sendable {
  case nanoseconds = "ns"
  case milliseconds = "ms"
  case seconds = "s"
  case bytes
  case count
  case lines
  case events
  case tokens
  case usd = "USD"
  /// From 0 to 1.
  case fraction
  /// From 0 to 100.
  case percent = "%"
}
