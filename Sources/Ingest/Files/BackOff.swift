#if canImport(Glibc)
  internal import Glibc
#endif

/// Gives way to another process for a moment: 1 ms at first, twice as long each time, at most 100 ms.
///
/// - Parameter attempt: from 1.
package func backOff(_ attempt: Int) {
  let pauseMax_us = 100_000
  usleep(UInt32(min(pauseMax_us, 1_000 << min(max(0, attempt - 1), 10))))
}
