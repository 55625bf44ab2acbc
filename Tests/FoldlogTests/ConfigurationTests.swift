import Facts
import Bytes
import Foldlog
import Scoring
import TestSupport
import Testing
import Views

@Suite struct ConfigurationTests {
  private func read(_ text: String) throws -> Configuration {
    let directory = try TemporaryDirectory()
    return try Configuration(path: directory.write("foldlog.toml", text))
  }

  @Test func `no file is no settings`() throws {
    let configuration = try Configuration(path: "/nonexistent/foldlog.toml")
    #expect(configuration.scoring == ScoringSettings())
    #expect(configuration.logMapSize == 1 << 40)
  }

  @Test func `settings are read`() throws {
    let configuration = try read(
      """
      [log]
      map_size = 2097152

      [values]
      profile = "quality"
      adjust_thresholds = true
      feedback_per_minute = 5

      [values.weights]
      outcome = 0.5
      feedback = 0.1

      [values.thresholds]
      high_value = 0.8

      [values.domains]
      billing = 0.05
      """)
    #expect(configuration.logMapSize == 2_097_152)
    #expect(configuration.scoring.profile == .quality)
    #expect(configuration.scoring.adjustsThresholds)
    #expect(configuration.scoring.feedbackPerMinuteMax == 5)
    #expect(configuration.scoring.valueWeights.outcome == FixedPoint(hundredths: 50))
    #expect(configuration.scoring.thresholds.highValue == FixedPoint(hundredths: 80))
    #expect(
      configuration.scoring.domainAdjustments == [
        DomainAdjustment(domain: "billing", adjustment: FixedPoint(hundredths: 5))
      ])
    #expect(configuration.scoring.canonicalBytes != ScoringSettings().canonicalBytes)
  }

  private func error(_ text: String) -> FoldlogError? {
    do {
      _ = try read(text)
      Issue.record("\(text) was read")
      return nil
    } catch {
      return error as? FoldlogError
    }
  }

  @Test func `weights that add up to more are shown in proportion`() {
    let doubled = error("[values.weights]\nfeedback = 0.4\n")
    #expect(
      doubled?.description.hasSuffix(
        "= 1.2; in the same proportion: outcome = 0.3333, feedback = 0.3333, reusability = 0.1667, "
          + "complexity = 0.0833, novelty = 0.0834") == true)
  }

  private static let weights =
    "there is no such setting; there are outcome, feedback, reusability, complexity and novelty"
  private static let weightsSum =
    "outcome, feedback, reusability, complexity and novelty add up to 1, and these to "

  @Test(arguments: [
    ("[log]\nmap_size = 7", ":2: `log.map_size`: it is a number of bytes, at least 1048576"),
    ("[views]\nmap_size = 1048575", ":2: `views.map_size`: it is a number of bytes, at least"),
    (
      "[values.weights]\n\noutcome = 1.000000001",
      ":3: `values.weights.outcome`: it is a number from 0 to 1"
    ),
    (
      "[values.weights]\nnovelty = -0.000000001",
      ":2: `values.weights.novelty`: it is a number from 0 to 1"
    ),
    (
      "[values.weights]\nfeedback = nan",
      ":2: `values.weights.feedback`: it is a number from 0 to 1"
    ),
    (
      "[values.weights]\nfeedback = \"0.2\"",
      ":2: `values.weights.feedback`: it is a number from 0 to 1"
    ),
    ("[values.weights]\nluck = 0.1", ":2: `values.weights.luck`: \(weights)"),
    (
      "[values.weights]\noutcome = 0.5\n\n[log]\nmap_size = 2097152",
      ":2: `values.weights`: \(weightsSum)0.5 + 0.2 + 0.2 + 0.1 + 0.1 = 1.1"
    ),
    (
      "[values.weights]\nfeedback = 0.1\n# less\noutcome = 0.499999999",
      ":4: `values.weights`: \(weightsSum)0.499999999 + 0.1 + 0.2 + 0.1 + 0.1 = 0.999999999"
    ),
    (
      "[values.quality_weights]\nefficiency = 2",
      ":2: `values.quality_weights.efficiency`: it is a number from 0 to 1"
    ),
    (
      "[values.quality_weights]\nfunctional = 0.3",
      ":2: `values.quality_weights.functional`: there is no such setting; there are satisfaction"
    ),
    (
      """
      [values.quality_weights]
      satisfaction = 0
      correctness = 0
      code_quality = 0
      relevance = 0
      efficiency = 0.0
      """, ":6: `values.quality_weights`: at least one of satisfaction, correctness"
    ),
    (
      "[values.thresholds]\nhigh_value = 0.499999999",
      ":2: `values.thresholds.high_value`: it is a number from 0.5 to 0.95"
    ),
    (
      "[values.thresholds]\nexceptional = 0.950000001",
      ":2: `values.thresholds.exceptional`: it is a number from 0.5 to 0.95"
    ),
    (
      "[values.thresholds]\nhigh = 0.7",
      ":2: `values.thresholds.high`: there is no such setting; there are high_value, high_quality"
    ),
    (
      "[values.domains]\nlaw = 1.01",
      ":2: `values.domains.law`: it is a number from -1 to 1"
    ),
    ("[values.domains]\nlaw = true", ":2: `values.domains.law`: it is a number from -1 to 1"),
    ("[values]\nprofile = \"best\"", ":2: `values.profile`: it is \"value\" or \"quality\""),
    ("[values]\nprofile = 1", ":2: `values.profile`: it is \"value\" or \"quality\""),
    ("[values]\nadjust_thresholds = 1", ":2: `values.adjust_thresholds`: it is true or false"),
    (
      "[values]\nfeedback_per_minute = 0",
      ":2: `values.feedback_per_minute`: it is a number of events, at least 1"
    ),
    (
      "[values]\nfeedback_per_minute = 2.5",
      ":2: `values.feedback_per_minute`: it is a number of events, at least 1"
    ),
    (
      "[values]\nnone = 1",
      ":2: `values.none`: there is no such setting; there are profile, adjust_thresholds, learn_thresholds and "
        + "feedback_per_minute, and the sections values.weights"
    ),
    (
      "[values.weights]\noutcom = 1",
      ":2: `values.weights.outcom`: there is no such setting: did you mean "
        + "`values.weights.outcome`?"
    ),
    ("[vaules]\nprofile = \"value\"", ": did you mean `values.profile`?"),
    ("\n[[prices]]\ninput = 1\noutput = 2", ":2: `prices`: an entry has model, input and output"),
    ("[[prices]]", ":1: `prices`: an entry has model, input and output, and here is no model"),
    (
      "[[prices]]\nmodel = \"a\"\ninput = 1\noutput = 2\n[[prices]]\nmodel = \"b*c\"",
      ":6: `prices.model`: it is a name, with no star but at its end"
    ),
    ("[[prices]]\noutput = -1", ":2: `prices.output`: it is a number from 0 to 1000000"),
    ("[[prices]]\nfrom = \"May 1st\"", ":2: `prices.from`: it is a day like \"2025-11-24\""),
    ("[[prices]]\ncache_write = 1", ":2: `prices.cache_write`: there is no such setting"),
    ("[[price]]\ninput = 1", ":2: `price`: there is no such list"),
    ("[[log]]\nmap_size = 7", ":2: `log`: there is no such list"),
    ("[nowhere]\nnone = 1", ":2: `nowhere.none`: there is no such setting"),
    ("# one\nvalues = 3", ":2: `values`: there is no such setting"),
    // Other ways to write the same.
    ("values.weights.outcome = 3", ":1: `values.weights.outcome`: it is a number from 0 to 1"),
    ("[ values . 'weights' ]\n\"outcome\" = 3", ":2: `values.weights.outcome`: it is a number"),
    ("[values]\nweights = { outcome = 3 }", ":2: `values.weights.outcome`: it is a number"),
    ("\n[log\nmap_size = 7", "foldlog.toml:2: "),
  ])
  func `what is wrong is named with its line and bound`(_ text: String, _ message: String) {
    let error = error(text)
    #expect(error?.code == .usage)
    #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    #expect(error?.description.contains("foldlog.toml") == true)
  }

  @Test(arguments: [
    "[log]\nmap_size = 1048576", "[values]\nfeedback_per_minute = 1",
    "[values.thresholds]\nhigh_value = 0.5\nhigh_quality = 0.5\nexceptional = 0.95",
    "[values.domains]\nlaw = 1\ndocs = -1\n\"a.b c\" = 0",
    "[values.weights]\noutcome = 1\nfeedback = 0\nreusability = 0\ncomplexity = 0\nnovelty = 0.0",
    "[values.quality_weights]\nsatisfaction = 1\nefficiency = 1", "",
    "[[prices]]\nmodel = \"m*\"\nfrom = 2025-11-24\ninput = 0\noutput = 1000000", "# nothing\n",
  ])
  func `what is at its bound is read`(_ text: String) throws {
    _ = try read(text)
  }
}

@Suite struct DataDirectoryTests {
  @Test(arguments: [
    (["FOLDLOG_DATA": "/a", "XDG_DATA_HOME": "/b", "HOME": "/c"], "/a"),
    (["FOLDLOG_DATA": "", "XDG_DATA_HOME": "/b", "HOME": "/c"], "/b/foldlog"),
    (["HOME": "/c"], "/c/.local/share/foldlog"),
  ])
  func `the first that is set is taken`(_ variables: [String: String], _ path: String) throws {
    #expect(try DataDirectory.resolve(given: nil) { variables[$0] }.path == path)
    #expect(try DataDirectory.resolve(given: "/d") { variables[$0] }.path == "/d")
  }

  @Test func `nowhere to put it is wrong usage`() {
    #expect(throws: FoldlogError.self) { _ = try DataDirectory.resolve(given: nil) { _ in nil } }
  }
}
