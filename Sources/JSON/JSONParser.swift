internal import CSimdJSON

/// Why a line is no event.
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  package enum Code: Sendable {
    case notJSON, notUTF8, notObject, tooDeep, tooLong
  }

  package let code: Code
  /// The byte of the line at which reading stopped, from 0.
  package let position: Int
  /// For people.
  package let reason: String

  package init(_ code: Code, at position: Int, _ reason: String) {
    self.code = code
    self.position = position
    self.reason = reason
  }

  package var description: String { "byte \(position): \(reason)" }
}

/// Reads lines, one after the other. Not for two threads at once.
///
/// Most lines are parsed by simdjson. What it refuses is parsed again by the slower `StrictParser`,
/// which accepts the valid rest (huge numbers, halves of surrogate pairs, a byte-order mark), and says
/// where and why a line is not valid. Memory: about 15 bytes a byte of the longest line up to 16 MiB; longer lines
/// give it back.
@safe package struct JSONParser: ~Copyable {
  /// Bytes beyond a line that `isPadded` promises to be readable, whatever they are.
  package static let padding = csj_padding()
  /// Containers in containers.
  package static let depthMax = 1_024
  /// A tape holds places in 32 bits.
  static let lineByteCountMax = Int(UInt32.max) - 1_024
  private static let keptByteCountMax = 16 << 20

  /// Nil when there was no memory for it: then all lines go to `StrictParser`.
  private let engine: OpaquePointer?
  private var padded: [UInt8] = []
  private var strictTape = StrictTape()

  package init() { unsafe engine = csj_parser_create() }

  deinit { if let engine = unsafe engine { unsafe csj_parser_destroy(engine) } }

  /// Parses a line and hands its object over.
  ///
  /// About 0.15 µs for 585 bytes. A line that is not padded is copied first.
  package mutating func withObject<R>(
    _ line: Span<UInt8>, isPadded: Bool, _ body: (JSONObject) -> R
  ) throws(JSONError) -> R {
    if let engine = unsafe engine {
      let document = unsafe parse(line, isPadded: isPadded, by: engine)
      defer { if line.count > Self.keptByteCountMax { unsafe csj_parser_shrink(engine) } }
      if let words = unsafe document.tape, let strings = unsafe document.strings {
        return body(try Self.root(of: unsafe Tape(words: words, strings: strings), line))
      }
    }
    return try withObjectStrictly(line, body)
  }

  /// Parses a text that is an object, as tools put into a member of another.
  package static func withText<R>(
    _ text: String, _ body: (JSONObject) -> R
  ) throws(JSONError) -> R {
    var parser = JSONParser()
    return try parser.withObject(text.utf8.span, isPadded: false, body)
  }

  /// Parses a line by `StrictParser` alone.
  mutating func withObjectStrictly<R>(
    _ line: Span<UInt8>, _ body: (JSONObject) -> R
  ) throws(JSONError) -> R {
    guard line.count <= Self.lineByteCountMax else {
      throw JSONError(.tooLong, at: Self.lineByteCountMax, "the line is longer than 4 GiB")
    }
    var tape = StrictTape()
    swap(&tape, &strictTape)
    tape.clear()
    var parser = StrictParser(line, writing: tape)
    try parser.parse()
    strictTape = parser.tape
    defer { if line.count > Self.keptByteCountMax { strictTape = StrictTape() } }
    return try strictTape.withTape { tape throws(JSONError) in
      body(try Self.root(of: tape, line))
    }
  }

  private mutating func parse(
    _ line: Span<UInt8>, isPadded: Bool, by engine: OpaquePointer
  ) -> csj_document {
    if isPadded {
      return unsafe line.withUnsafeBufferPointer { bytes in
        guard let start = bytes.baseAddress else { return unsafe csj_document() }
        return unsafe csj_parse(engine, start, bytes.count)
      }
    }
    copyPadded(line)
    defer { if line.count > Self.keptByteCountMax { padded = [] } }
    return unsafe padded.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return unsafe csj_document() }
      return unsafe csj_parse(engine, start, line.count)
    }
  }

  private mutating func copyPadded(_ line: Span<UInt8>) {
    let needed = line.count + Self.padding
    if padded.count < needed {
      padded = [UInt8](repeating: 0, count: max(needed, min(2 * needed, 1 << 20)))
    }
    unsafe padded.withUnsafeMutableBytes { target in
      unsafe line.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
    }
  }

  @_lifetime(copy tape)
  private static func root(of tape: Tape, _ line: Span<UInt8>) throws(JSONError) -> JSONObject {
    guard tape.tag(1) == TapeTag.object else {
      var start = byteOrderMarkCount(line)
      while start < line.count, isJSONSpace(line[start]) { start += 1 }
      throw JSONError(.notObject, at: start, "valid JSON, but not an object")
    }
    return JSONObject(tape: tape, index: 1)
  }
}

/// 3 for a line that begins with a byte-order mark, else 0.
func byteOrderMarkCount(_ line: Span<UInt8>) -> Int {
  line.count >= 3 && line[0] == 0xef && line[1] == 0xbb && line[2] == 0xbf ? 3 : 0
}

func isJSONSpace(_ byte: UInt8) -> Bool {
  byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
}
