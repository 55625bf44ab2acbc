import TestSupport
import Testing

/// Replays beside a follower, that keeps the views up to date all the while.
@Suite struct FollowedReplayTests {
  private func rows(_ session: FollowSession, _ table: String = "values") throws -> Int {
    try session.foldlog("query", table, "--format", "jsonl").output.split(separator: "\n").count
  }

  @Test func `a follower goes on in the builds that are swapped in, under their settings`() throws {
    let session = try FollowSession()
    try session.append("a.jsonl", events(0..<50))
    let follower = try session.follow(".")
    #expect(try eventually { try rows(session) == 50 })

    try session.directory.write(
      "heavier.toml", "[values.weights]\noutcome = 0.5\nfeedback = 0.1\n")
    let kept = try session.foldlog(
      "replay", "--what-if", session.directory.file("heavier.toml"), "--keep", "heavier")
    #expect(kept.status == 0, "\(kept.errors)")
    try session.append("a.jsonl", events(50..<60))
    #expect(try eventually { try rows(session) == 60 })
    let use = try session.foldlog("replay", "--use", "heavier")
    #expect(use.status == 0, "\(use.errors)")
    #expect(try rows(session) == 60)

    try session.append("a.jsonl", events(60..<70))
    #expect(try eventually { try rows(session) == 70 })
    #expect(try !session.foldlog("status").output.contains("outdated"))
    #expect(try session.foldlog("verify").status == 0)
    try session.stop(follower)
  }

  @Test func `a follower holds no build that a replay has discarded`() throws {
    let session = try FollowSession()
    try session.append("a.jsonl", events(0..<20))
    let follower = try session.follow(".")
    #expect(try eventually { try rows(session) == 20 })
    for _ in 0..<2 { #expect(try session.foldlog("replay").status == 0) }
    try session.append("a.jsonl", events(20..<21))
    #expect(try eventually { try rows(session) == 21 })
    let maps = try run("cat", ["/proc/\(follower.processID)/maps"]).output
    #expect(maps.contains("/views/build-"))
    #expect(!maps.contains("(deleted)"), "\(maps)")
    try session.stop(follower)
  }

  @Test func `changed settings wait for project beside a follower, which then goes on`() throws {
    let session = try FollowSession()
    try session.append("a.jsonl", events(0..<20))
    let follower = try session.follow(".")
    #expect(try eventually { try rows(session) == 20 })
    try session.directory.write("data/foldlog.toml", "[values.thresholds]\nhigh_value = 0.6\n")
    try session.append("a.jsonl", events(20..<30))
    // What does not hang on the settings goes on; the others keep their rows until they are rebuilt.
    #expect(try eventually { try session.lines().count == 30 })
    #expect(try session.foldlog("project").status == 0)
    #expect(try session.foldlog("project").status == 75)
    try session.append("a.jsonl", events(30..<31))
    #expect(try eventually { try rows(session) == 31 })
    #expect(try !session.foldlog("status").output.contains("outdated"))
    try session.stop(follower)
  }

  @Test func `views that are deleted under a follower come back`() throws {
    let session = try FollowSession()
    try session.append("a.jsonl", events(0..<20))
    let follower = try session.follow(".")
    #expect(try eventually { try rows(session) == 20 })
    #expect(try run("rm", ["-r", "\(session.data)/views"]).status == 0)
    try session.append("a.jsonl", events(20..<25))
    #expect(try eventually { try rows(session) == 25 })
    #expect(try session.foldlog("verify").status == 0)
    try session.stop(follower)
  }
}
