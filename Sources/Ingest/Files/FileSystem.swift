internal import Bytes
internal import Events
package import Provenance

/// What tailing asks of a file system: the disk's, or one that a simulation makes up.
package protocol FileSystem {
  /// What stands at a path, symbolic links followed; nil when there is nothing.
  func status(_ path: String) -> FileStatus?
  /// The names in a folder, in no order.
  func names(in folder: String) throws(IngestError) -> [String]
  /// The path without symbolic links; nil when there is nothing.
  func realPath(_ path: String) -> String?
  /// Where a symbolic link leads, as it is written in it; nil for what is none.
  func target(ofLink path: String) -> String?
  /// Opens a file for reading.
  func open(_ path: String) throws(IngestError) -> any OpenFile
  /// Paths that fit a shell pattern, in order.
  func matches(_ pattern: String) -> [String]
}

/// A file that stays the same whatever becomes of its name.
package protocol OpenFile: AnyObject {
  func status() throws(IngestError) -> FileStatus
  /// Appends up to `count` bytes; a pipe gives what is next, whatever the position. Returns how many:
  /// none at the end.
  func read(
    at position: UInt64, count: Int, into buffer: inout [UInt8]
  ) throws(IngestError) -> Int
  /// Whether more may come, but nothing is there at the moment: of pipes alone.
  var isWaiting: Bool { get }
}

extension SourceRecord {
  package var file: FileID { FileID(device: device, inode: inode) }
  /// Where its file last stood.
  var folder: String { splitPath(place).folder }
}

/// A file, whatever names lead to it. Tells nothing but whether two are the same.
package struct FileID: Hashable, Sendable {
  package let device: UInt64
  package let inode: UInt64

  package init(device: UInt64, inode: UInt64) {
    self.device = device
    self.inode = inode
  }
}
