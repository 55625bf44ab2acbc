/// The commands of a line for a shell by what each came to.
extension ShellParts {
  /// A command as a line of its own, in the folder where it runs.
  package func step(_ index: Int) -> String {
    let folders = all[..<index].filter { $0.program == "cd" && $0.follows != .pipe }
    return (folders + [all[index]]).map(\.text).joined(separator: " && ")
  }

  /// The commands whose success it took for a line to end well, each as a line of its own: those
  /// that `&&` joins, behind whatever came before.
  package var proven: [String] {
    guard let segment = lastSegment, segment.count > 1 else { return [] }
    return segment.filter { all[$0].program != "cd" }.map(step)
  }

  /// Of a line that failed the command that did; nil where it may have been one of several.
  ///
  /// - Parameter output: what the line printed.
  package func failed(printing output: String) -> Int? {
    guard let segment = lastSegment else { return nil }
    let acting = segment.filter { !settingStage.contains(String(all[$0].program)) }
    if acting.count < 2 { return acting.first ?? segment.last }
    // They seldom fail, and say so with their names.
    let likely = acting.filter { index in
      let program = String(all[index].program)
      guard saying.contains(program) || all[index].head == "git add" else { return true }
      return output.split(whereSeparator: \.isNewline).contains {
        $0.hasPrefix("\(program): ") || (program == "git" && $0.hasPrefix("fatal: pathspec"))
      }
    }
    return likely.count == 1 ? likely[0] : nil
  }

  /// The commands that decide how a line ends: the last ones that `&&` joins; nil where there are
  /// alternatives.
  private var lastSegment: [Int]? {
    let start = all.lastIndex { $0.follows == .always } ?? 0
    if all[start...].contains(where: { $0.follows == .failure }) { return nil }
    return all.indices[start...].filter { all[$0].follows != .pipe }
  }
}

/// Commands that set the stage for others, and do not fail.
private let settingStage: Set = [
  "cd", "echo", "printf", "export", "set", "true", ":", "sleep", "source", ".", "unset",
]

/// Commands whose failures begin with their names.
private let saying: Set = ["mkdir", "cp", "mv", "rm", "chmod", "touch", "ln", "cat", "ls"]
