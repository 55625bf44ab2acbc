package import Events
internal import Files

/// How the copy of a file stands that a server has.
package struct RemoteFileState: Equatable, Sendable {
  /// What may be told of its address.
  package let shown: String
  /// Where it is asked for anew; nil where that takes what was not kept.
  package let address: String?
  /// The name that it is known by; nil for none.
  package let source: String?
  /// Where its copy is.
  package let path: String
  /// Bytes of its copy; nil before it is whole.
  package let size: UInt64?
  /// What the server calls the version that is here: an ETag, or when it last changed; nil where it
  /// names none, or may not have given all of it.
  package let version: String?
  /// Bytes that came of a version that is not whole yet; nil for none.
  package let part: UInt64?
  /// When it was last asked for.
  package let askedAt: Timestamp
  /// Why that failed; nil where it did not.
  package let error: String?

  /// Of all files of servers whose copies lie in a folder, by what is told of them.
  package static func all(in folder: String) throws -> [RemoteFileState] {
    var states: [RemoteFileState] = []
    for name in try names(in: folder) where !name.hasPrefix(".") {
      let place = "\(folder)/\(name)"
      let file = try RemoteCopy.name(in: place)
      let copy = RemoteCopy(folder: place, name: file ?? "")
      // A copy that was made before there were notes has none until it is asked for again.
      guard let note = try copy.note() else { continue }
      states.append(
        RemoteFileState(
          shown: note.shown, address: note.address.isEmpty ? nil : note.address,
          source: note.source.isEmpty ? nil : note.source, path: copy.path,
          size: file == nil ? nil : try copy.size(), version: try copy.version(),
          part: try copy.part()?.size,
          askedAt: Timestamp(nanoseconds: Int64(note.time) * 1_000_000_000),
          error: note.error.isEmpty ? nil : note.error))
    }
    return states.sorted { ($0.shown, $0.path) < ($1.shown, $1.path) }
  }

  private static func names(in folder: String) throws(FileError) -> [String] {
    do { return try folderNames(folder) } catch {
      // Nothing was ever asked for.
      if error.isAbsent { return [] }
      throw error
    }
  }
}
