import TestSupport
import Testing
import ViewStore

@testable import Foldlog

/// What a process leaves that dies between the swap and the writing of its settings.
@Suite struct SwitchTests {
  private let heavier = "[values.weights]\noutcome = 0.5\nfeedback = 0.1\n"

  private func filled() throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    let path = try directory.write(
      "aidb-events.jsonl", "{\"event\":\"query\",\"query\":\"how\",\"status\":\"ok\"}\n")
    let foldlog = try Foldlog(directory: DataDirectory(path: directory.file("data")))
    _ = try foldlog.ingest(
      paths: [path], stream: nil, sourceName: nil, isProjecting: true, progress: { _ in })
    return directory
  }

  private func text(_ directory: TemporaryDirectory) throws -> String? {
    try Configuration.read(directory.file("data/foldlog.toml"))
  }

  @Test func `settings that a swap left pending are written by the next command`() throws {
    let directory = try filled()
    try directory.write("data/foldlog.toml", "[log]\nmap_size = 1073741824\n")
    do {
      let catalogue = try ViewCatalogue(path: directory.file("data/views"))
      try catalogue.swap([], settings: heavier)
    }
    let foldlog = try Foldlog(directory: DataDirectory(path: directory.file("data")))
    #expect(foldlog.configuration.foldingText.isEmpty)
    _ = try foldlog.status()
    #expect(foldlog.configuration.foldingText == heavier)
    #expect(foldlog.configuration.logMapSize == 1 << 30)
    #expect(try text(directory) == "[log]\nmap_size = 1073741824\n\n" + heavier)
    let catalogue = try foldlog.openCatalogue()
    #expect(try catalogue.pendingSettings() == nil)
  }

  @Test func `while another process switches, its settings count before they are written`() throws {
    let directory = try filled()
    do {
      let catalogue = try ViewCatalogue(path: directory.file("data/views"))
      try catalogue.swap([], settings: heavier)
    }
    let other = try #require(try FileLock(path: directory.file("data/replay.lock")))
    let foldlog = try Foldlog(directory: DataDirectory(path: directory.file("data")))
    _ = try foldlog.status()
    #expect(foldlog.configuration.foldingText == heavier)
    #expect(try text(directory) == nil)
    withExtendedLifetime(other) {}
  }
}
