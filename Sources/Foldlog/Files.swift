internal import SystemPackage

#if canImport(Glibc)
  internal import Glibc
#endif

/// Waits until a file's content is on disk.
func synchronise(_ descriptor: FileDescriptor) throws(Errno) {
  if fsync(descriptor.rawValue) != 0 { throw Errno(rawValue: errno) }
}
