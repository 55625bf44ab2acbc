internal import Events

#if canImport(Glibc)
  internal import Glibc
#endif

/// The wall clock: for times of recording, and nothing else.
func wallClock() -> Timestamp {
  var time = timespec()
  _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
  return Timestamp(
    nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
}

/// Seconds of a clock that only goes forward: for rates.
package func monotonicSeconds() -> Double {
  var time = timespec()
  _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func pause(milliseconds: UInt32) { usleep(milliseconds * 1_000) }
