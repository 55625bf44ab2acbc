import Bytes
import SystemPackage

#if canImport(Glibc)
  import Glibc
#endif

/// What writers, and those who rotate, do to files.
extension TemporaryDirectory {
  /// Adds to the end of a file, as a writer does that opened it for appending.
  package func append(_ name: String, _ text: String) throws {
    let descriptor = try FileDescriptor.open(
      FilePath(file(name)), .writeOnly, options: [.create, .append],
      permissions: .ownerReadWrite)
    _ = try descriptor.closeAfter { try descriptor.writeAll(Array(text.utf8)) }
  }

  /// Writes somewhere in a file, as a writer does that remembers where it was.
  package func write(_ name: String, _ bytes: [UInt8], at position: Int) throws {
    let descriptor = try FileDescriptor.open(FilePath(file(name)), .writeOnly)
    _ = try descriptor.closeAfter {
      try descriptor.writeAll(toAbsoluteOffset: Int64(position), bytes)
    }
  }

  /// Gives a file another name; what had that name loses it.
  package func rename(_ name: String, _ other: String) throws {
    if unsafe Glibc.rename(file(name), file(other)) != 0 { throw Errno(rawValue: errno) }
  }

  package func remove(_ name: String) throws {
    if unsafe unlink(file(name)) != 0 { throw Errno(rawValue: errno) }
  }

  package func truncate(_ name: String, to size: Int = 0) throws {
    if unsafe Glibc.truncate(file(name), size) != 0 { throw Errno(rawValue: errno) }
  }

  /// Makes a name that leads to another.
  package func makeSymbolicLink(_ name: String, to target: String) throws {
    if unsafe symlink(file(target), file(name)) != 0 { throw Errno(rawValue: errno) }
  }

  /// Sets when a file was last changed, in seconds since 1970.
  package func setTime(_ name: String, seconds: Int) throws {
    let time = timespec(tv_sec: seconds, tv_nsec: 0)
    let times = [time, time]
    if unsafe utimensat(AT_FDCWD, file(name), times, 0) != 0 { throw Errno(rawValue: errno) }
  }

  /// The number that the file system has for a file.
  package func inode(_ name: String) throws -> UInt64 {
    var status = stat()
    if unsafe stat(file(name), &status) != 0 { throw Errno(rawValue: errno) }
    return UInt64(truncatingIfNeeded: status.st_ino)
  }
}

extension TemporaryDirectory {
  /// Says who may read a file, in the numbers of `chmod`.
  package func setPermissions(_ name: String, _ mode: UInt32) throws {
    if unsafe chmod(systemPath(file(name)), mode) != 0 { throw Errno(rawValue: errno) }
  }

  /// Makes a pipe with a name. Returns its path.
  package func makePipe(_ name: String) throws -> String {
    if unsafe mkfifo(file(name), 0o600) != 0 { throw Errno(rawValue: errno) }
    return file(name)
  }

  package func exists(_ name: String) -> Bool { unsafe access(systemPath(file(name)), F_OK) == 0 }
}

/// Whether this process may do anything.
package var isRoot: Bool { getuid() == 0 }

/// The end of a named pipe at which a slow writer sits.
package final class PipeWriter {
  private let descriptor: FileDescriptor

  /// Waits until somebody reads.
  package init(_ path: String) throws {
    descriptor = try FileDescriptor.open(FilePath(path), .writeOnly)
  }

  deinit { try? descriptor.close() }

  /// Writes a byte at a time, with pauses.
  package func drip(_ text: String) throws {
    for byte in text.utf8 {
      _ = try descriptor.writeAll([byte])
      usleep(5_000)
    }
  }
}

/// A writer that keeps a file open, whatever becomes of its name.
package final class HoldingWriter {
  private let descriptor: FileDescriptor

  package init(_ path: String) throws {
    descriptor = try FileDescriptor.open(FilePath(path), .writeOnly, options: .append)
  }

  deinit { try? descriptor.close() }

  package func append(_ text: String) throws { _ = try descriptor.writeAll(Array(text.utf8)) }
}
