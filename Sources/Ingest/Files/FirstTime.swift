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
      if let time = time(of: line) { return time }
    }
    return nil
  }

  private func time(of line: ArraySlice<UInt8>) -> Timestamp? {
    let envelope = try? decoder.envelope(
      of: Array(line).span, isPadded: false, given: nil, fileName: nil)
    return envelope?.time
  }

  /// The last time that one of a file's last lines tells. What is packed is read as a whole.
  private func lastTime(of path: String) -> Timestamp? {
    guard let file = (try? files.openIfThere(path)) ?? nil else { return nil }
    var reader = ContentReader(file, path: path)
    var bytes: [UInt8] = []
    guard (try? reader.read(into: &bytes, count: 1)) != nil else { return nil }
    if reader.isPlain == true, let size = try? file.status().size, size > UInt64(Self.sizeMax) {
      reader = ContentReader(file, path: path, from: size - UInt64(Self.sizeMax))
      bytes = []
    }
    while !reader.isAtEnd {
      guard (try? reader.read(into: &bytes, count: Self.sizeMax)) != nil else { break }
      if bytes.count > 2 * Self.sizeMax { bytes.removeFirst(bytes.count - Self.sizeMax) }
    }
    for line in bytes.split(separator: UInt8(ascii: "\n")).suffix(Self.linesMax).reversed() {
      if let time = time(of: line) { return time }
    }
    return nil
  }

  /// Paths in the order in which their files begin; those of one time in the order in which they end,
  /// since a copy that goes on ends later than what it was made of; else in the order of the bytes of
  /// the paths. Those without a time come last.
  func sorted(_ paths: [String]) -> [String] {
    let begun = paths.map { (path: $0, time: time(of: $0)) }
    let counts = Dictionary(begun.map { ($0.time, 1) }, uniquingKeysWith: +)
    let keyed = begun.map { path, time in
      let isShared = time != nil && counts[time] ?? 0 > 1
      return (
        path: path, bytes: pathBytes(path), first: time, last: isShared ? lastTime(of: path) : nil
      )
    }
    return keyed.sorted { left, right in
      if left.first != right.first { return isEarlier(left.first, right.first) }
      if left.last != right.last { return isEarlier(left.last, right.last) }
      return left.bytes.lexicographicallyPrecedes(right.bytes)
    }.map(\.path)
  }

  /// What is not known comes last.
  private func isEarlier(_ left: Timestamp?, _ right: Timestamp?) -> Bool {
    guard let left else { return false }
    return right.map { left < $0 } ?? true
  }
}
