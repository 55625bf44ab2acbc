internal import Files
internal import EventLog
internal import LMDB
internal import SystemPackage
internal import ViewStore

#if canImport(Glibc)
  internal import Glibc
#endif

/// What the files of the log and the views are used for.
package struct StorageUsage: Equatable, Sendable {
  /// A file of pages.
  package struct File: Equatable, Sendable {
    /// `log`, `catalogue`, or a build's name.
    package let name: String
    /// Bytes of the file's pages.
    package let size: UInt64
    /// Of those that hold nothing, and are written to next.
    package let free: UInt64
    /// Of those that hold nothing any more, and stay for readers of older snapshots.
    package let held: UInt64
  }

  /// A process that sees a file as it was.
  package struct OldReader: Equatable, Sendable {
    package let file: String
    /// Nil for a process of another container, that cannot be seen from here.
    package let process: Int32?
    package let name: String?
    /// Whether it was stopped, and so will not let go by itself.
    package let isStopped: Bool
    /// Commits that were made since.
    package let commits: UInt64
    package let held: UInt64
  }

  package fileprivate(set) var files: [File] = []
  package fileprivate(set) var readers: [OldReader] = []

  fileprivate mutating func add(_ name: String, _ usage: PageUsage) {
    files.append(File(name: name, size: usage.size, free: usage.free, held: usage.held))
    readers += usage.readers.map { reader in
      let shown = reader.process.flatMap(RunningProcess.init)
      return OldReader(
        file: name, process: reader.process, name: shown?.name,
        isStopped: shown?.isStopped ?? false, commits: reader.age, held: reader.held)
    }
  }
}

extension StorageUsage {
  /// Looks at the log, the catalogue, and each build that serves, is kept or is being folded.
  init(_ log: LogEnvironment, _ catalogue: ViewCatalogue?) throws {
    add("log", try log.pageUsage())
    guard let catalogue else { return }
    add("catalogue", try catalogue.pageUsage())
    let builds = try catalogue.followingReplacements {
      let names = try catalogue.namedBuilds() + catalogue.unfinished().map(\.build)
      return try names.map { ($0, try catalogue.pageUsage(of: $0)) }
    }
    for (name, pages) in builds { add(name, pages) }
  }
}

/// A process as the system shows it.
struct RunningProcess {
  let name: String
  let isStopped: Bool

  /// Nil where it cannot be seen, as after its end.
  init?(_ number: Int32) {
    // The name stands in brackets, and may hold anything; then comes the state.
    guard let line = systemText("/proc/\(number)/stat"), let opening = line.firstIndex(of: "("),
      let closing = line.lastIndex(of: ")"), opening < closing
    else { return nil }
    name = String(line[line.index(after: opening)..<closing])
    isStopped = line[closing...].dropFirst(2).first.map { "Tt".contains($0) } ?? false
  }
}

/// What the system says in a small file; nil where there is none.
private func systemText(_ path: String) -> String? {
  do {
    let descriptor = FileDescriptor(rawValue: try openFile(path, O_RDONLY))
    return try descriptor.closeAfter {
      let bytes = try unsafe [UInt8](unsafeUninitializedCapacity: 4_096) { buffer, count in
        count = unsafe try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  } catch {
    return nil
  }
}
