import Foldlog

/// Takes files in, as `foldlog ingest` does.
@discardableResult
func ingest(
  _ paths: [String], stream: String? = nil, isProjecting: Bool = true, into store: Store
) throws -> IngestOutcome {
  var request = IngestRequest()
  request.paths = paths
  request.stream = stream
  request.isProjecting = isProjecting
  guard case .once(let job) = try request.checked(for: store.projectors) else {
    preconditionFailure("nothing is followed")
  }
  return try IngestService(store).run(job, progress: { _ in })
}
