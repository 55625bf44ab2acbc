public import Bytes

/// Where a table's bytes lie: a store on disk, or memory in tests.
///
/// Keys sort as unsigned bytes. Values that are put are seen by later reads at once.
public protocol TableStorage: AnyObject {
  func value(_ key: Span<UInt8>) throws(TableError) -> [UInt8]?
  func put(_ key: Span<UInt8>, _ value: Span<UInt8>) throws(TableError)
  func remove(_ key: Span<UInt8>) throws(TableError)
  /// Calls `body` for each entry from `key` on, in order, until it returns false.
  func scan(
    from key: Span<UInt8>,
    _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) throws(TableError) -> Bool
  ) throws(TableError)
  var isEmpty: Bool { get throws(TableError) }
  /// To be called when all changes of a checkpoint are put.
  func finish() throws(TableError)
}

extension TableStorage {
  public func finish() throws(TableError) {}
}

/// Opens tables by name.
public protocol TableProvider: AnyObject {
  /// - Parameter isPacked: values are large and compress well.
  func storage(_ name: String, isPacked: Bool) throws(TableError) -> any TableStorage
}

/// Why a table could not be read or written.
public struct TableError: Error, Sendable, CustomStringConvertible {
  public let table: String
  public let reason: String
  /// Whether what lies there is not what was put.
  public let isDamage: Bool

  public init(table: String, reason: String, isDamage: Bool = false) {
    self.table = table
    self.reason = reason
    self.isDamage = isDamage
  }

  public init(table: String, _ cause: BytesError) {
    self.init(table: table, reason: "a row does not decode: \(cause)", isDamage: true)
  }

  public var description: String { "table \(table): \(reason)" }
}
