import Foldlog
import Query

/// Draws a bar on a terminal's standard error; in a pipe, nothing.
final class ProgressReporter {
  private let start = monotonicSeconds()
  private let isShown = Terminal.errorIsTerminal
  private var lastDrawn = 0.0
  private var hasDrawn = false
  private var phase: Progress.Phase?
  private var phaseStart = 0.0
  /// What was done when the phase was first heard of: a fold may go on where another stood.
  private var phaseDone: UInt64 = 0

  /// Seconds between two drawings.
  private static let interval = 0.1

  func show(_ progress: Progress) {
    guard isShown else { return }
    let now = monotonicSeconds()
    if phase != progress.phase {
      phase = progress.phase
      phaseStart = now
      phaseDone = progress.done
    }
    // Short work shows no bar at all.
    guard now - start > 0.3, now - lastDrawn >= Self.interval else { return }
    lastDrawn = now
    hasDrawn = true
    let bar = ProgressBar(
      progress.phase.rawValue, unit: progress.phase == .ingest ? .bytes : .count("events"),
      width: Terminal.columns(of: 2) - 1, isASCII: Terminal.isASCII)
    drawOver(
      bar.line(
        done: progress.done, total: progress.total, from: phaseDone,
        elapsedSeconds: now - phaseStart))
  }

  /// Takes the bar away.
  func finish() {
    if hasDrawn { drawOver("") }
    hasDrawn = false
  }
}
