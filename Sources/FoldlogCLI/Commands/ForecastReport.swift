import Foldlog
import Query

/// What a replay would do, for a person or a script.
struct ForecastReport {
  private let forecast: Forecast

  init(_ forecast: Forecast) { self.forecast = forecast }

  func write(asJSON isJSON: Bool) throws {
    if isJSON {
      try standardOutput.writeLine(json)
    } else {
      for line in lines { try standardOutput.writeLine(line) }
    }
  }

  private var lines: [String] {
    var lines = [
      "\(HumanNumbers.grouped(forecast.events)) events folded in "
        + "\(HumanNumbers.duration(seconds: forecast.foldSeconds))"
        + (forecast.keptAs == nil ? "; a replay takes as long" : "")
    ]
    if let name = forecast.keptAs {
      lines.append(
        "kept: `foldlog query VIEW@\(name)` asks it, `foldlog replay --use \(name)` swaps it in")
    }
    let same = forecast.views.filter { $0.digestBefore == $0.digestAfter }.map(\.view)
    if !same.isEmpty { lines.append("no row would change: \(same.joined(separator: ", "))") }
    for view in forecast.views where view.digestBefore != view.digestAfter {
      lines.append("")
      lines.append(contentsOf: standing(view))
      lines.append(contentsOf: TableDifference.lines(view.differences, Terminal.style))
    }
    return lines
  }

  /// Where the rows that are compared stand, when not at the same event.
  private func standing(_ view: Forecast.View) -> [String] {
    guard let before = view.checkpointBefore else { return ["\(view.view): nothing serves it yet"] }
    if before == forecast.events { return [] }
    return [
      "\(view.view): the live rows stand at \(HumanNumbers.grouped(before)) of "
        + "\(HumanNumbers.grouped(forecast.events)) events"
    ]
  }

  private var json: String {
    let views = forecast.views.map { view in
      "{\"view\":\"\(view.view)\""
        + ",\"events_before\":\(view.checkpointBefore.map { "\($0)" } ?? "null")"
        + ",\"digest_before\":\(view.digestBefore.map { "\"\($0)\"" } ?? "null")"
        + ",\"digest_after\":\"\(view.digestAfter)\",\"tables\":["
        + view.differences.map { String(decoding: $0.json, as: UTF8.self) }.joined(separator: ",")
        + "]}"
    }
    let seconds = Double((forecast.foldSeconds * 1_000).rounded()) / 1_000
    return "{\"events\":\(forecast.events),\"fold_seconds\":\(seconds)"
      + ",\"kept_as\":\(forecast.keptAs.map { "\"\($0)\"" } ?? "null")"
      + ",\"views\":[\(views.joined(separator: ","))]}"
  }
}
