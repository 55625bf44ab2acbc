import Bytes
import Events
import Projection
import Query
import Scoring
import Tables
import Testing
import Views

@testable import Foldlog

/// Settings of every form, of a view of tests.
private struct PriceSettings: SettingGroup {
  var isStrict = false
  var prices: [Price] = []

  struct Price: SettingGroup {
    var input: FixedPoint = .zero
    var cached: UInt64 = 2

    static func settings<Visitor: SettingVisitor>(
      _ price: inout Self, _ visit: inout Visitor
    ) throws(Visitor.Failure) {
      try visit.setting("bills.prices.input", &price.input, unit: .usd, "For a million tokens.")
      try visit.setting("bills.prices.cached", &price.cached, in: 1...9, "How much less.")
    }
  }

  static func settings<Visitor: SettingVisitor>(
    _ group: inout Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    visit.section("bills", "What work costs.")
    try visit.setting("bills.strict", &group.isStrict, "Whether all must be known.")
    try visit.list(&group.prices, "bills.prices", "What models cost.")
  }
}

private final class Bills: ConfiguredProjector, EventProjector {
  static let view = View("bills", version: 1, "A view of tests.", needs: .events, tables: [])
  init(tables: FoldTables, settings: PriceSettings) throws(TableError) {}
}

private let projectors = ProjectorCatalogue([Bills.self])

@Suite struct SettingsPageTests {
  @Test func `the printed file sets everything to its default`() throws {
    let page = try SettingsPage(projectors: .builtIn)
    let configuration = try Configuration(text: page.toml, path: "printed.toml")
    #expect(configuration.folding == Configuration().folding)
    #expect(configuration.logMapSize == Configuration().logMapSize)
    for name in ["[log]", "map_size = 1099511627776", "profile = \"value\"", "novelty = 0.1"] {
      #expect(page.toml.contains("\n\(name)\n"), "\(name)")
    }
  }

  @Test func `a name selects a section with all that are in it, or one setting`() throws {
    let values = try SettingsPage("values", projectors: .builtIn).toml
    #expect(values.contains("[values.weights]") && !values.contains("[log]"))
    let one = try SettingsPage("views.checkpoint_events", projectors: .builtIn).toml
    #expect(one.contains("checkpoint_events = 262144") && !one.contains("map_size"))
    #expect(throws: QueryError.self) { try SettingsPage("valeus", projectors: .builtIn) }
    do { _ = try SettingsPage("valeus", projectors: .builtIn) } catch {
      #expect("\(error)".contains("did you mean `values`?"))
    }
    do { _ = try SettingsPage("outcom", projectors: .builtIn) } catch {
      #expect("\(error)".contains("no setting `outcom`; did you mean `values.weights.outcome`?"))
    }
  }

  @Test func `settings of views and lists are printed, as comments where there is none`() throws {
    let page = try SettingsPage(nil, projectors: projectors)
    #expect(page.toml.contains("[bills]\n# Whether all must be known. It is true or false.\n"))
    #expect(page.toml.contains("# [[bills.prices]]\n"))
    #expect(page.markdown.contains("`bills` alone"))
    let read = try Configuration(text: page.toml, path: "a.toml", projectors: projectors)
    #expect((read.folding.views["bills"] as? PriceSettings)?.prices.isEmpty == true)
  }

  private let file = """
    [values]
    profile = "quality"

    # what we pay
    [bills]
    strict = true

    [[bills.prices]]
    input = 3

    [[bills.prices]]
    input = 0.25
    cached = 5

    [log]
    map_size = 2097152

    """

  private func bills(_ configuration: Configuration) -> PriceSettings? {
    configuration.folding.views["bills"] as? PriceSettings
  }

  @Test func `settings of a view, and lists of them, are read and kept as they are written`() throws
  {
    let read = try Configuration(text: file, path: "a.toml", projectors: projectors)
    #expect(bills(read)?.isStrict == true)
    #expect(bills(read)?.prices.map(\.input.description) == ["3", "0.25"])
    #expect(bills(read)?.prices.map(\.cached) == [2, 5])
    #expect(read.foldingText.contains("# what we pay\n[bills]"))
    #expect(!read.foldingText.contains("map_size"))
    let kept = try Configuration(text: read.foldingText, path: "kept.toml", projectors: projectors)
    #expect(kept.folding == read.folding)
    let anew = try Configuration(
      text: read.folding.written, path: "anew.toml", projectors: projectors)
    #expect(anew.folding == read.folding)
    let other = try Configuration(
      text: file.replacing("cached = 5", with: "cached = 6"), path: "a.toml",
      projectors: projectors)
    #expect(other.folding != read.folding && other.scoring == read.scoring)
  }

  @Test(arguments: [
    ("cached = 5", "cached = 10", ":13: `bills.prices.cached`: it is a number from 1 to 9"),
    ("cached = 5", "cashed = 5", ":13: `bills.prices.cashed`: there is no such setting: did you"),
    ("input = 3", "input = \"3\"", ":9: `bills.prices.input`: it is a number"),
    ("[[bills.prices]]", "[[bills.costs]]", ": `bills.costs`: there is no such list"),
    ("strict = true", "strict = 1", ":6: `bills.strict`: it is true or false"),
  ])
  func `what is wrong in a list is named with its line`(
    _ text: String, _ other: String, _ message: String
  ) {
    let wrong = file.replacing(text, with: other)
    #expect {
      _ = try Configuration(text: wrong, path: "foldlog.toml", projectors: projectors)
    } throws: {
      "\($0)".contains(message)
    }
  }
}

@Suite struct DeclarationTests {
  @Test func `every setting has a sentence, and stands in a section that has one`() {
    let groups: [any SettingGroup] = [ProgramSettings(), ScoringSettings()]
    var names: Set<String> = []
    for section in groups.flatMap(\.declared) {
      #expect(section.about.hasSuffix("."), "\(section.name)")
      for entry in section.settings {
        #expect(entry.setting.about.hasSuffix("."), "\(entry.name)")
        #expect(names.insert(entry.name).inserted, "\(entry.name) twice")
      }
    }
    #expect(names.count == 24)
  }

  @Test func `no view has the name under which events are told`() {
    #expect(!ProjectorCatalogue.builtIn.views.contains(EventSchema.root))
  }

  @Test func `a view's section is its own, and its payloads are of kinds that are known`() {
    for projector in ProjectorCatalogue.builtIn.projectors
    where projector is any ConfiguredProjector.Type {
      #expect(!["log", "views", "follow", "values"].contains(projector.view.name))
      let view = projector.view.name
      for section in Configuration().folding.views[view]?.declared ?? [] {
        #expect(section.name == view || section.name.hasPrefix("\(view)."))
      }
    }
    for payload in ProjectorCatalogue.builtIn.payloads {
      for kind in payload.kinds {
        #expect(Kinds.all.contains { $0.title == kind || $0.includes(kind) }, "\(kind)")
      }
    }
  }
}
