internal import Events
internal import Facts
package import Rules

/// A message that says how a command ended, and nothing of why: such are told apart by the command.
enum Silence {
  private static let rules = RuleSet(silenceRules)

  /// The head of the command that failed, as in `git push`; nil where the line says more than that.
  static func command(in line: Span<UInt8>, _ event: Event) -> String? {
    guard line.count <= ErrorLimits.lineSizeMax else { return nil }
    let hits = rules.hits(line)
    for rule in hits where rules.rules[rule].kind == "command" {
      guard let found = rules.match(rule, in: line)?.found else { continue }
      // As a list of Python has it: `'git', 'push'`.
      let said = String(repairing: line.extracting(found)).filter { !"'\",".contains($0) }
      if let head = commandHead(said) { return head }
    }
    guard !hits.isEmpty else { return nil }
    return event.fields.text(.command).flatMap {
      commandHead($0.bounded(ErrorLimits.lineSizeMax))
    }
  }

  /// The line with the command's head before it, unless it has it.
  static func line(_ line: Span<UInt8>, naming command: String) -> String {
    let text = String(repairing: line)
    return text.contains(command) ? text : "\(command): \(text)"
  }
}

/// How a line says that a command failed, and no more: of `command` the group holds the command.
package let silenceRules = Rule.table(
  #"""
  command | between marks
    / (?i)^[^'"`\[]{0,40}command:? +['"`\[]+([^`"\]]{1,500}?)['"`\]]+[,:]? +(?:failed|exited|returned|ended|terminated)\b[a-z -]*[:=(]* ?-?\d*\)?\.?$
    + subprocess.CalledProcessError: Command '['⟦git', 'push⟧']' returned non-zero exit status 1.
    + Command `⟦npm test⟧` exited with code 1
    - Command 'git' not found, but can be installed
  command | behind a colon
    / (?i)^(?:\w*error:? +)?command failed(?: with (?:exit )?(?:code|status) -?\d+)?(?: \([^)]{0,40}\))?: +(\S.*)$
    + Error: Command failed: ⟦git push origin main⟧
    + Error: Command failed with exit code 1: ⟦npm run build⟧
    - Command failed
  silent | by its status
    / (?i)^(?:[\w./'"`<>\[\],:-]+ +){0,8}?(?:exit(?:ed|s)?(?: with| due to)?(?: an?)?(?: non-?zero)?(?: exit)?(?: code| status)?|command failed(?: with)?(?: exit)?(?: code| status)?|failed with (?:exit )?(?:code|status)|returned non-zero exit (?:code|status))[ :=(]*-?\d*\)?\.?$
    + exited with 1
    + Exit code 1
    + Error: Process completed with exit code 2.
    + npm test exited with code 1
    - exit code 137 at once
    - exited with 1: no such file
    - the fire exit is blocked
  """#)
