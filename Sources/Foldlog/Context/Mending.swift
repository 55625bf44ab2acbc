internal import Projection
internal import Masking

/// What is told as a mend of an error: what worked in this project more often than it failed there, or in
/// two projects and never failed here; on this very message, or on two that differ, so that it is bound to
/// no name of another; that harms nobody (see `HarmlessCommands`), and is told whole.
struct Mending {
  /// What there is to tell.
  let fix: String
  let isEdit: Bool
  /// As it is shown.
  let shown: String
  let successes: UInt64
  let attempts: UInt64
  /// Whether it is told because it worked here.
  let isOfHere: Bool
  let offset: UInt64

  /// What failed here more often than it worked.
  struct DeadEnd {
    let shown: String
    let successes: UInt64
    let attempts: UInt64
    let offset: UInt64
  }

  /// An error as it was met.
  struct Met {
    let message: String
    let subject: UInt64
    let isCovered: Bool
    /// The folder that is worked in.
    let project: String?
  }

  /// Nil where nothing is to be told of it.
  init?(_ tried: TriedFix, met: Met, _ text: inout AnswerText) {
    let tries = Self.telling(tried, of: met.subject, isCovered: met.isCovered)
    let here = tries.filter(\.isHere)
    let (worked, failed) = (here.count { $0.worked }, here.count { !$0.worked })
    let isOfHere = worked > failed
    let told = isOfHere ? here : tries
    let successes = told.count { $0.worked }
    guard let last = told.map(\.offset).max(), 2 * successes > told.count,
      isOfHere || (here.isEmpty && Self.isGlobal(tries)),
      let action = Action(
        tried.fix, isNamed: tries.contains { $0.isNamed && $0.worked }, met, &text)
    else { return nil }
    let leastHere = action.needsTwo || Self.isExpectation(tried.template) || !met.isCovered ? 2 : 1
    if successes < leastHere || (action.isOfPlace && !isOfHere) { return nil }
    fix = tried.fix
    (isEdit, shown) = (action.isEdit, action.shown)
    (self.successes, attempts) = (UInt64(successes), UInt64(told.count))
    self.isOfHere = isOfHere
    offset = last
  }

  /// Of the tries those that say something of a message: those on the same one; where it worked on two
  /// that differ, all. What an error is about by name, such as a program, is one for each name.
  private static func telling(
    _ tried: TriedFix, of subject: UInt64, isCovered: Bool
  ) -> [TriedFix.Try] {
    let subjects = Set(tried.tries.filter(\.worked).map(\.subject))
    if subjects.count >= 2, !isAboutName(tried.template) { return tried.tries }
    return isCovered ? tried.tries.filter { $0.subject == subject } : []
  }

  /// Whether it worked in two projects; where no line names one, in two sessions.
  private static func isGlobal(_ tries: [TriedFix.Try]) -> Bool {
    let worked = tries.filter(\.worked)
    let projects = Set(worked.map(\.project)).subtracting([0])
    if tries.contains(where: { $0.project != 0 }) { return projects.count >= 2 }
    return Set(worked.map(\.session)).subtracting([0]).count >= 2
  }

  static func deadEnd(_ tried: TriedFix, met: Met, _ text: inout AnswerText) -> DeadEnd? {
    let here = telling(tried, of: met.subject, isCovered: met.isCovered).filter(\.isHere)
    let worked = here.count { $0.worked }
    guard met.isCovered, 2 * worked < here.count, let last = here.map(\.offset).max(),
      !tried.tries.contains(where: \.isNamed), Action.isTry(tried.fix),
      let shown = text.whole(tried.fix, atMost: Action.sizeMax)
    else { return nil }
    return DeadEnd(
      shown: "`\(shown)`", successes: UInt64(worked), attempts: UInt64(here.count), offset: last)
  }

  // MARK: Errors

  /// Letters outside of wildcards, and words of them, below which a line says too little of an error
  /// for what mended one to be told of another.
  private static let lettersMin = 12
  private static let wordsMin = 2

  /// Whether a line says what went wrong.
  static func isTelling(_ line: String) -> Bool {
    let lower = line.lowercased()
    if bare.contains(where: lower.contains) { return false }
    let literal = line.replacing("<*>", with: " ")
    let words = literal.split { !$0.isLetter }.filter { $0.count > 1 }
    return words.count >= wordsMin && words.reduce(0) { $0 + $1.count } >= lettersMin
  }

  /// What says only that something failed, and neither what nor why.
  private static let bare = [
    "make: ***", "npm err! code elifecycle", "failed (failures", "failed (errors",
    "to rerun pass", "tests failed", "test failed", "command failed", "process exited",
    "exited with code", "exit code", "exit status", "problems (", "problem (", "build failed",
    "resolving dependencies", "target failed", "targets failed",
  ]

  /// Whether errors of a template are failed expectations of tests: what each expects stands elsewhere.
  private static func isExpectation(_ template: String) -> Bool {
    let lower = template.lowercased()
    return ["assert", "expect(", "expected"].contains { lower.contains($0) }
  }

  /// Whether errors of a template are about the name that they give, and nothing else.
  static func isAboutName(_ template: String) -> Bool {
    let lower = template.lowercased()
    return ["command not found", "not recognized as", ": not found", "no such command"].contains {
      lower.contains($0)
    }
  }
}

extension Mending.Met {
  /// A command as it is run in the folder that is worked in.
  func runHere(_ command: String) -> String {
    var line = command
    guard let project, project.utf8.count > 1 else { return line }
    for start in ["cd \(project) && ", "cd \"\(project)\" && ", "cd '\(project)' && "]
    where line.hasPrefix(start) {
      line.removeFirst(start.count)
    }
    return line.replacing("cd \(project)/", with: "cd ")
  }
}

/// What can be done, as somebody who works elsewhere, or later, may be told to do it.
private struct Action {
  let shown: String
  var isEdit = false
  /// Whether once may be chance.
  var needsTwo = false
  /// Whether it makes sense only where it worked.
  var isOfPlace = false

  static let sizeMax = 200
  /// Bytes from which on what was done may have been cut when it was read.
  private static let cutMin = 490

  private static let editors: Set = [
    "Edit", "MultiEdit", "Write", "NotebookEdit", "apply_patch", "str_replace_editor",
  ]

  init?(_ fix: String, isNamed: Bool, _ met: Mending.Met, _ text: inout AnswerText) {
    if fix.utf8.count >= Self.cutMin { return nil }
    let words = fix.split(separator: " ", maxSplits: 1)
    if let first = words.first, Self.editors.contains(String(first)) {
      guard words.count == 2, let path = Self.path(String(words[1]), met),
        let whole = text.whole(path, atMost: Self.sizeMax)
      else { return nil }
      shown = "a change of `\(whole)`"
      (isEdit, needsTwo, isOfPlace) = (true, true, true)
      return
    }
    let line = met.runHere(fix)
    guard let whole = text.whole(line, atMost: Self.sizeMax) else { return nil }
    if let effects = Self.effects(of: line), Self.mends(effects, met) {
      shown = "`\(whole)`"
      isOfPlace = effects.contains(.runsScript) || line.contains("cd ")
      needsTwo = effects.contains(.runsScript)
    } else if isNamed, Self.isProse(whole) {
      // In the words of whoever did it: nothing that could be run.
      needsTwo = true
      shown = "what was noted as \"\(whole.replacing("\"", with: "'"))\""
    } else {
      return nil
    }
  }

  /// Nil where a command is not known to be harmless.
  private static func effects(of line: String) -> [HarmlessCommands.Effect]? {
    guard let parts = PlainCommand(line)?.parts else { return nil }
    var effects: [HarmlessCommands.Effect] = []
    for part in parts {
      guard let effect = HarmlessCommands.effect(of: part) else { return nil }
      if part.isPiped, effect != .accompanies { return nil }
      effects.append(effect)
    }
    return effects
  }

  /// Whether one of them may mend something, and none is about files that the message does not name.
  private static func mends(_ effects: [HarmlessCommands.Effect], _ met: Mending.Met) -> Bool {
    for case .formats(let paths) in effects
    where paths.isEmpty || !paths.allSatisfy({ met.message.contains($0) }) { return false }
    return effects.contains { $0 != .accompanies }
  }

  /// A file of the project which the message does not name itself: whoever reads that one knows.
  private static func path(_ path: String, _ met: Mending.Met) -> String? {
    guard let project = met.project else { return nil }
    var path = path
    if path.hasPrefix(project + "/") { path.removeFirst(project.count + 1) }
    guard !path.hasPrefix("/"), !path.split(separator: "/").contains(".."),
      let name = path.split(separator: "/").last, !met.message.contains(name)
    else { return nil }
    return path
  }

  /// With what a fix begins that is said in words: what was added, put right or set up.
  private static let doing: Set = [
    "add", "adjust", "await", "borrow", "bump", "cast", "clone", "close", "configure", "convert",
    "copy", "correct", "create", "declare", "define", "escape", "export", "fix", "format",
    "generate", "handle", "import", "increase", "initialise",
    "initialize", "install", "lower", "move", "pass", "pin", "raise", "reconnect", "regenerate",
    "rename", "reopen", "replace", "restart", "retry", "return", "sort", "split", "start", "update",
    "upgrade", "wait", "wrap",
  ]
  /// Parts of words by which a fix takes something away, opens something to others, or tells a model to
  /// do something rather than what was done.
  private static let doubtful = [
    "admin", "approv", "bypass", "certif", "chmod", "clear", "credential", "delet",
    "disabl", "drop", "eras", "firewall", "forc", "http", "ignor", "instruct", "live", "passw",
    "permission", "please", "previous", "prod", "purg", "remov", "reset", "root", "secret", "skip",
    "sudo", "system", "token", "truncat", "wipe", "you",
  ]

  /// Whether a person or an agent says in words what it was, and that harms nobody who does it, too.
  private static func isProse(_ text: String) -> Bool {
    let words = text.split(separator: " ")
    guard words.count >= 3, let first = words.first, first.first?.isUppercase == true,
      first.dropFirst().allSatisfy(\.isLowercase), isDoing(first.lowercased())
    else { return false }
    let lower = text.lowercased()
    return !text.contains { ";|&$<>\\`{}=@".contains($0) }
      && !words.contains { $0.hasPrefix("-") || $0 == "all" }
      && !doubtful.contains { lower.contains($0) }
  }

  /// Now or then: `Add`, `Added`, `Raised`, `Retried`, `Pinned`.
  private static func isDoing(_ word: String) -> Bool {
    var stems = [word]
    if word.hasSuffix("ed") {
      let stem = String(word.dropLast(2))
      stems += [stem, stem + "e", String(stem.dropLast())]
      if stem.hasSuffix("i") { stems.append(stem.dropLast() + "y") }
    }
    return stems.contains(where: doing.contains)
  }

  private static let standingBetween: Set = [
    "git", "gh", "mkdir", "touch", "date", "vim", "vi", "nano", "emacs", "code", "tee", "echo",
    "cat",
    "cd", "cp", "ls",
  ]

  /// Whether it is a command of which it helps to know that it did not mend something.
  static func isTry(_ fix: String) -> Bool {
    guard fix.utf8.count < cutMin, let parts = PlainCommand(fix)?.parts,
      let first = fix.split(separator: " ").first, !editors.contains(String(first))
    else { return false }
    return parts.contains { part in
      part.words.first.map { !standingBetween.contains($0) } ?? false
    }
  }
}

extension Mending {
  /// How a template or message of others is shown: in quotes, so that it is no word of foldlog's.
  static func quoted(_ line: String, _ text: inout AnswerText) -> String {
    "`\(text.of(line, atMost: 80).replacing("`", with: "'"))`"
  }
}
