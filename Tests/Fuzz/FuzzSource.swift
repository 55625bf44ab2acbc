import Bytes
import Events
import Provenance

/// A record that decodes is written and read again as it was.
func fuzzSource(_ bytes: [UInt8]) {
  var reader = ByteReader(bytes.span)
  guard let record = try? SourceRecord(id: 3, from: &reader) else { return }
  let encoded = record.encoded()
  var second = ByteReader(encoded.span)
  guard let again = try? SourceRecord(id: 3, from: &second) else {
    preconditionFailure("what was written does not decode")
  }
  precondition(again.encoded() == encoded, "a record stays as it is")
}
