import Files

/// A disk in memory that is gone when its owner is.
package final class SmallDisk {
  private let directory: TemporaryDirectory
  package let path: String

  /// Nil where no disk can be mounted.
  package init?(size_MiB: Int) throws {
    directory = try TemporaryDirectory()
    try directory.makeFolder("disk")
    path = directory.file("disk")
    let words = ["-t", "tmpfs", "-o", "size=\(size_MiB)m", "tmpfs", path]
    guard isRoot, try run("mount", words).status == 0 else {
      print("skipped: no disk can be mounted here")
      return nil
    }
  }

  deinit { _ = try? run("umount", ["-l", path]) }

  /// Takes all room that is left.
  package func fill() throws {
    _ = try run("dd", ["if=/dev/zero", "of=\(path)/filler", "bs=4096"])
  }

  package func makeRoom() throws { try removeFile("\(path)/filler") }
}
