internal import Effects
package import Events
internal import Query

/// Takes lines in: what files have now, or what they gain from now on.
package struct IngestRequest: Request {
  /// Files, folders, patterns or addresses; none, or `-`, for standard input.
  package var paths: [String] = []
  package var stream: String?
  /// The tool that all lines are taken for.
  package var format: String?
  /// Gives standard input a memory, or names a file of a server, whatever its address.
  package var source: String?
  /// Whether what coding tools wrote on this machine is taken, too.
  package var isDiscovering = false
  package var isFollowing = false
  /// Whether a line in quarantine is a failure.
  package var isStrict = false
  /// Whether the views are brought up to date.
  package var isProjecting = true

  package init() {}

  package enum Checked: Sendable {
    case once(IngestJob)
    case following(FollowJob)
  }

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked {
    let stream = try checkedStream(stream)
    let formats = try checkedFormats(projectors.formats)
    if isFollowing {
      try checkFollowed()
      return .following(
        FollowJob(
          paths: paths, isDiscovering: isDiscovering, stream: stream, formats: formats,
          isStrict: isStrict, isProjecting: isProjecting))
    }
    if source == "" { throw FoldlogError(.usage, "--source takes a name that is not empty") }
    if source != nil {
      let addresses = paths.count(where: RemoteFile.isAddress)
      let others = paths.isEmpty ? 1 : paths.count { $0 == "-" }
      if addresses + others == 0 {
        throw FoldlogError(
          .usage, "--source names standard input or a file of a server, and only files are given")
      }
      if addresses + others > 1 {
        throw FoldlogError(.usage, "--source names one source, and several are given")
      }
    }
    return .once(
      IngestJob(
        paths: paths, isDiscovering: isDiscovering, stream: stream, formats: formats,
        source: source, isStrict: isStrict, isProjecting: isProjecting))
  }

  private func checkedFormats(_ known: FormatSet) throws(FoldlogError) -> FormatSet {
    guard let format else { return known }
    if stream != nil {
      throw FoldlogError(.usage, "--format says the stream of all lines: leave --stream out")
    }
    if let forced = known.forcing(format) { return forced }
    let names = known.formats.map(\.name)
    throw FoldlogError(
      .usage,
      "there is no format `\(format)`: there are \(names.joined(separator: ", "))"
        + suggestion(for: format, among: names))
  }

  private func checkFollowed() throws(FoldlogError) {
    if source != nil {
      throw FoldlogError(
        .usage, "--source names standard input or a file of a server, which --follow does not take")
    }
    if paths.contains(where: RemoteFile.isAddress) {
      throw FoldlogError(
        .usage,
        "--follow takes files of this machine: a file of a server is taken in without it, and again for "
          + "what is new")
    }
    if paths.isEmpty && !isDiscovering || paths.contains("-") || paths.contains("") {
      throw FoldlogError(
        .usage, "--follow takes files, folders or patterns; a pipe is followed without it")
    }
  }
}

/// What is taken in once.
package struct IngestJob: Sendable {
  package let paths: [String]
  package let isDiscovering: Bool
  /// The stream of all lines; nil where each says its own.
  package let stream: Stream?
  /// The tools whose lines are known, or the one that all are taken for.
  package let formats: FormatSet
  package let source: String?
  package let isStrict: Bool
  package let isProjecting: Bool

  fileprivate init(
    paths: [String], isDiscovering: Bool, stream: Stream?, formats: FormatSet, source: String?,
    isStrict: Bool, isProjecting: Bool
  ) {
    self.formats = formats
    self.paths = paths
    self.isDiscovering = isDiscovering
    self.stream = stream
    self.source = source
    self.isStrict = isStrict
    self.isProjecting = isProjecting
  }
}

/// What is followed.
package struct FollowJob: Sendable {
  /// At least one, unless what is discovered is followed.
  package let paths: [String]
  package let isDiscovering: Bool
  package let stream: Stream?
  /// As of what is taken in once.
  package let formats: FormatSet
  package let isStrict: Bool
  package let isProjecting: Bool

  fileprivate init(
    paths: [String], isDiscovering: Bool, stream: Stream?, formats: FormatSet, isStrict: Bool,
    isProjecting: Bool
  ) {
    self.formats = formats
    self.paths = paths
    self.isDiscovering = isDiscovering
    self.stream = stream
    self.isStrict = isStrict
    self.isProjecting = isProjecting
  }
}

/// Decides again about the lines in quarantine.
package struct RetryRequest: Request {
  package var stream: String?
  package var isProjecting = true

  package init() {}

  package struct Checked: Equatable, Sendable {
    /// The stream of all of them; nil where each says its own.
    package let stream: Stream?
    package let isProjecting: Bool

    fileprivate init(stream: Stream?, isProjecting: Bool) {
      self.stream = stream
      self.isProjecting = isProjecting
    }
  }

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked {
    Checked(stream: try checkedStream(stream), isProjecting: isProjecting)
  }
}
