public import Views

/// Where a table's bytes lie: a store on disk, or memory in tests.
///
/// Values that are put are seen by later reads at once.
public protocol TableStorage: RowSource {
  func put(_ key: Span<UInt8>, _ value: Span<UInt8>) throws(TableError)
  func remove(_ key: Span<UInt8>) throws(TableError)
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
