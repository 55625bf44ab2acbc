package import TrainingData
internal import Bytes

/// Chooses so many examples of each domain, those with the greatest scores, of equals those with the
/// lowest numbers. It is shown all examples first, and holds twice as many as it chooses.
package struct DomainBalance {
  private let request: ExportRequest
  private let chosenMax: Int
  /// By the bytes of their names.
  private var domains: [[UInt8]?: [Candidate]] = [:]

  private struct Candidate {
    var score: FixedPoint
    var id: UInt64

    func beats(_ other: Candidate) -> Bool {
      score != other.score ? score > other.score : id < other.id
    }
  }

  /// Nil unless the request bounds the examples of a domain.
  package init?(_ request: ExportRequest) {
    guard let chosenMax = request.perDomainMax else { return nil }
    self.request = request
    self.chosenMax = chosenMax
  }

  /// Shows an example; one that is not asked for takes no other's place.
  package mutating func show(_ example: Example) {
    if request.refusal(example.split, example.score, example.basis) != nil { return }
    let name = example.domain.map { Array($0.utf8) }
    var domain = domains[name] ?? []
    domains[name] = nil
    domain.append(Candidate(score: example.score, id: example.id))
    if domain.count / 2 >= chosenMax { cut(&domain) }
    domains[name] = domain
  }

  private func cut(_ domain: inout [Candidate]) {
    domain.sort { $0.beats($1) }
    if domain.count > chosenMax { domain.removeLast(domain.count - chosenMax) }
  }

  /// The numbers of the examples that are chosen.
  package var chosen: Set<UInt64> {
    var ids: Set<UInt64> = []
    for var domain in domains.values {
      cut(&domain)
      ids.formUnion(domain.map(\.id))
    }
    return ids
  }
}
