import Effects
import Foldlog
import TestSupport

#if canImport(Glibc)
  import Glibc
#endif

// `foldlog react` over a view that wants each query to be told: for tools/faults, which kills it.
// Where everything lies is `FOLDLOG_DATA`, as for foldlog.

/// Never asks to stop: it is killed.
final class Endless: StopRequest {
  let descriptor: Int32 = -1
  var isRaised: Bool { false }
}

do {
  let store = try Store(
    directory: DataDirectory.resolve(given: nil),
    projectors: .builtIn.adding([TellingProjector.self]))
  let asked = try ReactRequest().checked(for: store.projectors)
  let report = try ReactService(store).run(asked, stop: Endless()) { message in
    if case .views(let outcome) = message, let error = outcome.error { print("views: \(error)") }
  }
  print("answered \(report.answered), failed \(report.failed), waiting \(report.waiting)")
  exit(report.failed + report.waiting == 0 ? 0 : 1)
} catch {
  print("\(error)")
  exit(error.code.rawValue)
}
