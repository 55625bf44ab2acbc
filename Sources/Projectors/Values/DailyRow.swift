import Bytes
import Events
import Facts
import Views

/// A day (UTC), a stream and a model: what `values/daily` counts by. Sorts by date, the stream's
/// name and the model, none first.
struct DailyKey: Key {
  /// A key has at most 511 bytes: of a longer model a hash tells the rest.
  private static let modelSizeMax = 400

  let day: Int64
  let stream: Stream
  /// The model's UTF-8, shortened; nil when it is not known.
  let model: [UInt8]?

  init(_ interaction: Interaction) {
    day = interaction.time.day
    stream = interaction.stream
    model = interaction.fields.text(.model).map(Self.shortened)
  }

  private static func shortened(_ model: String) -> [UInt8] {
    let bytes = Array(model.utf8)
    guard bytes.count > modelSizeMax else { return bytes }
    var writer = ByteWriter(capacity: modelSizeMax + 16)
    writer.append(Array(bytes.prefix(modelSizeMax)))
    writer.append(hash: Hash128(of: bytes))
    return writer.bytes
  }

  /// Whether hashes tell the order of two keys: of models that are alike as far as keys hold them.
  func isHashed(like other: DailyKey) -> Bool {
    guard let model, let long = other.model, day == other.day, stream == other.stream else {
      return false
    }
    let size = Self.modelSizeMax
    return model.count > size && long.count > size && model.prefix(size) == long.prefix(size)
  }

  func encode(ordered writer: inout ByteWriter) {
    writer.append(ordered: UInt64(bitPattern: day) ^ 1 << 63)
    writer.append(Array(stream.name.utf8))
    writer.append(byte: 0)
    guard let model else { return writer.append(byte: 0) }
    writer.append(byte: 1)
    writer.append(model)
  }

  init(ordered reader: inout ByteReader) throws(BytesError) {
    day = Int64(bitPattern: try reader.ordered(UInt64.self) ^ 1 << 63)
    let start = reader.position
    var name: [UInt8] = []
    while case let byte = try reader.byte(), byte != 0 { name.append(byte) }
    guard let stream = Stream.allCases.first(where: { $0.name.utf8.elementsEqual(name) }) else {
      throw BytesError("an unknown stream", at: start)
    }
    self.stream = stream
    model = try reader.bool() ? try reader.array(reader.remaining) : nil
  }
}

/// Sums over the interactions of a day, a stream and a model: exact, so that taking back what was
/// added leaves no trace.
struct DailyRow: Equatable, StoredRow {
  let model: String?
  var count: UInt64 = 0
  /// Of the scores, in billionths.
  var scoreSum = WideInteger.zero
  var highValue: UInt64 = 0
  var reused: UInt64 = 0

  init(model: String?) { self.model = model }

  mutating func add(_ interaction: Interaction) {
    count &+= 1
    scoreSum += WideInteger(interaction.score.total.units)
    if interaction.score.isHighValue { highValue &+= 1 }
    if interaction.isReused { reused &+= 1 }
  }

  mutating func subtract(_ interaction: Interaction) {
    count &-= 1
    scoreSum -= WideInteger(interaction.score.total.units)
    if interaction.score.isHighValue { highValue &-= 1 }
    if interaction.isReused { reused &-= 1 }
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(optional: model)
    writer.append(varint: count)
    writer.append(wide: scoreSum)
    writer.append(varint: highValue)
    writer.append(varint: reused)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    model = try reader.optionalText()
    count = try reader.varint()
    scoreSum = try reader.wide()
    highValue = try reader.varint()
    reused = try reader.varint()
  }
}

extension Interaction {
  /// Whether an earlier prompt was like its own.
  var isReused: Bool { score.reusability > FixedPoint(hundredths: 30) }
}
