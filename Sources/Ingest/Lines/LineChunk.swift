internal import Bytes
package import Events

/// Whole lines of one source, as they are read: up to about 1 MiB, more when a line is longer.
package struct LineChunk: Sendable {
  /// The lines with their newlines (the source's last may lack one), and padding for the parser.
  package let bytes: [UInt8]
  /// Bytes without the padding.
  package let count: Int
  /// Where the chunk begins in its source.
  package let position: UInt64
  /// Lines that were made blank, since they were taken before.
  package let skipped: UInt64

  package init(bytes: [UInt8], count: Int, position: UInt64, skipped: UInt64 = 0) {
    self.bytes = bytes
    self.count = count
    self.position = position
    self.skipped = skipped
  }

  /// A single line, without its newline.
  package init(line: [UInt8], position: UInt64) {
    self.init(
      bytes: line + [UInt8](repeating: 0, count: LineDecoder.padding), count: line.count,
      position: position)
  }
}

/// What decoding the lines of a source depends on, besides the lines.
package struct SourceContext: Sendable {
  /// Given on the command line.
  package var givenStream: Stream?
  /// What the file's name says.
  package var nameStream: Stream?
  /// The tool whose lines it held so far; nil where that is not known.
  package var format: String?
  package var recorded: Timestamp

  package init(
    givenStream: Stream?, nameStream: Stream?, format: String? = nil, recorded: Timestamp
  ) {
    self.format = format
    self.givenStream = givenStream
    self.nameStream = nameStream
    self.recorded = recorded
  }
}

/// Calls `body` with each line that is not blank, and where it begins; the last may lack its newline.
func forEachLine(_ bytes: Span<UInt8>, _ body: (Int, Span<UInt8>) -> Void) {
  var start = 0
  while start < bytes.count {
    let end = firstIndex(of: UInt8(ascii: "\n"), in: bytes, from: start) ?? bytes.count
    let line = bytes.extracting(start..<end)
    if !isBlank(line) { body(start, line) }
    start = end + 1
  }
}

/// Only spaces, tabs and carriage returns, or nothing.
func isBlank(_ line: Span<UInt8>) -> Bool {
  for index in line.indices {
    let byte = line[index]
    if byte != UInt8(ascii: " ") && byte != UInt8(ascii: "\t") && byte != UInt8(ascii: "\r") {
      return false
    }
  }
  return true
}
