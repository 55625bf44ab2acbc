package import Events
internal import Query

/// Brings the views up to date, and passes over events in some.
package struct ProjectRequest: Request {
  /// Views and offsets in turn: events to pass over.
  package var skip: [String] = []
  /// The same of those to be folded again.
  package var noSkip: [String] = []

  package init() {}

  package struct SkipChange: Equatable, Sendable {
    package let view: String
    package let offset: Offset
    /// Whether it is passed over from now on.
    package let isSkipped: Bool
  }

  package struct Checked: Equatable, Sendable {
    /// In the order in which they are made.
    package let changes: [SkipChange]

    fileprivate init(_ changes: [SkipChange]) { self.changes = changes }
  }

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked {
    let changes = try Self.changes(skip, "--skip", true) + Self.changes(noSkip, "--no-skip", false)
    for change in changes { _ = try projectors.chosen([change.view]) }
    return Checked(changes)
  }

  private static func changes(
    _ words: [String], _ option: String, _ isSkipped: Bool
  ) throws(FoldlogError) -> [SkipChange] {
    guard words.count.isMultiple(of: 2) else {
      throw FoldlogError(.usage, "\(option) takes a view and an offset: \(option) errors 41")
    }
    var changes: [SkipChange] = []
    for index in stride(from: 0, to: words.count, by: 2) {
      guard let offset = UInt64(words[index + 1]) else {
        throw FoldlogError(
          .usage, "\(option) \(words[index]) takes an offset, not `\(words[index + 1])`")
      }
      changes.append(SkipChange(view: words[index], offset: offset, isSkipped: isSkipped))
    }
    return changes
  }
}

/// Rebuilds views, says what that would change, or switches between builds.
package struct ReplayRequest: Request {
  /// None for all.
  package var views: [String] = []
  package var isDryRun = false
  /// A file of settings to fold under, as if it were foldlog.toml.
  package var whatIf: String?
  /// Settings to fold under beside those of the file, each `NAME=VALUE`.
  package var set: [String] = []
  /// The name that what is built is kept under.
  package var keep: String?
  /// The name of what is to serve.
  package var use: String?
  package var isRollingBack = false
  /// The name of what is forgotten.
  package var drop: String?
  package var format = TextFormat.text.rawValue

  package init() {}

  package enum Checked: Equatable, Sendable {
    case replay(ReplayJob)
    case forecast(ForecastJob)
    case use(KeptName)
    case rollBack(RollBackJob)
    case drop(KeptName)
  }

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked {
    try checkCombination()
    let format = try checkedFormat()
    if let drop { return .drop(KeptName(drop)) }
    if let use { return .use(KeptName(use)) }
    let chosen = try projectors.chosen(views)
    if isRollingBack { return .rollBack(RollBackJob(views: views.isEmpty ? nil : chosen)) }
    guard isForecast else { return .replay(ReplayJob(views: chosen)) }
    return .forecast(
      ForecastJob(
        views: chosen, settings: whatIf, tried: set, keepAs: try keep.map(checkedKeptName),
        format: format, command: command))
  }

  private var isForecast: Bool { isDryRun || whatIf != nil || !set.isEmpty }

  /// The command line of a forecast, without what it sets.
  private var command: String {
    let parts = [whatIf.map { "--what-if \(shellWord($0))" }, keep.map { "--keep \($0)" }]
    return (["foldlog replay"] + views.map(shellWord) + parts.compactMap(\.self)).joined(
      separator: " ")
  }

  private func checkCombination() throws(FoldlogError) {
    let ways = [
      ("--use", use != nil), ("--rollback", isRollingBack), ("--drop", drop != nil),
      ("--dry-run, --what-if or --set", isForecast),
    ].filter(\.1).map(\.0)
    if ways.count > 1 {
      throw FoldlogError(.usage, "\(ways.joined(separator: " and ")) do not go together")
    }
    if keep != nil, whatIf == nil, set.isEmpty {
      throw FoldlogError(.usage, "--keep NAME goes with --what-if FILE or --set NAME=VALUE")
    }
    if !views.isEmpty, use != nil || drop != nil {
      throw FoldlogError(
        .usage, "what is kept under a name is used or dropped as a whole: name no views")
    }
  }

  private func checkedFormat() throws(FoldlogError) -> TextFormat {
    let format = try Foldlog.checkedFormat(format, [TextFormat.text, .json])
    if format == .json, !isForecast {
      throw FoldlogError(.usage, "--format is for --dry-run, --what-if and --set")
    }
    return format
  }
}

/// Views that are built again.
package struct ReplayJob: Equatable, Sendable {
  /// All that are named, in the order of the catalogue.
  package let views: [String]

  fileprivate init(views: [String]) { self.views = views }
}

/// Views whose builds before the live ones are to serve again.
package struct RollBackJob: Equatable, Sendable {
  /// Nil for those that the last swap changed.
  package let views: [String]?

  fileprivate init(views: [String]?) { self.views = views }
}

/// The name that builds are kept under, if there are any.
package struct KeptName: Equatable, Sendable {
  package let text: String

  fileprivate init(_ text: String) { self.text = text }
}

/// What is folded without taking a live view's place, to see what would change.
package struct ForecastJob: Equatable, Sendable {
  package let views: [String]
  /// A file; nil for the settings of now.
  package let settings: String?
  /// What is set beside it, each `NAME=VALUE`.
  package let tried: [String]
  package let keepAs: String?
  package let format: TextFormat
  /// The command line that asks for it, without what it sets.
  let command: String

  var triesSettings: Bool { settings != nil || !tried.isEmpty }

  fileprivate init(
    views: [String], settings: String?, tried: [String], keepAs: String?, format: TextFormat,
    command: String
  ) {
    self.views = views
    self.settings = settings
    self.tried = tried
    self.keepAs = keepAs
    self.format = format
    self.command = command
  }
}
