internal import Bytes

// What the name of a file says about it: whether it is telemetry, rotated, compressed, unfinished, or a
// checksum of another.

/// Ends of names of telemetry files: other files in a folder are not read.
private let telemetrySuffixes = [".jsonl", ".ndjson"]

/// Ends of names of files that are not finished yet, or that an editor keeps as a copy.
private let passingSuffixes = [
  ".tmp", ".new", ".part", ".partial", ".swp", ".lock", ".bak", ".orig", "~",
]

/// Ends of names of checksums and signatures: what comes before is the name of the file that they vouch
/// for.
private let checksumSuffixes = [".md5", ".sha1", ".sha256", ".sha512", ".sig", ".asc"]

/// Ends of names of compressed files that are read.
let packedSuffixes = [".gz", ".zst"]

/// `x.jsonl`, `x.jsonl.1`, `x.jsonl.gz`, `x.ndjson.2026-01-09.zst`; not `x.jsonl.tmp`, `x.jsonl.sha256`.
package func isTelemetryFile(_ name: String) -> Bool {
  !isPassing(name) && !isChecksum(name)
    && telemetrySuffixes.contains { suffix in
      name.hasSuffix(suffix) || occurs(suffix + ".", in: name)
    }
}

/// A name without what rotation puts behind it: `x.jsonl` for `x.jsonl.1` and `x.jsonl.2026-01-09.zst`,
/// `x.log` for `x.log.1.gz`.
func unrotatedName(_ name: String) -> String {
  let bytes = Array(name.utf8)
  for suffix in telemetrySuffixes {
    let ends = (0..<bytes.count).filter { bytes[$0...].starts(with: suffix.utf8) }
    if let start = ends.first {
      return String(decoding: bytes[..<(start + suffix.utf8.count)], as: UTF8.self)
    }
  }
  var rest = bytes[...]
  for suffix in packedSuffixes where name.hasSuffix(suffix) { rest.removeLast(suffix.utf8.count) }
  let digits = rest.reversed().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
  let isNumbered = digits > 0 && rest.dropLast(digits).last == UInt8(ascii: ".")
  return String(decoding: isNumbered ? rest.dropLast(digits + 1) : rest, as: UTF8.self)
}

/// Whether a name says that its file is not finished, or an editor's copy.
func isPassing(_ name: String) -> Bool { passingSuffixes.contains { name.hasSuffix($0) } }

/// Whether a name says that its file only vouches for another.
func isChecksum(_ name: String) -> Bool { checksumSuffixes.contains { name.hasSuffix($0) } }

private func occurs(_ part: String, in text: String) -> Bool {
  let text = Array(text.utf8)
  let part = Array(part.utf8)
  guard text.count >= part.count else { return false }
  return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
}

/// What a file is called when it is compressed in a form that is read.
package func packedNames(of path: String) -> [String] { packedSuffixes.map { path + $0 } }

/// Whether a name says that its file is compressed in a form that is read.
package func isPackedName(_ path: String) -> Bool { packedSuffixes.contains(where: path.hasSuffix) }

/// Whether a path is another with `.gz` or `.zst` behind it.
func isPacked(_ path: String, of original: String) -> Bool {
  packedSuffixes.contains { (original + $0) == path }
}

/// Whether one of two paths is the other with `.gz` or `.zst` behind it.
func arePackedAlike(_ left: String, _ right: String) -> Bool {
  isPacked(left, of: right) || isPacked(right, of: left)
}

/// Whether one of two paths is the other with something behind it, as rotation leaves them.
func areOfOneName(_ left: String, _ right: String) -> Bool {
  left.utf8.starts(with: right.utf8) || right.utf8.starts(with: left.utf8)
}

/// How many components two paths have in common, counted from their ends.
func commonSuffixCount(_ left: String, _ right: String) -> Int {
  let slash = UInt8(ascii: "/")
  return zip(
    left.utf8.split(separator: slash).reversed(), right.utf8.split(separator: slash).reversed()
  )
  .prefix { $0.elementsEqual($1) }.count
}
