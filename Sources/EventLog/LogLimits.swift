/// Every limit of the log, in one place.
package enum LogLimits {
  /// The format that is written, and the only one that is read.
  package static let formatVersion: UInt32 = 1
  package static let headerVersion: UInt8 = 1
  /// Raw bytes at which a block is full.
  package static let blockSizeTarget = 1 << 20
  /// Raw bytes below which the last block is rewritten with what comes next, rather than followed.
  package static let tailSizeMax = 1 << 16
  /// Address space that the log may grow into, unless a setting says otherwise: 1 TiB.
  package static let mapSizeDefault = 1 << 40
  /// Raw bytes of the largest line: what one zstd frame and one LMDB value can hold.
  package static let lineSizeMax = (1 << 32) - (1 << 20)
  /// Bytes of a source's content that the guard covers.
  package static let guardSize = 4096
  package static let compressionLevel: Int32 = 3
}
