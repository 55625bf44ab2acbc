import TestSupport
import Testing

/// Before the switch: what a replay would change, under the settings of now or others.
@Suite struct WhatIfTests {
  private static let heavier = """
    # a heavier outcome
    [values.weights]
    outcome = 0.5
    feedback = 0.1   # less of it

    """

  private func filled() throws -> Session {
    let session = try Session()
    try session.ingestFixtures()
    try session.directory.write("heavier.toml", Self.heavier)
    return session
  }

  private func rows(_ session: Session, _ table: String) throws -> [Substring] {
    let answer = try session.foldlog("query", table, "--format", "jsonl")
    #expect(answer.status == 0, "\(answer.errors)")
    return answer.output.split(separator: "\n")
  }

  private func settings(_ session: Session) throws -> String {
    try run("cat", [session.directory.file("data/foldlog.toml")]).output
  }

  @Test func `a dry run of what is up to date says that no row would change`() throws {
    let session = try filled()
    let before = try session.foldlog("status").output
    let report = try session.foldlog("replay", "--dry-run")
    #expect(report.status == 0, "\(report.errors)")
    #expect(
      report.output.contains(
        "no row would change: values, correlations, errors, datasets, deployments"))
    #expect(try session.foldlog("status").output == before)
  }

  @Test func `a dry run counts the rows that the replay then changes`() throws {
    let session = try filled()
    let old = try rows(session, "values")
    try session.directory.write("data/foldlog.toml", Self.heavier)
    let report = try session.foldlog("replay", "values", "--dry-run", "--format", "json").output
    #expect(try rows(session, "values") == old)
    #expect(try session.foldlog("replay", "values").status == 0)
    let new = try rows(session, "values")
    let changed = zip(old, new).count { $0 != $1 }
    #expect(changed > 0 && old.count == new.count)
    #expect(
      report.contains(
        "\"table\":\"values\",\"rows_before\":\(old.count),\"rows_after\":\(old.count)"
          + ",\"added\":0,\"removed\":0,\"changed\":\(changed)"), "\(report)")
  }

  @Test func `one setting is tried without a file, and a refusal prints a command that runs`()
    throws
  {
    let session = try filled()
    let quality = try session.foldlog("replay", "values", "--set", "values.profile=quality")
    #expect(quality.status == 0 && quality.output.contains("values: "), "\(quality.errors)")
    let refused = try session.foldlog("replay", "values", "--set", "values.weights.feedback=0.4")
    #expect(refused.status == 64)
    let printed = refused.errors.split(separator: "\n").last?.split(separator: " ").map(String.init)
    let command = try #require(printed)
    #expect(command.starts(with: ["foldlog", "replay", "values", "--set"]), "\(refused.errors)")
    let forecast = try run(
      foldlogBinary, Array(command.dropFirst()),
      variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
    #expect(forecast.status == 0 && forecast.output.contains("changed"), "\(forecast.errors)")
    // Nothing changed, and a file may stand beside what is set.
    #expect(
      try session.foldlog("replay", "values", "--dry-run").output.contains("no row would change"))
    let both = try session.foldlog(
      "replay", "values", "--what-if", session.directory.file("heavier.toml"), "--set",
      "values.feedback_per_minute = 1", "--keep", "set")
    #expect(both.status == 0, "\(both.errors)")
    for (wrong, said) in [
      ("values.profil=quality", "did you mean `values.profile`?"),
      ("nonsense", "--set takes a setting"),
      ("values.profile=best", "it is"),
    ] {
      let answer = try session.foldlog("replay", "--set", wrong)
      #expect(answer.status == 64 && answer.errors.contains(said), "\(answer.errors)")
    }
  }

  @Test func `an example more does not change those behind it`() throws {
    let session = try Session()
    func line(_ number: Int, _ prompt: String, _ more: String = "") -> String {
      #"{"event":"task_completed","task_id":"t\#(number)","session_id":"s\#(number)","prompt":"\#(prompt)","#
        + #""success":true,"exit_code":0,"response":"Said as \#(prompt) wants it."\#(more)}"#
    }
    let praised = #","rating":5,"steps":3,"tools_used":["bash"],"files_modified":5"#
    // By hand: 0.4 · 1 + 0.2 · 0.5 + 0.2 · 0.3 + 0.1 · 0 + 0.1 · 1 = 0.66 for the second, the others more.
    let lines = [
      line(0, "tell the tides of the bay", praised), line(1, "paint the old barn door red"),
      line(2, "sort every card by its colour", praised),
    ]
    try session.foldlog("ingest", "--stream", "ralph", input: lines.joined(separator: "\n") + "\n")
    #expect(try rows(session, "datasets").count == 2)
    let report = try session.foldlog(
      "replay", "datasets", "--set", "values.thresholds.high_value=0.6", "--format", "json")
    #expect(
      report.output.contains(
        #"{"table":"datasets","rows_before":2,"rows_after":3,"added":1,"removed":0,"changed":0,"fields":[],"#
          + #""added_keys":[{"offset":1,"prompt":"paint the old barn door red"}],"removed_keys":[]}"#
      ),
      "\(report.output)\(report.errors)")
  }

  @Test func `what if, query beside, use, roll back`() throws {
    let session = try filled()
    let old = try rows(session, "values")
    let digests = try session.foldlog("status").output
    let report = try session.foldlog(
      "replay", "--what-if", session.directory.file("heavier.toml"), "--keep", "heavier")
    #expect(report.status == 0, "\(report.errors)")
    #expect(report.output.contains("score"))
    #expect(try rows(session, "values") == old)
    let kept = try rows(session, "values@heavier")
    #expect(kept != old && kept.count == old.count)
    #expect(!(try rows(session, "values@heavier/daily")).isEmpty)
    #expect(try session.foldlog("status").output.contains("kept as @heavier"))

    // What comes meanwhile is in it when it takes its place.
    let more = "{\"event\":\"query_completion\",\"query\":\"one more\",\"success\":true}\n"
    try session.foldlog("ingest", "--stream", "aidb", input: more)
    let use = try session.foldlog("replay", "--use", "heavier")
    #expect(use.status == 0, "\(use.errors)")
    #expect(use.errors.contains("foldlog.toml"))
    let used = try rows(session, "values")
    #expect(Array(used.prefix(kept.count)) == kept && used.count == kept.count + 1)
    #expect(try settings(session) == Self.heavier)
    #expect(try session.foldlog("verify").status == 0)
    #expect(try session.foldlog("query", "values@heavier").status == 66)

    let back = try session.foldlog("replay", "--rollback")
    #expect(back.status == 0, "\(back.errors)")
    #expect(Array(try rows(session, "values").prefix(old.count)) == old)
    #expect(try !settings(session).contains("outcome"))
    #expect(try session.foldlog("verify").status == 0)
    let status = try session.foldlog("status").output
    #expect(!status.contains("outdated") && status != digests)

    // And forth again: the way back is kept.
    #expect(try session.foldlog("replay", "--rollback").status == 0)
    #expect(try rows(session, "values") == used)
  }

  @Test func `a rollback takes back the last swap, and no other`() throws {
    let session = try filled()
    try session.directory.write("data/foldlog.toml", "[values.thresholds]\nhigh_value = 0.6\n")
    #expect(try session.foldlog("project").status == 0)
    let before = try settings(session)
    let old = try rows(session, "values")
    let datasets = try rows(session, "datasets")
    let path = session.directory.file("heavier.toml")
    try session.foldlog("replay", "--what-if", path, "--keep", "x", "values")
    #expect(try session.foldlog("replay", "--use", "x").status == 0)
    #expect(try rows(session, "values") != old)
    let back = try session.foldlog("replay", "--rollback")
    #expect(back.status == 0, "\(back.errors)")
    #expect(!back.output.contains("datasets"))
    #expect(try settings(session) == before)
    #expect(try rows(session, "values") == old && rows(session, "datasets") == datasets)
    #expect(try !session.foldlog("status").output.contains("outdated"))
  }

  @Test(arguments: [
    "# mine\n", "[log]\nmap_size = 1099511627776\n",
    "[log]\nmap_size = 1099511627776\n\n[values]\nprofile = \"value\"\n",
    "# mine\r\n[values.weights]\r\noutcome = 0.3\r\nfeedback = 0.3\r\n",
    "[values]\nprofile = \"value\"\n\n# saving\n[views]\ncheckpoint_events = 100\n",
  ])
  func `whatever the settings file looks like, use and rollback leave its settings`(
    _ file: String
  ) throws {
    let session = try filled()
    try session.directory.write("data/foldlog.toml", file)
    #expect(try session.foldlog("project").status == 0)
    let old = try rows(session, "values")
    let path = session.directory.file("heavier.toml")
    try session.foldlog("replay", "values", "--what-if", path, "--keep", "x")
    let use = try session.foldlog("replay", "--use", "x")
    #expect(use.status == 0, "\(use.errors)")
    #expect(try settings(session).contains("outcome = 0.5"))
    let back = try session.foldlog("replay", "--rollback")
    #expect(back.status == 0, "\(back.errors)")
    #expect(try rows(session, "values") == old)
    let status = try session.foldlog("status")
    #expect(status.status == 0 && !status.output.contains("outdated"), "\(status.output)")
  }

  @Test func `a settings file that is a link stays one, and keeps its mode`() throws {
    let session = try filled()
    try session.directory.write("real.toml", "# mine\n")
    #expect(try run("chmod", ["600", session.directory.file("real.toml")]).status == 0)
    let link = session.directory.file("data/foldlog.toml")
    #expect(try run("ln", ["-s", "../real.toml", link]).status == 0)
    let path = session.directory.file("heavier.toml")
    try session.foldlog("replay", "values", "--what-if", path, "--keep", "x")
    #expect(try session.foldlog("replay", "--use", "x").status == 0)
    #expect(try run("readlink", [link]).output == "../real.toml\n")
    #expect(try run("stat", ["-c", "%a", session.directory.file("real.toml")]).output == "600\n")
    #expect(try settings(session).contains("outcome = 0.5"))
    #expect(try run("cat", ["\(link).before"]).output == "# mine\n")
  }

  @Test func `a rollback over a changed skip list is refused with the way back`() throws {
    let session = try filled()
    #expect(try session.foldlog("project", "--skip", "correlations", "5").status == 0)
    #expect(try session.foldlog("status").output.contains("passed over in correlations"))
    let back = try session.foldlog("replay", "--rollback", "correlations")
    #expect(back.status == 66)
    #expect(back.errors.contains("project --no-skip correlations 5"))
    #expect(try session.foldlog("verify").status == 0)
    #expect(try session.foldlog("project", "--no-skip", "correlations", "5").status == 0)
    #expect(try session.foldlog("verify").status == 0)
    #expect(try session.foldlog("project", "--no-skip", "correlations", "5").status == 66)
  }

  @Test func `a changed setting is reported, and project rebuilds what it changes`() throws {
    let session = try filled()
    let old = try rows(session, "values")
    try session.directory.write("data/foldlog.toml", Self.heavier)
    let told = try session.foldlog("query", "values", "--format", "jsonl")
    #expect(told.errors.contains("other settings"))
    #expect(told.output.split(separator: "\n") == old)
    #expect(try session.foldlog("status").output.contains("outdated"))
    let project = try session.foldlog("project")
    #expect(project.status == 0, "\(project.errors)")
    #expect(try !session.foldlog("status").output.contains("outdated"))
    #expect(try rows(session, "values") != old)
    #expect(try session.foldlog("verify").status == 0)
  }

  @Test func `a name is dropped with what it kept`() throws {
    let session = try filled()
    let path = session.directory.file("heavier.toml")
    try session.foldlog("replay", "values", "--what-if", path, "--keep", "x.1")
    #expect(try session.foldlog("replay", "--drop", "x.1").status == 0)
    #expect(try session.foldlog("query", "values@x.1").status == 66)
    #expect(try session.foldlog("replay", "--drop", "x.1").status == 66)
    #expect(try run("ls", [session.directory.file("data/views")]).output == "build-1\ncatalogue\n")
  }

  @Test(arguments: [
    ["--keep", "x"], ["--use", "x", "--rollback"], ["--dry-run", "--rollback"],
    ["--what-if", "heavier.toml", "--keep", "a b"], ["--format", "json"], ["values", "--use", "x"],
    ["--dry-run", "--format", "yaml"],
  ])
  func `options that do not go together are refused`(_ options: [String]) throws {
    let session = try filled()
    let result = try run(
      foldlogBinary, ["replay"] + options,
      variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
    #expect(result.status == 64, "\(options): \(result.errors)")
  }

  @Test func `what is not there is said`() throws {
    let session = try filled()
    #expect(try session.foldlog("replay", "--use", "x").status == 66)
    #expect(try session.foldlog("replay", "--rollback").status == 66)
    #expect(try session.foldlog("replay", "--what-if", "/nonexistent.toml").status == 66)
    try session.directory.write("bad.toml", "[values.weights]\noutcome = 2\n")
    let bad = try session.foldlog("replay", "--what-if", session.directory.file("bad.toml"))
    #expect(bad.status == 64)
    #expect(bad.errors.contains("bad.toml:2"))
  }
}
