import Scoring
import Testing

@testable import Foldlog

@Suite struct ScoringTextTests {
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
      ScoringText(of: file).text == """
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
      ScoringText(of: file).file(with: other) == """
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
    let without = ScoringText(of: file).file(with: "")
    #expect(!without.contains("values"))
    #expect(ScoringText(of: without).text.isEmpty)
    let back = ScoringText(of: without).file(with: ScoringText(of: file).text)
    #expect(ScoringText(of: back).text == ScoringText(of: file).text)
    #expect(back.contains("[log]\nmap_size = 1073741824   # small\n"))
    #expect(back.contains("[follow]\npoll = true\n"))
  }

  @Test(arguments: [
    "values.profile = \"quality\"\n", "values = { profile = \"quality\" }\n",
    "[ values ]\nprofile = \"quality\"\n", "[\"values\"]\nprofile = \"quality\"\n",
  ])
  func `every way to write a setting of values is seen`(_ part: String) throws {
    #expect(ScoringText(of: part + "\n[log]\nmap_size = 1073741824\n").text == part)
    // What stands before all sections stays before them.
    let file = ScoringText(of: "[log]\nmap_size = 1073741824\n").file(with: part)
    let configuration = try Configuration(text: file, path: "foldlog.toml")
    #expect(configuration.scoring.profile == .quality)
    #expect(configuration.logMapSize == 1 << 30)
  }

  @Test func `an empty file with an empty part is empty`() {
    #expect(ScoringText(of: "").file(with: "").isEmpty)
    #expect(ScoringText(of: "").file(with: "[values]\n") == "[values]\n")
  }
}
