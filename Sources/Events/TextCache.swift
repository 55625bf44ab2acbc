internal import Bytes
internal import JSON

/// Texts that recur, such as kinds and names of models: equal ones share their storage.
///
/// A fixed number of places: what falls on the same place takes it over.
struct TextCache {
  private static let placeCount = 256
  /// Shorter texts are stored inside String itself, longer ones hardly recur.
  private static let byteCounts = 16...128

  private var texts = [String](repeating: "", count: placeCount)

  mutating func text(_ utf8: Span<UInt8>) -> String {
    guard Self.byteCounts ~= utf8.count else { return String(decoding: utf8) }
    let hash = UInt64(truncatingIfNeeded: Hash128(of: utf8).value)
    let place = Int(truncatingIfNeeded: hash & UInt64(Self.placeCount - 1))
    let known = texts[place]
    if equal(known.utf8.span, utf8) { return known }
    let text = String(decoding: utf8)
    texts[place] = text
    return text
  }
}
