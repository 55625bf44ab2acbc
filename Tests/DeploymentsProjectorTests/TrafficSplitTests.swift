import Bytes
import Events
import Facts
import Testing

@testable import DeploymentsProjector

/// A deployment on trial, unless it is said otherwise.
private func routed(
  _ id: String, _ percentage: Double, baseline: String? = "base", created: Offset = 0,
  _ status: DeploymentStatus = .active
) -> Deployment {
  var row = Deployment()
  row.deploymentID = id
  row.model = "model-\(id)"
  row.baselineModel = baseline
  row.state = DeploymentState(
    status: status, trafficPercentage: FixedPoint(percentage) ?? .zero)
  row.evidence = Evidence(created)
  return row
}

private func keys(_ count: Int) -> [String] { (0..<count).map { "request-\($0)" } }

/// The share of each model over 100,000 requests, in percent.
private func shares(_ split: TrafficSplit) -> [String: Double] {
  var counts: [String: Double] = [:]
  for key in keys(100_000) {
    counts[split.serving(key)?.model ?? "nobody", default: 0] += 0.001
  }
  return counts
}

/// Within 1 percent of the traffic, of all requests.
private func isNear(_ share: Double?, _ expected: Double) -> Bool {
  ((share ?? 0) - expected).magnitude < 1
}

@Suite struct TrafficShareTests {
  @Test(
    arguments: [
      [5], [0], [0.5], [20], [50], [99.5], [5, 5], [20, 40], [60, 39], [33.5, 5, 20],
      [10, 10, 10, 10, 10, 10, 10, 10, 10],
    ] as [[Double]])
  func `each has its share of 100,000 requests within 1 percent, and the baseline the rest`(
    traffic: [Double]
  ) {
    let trials = traffic.enumerated().map { routed("\($0)", $1, created: UInt64($0)) }
    let shares = shares(TrafficSplit(trials))
    for (number, share) in traffic.enumerated() {
      #expect(isNear(shares["model-\(number)"], share), "\(shares)")
    }
    #expect(isNear(shares["base"], 100 - traffic.reduce(0, +)), "\(shares)")
    #expect(shares["nobody"] == nil)
  }

  @Test func `shares of more than 100 percent are scaled down`() throws {
    let split = TrafficSplit([routed("a", 90), routed("b", 60, created: 1)])
    let shares = shares(split)
    #expect(isNear(shares["model-a"], 60))
    #expect(isNear(shares["model-b"], 40))
    #expect(shares["base"] == nil)
    let told = Set(keys(100).compactMap { split.serving($0)?.trafficPercentage })
    #expect(told == [FixedPoint(hundredths: 6_000), FixedPoint(hundredths: 4_000)])
  }

  @Test func `two deployments do not try on the same requests`() {
    // Of the requests that one deployment takes, another has its share as of any other requests.
    let one = TrafficSplit([routed("a", 20)])
    let other = TrafficSplit([routed("b", 20)])
    let taken = keys(100_000).filter { one.serving($0)?.arm == .deployment }
    let both = taken.filter { other.serving($0)?.arm == .deployment }
    #expect(isNear(100 * Double(both.count) / Double(taken.count), 20))
  }

  @Test(arguments: [(20, 40), (5, 25), (80, 100), (0, 1)] as [(Double, Double)])
  func `a trial that grows keeps what it has`(before: Double, after: Double) {
    let small = TrafficSplit([routed("a", before)])
    let large = TrafficSplit([routed("a", after)])
    var moved = 0
    for key in keys(100_000) {
      let (old, new) = (small.serving(key)?.model, large.serving(key)?.model)
      if old == "model-a" { #expect(new == "model-a") }
      if old != new { moved += 1 }
    }
    #expect(isNear(Double(moved) / 1_000, after - before))
  }

  @Test func `beside others none goes back to the baseline, and the older do not notice`() {
    let before = TrafficSplit([
      routed("old", 10), routed("grows", 20, created: 1), routed("new", 15, created: 2),
    ])
    let after = TrafficSplit([
      routed("old", 10), routed("grows", 40, created: 1), routed("new", 15, created: 2),
    ])
    for key in keys(20_000) {
      let (old, new) = (before.serving(key)?.model, after.serving(key)?.model)
      #expect((old == "model-old") == (new == "model-old"))
      if old == "model-grows" { #expect(new == "model-grows") }
      if new == "base" { #expect(old == "base") }
    }
  }

  @Test func `a request is served alike in whatever order deployments come`() {
    let trials = [routed("b", 30), routed("a", 10, created: 1), routed("c", 20, created: 1)]
    let (one, other) = (TrafficSplit(trials), TrafficSplit(trials.reversed()))
    for key in keys(10_000) { #expect(one.serving(key) == other.serving(key)) }
  }

  @Test func `the draw is XXH3-128 over id, zero and key, for ever`() {
    // The upper 64 bits over 2^64, by another implementation of XXH3, a little below and above.
    for (id, key, draw) in drawsByOthers {
      let (below, above) = (draw * 100 - 0.000_001, draw * 100 + 0.000_001)
      #expect(TrafficSplit([routed(id, below)]).serving(key)?.arm == .baseline)
      #expect(TrafficSplit([routed(id, above)]).serving(key)?.arm == .deployment)
    }
  }
}

@Suite struct TrafficRemainderTests {
  private func served(_ deployments: [Deployment]) -> Serving? {
    TrafficSplit(deployments).serving("request")
  }

  @Test func `where nothing is known nobody serves`() {
    #expect(served([]) == nil)
    #expect(served([routed("a", 0, baseline: nil, .rolledBack)]) == nil)
  }

  @Test func `a trial that names no baseline leaves the others to an unknown one`() throws {
    let serving = try #require(served([routed("a", 0, baseline: nil, created: 7)]))
    #expect(serving.arm == .baseline && serving.model == nil && serving.deployment == nil)
    #expect(serving.trafficPercentage == DeploymentState.trafficMax)
    #expect(serving.evidence == Evidence(7))
  }

  @Test func `at 100 a deployment serves alone, the newest of them`() throws {
    let serving = try #require(
      served([routed("a", 100, created: 3), routed("b", 100, created: 4), routed("c", 100)]))
    #expect(serving.arm == .deployment)
    #expect(serving.model == "model-b" && serving.deployment?.deploymentID == "b")
    #expect(serving.trafficPercentage == DeploymentState.trafficMax)
  }

  @Test func `beside a trial, the newest deployment at 100 is the baseline`() throws {
    let split = TrafficSplit([
      routed("a", 100, created: 1), routed("b", 100, created: 2), routed("c", 10, created: 3),
    ])
    let shares = shares(split)
    #expect(isNear(shares["model-c"], 10))
    #expect(isNear(shares["model-b"], 90))
    #expect(shares.count == 2)
    for key in keys(100) {
      let serving = try #require(split.serving(key))
      #expect(serving.arm == (serving.model == "model-b" ? .baseline : .deployment))
      #expect(
        serving.trafficPercentage
          == FixedPoint(hundredths: serving.model == "model-b" ? 9_000 : 1_000))
    }
  }

  @Test func `the newest trial names the baseline`() {
    let trials = [
      routed("a", 0, baseline: "one", created: 1), routed("b", 0, baseline: "two", created: 2),
      routed("c", 0, baseline: nil, created: 3),
    ]
    #expect(served(trials)?.model == "two")
    // A deployment that is not live names it only when no trial does.
    #expect(
      served(trials + [routed("d", 0, baseline: "three", created: 4, .failed)])?.model == "two")
  }

  @Test(
    arguments: [.pending, .deploying, .demoted, .failed, .rolledBack] as [DeploymentStatus])
  func `before it is live, and after, its baseline serves all`(status: DeploymentStatus) throws {
    let split = TrafficSplit([
      routed("old", 60, baseline: "older", created: 1, .rolledBack),
      routed("d", 60, created: 2, status),
    ])
    for key in keys(100) {
      let serving = try #require(split.serving(key))
      #expect(serving.arm == .baseline && serving.model == "base" && serving.deployment == nil)
      #expect(serving.trafficPercentage == DeploymentState.trafficMax)
      #expect(serving.evidence == Evidence(2))
    }
  }
}

/// Made with the Python package xxhash: `xxh3_128_intdigest(id + b"\0" + key) >> 64`, over 2^64.
private let drawsByOthers: [(id: String, key: String, draw: Double)] = [
  ("d", "request", 0.351_022_241_032_114_6), ("dep-1", "request-17", 0.925_947_460_043_168_2),
  ("dep-1", "request-18", 0.775_586_239_243_453_2),
  ("caf\u{e9}", "s\u{e9}ance 3", 0.738_874_960_766_994_8),
  (
    String(repeating: "a", count: 300), String(repeating: "k", count: 300),
    0.114_717_426_121_217_91
  ),
]
