package import Bytes

/// Which build serves each view.
package struct CatalogueEntry: Equatable, Sendable {
  package var view: String
  package var live: String
  /// The one before, kept.
  package var previous: String?
}

/// Which views a build is to serve.
package struct Placement: Equatable, Sendable {
  package var build: String
  package var views: [String]

  package init(build: String, views: [String]) {
    self.build = build
    self.views = views
  }
}

/// Builds that serve beside the live ones, under a name: `VIEW@NAME`.
package struct KeptBuilds: Equatable, Sendable {
  package var name: String
  package var placements: [Placement]

  package init(name: String, placements: [Placement]) {
    self.name = name
    self.placements = placements
  }

  package func build(of view: String) -> String? {
    placements.first { $0.views.contains(view) }?.build
  }
}

/// A build that is being folded, and is to serve once it is whole.
package struct UnfinishedBuild: Equatable, Sendable {
  package var build: String
  package var views: [String]
  /// The name that it is to be kept under; empty when it is to serve.
  package var name: String
  /// When a process took it up, in nanoseconds since 1970, and at which checkpoint.
  package var startedAt_ns: Int64
  package var startedFrom: UInt64
  /// How far it was when that was last told; its checkpoint may be before it.
  package var done: UInt64

  package init(
    build: String, views: [String], name: String = "", startedAt_ns: Int64, startedFrom: UInt64
  ) {
    self.build = build
    self.views = views
    self.name = name
    self.startedAt_ns = startedAt_ns
    self.startedFrom = startedFrom
    done = startedFrom
  }
}

/// A build that came with a copy of a data directory. Nobody can tell whether all of it was copied at
/// one moment: it may answer, once its rows were checked, but is not folded on.
package struct CopiedBuild: Equatable, Sendable {
  package var build: String
  /// Whether its rows were found to be those that its digests are of.
  package var isChecked: Bool
}

/// A file or folder, whatever its path: by its number and when it was made.
package struct FileMark: Equatable, Sendable {
  package var number: UInt64
  /// Nanoseconds since 1970; 0 where the file system does not say.
  package var madeAt_ns: Int64
  package var device: UInt64

  package init(number: UInt64, madeAt_ns: Int64, device: UInt64) {
    self.number = number
    self.madeAt_ns = madeAt_ns
    self.device = device
  }
}

/// Where a data directory was when it was last used: a copy of it is somewhere else.
package struct PlaceNote: Equatable, Sendable {
  package var directory: FileMark
  /// Of the log's file.
  package var log: FileMark
  /// The machine's own name for itself; empty where it has none.
  package var machine: String

  package init(directory: FileMark, log: FileMark, machine: String) {
    self.directory = directory
    self.log = log
    self.machine = machine
  }
}

// How entries lie in the catalogue's tables: each under its view, its name or its build.

/// An entry of one of the catalogue's tables.
protocol CatalogueRecord {
  static var table: String { get }
  var key: String { get }
  func encode(into writer: inout ByteWriter)
  init(key: String, from reader: inout ByteReader) throws(BytesError)
}

extension CatalogueEntry: CatalogueRecord {
  static var table: String { "views" }
  var key: String { view }

  func encode(into writer: inout ByteWriter) {
    writer.append(text: live)
    writer.append(text: previous ?? "")
  }

  init(key: String, from reader: inout ByteReader) throws(BytesError) {
    view = key
    live = try reader.text()
    let before = try reader.text()
    previous = before.isEmpty ? nil : before
  }
}

extension KeptBuilds: CatalogueRecord {
  static var table: String { "kept" }
  var key: String { name }

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: placements.count)
    for placement in placements {
      writer.append(text: placement.build)
      writer.append(texts: placement.views)
    }
  }

  init(key: String, from reader: inout ByteReader) throws(BytesError) {
    name = key
    placements = []
    for _ in 0..<(try reader.count()) {
      placements.append(Placement(build: try reader.text(), views: try reader.texts()))
    }
  }
}

extension UnfinishedBuild: CatalogueRecord {
  static var table: String { "unfinished" }
  var key: String { build }

  func encode(into writer: inout ByteWriter) {
    writer.append(texts: views)
    writer.append(text: name)
    // Where a process's number was: it says nothing in another PID namespace.
    writer.append(littleEndian: Int32(0))
    writer.append(littleEndian: startedAt_ns)
    writer.append(varint: startedFrom)
    writer.append(varint: done)
  }

  init(key: String, from reader: inout ByteReader) throws(BytesError) {
    build = key
    views = try reader.texts()
    name = try reader.text()
    _ = try reader.littleEndian(Int32.self)
    startedAt_ns = try reader.littleEndian(Int64.self)
    startedFrom = try reader.varint()
    done = try reader.varint()
  }
}

/// The views that the last swap changed: what a rollback takes back.
struct LastSwap: CatalogueRecord {
  static var table: String { "swaps" }
  var key: String { "last" }
  var views: [String]

  init(views: [String]) { self.views = views }

  func encode(into writer: inout ByteWriter) { writer.append(texts: views) }

  init(key: String, from reader: inout ByteReader) throws(BytesError) {
    views = try reader.texts()
  }
}

extension CopiedBuild: CatalogueRecord {
  static var table: String { "copied" }
  var key: String { build }

  func encode(into writer: inout ByteWriter) { writer.append(bool: isChecked) }

  init(key: String, from reader: inout ByteReader) throws(BytesError) {
    build = key
    isChecked = try reader.bool()
  }
}

extension PlaceNote: CatalogueRecord {
  static var table: String { "place" }
  var key: String { "last" }

  func encode(into writer: inout ByteWriter) {
    for mark in [directory, log] {
      writer.append(littleEndian: mark.number)
      writer.append(littleEndian: mark.madeAt_ns)
      writer.append(littleEndian: mark.device)
    }
    writer.append(text: machine)
  }

  init(key: String, from reader: inout ByteReader) throws(BytesError) {
    directory = try FileMark(from: &reader)
    log = try FileMark(from: &reader)
    machine = try reader.text()
  }
}

extension PlaceNote {
  /// As it is written elsewhere than in the catalogue.
  package var bytes: [UInt8] {
    var writer = ByteWriter()
    encode(into: &writer)
    return writer.bytes
  }

  package init(bytes: [UInt8]) throws(BytesError) {
    var reader = ByteReader(bytes.span)
    try self.init(key: "", from: &reader)
  }
}

extension FileMark {
  fileprivate init(from reader: inout ByteReader) throws(BytesError) {
    number = try reader.littleEndian(UInt64.self)
    madeAt_ns = try reader.littleEndian(Int64.self)
    device = try reader.littleEndian(UInt64.self)
  }
}

extension ByteWriter {
  fileprivate mutating func append(texts: [String]) {
    append(varint: texts.count)
    for text in texts { append(text: text) }
  }
}

extension ByteReader {
  @_lifetime(self: copy self)
  fileprivate mutating func texts() throws(BytesError) -> [String] {
    var texts: [String] = []
    for _ in 0..<(try count()) { texts.append(try text()) }
    return texts
  }
}
