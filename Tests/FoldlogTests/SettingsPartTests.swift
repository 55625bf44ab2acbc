import Bytes
import Scoring
import Testing

@testable import Foldlog

private func cutOut(of file: String) -> SettingsPart {
  SettingsPart(of: file, sections: ["values"])
}

@Suite struct SettingsPartTests {
  private let file = """
    # mine
    [log]
    map_size = 1073741824   # small

    [values]
    profile = "value"

    [values.weights]  # heavier
    outcome = 0.5
    feedback = 0.1

    [follow]
    poll = true

    """

  @Test func `the part about values is cut out with its comments`() {
    #expect(
      cutOut(of: file).text == """
        [values]
        profile = "value"

        [values.weights]  # heavier
        outcome = 0.5
        feedback = 0.1

        """)
  }

  @Test func `another part takes its place, and nothing else moves`() {
    let other = "[values.thresholds]\nhigh_value = 0.8\n"
    #expect(
      cutOut(of: file).file(with: other) == """
        # mine
        [log]
        map_size = 1073741824   # small

        [values.thresholds]
        high_value = 0.8

        [follow]
        poll = true

        """)
  }

  @Test func `with no part, the section goes; and it comes back as it was`() {
    let without = cutOut(of: file).file(with: "")
    #expect(!without.contains("values"))
    #expect(cutOut(of: without).text.isEmpty)
    let back = cutOut(of: without).file(with: cutOut(of: file).text)
    #expect(cutOut(of: back).text == cutOut(of: file).text)
    #expect(back.contains("[log]\nmap_size = 1073741824   # small\n"))
    #expect(back.contains("[follow]\npoll = true\n"))
  }

  @Test(arguments: [
    "values.profile = \"quality\"\n", "values = { profile = \"quality\" }\n",
    "[ values ]\nprofile = \"quality\"\n", "[\"values\"]\nprofile = \"quality\"\n",
  ])
  func `every way to write a setting of values is seen`(_ part: String) throws {
    #expect(cutOut(of: part + "\n[log]\nmap_size = 1073741824\n").text == part)
    // What stands before all sections stays before them.
    let file = cutOut(of: "[log]\nmap_size = 1073741824\n").file(with: part)
    let configuration = try Configuration(text: file, path: "foldlog.toml")
    #expect(configuration.scoring.profile == .quality)
    #expect(configuration.logMapSize == 1 << 30)
  }

  @Test func `an empty file with an empty part is empty`() {
    #expect(cutOut(of: "").file(with: "").isEmpty)
    #expect(cutOut(of: "").file(with: "[values]\n") == "[values]\n")
  }
}

/// Files as people write them, cut and put together again.
@Suite struct SettingsPartShapeTests {
  private static let others = [
    "", "# mine\n", "[log]\nmap_size = 1073741824\n", "\n\n[follow]\npoll = true   # disk\n\n",
    "# -- how often to save --\n[views]\ncheckpoint_events = 7\n",
  ]
  private static let parts = [
    "", "[values]\nprofile = \"quality\"\n", "# above\n[values.thresholds]\nhigh_value = 0.6\n",
    "[values.weights]\noutcome = 0.5\n\nfeedback = 0.1\n# the end\n",
    "values.profile = \"quality\"\n",
    "values = { profile = \"quality\" }\n", "[values.domains]\n\"front end\" = -0.02\n",
  ]

  /// Every part between two others, with each kind of line end.
  private static let files: [String] = others.flatMap { first in
    parts.flatMap { part in
      others.flatMap { last -> [String] in
        // A section is there once, and what stands before all sections does.
        if !first.isEmpty, first == last || part.hasPrefix("values") && first.contains("[") {
          return []
        }
        let file = [first, part, last].filter { !$0.isEmpty }.joined(separator: "\n")
        return [
          file, file.replacing("\n", with: "\r\n"), String(file.dropLast()), "\u{feff}" + file,
        ]
      }
    }
  }

  @Test func `cut and put back, a file says what it said`() throws {
    for file in Self.files {
      // What the TOML reader itself refuses is no settings file.
      guard let whole = try? Configuration(text: file, path: "a.toml") else { continue }
      let part = try Configuration(text: whole.foldingText, path: "part.toml")
      #expect(part.scoring == whole.scoring, "\(file.debugDescription)")
      for other in Self.files.prefix(40) {
        guard let donor = try? Configuration(text: other, path: "b.toml") else { continue }
        let text = cutOut(of: file).file(with: donor.foldingText)
        let mixed = try Configuration(text: text, path: "mixed.toml")
        #expect(
          mixed.scoring == donor.scoring, "\(file.debugDescription), \(other.debugDescription)")
        #expect(mixed.logMapSize == whole.logMapSize && mixed.isPolling == whole.isPolling)
        #expect(mixed.checkpointInterval == whole.checkpointInterval, "\(file.debugDescription)")
        let back = cutOut(of: text).file(with: whole.foldingText)
        #expect(try Configuration(text: back, path: "back.toml").scoring == whole.scoring)
      }
    }
  }

  @Test func `a comment right above a section goes with it, or stays with its own`() {
    let file =
      "# weights\n[values.weights]\noutcome = 0.4\n# saving\n[views]\ncheckpoint_events = 9\n"
    let cut = cutOut(of: file)
    #expect(cut.text == "# weights\n[values.weights]\noutcome = 0.4\n")
    #expect(cut.file(with: "") == "# saving\n[views]\ncheckpoint_events = 9\n")
  }

  @Test func `settings said anew are the same settings`() throws {
    var folding = Configuration().folding
    folding.scoring.profile = .quality
    folding.scoring.adjustsThresholds = true
    folding.scoring.domainAdjustments = [
      DomainAdjustment(domain: "front \"end\"\n", adjustment: FixedPoint(hundredths: -2))
    ]
    let configuration = try Configuration(text: folding.written, path: "written.toml")
    #expect(configuration.folding == folding)
  }
}
