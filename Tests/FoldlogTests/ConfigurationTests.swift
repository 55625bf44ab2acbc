import Bytes
import Foldlog
import Scoring
import TestSupport
import Testing

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

  @Test(arguments: [
    ("[log]\nmap_size = 7", ":2: `log.map_size`: it is a number of bytes, at least 1048576"),
    (
      "[values.weights]\n\noutcome = 1.5",
      ":3: `values.weights.outcome`: it is a number from 0 to 1"
    ),
    ("[values.thresholds]\nhigh_value = 0.3", "it is a number from 0.5 to 0.95"),
    ("[values]\nprofile = \"best\"", "it is \"value\" or \"quality\""),
    ("[values]\nnone = 1", "there is no such setting"),
    ("[nowhere]\nnone = 1", "there is no such setting"),
    ("[log\nmap_size = 7", "foldlog.toml"),
  ])
  func `what is wrong is named with its line and bound`(_ text: String, _ message: String) throws {
    do {
      _ = try read(text)
      Issue.record("\(text) was read")
    } catch let error as FoldlogError {
      #expect(error.code == .usage)
      #expect(error.description.contains(message), "\(error.description)")
    }
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
