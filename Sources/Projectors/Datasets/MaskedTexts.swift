internal import Bytes
internal import Events
internal import Masking
internal import Tables
internal import TrainingData
internal import Views

/// A text as it is exported. What is trained on is told apart by its texts once they are masked: what
/// differs in secrets and personal data only is one.
func masked(_ text: String) -> String {
  var masker = Masker()
  return masker.mask(text)
}

/// Masks the texts of one fold. Prompts come again and again, and most hold nothing to mask: those that
/// were looked through last are known by their hashes, and not looked through again.
final class MaskMemo {
  /// In the places that their hashes give.
  private var unmasked: [Hash128] = []
  private static let placesMax = 1 << 14

  func masked(_ text: String) -> String {
    if unmasked.isEmpty {
      unmasked = [Hash128](repeating: Hash128(value: 0), count: Self.placesMax)
    }
    let hash = Hash128(of: text)
    let place = Int(truncatingIfNeeded: hash.value) & (Self.placesMax - 1)
    if unmasked[place] == hash { return text }
    var masker = Masker()
    let masked = masker.mask(text)
    if masker.counts == MaskCounts() { unmasked[place] = hash }
    return masked
  }
}

/// The part of the data set that a prompt is in, and who decided it. Kept by the prompt's hash, once it
/// is masked: what is one prompt when it is exported is in one part.
struct PromptSplit: Row, Equatable {
  var split = Split.train
  /// Of the first that asked it.
  var sessionID: String?
  /// The event of the first that asked it.
  var offset: Offset = 0
  var decider = Decider.interaction(0)
  /// Whether other interactions are in the part for its sake.
  var isShared = false

  static let table = StoredTable<Hash128, PromptSplit>("prompt_splits", residentMax: 1 << 16)

  /// Who asked a prompt first.
  enum Decider: Equatable {
    case interaction(UInt64)
    case judgment(UInt64)
  }

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("split", &row.split)
    try visit.hidden("session_id", &row.sessionID)
    try visit.hidden("offset", &row.offset)
    try visit.hidden("decider", &row.decider)
    try visit.hidden("is_shared", &row.isShared)
  }
}

extension PromptSplit.Decider: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    switch self {
    case .interaction(let number):
      writer.append(byte: 0)
      writer.append(varint: number)
    case .judgment(let number):
      writer.append(byte: 1)
      writer.append(varint: number)
    }
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    switch try reader.byte() {
    case 0: self = .interaction(try reader.varint())
    case 1: self = .judgment(try reader.varint())
    default: throw BytesError("an unknown decider", at: reader.position)
    }
  }
}

/// Decides in which part of the data set prompts are: by the session of the first example, or side of a
/// pair, that asks one, without a session by the prompt itself. So a session is in one part, but for prompts that were asked before.
struct PromptSplits {
  private let table: KeyedTable<Hash128, PromptSplit>
  private let masks: MaskMemo

  init(tables: FoldTables, masks: MaskMemo) throws(TableError) {
    self.masks = masks
    table = try tables.open(PromptSplit.table)
  }

  /// The part that the prompt of a response is in.
  func split(of response: ResponseRow) throws(TableError) -> Split {
    try split(
      of: response.prompt, session: response.sessionID, by: .interaction(response.number),
      at: response.offset
    ).split
  }

  /// The part that a prompt is in, decided now if it was not, and what it is kept by. Who has decided it
  /// may decide anew once its session is known, until others are there for its sake.
  func split(
    of prompt: String, session: String?, by decider: PromptSplit.Decider, at offset: Offset
  ) throws(TableError) -> (split: Split, key: Hash128) {
    let text = masks.masked(prompt)
    let key = Hash128(of: text)
    return try table.change(key) { slot in
      var row = slot ?? PromptSplit()
      if slot == nil || (row.decider == decider && !row.isShared) {
        row.split = Split(session: session, prompt: text)
        row.sessionID = session
        if slot == nil { (row.offset, row.decider) = (offset, decider) }
      } else if row.decider != decider, case .interaction = decider {
        row.isShared = true
      }
      slot = row
      return (row.split, key)
    }
  }
}

extension Explanation {
  /// Adds what the split of something with a prompt was computed from.
  mutating func addSplit(of prompt: String, in tables: any ViewReader) throws(TableError) {
    let prompt = masked(prompt)
    guard let row = try tables.read(PromptSplit.table).row(Hash128(of: prompt)) else { return }
    let text = row.sessionID ?? prompt
    let digest = SHA256Digest(of: text.utf8.span)
    add(
      Input(
        row.sessionID == nil
          ? "text: the prompt, masked, as who asked it first has no session_id"
          : "text: the session_id of who asked it first",
        .text(text), [row.offset]),
      Input("SHA-256", .text("\(digest)")),
      Input("modulo 100", .integer(Int64(Split.percent(digest)))), to: "split")
  }
}

/// The texts of a preference pair, masked.
struct PairTexts {
  /// The same for the same texts.
  let identity: Hash128
  /// The same for the same texts, whichever is the better.
  let couple: Hash128

  /// Nil when nothing tells the two answers apart.
  init?(prompt: String, chosen: String, rejected: String, _ masks: MaskMemo) {
    let (chosen, rejected) = (masks.masked(chosen), masks.masked(rejected))
    if chosen.utf8.elementsEqual(rejected.utf8) { return nil }
    let prompt = masks.masked(prompt)
    identity = hash(prompt, chosen, rejected)
    let isInOrder = chosen.utf8.lexicographicallyPrecedes(rejected.utf8)
    couple = isInOrder ? identity : hash(prompt, rejected, chosen)
  }
}

private func hash(_ texts: String...) -> Hash128 {
  var writer = ByteWriter()
  for text in texts { writer.append(text: text) }
  return Hash128(of: writer.span)
}
