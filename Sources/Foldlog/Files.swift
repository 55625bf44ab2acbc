internal import SystemPackage

#if canImport(Glibc)
  internal import Glibc
#endif

/// Waits until a file's content is on disk.
func synchronise(_ descriptor: FileDescriptor) throws(Errno) {
  if fsync(descriptor.rawValue) != 0 { throw Errno(rawValue: errno) }
}

/// Gives a file another name, in the place of what had it.
func rename(_ path: String, to other: String) throws(Errno) {
  if unsafe Glibc.rename(path, other) != 0 { throw Errno(rawValue: errno) }
}
