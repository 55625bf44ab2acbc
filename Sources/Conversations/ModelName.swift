internal import Bytes

/// The name of a model, as a call says it and as its maker writes it.
package struct ModelName: Equatable, Sendable {
  package let said: String
  /// Without the provider before it, the region and the maker, and without what Bedrock puts behind
  /// it: of `us.anthropic.claude-opus-4-5-20251101-v1:0` it is `claude-opus-4-5-20251101`.
  package let makers: String

  package init(_ said: String) {
    self.said = said
    makers = Self.isMakers(said.utf8.span) ? said : Self.makersName(of: said)
  }

  /// Whether nothing can stand before or behind the maker's name, as of most: every call has one.
  private static func isMakers(_ said: Span<UInt8>) -> Bool {
    var isName = true
    for index in 0..<said.count {
      switch said[index] {
      case UInt8(ascii: "/"), UInt8(ascii: ":"): return false
      case UInt8(ascii: "."): if isName { return false }
      case let byte: if isDigit(byte) { isName = false }
      }
    }
    return said.count < 7 || said[6] != UInt8(ascii: "-")
      || firstIndex(of: UInt8(ascii: "."), in: said) == nil
  }

  private static func makersName(of said: String) -> String {
    var name = said[...]
    let parts = said.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count > 1, let last = parts.last, providers.contains(String(parts[0])) { name = last }
    // What is free there is not what its maker asks for.
    if name.hasSuffix(":free") { return said }
    for maker in ["anthropic.", "openai.", "deepseek.", "mistral.", "qwen."] {
      if name.hasPrefix(maker) {
        name = name.dropFirst(maker.count)
      } else if let dot = name.firstIndex(of: "."), regions.contains(String(name[..<dot])),
        name[name.index(after: dot)...].hasPrefix(maker)
      {
        name = name[name.index(after: dot)...].dropFirst(maker.count)
      }
    }
    if let dash = name.lastIndex(of: "-"), name[dash...].hasPrefix("-v"),
      name[dash...].contains(":"),
      name[dash...].dropFirst(2).allSatisfy({ $0.isNumber || $0 == ":" })
    {
      name = name[..<dash]
    }
    // OpenRouter writes versions of Claude with a dot.
    return name.hasPrefix("claude-") ? String(name).replacing(".", with: "-") : String(name)
  }

  /// Whether what follows the beginning of a name makes it that of another version: `claude-opus-4-5`
  /// and `5`, or `-1`. A date behind a version is no part of it.
  static func isOtherVersion(
    _ beginning: Substring.UTF8View, _ rest: Substring.UTF8View
  ) -> Bool {
    guard let last = beginning.last, isDigit(last), let next = rest.first else { return false }
    if isDigit(next) {
      let before = beginning.reversed().prefix(while: isDigit).count
      return before + rest.prefix(while: isDigit).count < dateDigitsMin
    }
    guard next == UInt8(ascii: ".") || next == UInt8(ascii: "-") else { return false }
    let digits = rest.dropFirst().prefix(while: isDigit)
    let behind = rest.dropFirst(1 + digits.count).first
    let isNumber = behind.map { !isLetter($0) } ?? true
    return !digits.isEmpty && digits.count < dateDigitsMin - 1 && isNumber
  }

  /// Digits from which on a number in a name is a date, or a part of one: `0613`, `20251101`.
  private static let dateDigitsMin = 4

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static let providers: Set = [
    "anthropic", "openai", "bedrock", "bedrock_converse", "vertex_ai", "openrouter", "azure",
    "azure_ai", "google", "gemini", "deepseek", "xai", "x-ai", "mistral", "mistralai", "moonshot",
    "moonshotai", "zai", "z-ai", "minimax", "qwen", "dashscope", "litellm_proxy",
  ]
  private static let regions: Set = [
    "us", "eu", "apac", "au", "jp", "ca", "sa", "global", "us-gov",
  ]
}
