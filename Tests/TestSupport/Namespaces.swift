#if canImport(Glibc)
  import Glibc
#endif

/// Commands that run as process 1 of a PID namespace of their own, as in a container.
package enum Namespaces {
  private static let own = [
    "unshare", "--fork", "--pid", "--kill-child=KILL", "--mount-proc",
  ]
  /// For who is not root.
  private static let mapped = own + ["--map-root-user"]

  /// The words that run a command so; nil where that is not allowed.
  package static let runner: [String]? = [own, mapped].first { words in
    (try? run(words[0], Array(words.dropFirst()) + ["true"]))?.status == 0
  }

  /// What a test that needs them says where it is skipped.
  package static let requirement = "no PID namespaces can be made here"
}

extension ChildProcess {
  /// The process that this one, a runner of `Namespaces`, has started; 0 before it has.
  package var inner: Int32 {
    let listed = try? run("cat", ["/proc/\(processID)/task/\(processID)/children"])
    return listed?.output.split(separator: " ").first.flatMap { Int32($0) } ?? 0
  }
}

/// Sends a signal to a process, which need not be a child.
package func send(_ signal: Int32, to process: Int32) {
  if process > 0 { _ = kill(process, signal) }
}
