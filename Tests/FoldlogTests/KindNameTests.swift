import Events
import Foldlog
import Projection
import TestSupport
import Testing

/// Kinds that projectors name as text are kinds that are declared: a name that is misspelt would match
/// no event, and nothing else would tell.
@Suite struct KindNameTests {
  /// Declared as one kind, or of a family that some stream writes.
  private static func isDeclared(_ kind: String) -> Bool {
    Kinds.declared(kind).map { !$0.streams.isEmpty } ?? false
  }

  private static func isBeginning(_ text: String) -> Bool {
    Kinds.all.contains { $0.name.hasPrefix(text) }
  }

  @Test func `views need kinds that are declared`() {
    var named = 0
    for projector in ProjectorCatalogue.builtIn.projectors {
      let view = projector.view
      for kind in view.needs.kinds {
        named += 1
        #expect(Self.isDeclared(kind), "\(view.name) needs `\(kind)`")
      }
      for beginning in view.needs.beginnings {
        named += 1
        #expect(Self.isBeginning(beginning), "\(view.name) needs what begins with `\(beginning)`")
      }
    }
    for payload in ProjectorCatalogue.builtIn.payloads {
      for kind in payload.kinds {
        named += 1
        let isDeclared =
          kind.hasSuffix("*")
          ? Self.isBeginning(String(kind.dropLast())) : Self.isDeclared(kind)
        #expect(isDeclared, "\(payload) is carried by `\(kind)`")
      }
    }
    #expect(named > 30)
  }

  @Test func `kinds that folds are switched by are declared`() throws {
    let folders = ["Projectors", "Interactions", "Conversations", "Pipeline", "Facts"]
    let lines = try run(
      "grep",
      ["-rn", "", "--include=*.swift"]
        + folders.map {
          "\(packageRoot)/Sources/\($0)"
        }
    ).output.split(separator: "\n", omittingEmptySubsequences: false)
    let switched = /^(\ *)switch (\w+\.)*kind \{$/
    let compared = /(^|[^.\w]|event\.|envelope\.)kind [=!]= "(\w+)"/
    let begun = /(^|[^.\w]|event\.|envelope\.)kind\.(hasPrefix\(|utf8\.starts\(with: )"(\w+)"/
    var (named, begins) = (0, 0)
    var indent: Substring?
    for line in lines {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let (text, place) = (parts[2], "\(parts[0].suffix(60)):\(parts[1])")
      if let found = text.wholeMatch(of: switched) { indent = found.1 }
      if let end = indent, text == "\(end)}" { indent = nil }
      var kinds = text.matches(of: compared).map { String($0.2) }
      if let indent, text.hasPrefix("\(indent)case \"") {
        kinds += text.matches(of: /"(\w+)"/).map { String($0.1) }
      }
      for kind in kinds {
        named += 1
        #expect(Self.isDeclared(kind), "\(place): `\(kind)` is not declared in Kinds")
      }
      for found in text.matches(of: begun) {
        begins += 1
        #expect(Self.isBeginning(String(found.3)), "\(place): no kind begins with `\(found.3)`")
      }
    }
    #expect(named > 45 && begins > 5, "\(named) kinds and \(begins) beginnings were found")
  }
}
