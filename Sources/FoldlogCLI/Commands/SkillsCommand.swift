import ArgumentParser
import Foldlog
import Query

struct SkillsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "skills",
    abstract: "Skills, as folders that agents read.",
    subcommands: [SkillsExportCommand.self])

  @ParentCommand var parent: FoldlogCommand
}

struct SkillsExportCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a folder with a SKILL.md for each skill: the same log gives the same bytes.",
    discussion: """
      Each has its name and description in front, then what must be there before, the steps, an \
      example, and the evidence with offsets. Secrets and personal data are masked. Skills that are \
      retired, because they fail too often, are left out.

      What was written is noted in DIR/.foldlog-skills by its SHA-256: a SKILL.md that a person \
      changed or made is left as it is, and named. What an export wrote of a skill that is left out by \
      now, as it is retired or used too seldom, is removed, if nobody changed it.

        foldlog skills export --dir ~/.claude/skills --min-uses 3
      """)

  @Option(
    name: .customLong("dir"),
    help: ArgumentHelp("The folder; made if it is not there.", valueName: "dir"),
    completion: .directory)
  var folder: String

  @Option(
    help: ArgumentHelp(
      "Only skills that were used at least so often; 0 by default.", valueName: "count"))
  var minUses = 0

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: SkillsCommand
  var root: FoldlogCommand { parent.parent }

  var request: SkillExportRequest {
    var request = SkillExportRequest(folder: folder)
    request.minUses = minUses
    return request
  }

  func run(_ asked: SkillExportRequest.Checked, _ store: Store) throws {
    let exported = try SkillService(store).export(asked)
    for name in exported.kept {
      complain("\(name)/SKILL.md is not as an export wrote it, and was left")
    }
    for name in exported.removed {
      complain("\(name)/SKILL.md is of a skill that is left out now: removed")
    }
    let count = exported.written.count
    complain(
      "\(count) \(count == 1 ? "skill" : "skills") written, \(exported.unchanged.count) unchanged, "
        + "\(exported.kept.count) left")
  }
}
