internal import Projection

extension Mending.Met {
  /// Files of a message for which a formatter is run at once.
  private static let filesMax = 5
  /// Lines of a message in which files are looked for.
  private static let linesMax = 500

  /// What was tried, with the files that the message names in the place of the one that a formatter was run
  /// for: what put that one right puts these right.
  ///
  /// - Returns: also those that are told so.
  func fixes(_ tried: [TriedFix]) -> (fixes: [TriedFix], ofOtherFiles: Set<String>) {
    if !isCovered { return (tried, []) }
    var fixes: [TriedFix] = []
    var others: [String: [TriedFix]] = [:]
    for fix in tried {
      if let command = command(fix.fix) {
        others[command, default: []].append(fix)
      } else {
        fixes.append(fix)
      }
    }
    // What was run for these very files says more.
    let known = Set(fixes.map(\.fix))
    for (command, all) in others.sorted(by: { $0.key < $1.key }) where !known.contains(command) {
      guard let first = all.first else { continue }
      let tries = all.flatMap(\.tries).map { attempt in
        TriedFix.Try(
          worked: attempt.worked, isHere: attempt.isHere, isNamed: attempt.isNamed,
          subject: subject, project: attempt.project, session: attempt.session,
          offset: attempt.offset)
      }
      fixes.append(
        TriedFix(
          fix: command, template: first.template, exampleLine: first.exampleLine,
          exampleSubject: first.exampleSubject, tries: tries))
    }
    return (fixes, Set(others.keys).subtracting(known))
  }

  /// A command that formats one file, which the message does not name, for those that it names; nil for any
  /// other command.
  private func command(_ fix: String) -> String? {
    let line = runHere(fix)
    guard let parts = PlainCommand(line)?.parts else { return nil }
    var formatted: [String] = []
    for part in parts {
      switch HarmlessCommands.effect(of: part) {
      case .formats(let paths): formatted += paths
      case .accompanies: continue
      default: return nil
      }
    }
    guard formatted.count == 1, let path = formatted.first, !message.contains(path),
      line.split(separator: " ").count(where: { $0 == path }) == 1,
      let dot = path.lastIndex(of: ".")
    else { return nil }
    let files = files(ending: String(path[dot...]))
    if files.isEmpty { return nil }
    return line.split(separator: " ", omittingEmptySubsequences: false).map {
      $0 == path ? files.joined(separator: " ") : String($0)
    }.joined(separator: " ")
  }

  /// The files with which lines of the message begin; none where there are many.
  private func files(ending: String) -> [String] {
    var files: [String] = []
    for line in message.split(whereSeparator: \.isNewline).prefix(Self.linesMax) {
      var words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })[...]
      if let first = words.first, !first.contains(".") { words.removeFirst() }
      guard let word = words.first, let file = file(word, ending: ending), !files.contains(file)
      else { continue }
      if files.count == Self.filesMax { return [] }
      files.append(file)
    }
    return files
  }

  /// A file of the project, without its line and column.
  private func file(_ word: Substring, ending: String) -> String? {
    var path = String(word.prefix { $0 != ":" })
    if let project, path.hasPrefix(project + "/") { path.removeFirst(project.count + 1) }
    if path.hasPrefix("./") { path.removeFirst(2) }
    let isPlain = path.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
        || "._/@+-".utf8.contains(byte)
    }
    guard isPlain, path.hasSuffix(ending), path.count > ending.count, !path.hasPrefix("/"),
      !path.hasPrefix("-"), !path.split(separator: "/").contains("..")
    else { return nil }
    return path
  }
}
