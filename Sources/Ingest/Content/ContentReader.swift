internal import CZlib
internal import Zstd

/// Whether the content of a file ends where a line does, and packed content where it says. What cannot be
/// read at all is told of elsewhere, and is not less than whole.
package func endsWhole(_ path: String) -> Bool {
  do throws(IngestError) {
    let file = try DiskFiles().open(path)
    let size = try file.status().size
    var reader = ContentReader(file, path: path)
    var (bytes, last): ([UInt8], UInt8?) = ([], nil)
    try reader.read(into: &bytes, count: 1 << 16)
    if reader.isPlain == true, size > 0 {
      reader = ContentReader(file, path: path, from: size - 1)
      bytes = []
    }
    while true {
      last = bytes.last ?? last
      bytes = []
      if reader.isAtEnd { return reader.warning == nil && (last ?? 0x0a) == 0x0a }
      try reader.read(into: &bytes, count: 1 << 20)
    }
  } catch { return true }
}

/// The content of a source, decompressed if its first bytes say gzip or zstd; of other packed content
/// reading says that it cannot be read.
final class ContentReader {
  private enum Form {
    case plain
    case gzip(GzipStream)
    case zstd(ZstdContent)
  }

  let file: any OpenFile
  private let path: String
  private var form: Form?
  /// Bytes of the file, compressed or not, that were read.
  private(set) var filePosition: UInt64
  private var compressed: [UInt8] = []
  /// Bytes that were read to recognise the form, and are not given out yet.
  private var head: [UInt8] = []
  /// Whether there is nothing more at the moment; a file that grows may have more later.
  private(set) var isAtEnd = false
  /// What a person should know: that compressed content is damaged, or ends early.
  private(set) var warning: String?

  /// Reads from the beginning.
  init(_ file: any OpenFile, path: String) {
    self.file = file
    self.path = path
    filePosition = 0
  }

  /// Reads plain content from a position that was reached before.
  init(_ file: any OpenFile, path: String, from position: UInt64) {
    self.file = file
    self.path = path
    filePosition = position
    form = .plain
  }

  /// Whether bytes of the file are bytes of the content; nil until the first were read.
  var isPlain: Bool? {
    switch form {
    case .plain: true
    case .gzip, .zstd: false
    case nil: nil
    }
  }

  private static let gzipMagic: [UInt8] = [0x1f, 0x8b]
  private static let zstdMagic: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd]
  private static let magics = [gzipMagic, zstdMagic]

  /// Looks for more behind the end that was reached.
  func goOn() { isAtEnd = false }

  /// Appends more content; nothing at the end. At most about `count` bytes when it is plain.
  func read(into output: inout [UInt8], count: Int) throws(IngestError) {
    if form == nil {
      try recognise()
      if form == nil { return }
    }
    switch form {
    case .plain, nil:
      if head.isEmpty {
        isAtEnd = try readBytes(into: &output, count: count) == 0
      } else {
        output.append(contentsOf: head)
        head = []
      }
    case .gzip(let stream):
      try decompress(into: &output) { input, output throws(IngestError) in
        try stream.inflate(input, into: &output, atMost: count, path: self.path)
      } isWhole: {
        stream.isAtMemberEnd
      }
    case .zstd(let content):
      try decompress(into: &output) { input, output throws(IngestError) in
        do { return try content.stream.decompress(input, into: &output, atMost: count) } catch {
          throw IngestError(.unreadable, path: self.path, reason: "\(error)")
        }
      } isWhole: {
        content.stream.isAtFrameEnd
      }
    }
  }

  private func recognise() throws(IngestError) {
    while head.count < UnsupportedForm.magicSize {
      if try readBytes(into: &head, count: UnsupportedForm.magicSize - head.count) == 0 {
        isAtEnd = true
        break
      }
    }
    // The first bytes of a file that is being written may be too few to tell which form it has.
    if isAtEnd,
      Self.magics.contains(where: { $0.count > head.count && $0.starts(with: head) })
        || UnsupportedForm.mayBegin(with: head)
    {
      return
    }
    isAtEnd = false
    if let form = UnsupportedForm(head: head, path: path) { throw form.error(path) }
    if head.starts(with: Self.gzipMagic) {
      form = .gzip(try GzipStream(path: path))
    } else if head.starts(with: Self.zstdMagic) {
      do { form = .zstd(ZstdContent(stream: try DecompressionStream())) } catch {
        throw IngestError(.unreadable, path: path, reason: "\(error)")
      }
    } else {
      form = .plain
    }
  }

  /// Gives out what is packed, about as much as was asked for: more input is read only when what was
  /// read before gave all that it holds.
  private func decompress(
    into output: inout [UInt8],
    _ step: (Span<UInt8>, inout [UInt8]) throws(IngestError) -> Int, isWhole: () -> Bool
  ) throws(IngestError) {
    if !head.isEmpty {
      compressed = head
      head = []
    }
    let isRead = compressed.count < Self.packedSize
    let count = isRead ? try readBytes(into: &compressed, count: Self.packedSize) : 0
    let before = output.count
    do throws(IngestError) {
      let consumed = try step(compressed.span, &output)
      compressed.removeSubrange(..<consumed)
    } catch {
      // What is whole before the damage is given out; the rest cannot be read.
      warning = "\(error.reason); what comes before was taken"
      isAtEnd = true
      return
    }
    if isRead, count == 0, compressed.isEmpty, output.count == before {
      isAtEnd = true
      if !isWhole() { warning = "the compressed content ends early; what is whole was taken" }
    }
  }

  /// Bytes of packed content that are read at once.
  private static let packedSize = 1 << 18

  private func readBytes(into output: inout [UInt8], count: Int) throws(IngestError) -> Int {
    let read = try file.read(at: filePosition, count: count, into: &output)
    filePosition += UInt64(read)
    return read
  }
}

/// A class around the stream, so that an enum can hold it.
private final class ZstdContent {
  var stream: DecompressionStream

  init(stream: consuming DecompressionStream) { self.stream = stream }
}

/// Inflates the members of a gzip file, piece by piece.
@safe final class GzipStream {
  private var stream = unsafe z_stream()
  private(set) var isAtMemberEnd = false

  init(path: String) throws(IngestError) {
    // 32: recognise the header by itself; 15: the largest window.
    let code = unsafe inflateInit2_(
      &stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    if code != Z_OK { throw IngestError(.unreadable, path: path, reason: "zlib error \(code)") }
  }

  deinit { _ = unsafe inflateEnd(&stream) }

  /// Appends what `input` holds to `output`, until about `limit` bytes came of it. Returns how much of
  /// the input it took; what came of it may go on with an empty input.
  func inflate(
    _ input: Span<UInt8>, into output: inout [UInt8], atMost limit: Int, path: String
  ) throws(IngestError) -> Int {
    let pieceSize = 1 << 18
    var consumed = 0
    var total = 0
    var isMore = !isAtMemberEnd || !input.isEmpty
    while isMore, total < limit {
      if isAtMemberEnd {
        _ = unsafe inflateReset(&stream)
        isAtMemberEnd = false
      }
      var code = Z_OK
      let piece = unsafe [UInt8](unsafeUninitializedCapacity: pieceSize) { buffer, filled in
        unsafe input.withUnsafeBufferPointer { input in
          unsafe stream.next_in = UnsafeMutablePointer(
            mutating: input.extracting(consumed...).baseAddress)
          unsafe stream.avail_in = UInt32(input.count - consumed)
          unsafe stream.next_out = buffer.baseAddress
          unsafe stream.avail_out = UInt32(buffer.count)
          unsafe code = CZlib.inflate(&stream, Z_NO_FLUSH)
          unsafe consumed = input.count - Int(stream.avail_in)
          unsafe filled = buffer.count - Int(stream.avail_out)
        }
      }
      output.append(contentsOf: piece)
      total += piece.count
      switch code {
      case Z_STREAM_END: isAtMemberEnd = true
      case Z_OK, Z_BUF_ERROR: break
      default:
        throw IngestError(.unreadable, path: path, reason: "damaged gzip content (zlib \(code))")
      }
      isMore = consumed < input.count || (!isAtMemberEnd && piece.count == pieceSize)
    }
    return consumed
  }
}
