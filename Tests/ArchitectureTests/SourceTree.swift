import SystemPackage

#if canImport(Glibc)
  import Glibc
#endif

/// The files of the package, as text.
enum SourceTree {
  struct File {
    let relativePath: String
    let lines: [Substring]

    /// The modules that it imports.
    var imports: [String] {
      lines.compactMap { line in
        let words = line.split(separator: " ")
        guard let place = words.firstIndex(of: "import"), place + 1 < words.count,
          words[..<place].allSatisfy({
            ["package", "internal", "public", "@testable"].contains($0)
          })
        else { return nil }
        // `import func Glibc.exp` names the module after the kind.
        let isScoped = ["func", "struct", "class", "enum", "var"].contains(words[place + 1])
        let name = isScoped && place + 2 < words.count ? words[place + 2] : words[place + 1]
        // A table may have a row for the category of what could not be imported.
        return name == "|" ? nil : name.split(separator: ".").first.map(String.init)
      }
    }
  }

  static var root: String {
    FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
      .string
  }

  static func files(under folder: String, suffix: String) throws -> [File] {
    try paths(in: "\(root)/\(folder)").filter { $0.hasSuffix(suffix) }.sorted().map { path in
      File(
        relativePath: String(path.dropFirst(root.utf8.count + 1)),
        lines: try text(of: path).split(separator: "\n", omittingEmptySubsequences: false))
    }
  }

  /// The targets of the projectors: each is a folder under Sources/Projectors.
  static func projectors() throws -> [String] {
    Set(
      try files(under: "Sources/Projectors", suffix: ".swift").map { file in
        "\(file.relativePath.split(separator: "/")[2])Projector"
      }
    ).sorted()
  }

  private static func paths(in folder: String) -> [String] {
    guard let directory = unsafe opendir(folder) else { return [] }
    defer { _ = unsafe closedir(directory) }
    var found: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
      }
      if name.hasPrefix(".") || name.hasPrefix("__") { continue }
      if unsafe entry.pointee.d_type == UInt8(DT_DIR) {
        found += paths(in: "\(folder)/\(name)")
      } else {
        found.append("\(folder)/\(name)")
      }
    }
    return found
  }

  private static func text(of path: String) throws -> String {
    let descriptor = try FileDescriptor.open(FilePath(path), .readOnly)
    return try descriptor.closeAfter {
      var bytes: [UInt8] = []
      while true {
        let piece = try unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
          count = unsafe try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        if piece.isEmpty { return String(decoding: bytes, as: UTF8.self) }
        bytes += piece
      }
    }
  }
}
