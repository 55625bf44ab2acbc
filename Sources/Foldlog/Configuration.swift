internal import Bytes
internal import EventLog
internal import Files
internal import Pipeline
package import Scoring
internal import SystemPackage
internal import ViewStore

#if canImport(Glibc)
  internal import Glibc
#endif

/// The settings of `foldlog.toml`; what it does not name has its default.
package struct Configuration: Sendable {
  package var logMapSize = LogLimits.mapSizeDefault
  package var viewsMapSize = ViewCatalogue.mapSizeDefault
  /// Events between two checkpoints of a long fold.
  package var checkpointInterval = BuildFold.checkpointIntervalDefault
  package var threadCount: Int
  package var scoring = ScoringSettings()
  /// The settings of `[values]` as they are written: a build keeps them.
  package var scoringText = ""
  /// Whether a follower looks again and again, as network disks need it, instead of being told.
  package var isPolling = false

  /// Smallest map that holds a log's tables.
  private static let mapSizeMin = 1 << 20

  package init() {
    threadCount = Self.defaultThreadCount
  }

  /// `FOLDLOG_THREADS`, else one thread a processor.
  private static var defaultThreadCount: Int {
    if let given = processEnvironment("FOLDLOG_THREADS").flatMap({ Int($0) }) { return given }
    return Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }

  /// Reads the file, if there is one.
  package init(path: String) throws(FoldlogError) {
    self.init()
    guard let text = try Self.read(path) else { return }
    self = try Configuration(text: text, path: path)
  }

  /// Takes the text of a file, which is called `path` in errors.
  init(text: String, path: String) throws(FoldlogError) {
    self.init()
    try take(SettingsFile(path: path, text: text))
    // Cut out, the part must say the same; where it is written in a way that cannot be cut, it is
    // said anew.
    let part = ScoringText(of: text).text
    var cut = Configuration()
    let isSame =
      (try? cut.take(SettingsFile(path: path, text: part))) != nil && cut.scoring == scoring
    scoringText = isSame ? part : scoring.written
  }

  private mutating func take(_ settings: SettingsFile) throws(FoldlogError) {
    for setting in settings.all { try take(setting) }
    try scoring.checkWeights(settings)
  }

  private mutating func take(_ setting: Setting) throws(FoldlogError) {
    switch (setting.section, setting.key) {
    case ("log", "map_size"): logMapSize = try setting.size(atLeast: Self.mapSizeMin)
    case ("views", "map_size"): viewsMapSize = try setting.size(atLeast: Self.mapSizeMin)
    case ("views", "checkpoint_events"):
      checkpointInterval = UInt64(try setting.eventCount(in: 1...(1 << 24)))
    case ("follow", "poll"): isPolling = try setting.bool()
    case ("values", _): try scoring.take(setting)
    case ("values.weights", _): try scoring.valueWeights.take(setting)
    case ("values.quality_weights", _): try scoring.qualityWeights.take(setting)
    case ("values.thresholds", _): try scoring.thresholds.take(setting)
    case ("values.domains", let domain):
      scoring.domainAdjustments.append(
        DomainAdjustment(domain: domain, adjustment: try setting.decimal(in: -100...100)))
    default:
      throw setting.error(
        "there is no such setting; there are log.map_size, views.map_size, "
          + "views.checkpoint_events, follow.poll, and those of [values]"
      )
    }
  }

  /// Nil when there is no such file.
  static func read(_ path: String) throws(FoldlogError) -> String? {
    let bytes: [UInt8]
    do {
      let descriptor = FileDescriptor(rawValue: try openFile(path, O_RDONLY))
      bytes = try descriptor.closeAfter { try readAll(descriptor) }
    } catch let error as FileError {
      if error.isAbsent { return nil }
      throw FoldlogError(.inputOutput, "\(error)")
    } catch {
      throw FoldlogError(.inputOutput, "\(shownPath(path)): \(error)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FoldlogError(.usage, "\(shownPath(path)): it is not UTF-8")
    }
    return text
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
