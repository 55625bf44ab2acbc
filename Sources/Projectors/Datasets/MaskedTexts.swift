internal import Bytes
internal import Masking
internal import TrainingData

/// A text as it is exported. What is trained on is told apart by its texts once they are masked: what
/// differs in secrets and personal data only is one.
func masked(_ text: String) -> String {
  var masker = Masker()
  return masker.mask(text)
}

extension Split {
  /// Of what has no session, by its prompt once it is masked, so that what is one when it is exported is
  /// in one part.
  init(session: String?, masking prompt: String) {
    self.init(session: session, prompt: session == nil ? masked(prompt) : "")
  }
}

/// The texts of a preference pair, masked.
struct PairTexts {
  /// The same for the same texts.
  let identity: Hash128

  /// Nil when nothing tells the two answers apart.
  init?(prompt: String, chosen: String, rejected: String) {
    let (chosen, rejected) = (masked(chosen), masked(rejected))
    if chosen.utf8.elementsEqual(rejected.utf8) { return nil }
    var writer = ByteWriter()
    for text in [masked(prompt), chosen, rejected] { writer.append(text: text) }
    identity = Hash128(of: writer.span)
  }
}
