import TestSupport
import Testing

/// `ingest --follow` of what is no plain file in a plain folder: pipes, links, mounts, nothing.
@Suite struct FollowPlacesTests {
  @Test func `links that lead back to their folder are gone through once`() throws {
    let session = try FollowSession()
    for name in ["one", "two"] { try session.directory.makeSymbolicLink("in/\(name)", to: "in") }
    try session.append("a.jsonl", events(1...1))
    let follower = try session.follow(".")
    #expect(try session.lines(atLeast: 1) == events(1...1))
    try session.append("a.jsonl", events(2...2))
    #expect(try session.lines(atLeast: 2) == events(1...2))
    try session.stop(follower)
  }
}
