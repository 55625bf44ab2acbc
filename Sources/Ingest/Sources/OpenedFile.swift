internal import Bytes
internal import Events
internal import Provenance

/// A file that was opened to find out which source it is.
struct OpenedFile {
  let path: String
  let realPath: String
  let file: any OpenFile
  let status: FileStatus

  var folder: String { splitPath(realPath).folder }
  var name: String { splitPath(realPath).name }

  init(_ path: String, _ files: any FileSystem) throws(IngestError) {
    self.path = path
    file = try files.open(path)
    status = try file.status()
    realPath = files.realPath(path) ?? path
  }

  func reader() -> ContentReader { ContentReader(file, path: path) }

  /// Whether the bytes of the file are its content: it is not compressed.
  func isPlain() throws(IngestError) -> Bool {
    var head: [UInt8] = []
    _ = try file.read(at: 0, count: 4, into: &head)
    return !head.starts(with: [0x1f, 0x8b]) && !head.starts(with: [0x28, 0xb5, 0x2f, 0xfd])
  }

  /// Whether its content is packed in a form that cannot be read.
  func isUnsupported() throws(IngestError) -> Bool {
    var head: [UInt8] = []
    _ = try file.read(at: 0, count: UnsupportedForm.magicSize, into: &head)
    return UnsupportedForm(head: head, path: path) != nil
  }

  /// The hash of the first bytes of the content; nil when there are too few to tell files apart.
  func head() throws(IngestError) -> Hash128? {
    let bytes = try beginning(upTo: KnownContent.headSize)
    return bytes.count < KnownContent.headSize ? nil : Hash128(of: Array(bytes))
  }

  /// The first bytes of the content, as many as there are up to a size.
  func beginning(upTo size: Int) throws(IngestError) -> ArraySlice<UInt8> {
    let reader = reader()
    var bytes: [UInt8] = []
    while bytes.count < size, !reader.isAtEnd {
      try reader.read(into: &bytes, count: size - bytes.count)
    }
    return bytes.prefix(size)
  }

  /// The record of a source that is new, and read from this file.
  var record: SourceRecord { Self.record(path, realPath: realPath, status) }

  static func record(_ path: String, realPath: String, _ status: FileStatus) -> SourceRecord {
    var record = SourceRecord(
      id: 0, form: .file, path: path, device: status.id.device, inode: status.id.inode)
    record.realPath = realPath
    return record
  }
}

/// What a file that was opened turns out to be.
package enum Resolution {
  /// A source, and its reading.
  case session(SourceSession)
  /// Only a copy of a file that is read itself, and has this path.
  case copy(of: String)
  /// A compressed file that holds nothing yet.
  case empty(FileStatus)
  /// A file that holds only the beginning of what was read of another, which is gone: perhaps that is
  /// just being copied here.
  case partial(FileStatus, from: String)
  /// A file that continues no known source, and may not be read yet.
  case pending(NewFile)

  package var session: SourceSession? {
    if case .session(let session) = self { session } else { nil }
  }
}

/// A file that does not continue the source which was last read at its path.
package struct NewFile {
  package enum Kind {
    /// Nothing was ever read at its path.
    case unknown
    /// Lines were taken from another file at its path.
    case replacement
    /// It begins with what was read of another file, which does not hold that any more.
    case moved
    /// Lines were taken of what it held, and no file holds that any more: it was emptied, or rewritten.
    case rewritten
  }

  package let status: FileStatus
  package let kind: Kind
}

/// What a person should know of a file that holds less than was read of it elsewhere.
func partialNote(from path: String) -> String {
  "holds only the beginning of what was read of \(shownPath(path)): nothing of it is new"
}
