import Events

/// The first byte chooses what is known beforehand; the rest is a line. Padded or not, a line decodes
/// the same.
func fuzzDecoder(_ bytes: [UInt8]) {
  let choice = bytes.first ?? 0
  let line = bytes.dropFirst().filter { $0 != UInt8(ascii: "\n") }
  let padded = line + [UInt8](repeating: 0, count: LineDecoder.padding)
  let decoder = LineDecoder()
  let given: Stream? = choice & 1 == 0 ? nil : .hybrid
  let plain = try? decoder.envelope(
    of: line.span, isPadded: false, given: given, fileName: nil)
  let again = try? decoder.envelope(
    of: padded.span.extracting(0..<line.count), isPadded: true, given: given, fileName: nil)
  precondition(plain == again, "padding changes nothing")
  guard let plain else { return }
  let stream = plain.stream ?? .ralph
  let fields = try? decoder.fields(
    of: line.span, isPadded: false, kind: plain.kind, stream: stream)
  precondition(fields != nil, "what has an envelope has fields")
  for kind in ["task_completed", "query_completion", "route_decided", "user_feedback"] {
    _ = try? decoder.fields(of: line.span, isPadded: false, kind: kind, stream: stream)
  }
}
