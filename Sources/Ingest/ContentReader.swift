internal import CZlib
internal import SystemPackage
internal import Zstd

/// The content of a file or of standard input, decompressed if its first bytes say gzip or zstd.
final class ContentReader {
  private enum Form {
    case plain
    case gzip(GzipStream)
    case zstd(ZstdContent)
  }

  private let descriptor: FileDescriptor
  private let ownsDescriptor: Bool
  private let path: String
  private var form: Form?
  private var compressed: [UInt8] = []
  /// Bytes that were read to recognise the form, and are not given out yet.
  private var head: [UInt8] = []
  private(set) var isAtEnd = false
  /// What the caller should tell: compressed content that ends early.
  private(set) var warning: String?

  init(descriptor: FileDescriptor, path: String, ownsDescriptor: Bool) {
    self.descriptor = descriptor
    self.path = path
    self.ownsDescriptor = ownsDescriptor
  }

  deinit { if ownsDescriptor { try? descriptor.close() } }

  var isCompressed: Bool {
    switch form {
    case .gzip, .zstd: true
    case .plain, nil: false
    }
  }

  /// Appends more content; nothing at the end. At most about `count` bytes when it is plain.
  func read(into output: inout [UInt8], count: Int) throws(IngestError) {
    if form == nil { try recognise() }
    switch form {
    case .plain, nil:
      if head.isEmpty {
        if try readBytes(into: &output, count: count) == 0 { isAtEnd = true }
      } else {
        output.append(contentsOf: head)
        head = []
      }
    case .gzip(let stream):
      try decompress(into: &output) { input, output throws(IngestError) in
        try stream.inflate(input, into: &output, path: self.path)
      } isWhole: {
        stream.isAtMemberEnd
      }
    case .zstd(let content):
      try decompress(into: &output) { input, output throws(IngestError) in
        do { try content.stream.decompress(input, into: &output) } catch {
          throw IngestError(.unreadable, path: self.path, reason: "\(error)")
        }
      } isWhole: {
        content.stream.isAtFrameEnd
      }
    }
  }

  private func recognise() throws(IngestError) {
    while head.count < 4 {
      if try readBytes(into: &head, count: 4 - head.count) == 0 { break }
    }
    if head.starts(with: [0x1f, 0x8b]) {
      form = .gzip(try GzipStream(path: path))
    } else if head.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) {
      do { form = .zstd(ZstdContent(stream: try DecompressionStream())) } catch {
        throw IngestError(.unreadable, path: path, reason: "\(error)")
      }
    } else {
      form = .plain
    }
  }

  private func decompress(
    into output: inout [UInt8],
    _ step: (Span<UInt8>, inout [UInt8]) throws(IngestError) -> Void, isWhole: () -> Bool
  ) throws(IngestError) {
    compressed = head
    head = []
    let count = try readBytes(into: &compressed, count: 1 << 18)
    do throws(IngestError) {
      try step(compressed.span, &output)
    } catch {
      // What is whole before the damage is given out; the rest cannot be read.
      warning = "\(error.reason); what comes before was taken"
      isAtEnd = true
      return
    }
    if count == 0 {
      isAtEnd = true
      if !isWhole() { warning = "the compressed content ends early; what is whole was taken" }
    }
  }

  private func readBytes(into output: inout [UInt8], count: Int) throws(IngestError) -> Int {
    let start = output.count
    var failure: Errno?
    let piece = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do {
        filled = unsafe try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
      } catch {
        failure = error as? Errno ?? .ioError
        filled = 0
      }
    }
    if let failure { throw IngestError(path: path, errno: failure) }
    if start == 0 { output = piece } else { output.append(contentsOf: piece) }
    return piece.count
  }
}

/// A class around the stream, so that an enum can hold it.
private final class ZstdContent {
  var stream: DecompressionStream

  init(stream: consuming DecompressionStream) { self.stream = stream }
}

/// Inflates the members of a gzip file, piece by piece.
@safe private final class GzipStream {
  private var stream = unsafe z_stream()
  private(set) var isAtMemberEnd = false

  init(path: String) throws(IngestError) {
    // 32: recognise the header by itself; 15: the largest window.
    let code = unsafe inflateInit2_(
      &stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    if code != Z_OK { throw IngestError(.unreadable, path: path, reason: "zlib error \(code)") }
  }

  deinit { _ = unsafe inflateEnd(&stream) }

  func inflate(
    _ input: Span<UInt8>, into output: inout [UInt8], path: String
  ) throws(IngestError) {
    var consumed = 0
    while consumed < input.count {
      if isAtMemberEnd {
        _ = unsafe inflateReset(&stream)
        isAtMemberEnd = false
      }
      var code = Z_OK
      let piece = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, filled in
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
      switch code {
      case Z_STREAM_END: isAtMemberEnd = true
      case Z_OK, Z_BUF_ERROR: break
      default:
        throw IngestError(.unreadable, path: path, reason: "damaged gzip content (zlib \(code))")
      }
    }
  }
}
