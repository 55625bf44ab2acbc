import LMDB
import SystemPackage
import TestSupport
import Testing

/// A data directory that can be copied, moved and taken apart.
final class DataFolder {
  let directory: TemporaryDirectory
  let name: String
  var path: String { directory.file(name) }

  init(_ name: String = "data", in directory: TemporaryDirectory? = nil) throws {
    self.directory = try directory ?? TemporaryDirectory()
    self.name = name
  }

  @discardableResult
  func foldlog(_ arguments: String..., input: String = "") throws -> ChildResult {
    try run(foldlogBinary, arguments, input: Array(input.utf8), variables: ["FOLDLOG_DATA=\(path)"])
  }

  @discardableResult
  func foldlog(_ arguments: [String]) throws -> ChildResult {
    try run(foldlogBinary, arguments, variables: ["FOLDLOG_DATA=\(path)"])
  }

  /// Changes a byte of the log's first block, as a failing disk does: its pages are whole.
  func damageBlock() throws {
    let environment = try Environment(
      path: "\(path)/log", options: EnvironmentOptions(mapSize: 1 << 30, tableCountMax: 32))
    let transaction = try WriteTransaction(environment)
    let table = try transaction.table("blocks")
    let entry = try transaction.withSnapshot { snapshot throws(LMDBError) in
      try snapshot.cursor(table).move(.first) { key, value in
        (
          unsafe key.withUnsafeBufferPointer { unsafe Array($0) },
          unsafe value.withUnsafeBufferPointer { unsafe Array($0) }
        )
      }
    }
    guard case (let key, var value)? = entry else { throw Errno.noSuchFileOrDirectory }
    value[value.count / 2] ^= 1
    try transaction.put(key.span, value.span, in: table)
    try transaction.commit()
  }

  func ingest(_ numbers: Range<Int>, _ options: String...) throws {
    let result = try run(
      foldlogBinary, ["ingest", "--stream", "aidb"] + options,
      input: Array(events(numbers).map { $0 + "\n" }.joined().utf8),
      variables: ["FOLDLOG_DATA=\(path)"])
    #expect(result.status == 0, "\(result.errors)")
  }

  /// A copy as `cp -r` makes it.
  func copy(_ other: String) throws -> DataFolder {
    #expect(try run("cp", ["-r", path, directory.file(other)]).status == 0)
    return try DataFolder(other, in: directory)
  }

  /// The same in parts, with a pause between the files, as of a copy that takes its time.
  func copy(_ other: String, inPartsBy random: inout SeededRandom) throws -> DataFolder {
    let listed = try run("find", [path, "-type", "f", "-printf", "%P\n"]).output
    for file in listed.split(separator: "\n").shuffled(using: &random) {
      let target = "\(directory.file(other))/\(file)"
      // Some are gone before their turn.
      _ = try run(
        "sh", ["-c", "mkdir -p \"$(dirname '\(target)')\"; cp '\(path)/\(file)' '\(target)'"])
      TestSupport.pause(milliseconds: UInt32.random(in: 0...120, using: &random))
    }
    return try DataFolder(other, in: directory)
  }

  func remove(_ part: String) throws {
    #expect(try run("rm", ["-r", "\(path)/\(part)"]).status == 0)
  }

  /// Puts a part of another directory in the place of its own.
  func take(_ part: String, from other: DataFolder) throws {
    try remove(part)
    #expect(try run("cp", ["-r", "\(other.path)/\(part)", "\(path)/\(part)"]).status == 0)
  }

  /// The rows of a few tables.
  func rows() throws -> String {
    try ["values", "errors", "datasets", "correlations"].map {
      try foldlog("query", $0, "--format", "jsonl").output
    }.joined()
  }

  /// The rows that a fold of the log alone gives, under the same settings.
  func rowsOfItsLog() throws -> String {
    let fresh = try DataFolder("fresh-of-\(name)", in: directory)
    try directory.makeFolder(fresh.name)
    #expect(try run("cp", ["-r", "\(path)/log", "\(fresh.path)/log"]).status == 0)
    if directory.exists("\(name)/foldlog.toml") {
      #expect(try run("cp", ["\(path)/foldlog.toml", "\(fresh.path)/"]).status == 0)
    }
    #expect(try fresh.foldlog("project").status == 0)
    let rows = try fresh.rows()
    #expect(try run("rm", ["-r", fresh.path]).status == 0)
    return rows
  }

  /// Expects that what it answers is what its log gives, and that all of it is whole.
  func expectWhole(_ what: String = "") throws {
    #expect(try rows() == rowsOfItsLog(), "\(what)")
    let verified = try foldlog("verify")
    #expect(verified.status == 0, "\(what): \(verified.output)\(verified.errors)")
  }
}
