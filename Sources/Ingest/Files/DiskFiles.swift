internal import Bytes
internal import Events
internal import Files
internal import SystemPackage

#if canImport(Glibc)
  internal import Glibc
#endif

/// The files of this machine.
package struct DiskFiles: FileSystem {
  private let isTakingPipes: Bool

  /// - Parameter isTakingPipes: whether pipes are opened too, which waits for their writers; else to
  ///   open something never waits.
  package init(isTakingPipes: Bool = true) { self.isTakingPipes = isTakingPipes }

  package func status(_ path: String) -> FileStatus? {
    var status = stat()
    guard unsafe stat(systemPath(path), &status) == 0 else { return nil }
    return FileStatus(status)
  }

  package func names(in folder: String) throws(IngestError) -> [String] {
    do { return try folderNames(folder) } catch {
      throw IngestError(path: folder, errno: Errno(rawValue: error.code))
    }
  }

  package func realPath(_ path: String) -> String? { Files.realPath(path) }

  package func target(ofLink path: String) -> String? {
    var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe bytes.withUnsafeMutableBytes { buffer in
      guard let start = buffer.baseAddress else { return -1 }
      return unsafe readlink(systemPath(path), start, buffer.count)
    }
    return count < 0 ? nil : pathText(bytes[..<count])
  }

  package func open(_ path: String) throws(IngestError) -> any OpenFile {
    let file: DiskFile
    do { file = try isTakingPipes ? opened(path, []) : openedAtOnce(path) } catch {
      throw IngestError(path: path, errno: error as? Errno ?? .ioError)
    }
    if isTakingPipes || file.isRegular { return file }
    throw IngestError(.absent, path: path, reason: "it is no regular file")
  }

  private func openedAtOnce(_ path: String) throws -> DiskFile {
    // Only regular files have leases, and their holders give them back.
    do { return try opened(path, .nonBlocking) } catch Errno.wouldBlock {
      return try opened(path, [])
    }
  }

  private func opened(
    _ path: String, _ options: FileDescriptor.OpenOptions
  ) throws -> DiskFile {
    DiskFile(
      try unsafe FileDescriptor.open(
        systemPath(path), .readOnly, options: options.union(.closeOnExec)), path: path)
  }

  package func matches(_ pattern: String) -> [String] {
    var result = unsafe glob_t()
    defer { unsafe globfree(&result) }
    guard unsafe glob(systemPath(pattern), 0, nil, &result) == 0 else { return [] }
    return unsafe (0..<Int(result.gl_pathc)).compactMap { index in
      unsafe result.gl_pathv[index].map { unsafe pathText(bytes(ofC: $0)) }
    }
  }
}

/// A file of this machine, or standard input.
final class DiskFile: OpenFile {
  private let descriptor: FileDescriptor
  private let path: String
  let isRegular: Bool
  private let ownsDescriptor: Bool

  init(_ descriptor: FileDescriptor, path: String, ownsDescriptor: Bool = true) {
    self.descriptor = descriptor
    self.path = path
    self.ownsDescriptor = ownsDescriptor
    var status = stat()
    isRegular =
      unsafe fstat(descriptor.rawValue, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  static var standardInput: DiskFile {
    DiskFile(.standardInput, path: "standard input", ownsDescriptor: false)
  }

  deinit { if ownsDescriptor { try? descriptor.close() } }

  func status() throws(IngestError) -> FileStatus {
    var status = stat()
    guard unsafe fstat(descriptor.rawValue, &status) == 0 else {
      throw IngestError(path: path, errno: Errno(rawValue: errno))
    }
    return FileStatus(status)
  }

  func read(
    at position: UInt64, count: Int, into output: inout [UInt8]
  ) throws(IngestError) -> Int {
    var failure: Errno?
    let count = try min(count, sizeLeft(after: position))
    let piece = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do {
        let bytes = UnsafeMutableRawBufferPointer(buffer)
        // Pipes and standard input have no offsets: what comes next is read.
        filled =
          isRegular && ownsDescriptor
          ? unsafe try descriptor.read(fromAbsoluteOffset: Int64(clamping: position), into: bytes)
          : unsafe try descriptor.read(into: bytes)
      } catch {
        failure = error as? Errno ?? .ioError
        filled = 0
      }
    }
    if let failure { throw IngestError(path: path, errno: failure) }
    if output.isEmpty { output = piece } else { output.append(contentsOf: piece) }
    return piece.count
  }

  /// Bytes worth to make room for: thousands of small files would take a chunk's memory each.
  private func sizeLeft(after position: UInt64) throws(IngestError) -> Int {
    guard isRegular && ownsDescriptor else { return .max }
    let size = try status().size
    return max(Self.roomMin, size > position ? Int(clamping: size - position) : 0)
  }

  private static let roomMin = 4_096

  var isWaiting: Bool {
    if isRegular { return false }
    var request = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&request, 1, 0) == 0
  }
}

extension FileStatus {
  init(_ status: stat) {
    self.init(
      id: FileID(
        device: UInt64(truncatingIfNeeded: status.st_dev),
        inode: UInt64(truncatingIfNeeded: status.st_ino)),
      size: UInt64(clamping: status.st_size),
      modified: Timestamp(
        nanoseconds: Int64(status.st_mtim.tv_sec) &* 1_000_000_000
          &+ Int64(status.st_mtim.tv_nsec)),
      isDirectory: status.st_mode & S_IFMT == S_IFDIR,
      isRegular: status.st_mode & S_IFMT == S_IFREG)
  }
}
