import Tables
import Bytes
import TestSupport
import Testing
import ViewStore
import Views

@testable import Foldlog

@Suite struct VerifyTests {
  /// A table of each view, whether its rows are packed, and a row of it.
  private static let tables: [(view: String, name: String, isPacked: Bool)] = [
    ("values", "values", true), ("values", "daily", false), ("values", "histogram", false),
    ("correlations", "levels", false), ("errors", "patterns/rows", true),
    ("datasets", "clusters", false),
    ("deployments", "deployments", false),
  ]
  /// What folds remember, and no row shows.
  private static let states: [(set: String, name: String, isPacked: Bool)] = [
    ("interactions", "ids", false), ("interactions", "states/rows", true),
    ("errors", "counters", false),
  ]

  private func filled() throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    let store = try Store(directory: DataDirectory(path: directory.file("data")))
    let names = ["ralph", "aidb", "hybrid", "editor", "deployments"]
    _ = try ingest(
      names.map { "\(packageRoot)/fixtures/\($0)-events.jsonl" }, into: store)
    return directory
  }

  /// Changes a byte of a row, and leaves all else, the kept digest too, as it is.
  private func alter(
    _ view: String, _ name: String, isPacked: Bool, in directory: TemporaryDirectory
  ) throws -> Bool {
    let catalogue = try ViewCatalogue(path: directory.file("data/views"))
    let served = view == "interactions" ? "values" : view
    let build = try catalogue.open(try #require(try catalogue.entry(served)).live)
    let writer = try BuildWriter(build)
    let table = try writer.storage("\(view)/\(name)", isPacked: isPacked)
    var entry: ([UInt8], [UInt8])?
    let start: [UInt8] = []
    try table.scan(from: start.span) { key, value in
      entry = ([UInt8](key), [UInt8](value))
      return false
    }
    guard let (key, value) = entry else { return false }
    var changed = value
    changed[changed.count - 1] ^= 1
    try table.put(key.span, changed.span)
    try writer.commit(writer.record())
    return true
  }

  @Test(arguments: tables.indices)
  func `a row that was changed behind its back is found`(_ index: Int) throws {
    let (view, name, isPacked) = Self.tables[index]
    let directory = try filled()
    #expect(try alter(view, name, isPacked: isPacked, in: directory), "\(view)/\(name) is empty")
    let store = try Store(directory: DataDirectory(path: directory.file("data")))
    let verdicts = try VerifyService(store).verifyViews(progress: { _ in })
    for verdict in verdicts where verdict.view != view { #expect(verdict.isGood, "\(verdict)") }
    let verdict = try #require(verdicts.first { $0.view == view })
    #expect(!verdict.isGood)
    #expect(verdict.refolded == verdict.kept)
    let isTold = verdict.unreadable != nil || verdict.tables == ["\(view)/\(name)"]
    #expect(isTold, "\(verdict)")
  }

  @Test func `untouched, all three digests of every view are one`() throws {
    let directory = try filled()
    let store = try Store(directory: DataDirectory(path: directory.file("data")))
    let verdicts = try VerifyService(store).verifyViews(progress: { _ in })
    #expect(verdicts.map(\.view) == ProjectorCatalogue.builtIn.views)
    #expect(verdicts.allSatisfy { $0.isGood && $0.tables.isEmpty && $0.differences.isEmpty })
  }

  @Test(arguments: states.indices)
  func `what folds remember is verified, too`(_ index: Int) throws {
    let (set, name, isPacked) = Self.states[index]
    let directory = try filled()
    #expect(try alter(set, name, isPacked: isPacked, in: directory), "\(set)/\(name) is empty")
    let store = try Store(directory: DataDirectory(path: directory.file("data")))
    let verdicts = try VerifyService(store).verifyViews(progress: { _ in })
    let bad = verdicts.filter { !$0.isGood }
    #expect(!bad.isEmpty)
    #expect(
      bad.allSatisfy { $0.stateTables == ["\(set)/\(name)"] || $0.unreadable != nil }, "\(bad)")
  }
}
