internal import Bytes
package import Events

/// Reads what messages are grouped by, one after the other.
package struct MessageReader {
  /// Has the words of the last message's line.
  package private(set) var scanner = Scanner()

  package init() {}

  /// What a message of an event is grouped by.
  package mutating func groupedWords(of message: String, _ event: Event) -> Wording {
    let whole = Wording(whole: Hash128(of: message))
    if isOpaque(message) { return whole }
    return Self.headline(of: message, event) { line, command in
      scanner.scan(line)
      if scanner.tokens.isEmpty { return whole }
      var salt: UInt64 = 1
      if scanner.tokens.contains(where: { $0.mask != .whole }) { salt = 0 }
      // What has no words, such as a key that was not found, is told apart by its type.
      if salt != 0, let type = event.fields.text(.errorType) { salt = identity(type) }
      // What says no more than that a command failed, by the command.
      if let command { salt = mix(salt, identity(command)) }
      return Wording(hashes: scanner.tokens.map(\.hash), salt: salt)
    }
  }

  /// The line of a message that it is grouped by, with the command that failed if that says nothing
  /// else.
  package static func headline<Result, Failure: Error>(
    of message: String, _ event: Event,
    _ body: (Span<UInt8>, _ command: String?) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try Headline.of(message.utf8.span) { line throws(Failure) in
      guard let command = Silence.command(in: line, event) else { return try body(line, nil) }
      return try body(Silence.line(line, naming: command).utf8.span, command)
    }
  }

  /// What is shown of a message: its beginning; where that lacks the telling line, what begins with it.
  package static func example(of message: String, telling line: Span<UInt8>) -> String {
    let start = message.bounded(ErrorLimits.exampleSizeMax)
    let bytes = message.utf8.span
    guard start.utf8.count < bytes.count, start.utf8.span.firstPlace(of: line) == nil else {
      return start
    }
    guard let place = bytes.firstPlace(of: line) else {
      return String(repairing: line.extracting(first: ErrorLimits.exampleSizeMax))
    }
    return String(repairing: bytes.extracting(place..<bytes.count))
      .bounded(ErrorLimits.exampleSizeMax)
  }
}
