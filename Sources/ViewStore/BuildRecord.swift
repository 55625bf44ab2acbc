package import Bytes

/// A model whose calls were priced, when, and what its prices were then: a view's rows rest on
/// these, and on no other prices.
package struct PricedModel: Equatable, Sendable {
  /// Empty where there are too many: then it stands for the whole list of prices.
  package var model: String
  /// The times of the first and the last call, in nanoseconds since 1970.
  package var first: Int64
  package var last: Int64
  /// Of all prices that the model had from the first to the last.
  package var prices: Hash128

  package init(model: String, first: Int64, last: Int64, prices: Hash128) {
    self.model = model
    self.first = first
    self.last = last
    self.prices = prices
  }
}

/// What a build says of one of its views.
package struct ViewState: Equatable, Sendable {
  package var view: String
  package var version: UInt32
  /// The hash of the settings that count for it.
  package var settings: Hash128
  /// Of the steps before it, when it uses facts or calls: their versions and settings; else 0.
  package var upstream: Hash128
  /// Of a view that uses facts or calls.
  package var priced: [PricedModel] = []
  /// The sum over its rows.
  package var sum: UInt128
  /// Events that it has folded: it stands before the event of this offset.
  package var checkpoint: UInt64
  /// Why it stopped at `checkpoint`; nil while it goes on.
  package var stopped: String?

  package init(view: String, version: UInt32, settings: Hash128, upstream: Hash128) {
    self.view = view
    self.version = version
    self.settings = settings
    self.upstream = upstream
    sum = 0
    checkpoint = 0
    stopped = nil
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(text: view)
    writer.append(varint: UInt64(version))
    writer.append(hash: settings)
    writer.append(hash: upstream)
    writer.append(littleEndian: sum)
    writer.append(varint: checkpoint)
    writer.append(bool: stopped != nil)
    writer.append(text: stopped ?? "")
    writer.append(varint: priced.count)
    for model in priced {
      writer.append(text: model.model)
      writer.append(zigzag: model.first)
      writer.append(zigzag: model.last)
      writer.append(hash: model.prices)
    }
  }

  init(from reader: inout ByteReader, ofVersion recordVersion: UInt8) throws(BytesError) {
    let view = try reader.text()
    let version = UInt32(truncatingIfNeeded: try reader.varint())
    self.init(
      view: view, version: version, settings: try reader.hash(), upstream: try reader.hash())
    sum = try reader.littleEndian(UInt128.self)
    checkpoint = try reader.varint()
    let isStopped = try reader.bool()
    let reason = try reader.text()
    stopped = isStopped ? reason : nil
    if recordVersion < 4 { return }
    for _ in 0..<(try reader.count()) {
      priced.append(
        PricedModel(
          model: try reader.text(), first: try reader.zigzag(), last: try reader.zigzag(),
          prices: try reader.hash()))
    }
  }
}

/// What was folded together, under what, and how far: committed with the rows.
package struct BuildRecord: Equatable, Sendable {
  /// Events that the build has folded: it stands before the event of this offset.
  package var checkpoint: UInt64 = 0
  /// The value there of the chain of the log that was folded; nil in a record of a version before.
  package var head: SHA256Digest? = .zero
  /// The settings that it is folded under, as they were written.
  package var settings = ""
  /// Offsets that the fold passes over, ascending.
  package var skipped: [UInt64] = []
  package var views: [ViewState] = []

  private static let version: UInt8 = 4

  package init() {}

  func encoded() -> [UInt8] {
    var writer = ByteWriter(capacity: 256)
    writer.append(byte: Self.version)
    writer.append(varint: checkpoint)
    writer.append((head ?? .zero).bytes)
    writer.append(text: settings)
    writer.append(varint: skipped.count)
    for offset in skipped { writer.append(varint: offset) }
    writer.append(varint: views.count)
    for view in views { view.encode(into: &writer) }
    return writer.bytes
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    let version = try reader.byte()
    guard (1...Self.version).contains(version) else {
      throw BytesError("a build record of version \(version)", at: 0)
    }
    checkpoint = try reader.varint()
    head = version > 2 ? SHA256Digest(bytes: try reader.array(32)) : nil
    if version > 1 {
      settings = try reader.text()
      for _ in 0..<(try reader.count()) { skipped.append(try reader.varint()) }
    }
    for _ in 0..<(try reader.count()) {
      views.append(try ViewState(from: &reader, ofVersion: version))
    }
  }
}
