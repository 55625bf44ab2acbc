/// The stream that a file is named after: `ralph-events.jsonl`, `hybrid.jsonl.1.gz`,
/// `vscode-events-backup-20260109_103300.jsonl`. The name begins with the stream's, or its alias's,
/// and what follows is no letter or digit.
package func streamOfFileName(_ name: String) -> Stream? {
  let word = name.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
  return Stream(name: word.lowercased())
}
