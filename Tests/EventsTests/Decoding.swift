import Events
import JSON

func decoded(
  _ line: String, kind: String = "task_completed", stream: Events.Stream = .ralph
) throws -> DecodedFields {
  try LineDecoder().fields(
    of: Array(line.utf8).span, isPadded: false, kind: kind, stream: stream)
}

func fields(_ line: String, kind: String = "task_completed") throws -> Fields {
  try decoded(line, kind: kind).fields
}

func envelope(
  _ line: String, given: Events.Stream? = nil, fileName: Events.Stream? = nil
) throws -> LineEnvelope {
  try LineDecoder().envelope(
    of: Array(line.utf8).span, isPadded: false, given: given, fileName: fileName)
}
