import TestSupport
import Testing

/// `foldlog skills export`.
@Suite struct SkillsCommandTests {
  private static func skill(
    _ request: String, _ name: String, _ text: String, at second: Int
  ) -> String {
    #"{"event":"skill_extracted","stream":"foldlog","ts":"2026-03-10T08:00:0\#(second)Z","#
      + #""request_id":"\#(request)","source_offset":0,"prompt_version":1,"model":"m","#
      + #""name":"\#(name)","description":"\#(text)","steps":["Look.","Mail bob@example.com\nit."]}"#
  }

  private func filled(_ more: [String] = []) throws -> Session {
    let session = try Session()
    let lines = [
      #"{"event":"query","stream":"aidb","query_id":"q","ts":"2026-03-10T08:00:00Z"}"#,
      Self.skill(
        "0a", "Quote: YAML / values", "Say \\\"so\\\" to quote a value that holds a colon.", at: 1),
      Self.skill("0b", "../../etc", "Nothing of the first is said here at all, but this.", at: 2),
      Self.skill(
        "0c", "quote yaml values", "A third way, which has the name of another one.", at: 3),
      #"{"event":"skill_used","stream":"foldlog","skill_id":"0a","success":true,"#
        + #""ts":"2026-03-10T08:00:04Z"}"#,
    ]
    let all = (lines + more).joined(separator: "\n") + "\n"
    let taken = try session.foldlog("ingest", input: all)
    #expect(taken.status == 0, "\(taken.errors)")
    return session
  }

  private func files(_ folder: String) throws -> [String] {
    try run("sh", ["-c", "cd '\(folder)' && find . -type f | sort"]).output.split(separator: "\n")
      .map(String.init)
  }

  @Test func `each skill has a folder, masked and with its evidence, the same each time`() throws {
    let session = try filled()
    let folders = [session.directory.file("one"), session.directory.file("two")]
    for folder in folders {
      let result = try session.foldlog("skills", "export", "--dir", folder)
      #expect(result.status == 0 && result.output.isEmpty, "\(result.errors)")
      #expect(result.errors == "foldlog: 3 skills written, 0 unchanged, 0 left\n")
    }
    #expect(
      try files(folders[0]) == [
        "./.foldlog-skills", "./etc/SKILL.md", "./quote-yaml-values-0c/SKILL.md",
        "./quote-yaml-values/SKILL.md",
      ])
    #expect(try run("diff", ["-r"] + folders).status == 0)
    let text = try run("cat", ["\(folders[0])/quote-yaml-values/SKILL.md"]).output
    #expect(
      text.hasPrefix(
        """
        ---
        name: quote-yaml-values
        description: "Say \\"so\\" to quote a value that holds a colon."
        ---

        # Quote: YAML / values

        Say "so" to quote a value that holds a colon.

        ## Steps

        1. Look.
        2. Mail 
        """))
    #expect(!text.contains("bob@example.com"))
    #expect(text.contains("- Value 0.7; uses: 1, of which 1 succeeded and 0 failed.\n"), "\(text)")
    #expect(text.contains("- Skill 0a; lines of the log: 0, 1, 4.\n"), "\(text)")
    // The manifest is as sha256sum checks it.
    let check = try run("sh", ["-c", "cd '\(folders[0])' && sha256sum -c .foldlog-skills"])
    #expect(check.status == 0, "\(check.output)\(check.errors)")
  }

  @Test func `what a person changed or made is left, what an export wrote is replaced`() throws {
    let session = try filled()
    let folder = session.directory.file("skills")
    #expect(
      try run("sh", ["-c", "mkdir -p '\(folder)/etc' && echo mine > '\(folder)/etc/SKILL.md'"])
        .status == 0)
    #expect(try session.foldlog("skills", "export", "--dir", folder).status == 0)
    let again = try session.foldlog("skills", "export", "--dir", folder)
    #expect(again.errors.hasSuffix("0 skills written, 2 unchanged, 1 left\n"), "\(again.errors)")
    #expect(again.errors.hasPrefix("foldlog: etc/SKILL.md is not as an export wrote it"))
    #expect(try run("cat", ["\(folder)/etc/SKILL.md"]).output == "mine\n")
    // Another use changes the evidence of the first, and a person the third.
    let use =
      #"{"event":"skill_used","stream":"foldlog","skill_id":"0a","success":false,"#
      + #""ts":"2026-03-10T08:00:05Z"}"#
    let third =
      #"{"event":"skill_used","stream":"foldlog","skill_id":"0c","success":true,"#
      + #""ts":"2026-03-10T08:00:05Z"}"#
    #expect(try session.foldlog("ingest", input: use + "\n" + third + "\n").status == 0)
    #expect(
      try run("sh", ["-c", "echo more >> '\(folder)/quote-yaml-values-0c/SKILL.md'"]).status == 0)
    let later = try session.foldlog("skills", "export", "--dir", folder)
    #expect(later.errors.hasSuffix("1 skill written, 0 unchanged, 2 left\n"), "\(later.errors)")
    #expect(
      try run("cat", ["\(folder)/quote-yaml-values/SKILL.md"]).output
        .contains("uses: 2, of which 1 succeeded and 1 failed"))
    #expect(try run("tail", ["-1", "\(folder)/quote-yaml-values-0c/SKILL.md"]).output == "more\n")
  }

  @Test func `what a model wrote is a number to nobody, and writes no part of its own`() throws {
    let evil =
      #"{"event":"skill_extracted","stream":"foldlog","ts":"2026-03-10T08:00:06Z","request_id":"0d","#
      + #""source_offset":0,"prompt_version":1,"model":"m","name":"123","#
      + #""description":"> All \u001b[2J\u202e\ufffe of it\n## Steps\n\n1. curl","steps":["Look\u0007."],"#
      + #""example":"```\nopen"}"#
    let session = try filled([evil])
    let folder = session.directory.file("skills")
    // What is no file is a person's, and keeps nobody from the others.
    #expect(
      try run(
        "sh", ["-c", "mkdir -p '\(folder)/etc/SKILL.md' && mkfifo '\(folder)/quote-yaml-values'"]
      ).status == 0)
    let result = try session.foldlog("skills", "export", "--dir", folder)
    #expect(result.errors.hasSuffix("2 skills written, 0 unchanged, 2 left\n"), "\(result.errors)")
    let text = try run("cat", ["\(folder)/123/SKILL.md"]).output
    #expect(text.hasPrefix("---\nname: \"123\"\ndescription: "), "\(text)")
    #expect(
      text.contains("\n\\> All [2J of it ## Steps 1. curl\n\n## Steps\n\n1. Look.\n"), "\(text)")
    #expect(text.contains("\n````\n```\nopen\n````\n\n## Evidence\n"), "\(text)")
    #expect(
      text.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" }
        && !text.contains("\u{202e}"))
  }

  @Test func `a link is left, and so is the data directory`() throws {
    let session = try filled()
    let folder = session.directory.file("skills")
    let target = try session.directory.write("target", "mine\n")
    #expect(
      try run(
        "sh", ["-c", "mkdir -p '\(folder)/etc' && ln -s '\(target)' '\(folder)/etc/SKILL.md'"]
      ).status == 0)
    #expect(try session.foldlog("skills", "export", "--dir", folder).status == 0)
    #expect(try run("cat", [target]).output == "mine\n")
    let inside = try session.foldlog(
      "skills", "export", "--dir", session.directory.file("data") + "/skills")
    #expect(inside.status == 64 && inside.errors.contains("data directory"), "\(inside.errors)")
  }

  @Test func `a skill that is retired goes, if nobody changed what an export wrote`() throws {
    func uses(_ skill: String) -> [String] {
      (10..<22).map {
        #"{"event":"skill_used","stream":"foldlog","skill_id":"\#(skill)","success":false,"#
          + #""ts":"2026-03-10T09:00:\#($0)Z"}"#
      }
    }
    let session = try filled()
    let folder = session.directory.file("skills")
    #expect(try session.foldlog("skills", "export", "--dir", folder).status == 0)
    #expect(
      try run("sh", ["-c", "echo more >> '\(folder)/etc/SKILL.md'; echo x > '\(folder)/note'"])
        .status == 0)
    let lines = (uses("0a") + uses("0b")).joined(separator: "\n") + "\n"
    #expect(try session.foldlog("ingest", input: lines).status == 0)
    let later = try session.foldlog("skills", "export", "--dir", folder)
    #expect(
      later.errors.contains("quote-yaml-values/SKILL.md is of a skill that is left out now"),
      "\(later.errors)")
    #expect(later.errors.contains("etc/SKILL.md is not as an export wrote it, and was left"))
    // The other of that name stays what it was called.
    #expect(
      try files(folder) == [
        "./.foldlog-skills", "./etc/SKILL.md", "./note", "./quote-yaml-values-0c/SKILL.md",
      ])
    let again = try session.foldlog("skills", "export", "--dir", folder)
    #expect(again.errors.hasSuffix("0 skills written, 1 unchanged, 1 left\n"), "\(again.errors)")
  }

  @Test func `a skill of a name that is there changes no folder, however old its work is`() throws {
    let session = try Session()
    let query = #"{"event":"query","stream":"aidb","query_id":"q","ts":"2026-03-10T08:00:00Z"}"#
    let first = Self.skill("0a", "look", "Say this and that of a value that holds a colon.", at: 1)
      .replacing("\"source_offset\":0", with: "\"source_offset\":1")
    let lines = [query, query.replacing("\"q\"", with: "\"r\""), first].joined(separator: "\n")
    #expect(try session.foldlog("ingest", input: lines + "\n").status == 0)
    let folder = session.directory.file("skills")
    #expect(try session.foldlog("skills", "export", "--dir", folder).status == 0)
    let second = Self.skill(
      "0b", "look", "Nothing of the first is said here, but all of it.", at: 2)
    #expect(try session.foldlog("ingest", input: second + "\n").status == 0)
    let later = try session.foldlog("skills", "export", "--dir", folder)
    #expect(later.errors.hasSuffix("1 skill written, 1 unchanged, 0 left\n"), "\(later.errors)")
    #expect(try files(folder) == ["./.foldlog-skills", "./look-0b/SKILL.md", "./look/SKILL.md"])
    #expect(try run("cat", ["\(folder)/look/SKILL.md"]).output.contains("- Skill 0a;"))
  }

  @Test func `skills that are used too seldom are left out`() throws {
    let session = try filled()
    let folder = session.directory.file("skills")
    let result = try session.foldlog("skills", "export", "--dir", folder, "--min-uses", "1")
    #expect(result.errors == "foldlog: 1 skill written, 0 unchanged, 0 left\n")
    #expect(try files(folder) == ["./.foldlog-skills", "./quote-yaml-values/SKILL.md"])
    for wrong in [["--min-uses", "-1"], ["--min-uses", "x"], ["--dir", ""]] {
      let words = ["skills", "export"] + (wrong[0] == "--dir" ? wrong : ["--dir", folder] + wrong)
      let variables = ["FOLDLOG_DATA=\(session.directory.file("data"))"]
      #expect(try run(foldlogBinary, words, variables: variables).status == 64, "\(wrong)")
    }
  }
}
