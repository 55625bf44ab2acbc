internal import Bytes

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
