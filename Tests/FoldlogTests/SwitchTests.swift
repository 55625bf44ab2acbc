import Files
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
    let store = try Store(directory: DataDirectory(path: directory.file("data")))
    _ = try ingest(
      [path], into: store)
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
    let store = try Store(directory: DataDirectory(path: directory.file("data")))
    #expect(store.configuration.foldingText.isEmpty)
    _ = try StatusService(store).status()
    #expect(store.configuration.foldingText == heavier)
    #expect(store.configuration.logMapSize == 1 << 30)
    #expect(try text(directory) == "[log]\nmap_size = 1073741824\n\n" + heavier)
    let catalogue = try store.openCatalogue()
    #expect(try catalogue.pendingSettings() == nil)
  }

  @Test func `while another process switches, its settings count before they are written`() throws {
    let directory = try filled()
    do {
      let catalogue = try ViewCatalogue(path: directory.file("data/views"))
      try catalogue.swap([], settings: heavier)
    }
    let other = try #require(try FileLock(path: directory.file("data/replay.lock")))
    let store = try Store(directory: DataDirectory(path: directory.file("data")))
    _ = try StatusService(store).status()
    #expect(store.configuration.foldingText == heavier)
    #expect(try text(directory) == nil)
    withExtendedLifetime(other) {}
  }
}
