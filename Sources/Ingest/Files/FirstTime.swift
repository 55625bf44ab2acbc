internal import Bytes
package import Events

/// Reads when files begin: the first time that one of their first lines tells. A file that another was
/// copied from begins no later than its copy.
///
/// Opens each file and reads some 64 kB of it, of what is packed a little more.
package struct FirstTimeReader {
  private let files: any FileSystem
  private let decoder: LineDecoder
  private static let size = 1 << 16
  /// Of a first line that is longer, as some tools write it.
  private static let sizeMax = 1 << 20
  private static let linesMax = 32

  /// - Parameter formats: the other tools' lines that are known.
  package init(formats: FormatSet, files: any FileSystem = DiskFiles()) {
    self.files = files
    decoder = LineDecoder(formats: formats)
  }

  /// Nil where none of the first lines tells one; what cannot be read is told of when it is taken in.
  func time(of path: String) -> Timestamp? {
    guard let file = (try? files.openIfThere(path)) ?? nil else { return nil }
    let reader = ContentReader(file, path: path)
    var bytes: [UInt8] = []
    while !reader.isAtEnd, bytes.count < Self.sizeMax {
      let before = bytes.count
      guard (try? reader.read(into: &bytes, count: Self.size)) != nil else { break }
      if before > 0 || bytes.count >= Self.size, bytes.contains(UInt8(ascii: "\n")) { break }
    }
    for line in bytes.split(separator: UInt8(ascii: "\n"), maxSplits: Self.linesMax)
      .prefix(Self.linesMax)
    {
      let envelope = try? decoder.envelope(
        of: Array(line).span, isPadded: false, given: nil, fileName: nil)
      if let time = envelope?.time { return time }
    }
    return nil
  }

  /// Paths in the order in which their files begin, those of one time, and those without, in the
  /// order of the bytes of the paths; those without last.
  func sorted(_ paths: [String]) -> [String] {
    let keyed = paths.map { (path: $0, bytes: pathBytes($0), time: time(of: $0)) }
    return keyed.sorted { left, right in
      if left.time != right.time {
        guard let time = left.time else { return false }
        return right.time.map { time < $0 } ?? true
      }
      return left.bytes.lexicographicallyPrecedes(right.bytes)
    }.map(\.path)
  }
}
