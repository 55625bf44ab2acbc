internal import Bytes
package import Conversations
internal import EventLog
internal import Events
internal import Files
internal import Pipeline
package import Projection
package import Scoring
internal import SystemPackage
internal import ViewStore
package import Views

#if canImport(Glibc)
  internal import Glibc
#endif

/// The settings of `foldlog.toml`; what it does not name has its default.
package struct Configuration: Sendable {
  package var program = ProgramSettings()
  package var react = ReactSettings()
  package var threadCount: Int
  package var folding: FoldingSettings
  /// The settings that count in digests as they are written: a build keeps them.
  package var foldingText = ""

  /// All views that there are.
  private let views: [String]

  package var scoring: ScoringSettings { folding.scoring }
  package var logMapSize: Int { Int(clamping: program.logMapSize) }
  package var viewsMapSize: Int { Int(clamping: program.viewsMapSize) }
  package var checkpointInterval: UInt64 { program.checkpointInterval }
  package var isPolling: Bool { program.isPolling }
  /// Views that are not folded.
  package var viewsOff: [String] { program.viewsOff.names }

  package init(projectors: ProjectorCatalogue = .builtIn) {
    threadCount = Self.defaultThreadCount
    views = projectors.views
    folding = FoldingSettings(views: ViewSettings(of: projectors.projectors))
  }

  /// `FOLDLOG_THREADS`, else one thread a processor.
  private static var defaultThreadCount: Int {
    if let given = processEnvironment("FOLDLOG_THREADS").flatMap({ Int($0) }) { return given }
    return Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }

  /// Reads the file, if there is one.
  ///
  /// - Parameter others: the views of the directory that others fold, whose sections are theirs; asked
  ///   only where there is a section that nobody here knows.
  package init(
    path: String, projectors: ProjectorCatalogue = .builtIn, others: () -> Set<String> = { [] }
  ) throws(FoldlogError) {
    self.init(projectors: projectors)
    guard let text = try Self.read(path) else { return }
    self = try Configuration(text: text, path: path, projectors: projectors, others: others)
  }

  /// Takes the text of a file, which is called `path` in errors.
  init(
    text: String, path: String, projectors: ProjectorCatalogue = .builtIn,
    others: () -> Set<String> = { [] }
  ) throws(FoldlogError) {
    try self.init(text, SettingsFile(path: path, text: text), projectors, others)
  }

  /// Takes the settings of a file and those that are tried in their place.
  init(
    text: String, path: String, setting given: [String], in trial: String,
    projectors: ProjectorCatalogue, others: () -> Set<String> = { [] }
  ) throws(FoldlogError) {
    let file = try SettingsFile(path: path, text: text).setting(given, in: trial)
    try self.init(text, file, projectors, others)
  }

  private init(
    _ text: String, _ file: SettingsFile, _ projectors: ProjectorCatalogue,
    _ others: () -> Set<String>
  ) throws(FoldlogError) {
    self.init(projectors: projectors)
    try take(file, others)
    // Cut out, the part must say the same; where it is written in a way that cannot be cut, it is
    // said anew.
    let part = SettingsPart(of: text, sections: folding.sections).text
    var cut = Configuration(projectors: projectors)
    let isSame =
      (try? cut.take(SettingsFile(path: "", text: part), { [] })) != nil && cut.folding == folding
    foldingText = isSame ? part : folding.written
  }

  private mutating func take(
    _ file: SettingsFile, _ others: () -> Set<String>
  ) throws(FoldlogError) {
    var reader = SettingReader(file)
    program = try reader.read(program)
    react = try reader.read(react)
    folding.scoring = try reader.read(folding.scoring)
    folding.prices = try reader.read(folding.prices)
    for view in folding.views.views {
      guard let group = folding.views[view] else { continue }
      folding.views[view] = try reader.readAny(group)
    }
    try reader.finish(others)
    for view in viewsOff where !views.contains(view) {
      guard let setting = file.all.first(where: { $0.name == "views.off" }) else { continue }
      throw setting.error(
        "there is no view `\(view)`: there are \(views.joined(separator: ", "))")
    }
  }

  /// Nil when there is no such file.
  static func read(_ path: String) throws(FoldlogError) -> String? {
    guard let bytes = try bytes(of: path) else { return nil }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FoldlogError(.usage, "\(shownPath(path)): it is not UTF-8")
    }
    return text
  }

  /// What a file holds; nil when there is no such file.
  static func bytes(of path: String) throws(FoldlogError) -> [UInt8]? {
    do {
      let descriptor = FileDescriptor(rawValue: try openFile(path, O_RDONLY))
      return try descriptor.closeAfter { try readAll(descriptor) }
    } catch let error as FileError {
      if error.isAbsent { return nil }
      throw FoldlogError(.inputOutput, "\(error)")
    } catch {
      throw FoldlogError(.inputOutput, "\(shownPath(path)): \(error)")
    }
  }

  private static func readAll(_ descriptor: FileDescriptor) throws -> [UInt8] {
    var all: [UInt8] = []
    while true {
      let piece = try unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
        count = unsafe try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      if piece.isEmpty { return all }
      all += piece
    }
  }
}

/// The settings that change no row.
package struct ProgramSettings: SettingGroup {
  package var logMapSize = UInt64(LogLimits.mapSizeDefault)
  package var viewsMapSize = UInt64(ViewCatalogue.mapSizeDefault)
  package var viewsOff = NameList()
  /// Events between two checkpoints of a long fold.
  package var checkpointInterval = BuildFold.checkpointIntervalDefault
  /// Whether a follower looks again and again, as network disks need it, instead of being told.
  package var isPolling = false
  /// In whose days is counted.
  package var zone = ZoneName()

  /// Smallest map that holds a log's tables.
  private static let mapSizeMin: UInt64 = 1 << 20

  package init() {}

  package static func settings<Visitor: SettingVisitor>(
    _ program: inout Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    visit.section("log", "The log of events.")
    try visit.setting(
      "log.map_size", &program.logMapSize, unit: .bytes, in: mapSizeMin...UInt64.max,
      "The most that the log may ever take: address space, of which the file takes what it holds.")
    visit.section("views", "What is folded from the log.")
    try visit.setting(
      "views.map_size", &program.viewsMapSize, unit: .bytes, in: mapSizeMin...UInt64.max,
      "The most that a build of views may ever take, in the same way.")
    try visit.setting(
      "views.checkpoint_events", &program.checkpointInterval, unit: .events, in: 1...(1 << 24),
      """
      How much a long fold does between two checkpoints: after a kill at most that is folded \
      again, and more checkpoints cost time.
      """)
    try visit.setting(
      "views.off", &program.viewsOff,
      """
      Views that are not folded: their rows stay as they are, and are not answered from. A view that \
      is taken out of the list is built anew by `foldlog project`.
      """)
    visit.section("query", "How answers are given.")
    try visit.setting(
      "query.tz", &program.zone,
      """
      The time zone in whose days is counted, as `Europe/Berlin`; empty for the machine's own. `--tz` \
      goes over it.
      """)
    visit.section("follow", "How `foldlog ingest --follow` waits.")
    try visit.setting(
      "follow.poll", &program.isPolling,
      "Whether files are looked at again and again instead of being watched, as network disks need."
    )
  }
}

/// The settings that count in digests: those of the interactions step, prices, and those of views.
package struct FoldingSettings: Equatable, Sendable {
  package var scoring = ScoringSettings()
  package var prices = PriceSettings()
  package var views: ViewSettings

  /// The sections of `foldlog.toml` that hold them.
  var sections: Set<String> { Set(views.views).union(["values", "prices"]) }

  private var groups: [any SettingGroup] {
    [scoring, prices] + views.views.compactMap { views[$0] }
  }

  /// As `foldlog.toml` says it: all of them.
  package var written: String {
    var lines: [String] = []
    for section in groups.flatMap(\.declared) where !section.isList || section.isEntry {
      let settings = section.settings.filter { $0.value != nil }
      if settings.isEmpty { continue }
      lines.append(section.isList ? "[[\(section.name)]]" : "[\(section.name)]")
      for entry in settings { lines.append("\(tomlQuoted(entry.key)) = \(entry.written)") }
    }
    return lines.map { $0 + "\n" }.joined()
  }
}

extension SettingGroup {
  /// Each setting by its name in `foldlog.toml`, with its value.
  var named: [(name: String, value: String)] {
    declared.filter { !$0.isList || $0.isEntry }.flatMap(\.settings).compactMap { entry in
      entry.value.map { (entry.name, $0) }
    }
  }
}

extension DeclaredSetting {
  /// Its value as the file has it.
  var written: String { isText ? tomlQuoted(value ?? "") : value ?? "" }
}

/// A TOML string: what is not plain is escaped.
func tomlQuoted(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": quoted += "\\\(scalar)"
    case _ where scalar.value < 0x20 || scalar.value == 0x7f:
      let digits = String(scalar.value, radix: 16)
      quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: quoted.unicodeScalars.append(scalar)
    }
  }
  return quoted + "\""
}
