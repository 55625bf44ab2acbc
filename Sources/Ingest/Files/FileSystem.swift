internal import Bytes
package import Events
package import Provenance

/// What following asks of a file system: the disk's, or a simulated one in tests.
package protocol FileSystem {
  /// The file or folder at a path, symbolic links followed; nil when there is nothing.
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
  /// The folder that its file was last in.
  var folder: String { splitPath(realPath).folder }
}

/// The identity of a file, whatever names it has.
package struct FileID: Hashable, Sendable {
  package let device: UInt64
  package let inode: UInt64

  package init(device: UInt64, inode: UInt64) {
    self.device = device
    self.inode = inode
  }
}

/// What the file system says of a file: its identity, its length, and when it was changed.
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

extension FileSystem {
  /// Whether a file holds, packed or not, what the beginning of another holds, and no more. No, when one
  /// is not there.
  ///
  /// - Throws: when one cannot be read.
  func isCopy(_ path: String, of base: String) throws(IngestError) -> Bool {
    guard let copy = try openIfThere(path), let original = try openIfThere(base) else {
      return false
    }
    // What is packed in a form that is not read here is taken for no copy.
    var head: [UInt8] = []
    _ = try copy.read(at: 0, count: UnsupportedForm.magicSize, into: &head)
    if UnsupportedForm(head: head, path: path) != nil { return false }
    let readers = (ContentReader(copy, path: path), ContentReader(original, path: base))
    var left: [UInt8] = []
    var right: [UInt8] = []
    var isEmpty = true
    while !readers.0.isAtEnd {
      left.removeAll(keepingCapacity: true)
      try readers.0.read(into: &left, count: 1 << 20)
      while right.count < left.count, !readers.1.isAtEnd {
        try readers.1.read(into: &right, count: 1 << 20)
      }
      if !right.starts(with: left) { return false }
      right.removeFirst(left.count)
      isEmpty = isEmpty && left.isEmpty
    }
    return !isEmpty
  }

  /// Nil when nothing is there, or no regular file: a pipe would wait for its writer.
  ///
  /// - Throws: when something is there, or may be, but cannot be opened: that is not the same.
  func openIfThere(_ path: String) throws(IngestError) -> (any OpenFile)? {
    if let status = status(path), !status.isRegular { return nil }
    do { return try open(path) } catch {
      if error.code == .absent { return nil }
      throw error
    }
  }
}
