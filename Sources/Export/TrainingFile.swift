package import Bytes
package import Facts
package import Masking
package import TrainingData
internal import Views

/// What to export.
package struct ExportRequest: Equatable, Sendable {
  package var format: ExportFormat
  /// Nil for all splits.
  package var split: Split?
  /// Examples below are left out, and pairs whose chosen answer has a score below.
  package var minScore: FixedPoint?
  /// What rests on less is left out.
  package var minBasis = OutcomeBasis.trainingMin
  /// How many examples of each domain there are at most, the best first; nil for all.
  package var perDomainMax: Int?

  package init(format: ExportFormat, split: Split? = nil, minScore: FixedPoint? = nil) {
    self.format = format
    self.split = split
    self.minScore = minScore
  }

  /// Why a row is not asked for; nil for one that is. One without a score, or a basis, is, whatever the
  /// least.
  func refusal(
    _ split: Split, _ score: FixedPoint?, _ basis: OutcomeBasis?
  ) -> ExportRefusal? {
    if let basis, basis < minBasis { return .basis }
    if let wanted = self.split, wanted != split { return .split }
    if let minScore, let score, score < minScore { return .score }
    return nil
  }
}

/// Why a row is left out of a file: the first of these that holds.
package enum ExportRefusal: CaseIterable, Sendable {
  case basis, split, score
}

/// What was exported.
package struct ExportCounts: Equatable, Sendable {
  /// Examples or pairs.
  package var rows = 0
  package var lines = 0
  package var bytes = 0
  package var masked = MaskCounts()
  /// Pairs that were left out, because once masked their sides are the same.
  package var alike = 0
  /// Rows that were not asked for.
  package var refused: [ExportRefusal: Int] = [:]
  /// The strongest that rows rest on which rest on too little, and the greatest score that is too low.
  package var strongestRefused: OutcomeBasis?
  package var greatestRefused: FixedPoint?
  /// Rows by the name of what says that they succeeded, `stated` where an event says which is better.
  package var bases: [String: Int] = [:]
  /// Of all bytes.
  package var sha256 = SHA256Digest(of: [UInt8]().span)

  package init() {}

  fileprivate mutating func note(
    _ refusal: ExportRefusal, _ score: FixedPoint?, _ basis: OutcomeBasis?
  ) {
    refused[refusal, default: 0] += 1
    switch refusal {
    case .basis: strongestRefused = [strongestRefused, basis].compactMap { $0 }.max()
    case .split: break
    case .score: greatestRefused = [greatestRefused, score].compactMap { $0 }.max()
    }
  }
}

/// A training file in the making: rows are masked, written in a format and counted, one by one.
///
/// The same rows give the same bytes: there is no clock, and no order but theirs. Secrets and personal
/// data are masked in every text that is written.
package struct TrainingFile {
  private let request: ExportRequest
  private let sink: ([UInt8]) -> Bool
  private var masker = Masker()
  private var written = ExportCounts()
  private var hash = SHA256Stream()

  /// - Parameter sink: takes the file's lines, until it returns false.
  package init(_ request: ExportRequest, to sink: @escaping ([UInt8]) -> Bool) {
    self.request = request
    self.sink = sink
  }

  /// What was written so far.
  package var counts: ExportCounts {
    var counts = written
    counts.masked = masker.counts
    counts.sha256 = hash.digest
    return counts
  }

  /// Writes an example, if it is asked for. Returns whether more are wanted.
  ///
  /// - Parameter isChosen: whether it is among those of its domain that are wanted.
  package mutating func write(_ example: Example, isChosen: Bool = true) -> Bool {
    if let refusal = request.refusal(example.split, example.score, example.basis) {
      written.note(refusal, example.score, example.basis)
      return true
    }
    if !isChosen { return true }
    var example = example
    written.rows += 1
    written.bases[example.basis.name, default: 0] += 1
    let format = request.format
    switch format {
    case .examples:
      masker.maskTexts(of: &example)
      return line { $0.row(example) }
    case .openai:
      for text in [\Example.backend, \.domain, \.taskType, \.language, \.systemMessage] {
        example[keyPath: text] = example[keyPath: text].map { masker.mask($0) }
      }
      example.tags = example.tags.map { masker.mask($0) }
    default: break
    }
    example.prompt = masker.mask(example.prompt)
    example.response = masker.mask(example.response)
    return line { $0.example(example, as: format) }
  }

  /// Writes a pair, if it is asked for, unless masking has made its sides the same. Returns whether
  /// more are wanted.
  package mutating func write(_ pair: PreferencePair) -> Bool {
    if let refusal = request.refusal(pair.split, pair.chosenScore, pair.basis) {
      written.note(refusal, pair.chosenScore, pair.basis)
      return true
    }
    var (pair, masker) = (pair, masker)
    masker.maskTexts(of: &pair)
    if pair.chosen.utf8.elementsEqual(pair.rejected.utf8) {
      written.alike += 1
      return true
    }
    self.masker = masker
    written.rows += 1
    written.bases[pair.basis?.name ?? "stated", default: 0] += 1
    switch request.format {
    case .pairs: return line { $0.row(pair) }
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
    written.lines += 1
    written.bytes += json.bytes.count
    hash.update(json.bytes.span)
    return sink(json.bytes)
  }
}

extension Masker {
  /// Masks every text of a row, whatever columns it has: names of sessions and models are texts as any.
  fileprivate mutating func maskTexts<R: Row>(of row: inout R) {
    var mask = TextMask(masker: self)
    R.columns(&row, &mask)
    self = mask.masker
  }
}

private struct TextMask: ColumnVisitor {
  var masker: Masker

  mutating func kept<Value: ColumnValue>(
    _ value: inout Value, as column: @autoclosure () -> Column
  ) {
    if let text = value as? String, let masked = masker.mask(text) as? Value {
      value = masked
    } else if let texts = value as? [String],
      let masked = texts.map({ masker.mask($0) }) as? Value
    {
      value = masked
    }
  }

  mutating func hidden<Value: ByteCodable>(_ name: String, _ value: inout Value) {}

  mutating func derived<Value: ColumnValue>(
    as column: @autoclosure () -> Column, _ value: () -> Value
  ) {}
}
