import Foldlog

#if canImport(Glibc)
  import Glibc
#endif

/// `WordCount DATA FILE…`: takes files in, folds, and prints the words as one JSON object.
let arguments = CommandLine.arguments.dropFirst()
guard let data = arguments.first, arguments.count > 1 else {
  print("usage: WordCount DATA FILE…")
  exit(64)
}

do {
  let store = try Store(
    path: data, projectors: .builtIn.adding([WordsProjector.self, TokensProjector.self]))
  let counts = try store.ingest(files: Array(arguments.dropFirst()))
  let more = try store.ingest(
    lines: Array("{\"event\":\"task_completed\",\"prompt\":\"mend the mended gate\"}\n".utf8),
    source: "word-count", stream: .ralph)
  let folded = try store.fold()
  print("\(counts.events + more.events) events taken; the views stand at \(folded.checkpoint)")
  try store.forEachRow(of: "words/lengths") { row in
    print(row.cells.map { "\($0)" }.joined(separator: " "))
    return true
  }
  if let row = try store.row(of: "words", key: ["mend"]), let count = row["count"] {
    let explanation = String(
      decoding: try store.explanation(of: "words", key: ["mend"]), as: UTF8.self)
    print("mend: \(count), explained: \(explanation.contains("\"mend\""))")
  }
  try store.forEachRow(of: "words", where: ["word = mend"], asOf: "0") { row in
    print("after event 0: \(row.cells[1])")
    return true
  }
  try store.forEachRow(of: "tokens") { row in
    let names = ["hour", "model", "model_calls", "tokens_input", "tokens_output"]
    print("tokens: " + names.compactMap { row[$0].map { "\($0)" } }.joined(separator: " "))
    return true
  }
  let before = try store.json(of: "words")
  let digests = try store.replay(["words"])
  let isSame = try store.json(of: "words") == before
  print("replayed: \(digests["words"] ?? "none"), \(isSame ? "the same rows" : "other rows")")
  print(String(decoding: before, as: UTF8.self), terminator: "")
} catch {
  print("\(error)")
  exit((error as? FoldlogError)?.code.rawValue ?? 74)
}
