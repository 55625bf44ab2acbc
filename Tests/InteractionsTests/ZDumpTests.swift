import Bytes
import Events
import Facts
import Interactions
import Scoring
import TestSupport
import Testing
import Views
import SystemPackage

private func js(_ s: String) -> String {
  "\"" + s.replacingAll("\n", "\\n") + "\""
}
extension String {
  func replacingAll(_ a: Character, _ b: String) -> String {
    reduce(into: "") { $0 += $1 == a ? b : String($1) }
  }
}
private func snake(_ f: Field) -> String {
  switch f {
  case .interactionID: return "interaction_id"
  case .sessionID: return "session_id"
  case .latencyMS: return "latency_ms"
  default:
    var out = ""
    for c in "\(f)" { if c.isUppercase { out += "_" + c.lowercased() } else { out.append(c) } }
    return out
  }
}
@Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64]) func dump(seed: UInt64) throws {
  let events = MadeUpLog(seed: seed, count: 4000).events
  var text = ""
  for e in events {
    var parts = [
      "\"stream\":\"\(e.stream.name)\"", "\"event\":\"\(e.kind)\"", "\"timestamp\":\"\(e.time)\"",
    ]
    e.fields.forEach { f, v in
      let s: String
      switch v {
      case .text(let t): s = js(t)
      case .number(let n): s = n.description
      case .bool(let b): s = "\(b)"
      case .texts(let ts): s = "[" + ts.map(js).joined(separator: ",") + "]"
      }
      parts.append("\"\(snake(f))\":\(s)")
    }
    text += "{" + parts.joined(separator: ",") + "}\n"
  }
  let step = try InteractionStep(
    tables: TableSet(view: "interactions", provider: MemoryTables()), settings: ScoringSettings())
  var rows: [Interaction] = []
  for f in try step.derive(events) {
    if f.before == nil { rows.append(f.after) } else { rows[Int(f.after.number)] = f.after }
  }
  var out = ""
  for r in rows {
    let s = r.score
    out +=
      "{\"offset\": \(r.offset), \"outcome\": \"\(r.outcome.name)\", \"outcome_basis\": \"\(r.basis.name)\", \"outcome_quality\": \(s.outcome), \"feedback\": \(s.feedback), \"reusability\": \(s.reusability), \"complexity\": \(s.complexity), \"novelty\": \(s.novelty), \"score\": \(s.total), \"tier\": \"\(s.tier.name)\", \"confidence\": \(s.confidence)}\n"
  }
  for (name, t) in [("log", text), ("rows", out)] {
    let d = try FileDescriptor.open(
      FilePath("/tmp/interact-\(name)-\(seed).jsonl"), .writeOnly, options: [.create, .truncate],
      permissions: .ownerReadWrite)
    _ = try d.closeAfter { try d.writeAll(Array(t.utf8)) }
  }
}
