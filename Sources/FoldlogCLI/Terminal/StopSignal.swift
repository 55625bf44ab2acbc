import Foldlog

#if canImport(Glibc)
  import Glibc
#endif

/// SIGINT and SIGTERM, as a request to end well: the second one ends at once.
final class StopSignal: StopRequest {
  let descriptor: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    _ = unsafe pipe(&ends)
    descriptor = ends[0]
    // The handler may only do what is safe in a handler: it writes to a descriptor that it knows.
    unsafe raisedDescriptor = ends[1]
    for number in [SIGINT, SIGTERM] {
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = { _ in
        var one: UInt8 = 1
        _ = unsafe write(raisedDescriptor, &one, 1)
      }
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
      _ = unsafe sigaction(number, &action, nil)
    }
  }

  var isRaised: Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&request, 1, 0) > 0
  }
}

private nonisolated(unsafe) var raisedDescriptor: Int32 = -1
