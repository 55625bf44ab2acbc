public import Bytes

/// What a model read and wrote, in the one form in which tokens are counted: what was read from a
/// cache or written to it is no part of `input`. Nil is unknown.
public struct TokenUsage: Equatable, Sendable {
  /// Read, without what came from a cache or went into it; nil: not told.
  public var input: UInt64?
  /// Read from a cache; nil: not told.
  public var cacheRead: UInt64?
  /// Kept in the cache for five minutes.
  public var cacheWrite: UInt64?
  /// Kept in the cache for an hour.
  public var longCacheWrite: UInt64?
  /// Written; nil: not told.
  public var output: UInt64?
  /// Of the output.
  public var reasoning: UInt64?
  /// No tokens, but searches of the web that the provider made for the model, and asks for one by one.
  public var webSearches: UInt64?

  public init(
    input: UInt64? = nil, cacheRead: UInt64? = nil, cacheWrite: UInt64? = nil,
    longCacheWrite: UInt64? = nil, output: UInt64? = nil, reasoning: UInt64? = nil,
    webSearches: UInt64? = nil
  ) {
    self.input = input
    self.cacheRead = cacheRead
    self.cacheWrite = cacheWrite
    self.longCacheWrite = longCacheWrite
    self.output = output
    self.reasoning = reasoning
    self.webSearches = webSearches
  }

  /// How many counts there are.
  public static let size = 7

  /// The counts by their number, in the order in which they stand here.
  public subscript(_ number: Int) -> UInt64? {
    get {
      switch number {
      case 0: input
      case 1: cacheRead
      case 2: cacheWrite
      case 3: longCacheWrite
      case 4: output
      case 5: reasoning
      default: webSearches
      }
    }
    set {
      switch number {
      case 0: input = newValue
      case 1: cacheRead = newValue
      case 2: cacheWrite = newValue
      case 3: longCacheWrite = newValue
      case 4: output = newValue
      case 5: reasoning = newValue
      default: webSearches = newValue
      }
    }
  }

  /// Field by field: what is missing on one side counts as 0, on both it is missing.
  public static func + (left: TokenUsage, right: TokenUsage) -> TokenUsage {
    combined(left, right) { $0 &+ $1 }
  }

  /// Field by field the greater.
  public static func greater(_ left: TokenUsage, _ right: TokenUsage) -> TokenUsage {
    combined(left, right, max)
  }

  /// Field by field, never below 0.
  public static func - (left: TokenUsage, right: TokenUsage) -> TokenUsage {
    combined(left, right) { $0 - min($0, $1) }
  }

  private static func combined(
    _ left: TokenUsage, _ right: TokenUsage, _ body: (UInt64, UInt64) -> UInt64
  ) -> TokenUsage {
    var combined = TokenUsage()
    for count in 0..<size where left[count] != nil || right[count] != nil {
      combined[count] = body(left[count] ?? 0, right[count] ?? 0)
    }
    return combined
  }

  public var isZero: Bool { (0..<Self.size).allSatisfy { (self[$0] ?? 0) == 0 } }
}

extension TokenUsage: ByteCodable {
  public func encode(into writer: inout ByteWriter) {
    for count in 0..<Self.size { self[count].encode(into: &writer) }
  }

  public init(from reader: inout ByteReader) throws(BytesError) {
    self.init()
    for count in 0..<Self.size { self[count] = try UInt64?(from: &reader) }
  }
}

/// How much of a limit is used, as a provider says.
public struct LimitState: Equatable, Sendable {
  /// Such as `five_hour`, or its length: `300m`.
  public var window: String
  /// Of what may be used until it is reset, from 0 to 100; nil: not told.
  public var usedPercent: FixedPoint?
  /// When it begins anew; nil: not told.
  public var resetsAt: Timestamp?
  /// Whether nothing more may be used until then.
  public var isReached: Bool

  public init(
    window: String, usedPercent: FixedPoint?, resetsAt: Timestamp?, isReached: Bool
  ) {
    self.window = window
    self.usedPercent = usedPercent
    self.resetsAt = resetsAt
    self.isReached = isReached
  }
}
