public import Tables
public import Views

/// A projector with settings of its own: the section of `foldlog.toml` that has its view's name.
/// They count in the digest of that view alone.
public protocol ConfiguredProjector: Projector {
  associatedtype Settings: SettingGroup

  /// Opens its tables, to fold under these settings.
  init(tables: FoldTables, settings: Settings) throws(TableError)
}

extension ConfiguredProjector {
  public init(tables: FoldTables) throws(TableError) {
    try self.init(tables: tables, settings: Settings())
  }

  fileprivate static var defaults: any SettingGroup { Settings() }

  fileprivate static func make(
    _ tables: FoldTables, _ settings: (any SettingGroup)?
  ) throws(TableError) -> any Projector {
    try Self(tables: tables, settings: settings as? Settings ?? Settings())
  }
}

/// The settings of the views that have some of their own.
public struct ViewSettings: Equatable, Sendable {
  private var groups: [String: any SettingGroup] = [:]

  /// With every default.
  public init(of projectors: [any Projector.Type] = []) {
    for projector in projectors {
      guard let configured = projector as? any ConfiguredProjector.Type else { continue }
      groups[projector.view.name] = configured.defaults
    }
  }

  /// The views that have settings, in the order of their names.
  public var views: [String] { groups.keys.sorted() }

  /// The settings of a view; nil where it has none.
  public subscript(view: String) -> (any SettingGroup)? {
    get { groups[view] }
    set { groups[view] = newValue }
  }

  /// Whether they do the same.
  public static func == (left: ViewSettings, right: ViewSettings) -> Bool {
    left.groups.mapValues(\.canonicalBytes) == right.groups.mapValues(\.canonicalBytes)
  }

  /// Opens a projector, under its settings where it has some.
  public func open(
    _ projector: any Projector.Type, _ tables: FoldTables
  ) throws(TableError) -> any Projector {
    guard let configured = projector as? any ConfiguredProjector.Type else {
      return try projector.init(tables: tables)
    }
    return try configured.make(tables, groups[projector.view.name])
  }
}
