/// The stream that a file's name tells: the name begins with a stream's name or alias, in any case,
/// followed by `-`, `_`, `.` or nothing.
///
/// `ralph-events.jsonl`, `vscode-events-backup-20260109_103300.jsonl`, `logs/hybrid-events.jsonl.1.gz`.
/// Folders do not count.
package func streamOfFileName(_ path: String) -> Stream? {
  guard let name = path.utf8.split(separator: UInt8(ascii: "/")).last else { return nil }
  let word = name.prefix { !fileNameSeparators.contains($0) }
  return Stream(name: String(decoding: word.map(lowercased), as: UTF8.self))
}

private let fileNameSeparators: [UInt8] = [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")]

private func lowercased(_ byte: UInt8) -> UInt8 {
  UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
}
