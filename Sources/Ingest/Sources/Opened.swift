internal import Bytes
internal import Events
internal import Provenance

/// A file that was opened to be resolved.
struct Opened {
  let path: String
  let place: String
  let file: any OpenFile
  let status: FileStatus

  var folder: String { splitPath(place).folder }
  var name: String { splitPath(place).name }

  init(_ path: String, _ files: any FileSystem) throws(IngestError) {
    self.path = path
    file = try files.open(path)
    status = try file.status()
    place = files.realPath(path) ?? path
  }

  func reader() -> ContentReader { ContentReader(file, path: path) }

  func isPlain() throws(IngestError) -> Bool {
    var head: [UInt8] = []
    _ = try file.read(at: 0, count: 4, into: &head)
    return !head.starts(with: [0x1f, 0x8b]) && !head.starts(with: [0x28, 0xb5, 0x2f, 0xfd])
  }

  /// Whether its content is packed in a form that is not read here.
  func isUnread() throws(IngestError) -> Bool {
    var head: [UInt8] = []
    _ = try file.read(at: 0, count: UnreadForm.magicSize, into: &head)
    return UnreadForm(head: head, path: path) != nil
  }

  /// Over the first bytes of the content.
  func head() throws(IngestError) -> Hash128? {
    let reader = reader()
    var bytes: [UInt8] = []
    while bytes.count < KnownContent.headSize, !reader.isAtEnd {
      try reader.read(into: &bytes, count: KnownContent.headSize - bytes.count)
    }
    guard bytes.count >= KnownContent.headSize else { return nil }
    return Hash128(of: bytes.span.extracting(0..<KnownContent.headSize))
  }

  /// Of a source that is new.
  var record: SourceRecord { Self.record(path, place: place, status) }

  static func record(_ path: String, place: String, _ status: FileStatus) -> SourceRecord {
    var record = SourceRecord(
      id: 0, form: .file, path: path, device: status.id.device, inode: status.id.inode)
    record.place = place
    return record
  }
}
