import Bytes
import Events
import Testing

/// What a watcher of services reports: a field of each type, bounded and not, required and not.
private struct Report: Payload, Equatable {
  var zone = ""
  var units: [String]?
  var rulesAdded: UInt64?
  var drift: Int64?
  var load: FixedPoint?
  var isCritical: Bool?
  var seen: Timestamp?
  var type: String?

  static let kinds = ["service_report", "watch_*"]

  static func fields<Visitor: PayloadVisitor>(_ report: inout Self, _ visit: inout Visitor) {
    visit.field("zone", &report.zone, aliases: ["area"], in: ...6, "Where.")
    visit.field("failed_units", &report.units, in: ...2, "What failed.")
    visit.field("rules_added", &report.rulesAdded, unit: .count, in: 1...100, "How many.")
    visit.field("drift_s", &report.drift, unit: .seconds, "How late.")
    visit.field("load", &report.load, in: FixedPoint.zero...FixedPoint.one, "How busy.")
    visit.field("is_critical", &report.isCritical, "How bad.")
    visit.field("seen_at", &report.seen, "When.")
    visit.field("type", &report.type, "Which.")
  }
}

private struct Other: Payload {
  var zone = ""
  static let kinds = ["service_report"]
  static func fields<Visitor: PayloadVisitor>(_ other: inout Self, _ visit: inout Visitor) {
    visit.field("zone", &other.zone, "Where.")
  }
}

/// What a run is told, as an object and as a word.
private struct Told: Payload, Equatable {
  enum Pace: String, PayloadWord { case slow, fast }

  var parameters: NamedValues?
  var pace: Pace?

  static let kinds = ["run_told"]
  static func fields<Visitor: PayloadVisitor>(_ told: inout Self, _ visit: inout Visitor) {
    visit.field("parameters", &told.parameters, in: ...40, "With what.")
    visit.field("pace", &told.pace, "How fast.")
  }
}

@Suite struct PayloadTests {
  private let decoder = LineDecoder(payloads: [Report.self])

  private func envelope(ofKind kind: String) -> Envelope {
    Envelope(
      stream: .hybrid, kind: kind, time: Timestamp(nanoseconds: 0), isTimeInferred: true,
      source: 1, position: 0, recorded: Timestamp(nanoseconds: 0))
  }

  private func decoded(
    _ line: String, kind: String = "service_report"
  ) throws -> (report: Report?, mismatched: [String]) {
    let told = try decoder.event(
      of: Array(line.utf8).span, isPadded: false, envelope(ofKind: kind))
    let event = Event(
      EventID(0), envelope: told.envelope, fields: told.fields.fields,
      payloads: told.payloads.all)
    #expect(event.payload(Other.self)?.zone == nil)
    return (event.payload(Report.self), told.payloads.mismatched)
  }

  @Test func `each field is read in its type`() throws {
    let (report, mismatched) = try decoded(
      """
      {"zone":"root","failed_units":["a",{"name":"b"},"c"],"rules_added":3,"drift_s":-7,
      "load":0.25,"is_critical":true,"seen_at":"2026-01-09T10:33:00Z","type":"apparmor"}
      """)
    var expected = Report()
    expected.zone = "root"
    expected.units = ["a", "b"]
    expected.rulesAdded = 3
    expected.drift = -7
    expected.load = FixedPoint(hundredths: 25)
    expected.isCritical = true
    expected.seen = Timestamp(parsing: "2026-01-09T10:33:00Z")
    expected.type = "apparmor"
    #expect(report == expected)
    #expect(mismatched.isEmpty)
  }

  @Test(arguments: [
    #"{"zone":"a"}"#, #"{"area":"a"}"#, #"{"metadata":{"zone":"a"}}"#, #"{"zone":null,"area":"a"}"#,
    #"{"data":{"zone":"b"},"context":{"area":"a"}}"#, #"{"zone":"","task":{"zone":"a"}}"#,
    #"{"area":"b","zone":"a"}"#,
  ])
  func `names come in their order, at the top and then inside`(_ line: String) throws {
    #expect(try decoded(line).report?.zone == "a")
  }

  @Test func `camelCase is another way to write a name`() throws {
    let report = try decoded(#"{"zone":"a","rulesAdded":5,"failedUnits":["u"]}"#).report
    #expect(report?.rulesAdded == 5)
    #expect(report?.units == ["u"])
    #expect(try decoded(#"{"zone":"a","rulesAdded":5,"rules_added":6}"#).report?.rulesAdded == 6)
  }

  @Test func `what means something else inside is read at the top only`() throws {
    #expect(try decoded(#"{"zone":"a","data":{"type":"inner"}}"#).report?.type == nil)
  }

  @Test func `without what it requires there is no payload`() throws {
    #expect(try decoded(#"{"rules_added":3}"#).report == nil)
    #expect(try decoded(#"{"zone":5}"#).report == nil)
    #expect(try decoded(#"{}"#).mismatched.isEmpty)
  }

  @Test func `a wrong type counts as absent, and is told`() throws {
    let (report, mismatched) = try decoded(
      #"{"zone":7,"area":"a","rules_added":"3","is_critical":1,"load":[1],"drift_s":1.5}"#)
    #expect(report?.zone == "a")
    #expect(report?.rulesAdded == nil && report?.isCritical == nil && report?.load == nil)
    #expect(mismatched == ["zone", "rules_added", "drift_s", "load", "is_critical"])
  }

  @Test func `beyond a bound a number is absent and told, and a text is cut between characters`()
    throws
  {
    let (report, mismatched) = try decoded(
      #"{"zone":"abcdeé","rules_added":0,"rulesAdded":101,"load":1.000000001,"drift_s":3.0}"#)
    #expect(report?.zone == "abcde")
    #expect(report?.rulesAdded == nil && report?.load == nil && report?.drift == 3)
    #expect(mismatched == ["rules_added", "load"])
    let edge = try decoded(#"{"zone":"a","rules_added":100,"load":1}"#).report
    #expect(edge?.rulesAdded == 100 && edge?.load == .one)
    #expect(try decoded(#"{"zone":"a","rules_added":-1}"#).mismatched == ["rules_added"])
  }

  private func told(_ line: String) throws -> (told: Told?, mismatched: [String]) {
    let read = try LineDecoder(payloads: [Told.self]).event(
      of: Array(line.utf8).span, isPadded: false, envelope(ofKind: "run_told"))
    return (read.payloads.all.first as? Told, read.payloads.mismatched)
  }

  @Test(
    arguments: [
      (#"{"rate":0.0002,"epochs":3}"#, "epochs=3, rate=0.0002"),
      (#"{"b":"x","a":true,"B":false}"#, "B=false, a=true, b=x"),
      (#"{"rate":2e-4,"n":18446744073709551615}"#, "n=18446744073709551615, rate=0.0002"),
      (#"{"a":null,"b":[1],"c":{"d":1},"e":1}"#, "c.d=1, e=1"),
      (#"{"c":{"b":{"a":["x","y"]}},"c.d":2}"#, "c.b.a=[x y], c.d=2"), (#"{"a":1,"a":2}"#, "a=2"),
      (#"{"a":1,"a":null}"#, nil), (#"{"a":-1.5}"#, "a=-1.5"),
      (#"{"long":"éééééééééééééééééé"}"#, "long=ééééééééééééééééé"),
      ("{}", nil), (#"{"a":[1]}"#, nil), ("null", nil),
    ] as [(String, String?)])
  func `an object is the texts, numbers and truths that it names, sorted and cut`(
    json: String, expected: String?
  ) throws {
    let read = try told(#"{"parameters":\#(json)}"#)
    #expect(read.told?.parameters?.text == expected)
    #expect(read.mismatched.isEmpty)
  }

  @Test(arguments: [#""epochs=3""#, "3", "[1]", "true"])
  func `what is no object names nothing, and is told`(json: String) throws {
    let read = try told(#"{"parameters":\#(json)}"#)
    #expect(read.told == Told() && read.mismatched == ["parameters"])
  }

  @Test(
    arguments: [
      (#""slow""#, .slow, false), (#""FAST""#, .fast, false), (#""faster""#, nil, true),
      ("1", nil, true), ("null", nil, false), (#""""#, nil, false),
    ] as [(String, Told.Pace?, Bool)])
  fileprivate func `a word is one of a few in any case, and any other is told`(
    json: String, pace: Told.Pace?, isTold: Bool
  ) throws {
    let read = try told(#"{"pace":\#(json)}"#)
    #expect(read.told?.pace == pace && read.mismatched == (isTold ? ["pace"] : []))
  }

  @Test func `only the kinds that carry it are looked at`() throws {
    #expect(try decoded(#"{"zone":"a"}"#, kind: "watch_disk").report?.zone == "a")
    let other = try decoded(#"{"zone":7}"#, kind: "service_reports")
    #expect(other.report == nil && other.mismatched.isEmpty)
    #expect(try decoded(#"{"zone":"a"}"#).report?.zone == "a")
  }

  @Test func `kinds that come mixed are told apart, however many they are`() throws {
    for number in (0..<200).flatMap({ [$0, $0] }) {
      #expect(try decoded(#"{"zone":"a"}"#, kind: "watch_\(number)").report?.zone == "a")
      #expect(try decoded(#"{"zone":"a"}"#, kind: "other_\(number)").report == nil)
    }
  }

  @Test func `a decoder that is told of none decodes none`() throws {
    let told = try LineDecoder().event(
      of: Array(#"{"zone":7}"#.utf8).span, isPadded: false, envelope(ofKind: "service_report"))
    #expect(told.payloads.all.isEmpty && told.payloads.mismatched.isEmpty)
  }

  @Test func `its fields are told from the declaration`() {
    let fields = Report.fields
    #expect(fields.map(\.name).first == "zone" && fields.count == 8)
    #expect(fields[0].isRequired && !fields[1].isRequired)
    #expect(fields[2].names == ["rules_added", "rulesAdded"])
    #expect(fields[2].shape.least == "1" && fields[2].shape.greatest == "100")
    #expect(fields[0].shape.sizeMax == 6 && fields[2].unit == .count)
  }
}
