/// One of the four kinds of telemetry.
public enum Stream: UInt8, Sendable, CaseIterable, CustomStringConvertible {
  case ralph = 0
  case aidb = 1
  case hybrid = 2
  case editor = 3

  /// The stream of a name, `vscode` being an alias of `editor`.
  public init?(name: String) {
    switch name {
    case "ralph": self = .ralph
    case "aidb": self = .aidb
    case "hybrid": self = .hybrid
    case "editor", "vscode": self = .editor
    default: return nil
    }
  }

  public var name: String {
    switch self {
    case .ralph: "ralph"
    case .aidb: "aidb"
    case .hybrid: "hybrid"
    case .editor: "editor"
    }
  }

  public var description: String { name }
}
