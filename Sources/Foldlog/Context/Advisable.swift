internal import Facts

/// A fix that somebody else can be told to try: none that destroys something, and no change of a file of
/// another project.
struct Advisable {
  enum Kind {
    case command(String)
    case edit(path: String)
  }

  let kind: Kind
  var isEdit: Bool { if case .edit = kind { true } else { false } }

  /// - Parameter project: the folder that is worked in.
  init?(_ fix: String, in project: String?) {
    let words = fix.split(separator: " ", maxSplits: 1)
    guard let first = words.first else { return nil }
    if Self.editors.contains(String(first)) {
      guard words.count == 2, let project else { return nil }
      let path = String(words[1])
      let isWithin = path.hasPrefix(project + "/") || !path.hasPrefix("/")
      guard isWithin, !path.contains("../") else { return nil }
      kind = .edit(path: path)
      return
    }
    // Words that are no command line say what a person or a tool did.
    if let parts = ShellParts(fix), parts.all.contains(where: Self.destroys) { return nil }
    kind = .command(fix)
  }

  private static let editors: Set = [
    "Edit", "MultiEdit", "Write", "NotebookEdit", "apply_patch", "str_replace_editor",
  ]

  /// Programs that take away what was there, whatever their words.
  private static let destroyers: Set = [
    "rm", "rmdir", "unlink", "shred", "dd", "truncate", "kill", "pkill", "killall", "mv",
    "chown", "shutdown", "reboot", "dropdb", "fdisk", "parted", "wipefs", "crontab", "curl", "wget",
    "tmux", "ssh", "scp", "rsync",
  ]
  /// The same, of programs that do other things, too.
  private static let destroyingWords: Set = [
    "--force", "-f", "--force-with-lease", "--hard", "--delete", "-D", "--prune", "prune", "delete",
    "destroy", "drop", "clean", "purge", "uninstall", "remove", "rm", "reset", "restore",
    "checkout",
    "stash", "rebase", "push", "publish", "deploy", "apply", "--no-verify", "revert", "stop",
    "disable", "logout",
  ]
  private static let programsOfWords: Set = [
    "git", "gh", "docker", "docker-compose", "podman", "kubectl", "helm", "terraform", "aws",
    "gcloud", "az", "systemctl", "npm", "pnpm", "yarn", "bun", "cargo", "apt", "apt-get", "brew",
    "pip", "pip3", "conda", "find", "redis-cli", "make",
  ]

  private static func destroys(_ part: ShellParts.Part) -> Bool {
    guard let program = part.words.first else { return false }
    let name = String(program.split(separator: "/").last ?? program[...])
    if destroyers.contains(name) || name.hasPrefix("mkfs") { return true }
    let text = part.text
    // A file that is written over, and words of SQL.
    if text.contains(" > ") || text.lowercased().contains("drop table")
      || text.lowercased().contains("delete from")
    {
      return true
    }
    return programsOfWords.contains(name)
      && part.words.dropFirst().contains(where: destroyingWords.contains)
  }

  /// Letters outside of wildcards, and words of them, below which a template says too little of an error
  /// for what mended one to be told of another.
  private static let lettersMin = 12
  private static let wordsMin = 2

  /// Whether errors of a template are of one kind, as far as its words tell.
  static func isTelling(_ template: String) -> Bool {
    let literal = template.replacing("<*>", with: " ")
    let words = literal.split { !$0.isLetter }.filter { $0.count > 1 }
    return words.count >= wordsMin && words.reduce(0) { $0 + $1.count } >= lettersMin
  }

  /// Whether errors of a template are failed expectations of tests: what each expects stands elsewhere.
  static func isExpectation(_ template: String) -> Bool {
    let lower = template.lowercased()
    return ["assert", "expect(", "expected"].contains { lower.contains($0) }
  }
}
