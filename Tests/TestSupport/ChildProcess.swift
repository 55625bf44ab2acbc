import Bytes
import SystemPackage

#if canImport(Glibc)
  import Glibc
#endif

/// What a process did.
package struct ChildResult: Sendable {
  package let status: Int32
  package let output: String
  package let errors: String
}

/// Runs a program to its end, with what it reads and what it prints in files.
///
/// - Parameters:
///   - arguments: as they are, or as `pathText` writes bytes that are no text; so too `variables`.
///   - input: for its standard input; empty for none.
///   - variables: `NAME=VALUE`, beside `PATH` and `HOME`; nothing else of this process's is passed on.
///   - closed: of its descriptors 0, 1 and 2, those that it is not given.
package func run(
  _ program: String, _ arguments: [String] = [], input: [UInt8] = [], variables: [String] = [],
  closed: [Int32] = []
) throws -> ChildResult {
  try ChildProcess(program, arguments, input: input, variables: variables, closed: closed).wait()
}

/// A program that runs beside the test, with what it reads and what it prints in files. It is killed
/// when its owner lets go of it.
package final class ChildProcess {
  private let directory: TemporaryDirectory
  private let process: pid_t
  /// Its number, while it runs.
  package var processID: Int32 { process }
  private var result: ChildResult?

  /// - Parameters:
  ///   - arguments: as they are, or as `pathText` writes bytes that are no text; so too `variables`.
  ///   - input: for its standard input; empty for none.
  ///   - variables: `NAME=VALUE`, beside `PATH` and `HOME`; nothing else of this process's is passed on.
  ///   - closed: of its descriptors 0, 1 and 2, those that it is not given.
  package init(
    _ program: String, _ arguments: [String] = [], input: [UInt8] = [],
    variables: [String] = [], closed: [Int32] = []
  ) throws {
    directory = try TemporaryDirectory()
    try directory.write("in", input)
    let kept = ["PATH", "HOME", "LD_LIBRARY_PATH"].compactMap(variable)
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    let create = O_WRONLY | O_CREAT | O_TRUNC
    unsafe posix_spawn_file_actions_addopen(&actions, 0, directory.file("in"), O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, directory.file("out"), create, 0o600)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, directory.file("err"), create, 0o600)
    for descriptor in closed {
      unsafe posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    var words = unsafe ([program] + arguments).map { unsafe strdup(systemPath($0)) } + [nil]
    var environment = unsafe (kept + variables).map { unsafe strdup(systemPath($0)) } + [nil]
    defer { unsafe (words + environment).forEach { unsafe free($0) } }
    var process: pid_t = 0
    // A test's thread may have blocked signals that a shell waits for.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let error = unsafe posix_spawnp(&process, program, &actions, &attributes, &words, &environment)
    guard error == 0 else { throw Errno(rawValue: error) }
    self.process = process
  }

  deinit {
    if result == nil {
      signal(SIGKILL)
      _ = try? wait()
    }
  }

  package func signal(_ number: Int32) { if result == nil { _ = kill(process, number) } }

  /// Kills it, and waits until it is gone.
  package func end() throws {
    signal(SIGKILL)
    _ = try wait()
  }

  /// Whether it has ended by itself or by a signal.
  package func hasEnded() throws -> Bool { try result != nil || reap(WNOHANG) }

  /// Waits for its end, however long that takes.
  package func wait() throws -> ChildResult {
    while true {
      if let result { return result }
      _ = try reap(0)
    }
  }

  private func reap(_ options: Int32) throws -> Bool {
    var status: Int32 = 0
    let reaped = unsafe waitpid(process, &status, options)
    if reaped == 0 { return false }
    if reaped < 0 {
      guard errno == EINTR else { throw Errno(rawValue: errno) }
      return false
    }
    let code = status & 0x7f == 0 ? (status >> 8) & 0xff : -(status & 0x7f)
    result = ChildResult(
      status: code, output: try directory.text("out"), errors: try directory.text("err"))
    return true
  }

  /// What it printed so far.
  package var output: String { (try? directory.text("out")) ?? "" }
  package var errors: String { (try? directory.text("err")) ?? "" }
}

/// Lets others run for a while.
package func pause(milliseconds: UInt32) { usleep(milliseconds * 1_000) }

/// Waits until something is so, at most for a time that no working machine needs. Returns whether it is.
package func eventually(
  withinSeconds limit: Int = 20, _ isSo: () throws -> Bool
) rethrows -> Bool {
  for _ in 0..<limit * 50 {
    if try isSo() { return true }
    usleep(20_000)
  }
  return try isSo()
}

/// A variable of this process, as its children are given it.
private func variable(_ name: String) -> String? { environment(name).map { "\(name)=\($0)" } }

/// The value of a variable of this process.
package func environment(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  return unsafe String(cString: value)
}

extension TemporaryDirectory {
  /// The bytes of a file in the folder.
  package func bytes(_ name: String) throws -> [UInt8] {
    let descriptor = try unsafe FileDescriptor.open(systemPath(file(name)), .readOnly)
    return try descriptor.closeAfter {
      var all: [UInt8] = []
      while true {
        let piece = try unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
          count = unsafe try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        if piece.isEmpty { return all }
        all += piece
      }
    }
  }

  package func text(_ name: String) throws -> String {
    String(decoding: try bytes(name), as: UTF8.self)
  }
}

/// The package's folder.
package var packageRoot: String {
  FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent().string
}

/// The built `foldlog`, beside the tests that run.
package var foldlogBinary: String {
  var path = [CChar](repeating: 0, count: 4096)
  let count = unsafe readlink("/proc/self/exe", &path, path.count)
  let own = String(
    decoding: path.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  // swift test runs a helper of the toolchain; the product lies in the build folder of the tests.
  let folder = FilePath(own).removingLastComponent()
  let beside = folder.appending("foldlog").string
  if unsafe access(beside, X_OK) == 0 { return beside }
  for configuration in ["release", "debug"] {
    let built = "\(packageRoot)/.build/\(configuration)/foldlog"
    if unsafe access(built, X_OK) == 0 { return built }
  }
  return "foldlog"
}
