internal import CZstd

/// What zstd refused.
package struct ZstdError: Error, Equatable, Sendable, CustomStringConvertible {
  package let reason: String

  init(reason: String) { self.reason = reason }

  init(code: Int, _ operation: String) {
    let name = unsafe String(cString: ZSTD_getErrorName(code))
    reason = "\(name) (\(operation))"
  }

  package var description: String { reason }
}
