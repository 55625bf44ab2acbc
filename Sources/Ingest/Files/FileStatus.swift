package import Events

/// What the file system says of a file: who it is, how long, and when it was changed.
package struct FileStatus: Equatable, Sendable {
  package var id: FileID
  package var size: UInt64
  package var modified: Timestamp
  package var isDirectory: Bool
  package var isRegular: Bool

  package init(
    id: FileID, size: UInt64, modified: Timestamp, isDirectory: Bool = false, isRegular: Bool = true
  ) {
    self.id = id
    self.size = size
    self.modified = modified
    self.isDirectory = isDirectory
    self.isRegular = isRegular
  }
}
