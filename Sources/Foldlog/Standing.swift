internal import Events
internal import ViewStore

/// How far the view stands that an answer comes from, and what is to be said of that beside the answer.
struct Standing {
  let address: TableAddress
  let state: ViewState
  /// Whether another version or other settings than those of now built it; of one that is kept under
  /// a name, another version or skip list.
  let isOutdated: Bool
  /// Where the log ends.
  let end: Offset

  var sentences: [String] {
    var sentences: [String] = []
    if isOutdated { sentences.append(ofOutdated) }
    if let reason = state.stopped { sentences.append(ofStopped(reason)) }
    if address.kept != nil {
      if state.checkpoint < end {
        sentences.append("`\(address.viewName)` stands at \(state.checkpoint) of \(end) events")
      }
    } else if state.stopped == nil, state.checkpoint < end {
      let lag = end - state.checkpoint
      sentences.append(
        "views lag \(lag) \(lag == 1 ? "event" : "events") behind the log; `foldlog project` brings "
          + "them up")
    }
    return sentences
  }

  private var ofOutdated: String {
    if let name = address.kept {
      return "`\(address.viewName)` was built by another version or skip list than now: build it "
        + "again with `foldlog replay --what-if FILE --keep \(name)`"
    }
    return Foldlog.outdatedSentence(address.view)
  }

  private func ofStopped(_ reason: String) -> String {
    let left = end - min(end, state.checkpoint)
    return "`\(address.viewName)` stopped before event \(state.checkpoint), and \(left) "
      + "\(left == 1 ? "event is" : "events are") not in it: \(reason); `foldlog project --skip "
      + "\(address.view) \(state.checkpoint)` passes over that event"
  }
}

extension Foldlog {
  /// What is said of a view whose rows are not what they would be now.
  package static func outdatedSentence(_ view: String) -> String {
    "the view `\(view)` was built by another version or other settings: it keeps its rows until "
      + "`foldlog project` or `foldlog replay \(view)` rebuilds it"
  }
}
