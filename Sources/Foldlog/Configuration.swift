internal import EventLog
package import Scoring
internal import SystemPackage
internal import TOMLKit
internal import ViewStore

#if canImport(Glibc)
  internal import Glibc
#endif

/// The settings of `foldlog.toml`; what it does not name has its default.
package struct Configuration: Sendable {
  package var logMapSize = LogLimits.mapSizeDefault
  package var viewsMapSize = ViewCatalogue.mapSizeDefault
  package var threadCount: Int
  package var scoring = ScoringSettings()

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
    let table: TOMLTable
    do { table = try TOMLTable(string: text) } catch {
      throw FoldlogError(.usage, "\(path): \(error)")
    }
    for section in table.keys {
      guard let settings = table[section]?.table else {
        throw FoldlogError(.usage, "\(path): `\(section)` is no section: [log] and [views] are")
      }
      for key in settings.keys {
        switch (section, key) {
        case ("log", "map_size"):
          logMapSize = try Self.mapSize(settings[key]?.int, "log.map_size", path)
        case ("views", "map_size"):
          viewsMapSize = try Self.mapSize(settings[key]?.int, "views.map_size", path)
        default:
          throw FoldlogError(
            .usage,
            "\(path): there is no setting `\(section).\(key)`; there are log.map_size and "
              + "views.map_size")
        }
      }
    }
  }

  private static func mapSize(
    _ value: Int?, _ name: String, _ path: String
  ) throws(FoldlogError) -> Int {
    guard let value, value >= mapSizeMin else {
      throw FoldlogError(
        .usage, "\(path): `\(name)` is a number of bytes, at least \(mapSizeMin)")
    }
    return value
  }

  private static func read(_ path: String) throws(FoldlogError) -> String? {
    let bytes: [UInt8]
    do {
      let descriptor = try FileDescriptor.open(FilePath(path), .readOnly)
      bytes = try descriptor.closeAfter { try readAll(descriptor) }
    } catch Errno.noSuchFileOrDirectory {
      return nil
    } catch {
      throw FoldlogError(.inputOutput, "\(path): \(error)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FoldlogError(.usage, "\(path): it is not UTF-8")
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
