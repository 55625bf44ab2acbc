import Bytes
import Events
import Facts

extension Settlement {
  func encode(into writer: inout ByteWriter) {
    writer.append(varint: number)
    event.encode(into: &writer)
    writer.append(text: kind)
    writer.append(zigzag: time.nanoseconds)
    writer.append(byte: verdict.outcome.rawValue)
    writer.append(byte: verdict.basis.rawValue)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    number = try reader.varint()
    event = try EventID(from: &reader)
    kind = try reader.text()
    time = Timestamp(nanoseconds: try reader.zigzag())
    let outcome = try reader.byte()
    let basis = try reader.byte()
    guard let outcome = Outcome(rawValue: outcome), let basis = OutcomeBasis(rawValue: basis)
    else { throw BytesError("no such outcome or basis", at: reader.position - 2) }
    verdict = Verdict(outcome: outcome, basis: basis)
  }
}

extension PromptClusters {
  func encode(into writer: inout ByteWriter) {
    writer.append(varint: wide)
    writer.append(varint: narrow)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    self.init(wide: try reader.varint(), narrow: try reader.varint())
  }
}

extension Feedback {
  func encode(into writer: inout ByteWriter) {
    writer.append(zigzag: explicit.map(Int64.init) ?? 2)
    for flag in [copied, modified, accepted, abandoned] {
      writer.append(byte: flag.map { $0 ? 1 : 0 } ?? 2)
    }
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    self.init()
    let said = try reader.zigzag()
    explicit = said == 2 ? nil : Int8(clamping: said)
    copied = try flag(&reader)
    modified = try flag(&reader)
    accepted = try flag(&reader)
    abandoned = try flag(&reader)
  }
}

private func flag(_ reader: inout ByteReader) throws(BytesError) -> Bool? {
  switch try reader.byte() {
  case 0: false
  case 1: true
  default: nil
  }
}
