internal import Bytes

/// Masks rows, writes them in a format, and counts.
struct ExportOutput {
  private let sink: ([UInt8]) -> Bool
  private var masker = Masker()
  private var counts = ExportCounts()
  private var hash = SHA256Stream()

  init(sink: @escaping ([UInt8]) -> Bool) { self.sink = sink }

  func finished() -> ExportCounts {
    var counts = counts
    counts.masked = masker.counts
    counts.sha256 = hash.digest
    return counts
  }

  /// Writes an example. Returns whether more are wanted.
  mutating func write(_ example: ExampleRow, as format: ExportFormat) -> Bool {
    var example = example
    example.answer.prompt = masker.mask(example.answer.prompt)
    example.answer.response = masker.mask(example.answer.response)
    counts.rows += 1
    if format != .examples {
      let answer = example.answer
      return line { $0.example(prompt: answer.prompt, response: answer.response, as: format) }
    }
    // Only here names leave, and they are texts as any: of a session, of a model.
    example.answer.sessionID = example.answer.sessionID.map { masker.mask($0) }
    example.answer.model = example.answer.model.map { masker.mask($0) }
    return line { $0.row(ExamplesAnswer().columns, example.cells) }
  }

  /// Writes a pair, unless masking has made its sides the same. Returns whether more are wanted.
  mutating func write(_ pair: PairRow, as format: ExportFormat) -> Bool {
    var (pair, masker) = (pair, masker)
    pair.chosen = masker.mask(pair.chosen)
    pair.rejected = masker.mask(pair.rejected)
    if pair.chosen.utf8.elementsEqual(pair.rejected.utf8) {
      counts.alike += 1
      return true
    }
    pair.prompt = masker.mask(pair.prompt)
    self.masker = masker
    counts.rows += 1
    switch format {
    case .pairs: return line { $0.row(PairsAnswer().columns, pair.cells) }
    case .kto:
      let goesOn = line {
        $0.labelled(prompt: pair.prompt, completion: pair.chosen, isWanted: true)
      }
      return goesOn
        && line { $0.labelled(prompt: pair.prompt, completion: pair.rejected, isWanted: false) }
    default:
      return line {
        $0.preference(prompt: pair.prompt, chosen: pair.chosen, rejected: pair.rejected)
      }
    }
  }

  private mutating func line(_ write: (inout JSONText) -> Void) -> Bool {
    var json = JSONText()
    write(&json)
    json.raw("\n")
    counts.lines += 1
    counts.bytes += json.bytes.count
    hash.update(json.bytes.span)
    return sink(json.bytes)
  }
}
