#if canImport(Glibc)
  import Glibc
#endif

/// Public collections of difficult JSON, when they are there: `FOLDLOG_JSON_SUITE` names the folder
/// of cases, or it lies beside the package.
enum Files {
  static var suite: String? {
    let given = unsafe getenv("FOLDLOG_JSON_SUITE").map { unsafe String(cString: $0) }
    let folder = given ?? root + "/../shared/data/nasty/JSONTestSuite/test_parsing"
    return names(in: folder).isEmpty ? nil : folder
  }

  /// Lines made from real ones, beside the suite.
  static var derived: String? {
    guard let suite else { return nil }
    let folder = suite + "/../../derived"
    return names(in: folder).isEmpty ? nil : folder
  }

  private static var root: String {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/")
  }

  static func names(in folder: String) -> [String] {
    guard let directory = unsafe opendir(folder) else { return [] }
    defer { _ = unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  static func bytes(of path: String) -> [UInt8] {
    guard let file = unsafe fopen(path, "rb") else { return [] }
    defer { _ = unsafe fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe fread(&chunk, 1, chunk.count, file)
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }
}
