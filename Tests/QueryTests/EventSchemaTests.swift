import Events
import Query
import Testing

private struct Report: Payload {
  var zone = ""
  var rules: UInt64?

  static let kinds = ["health_spider_*", "query"]

  static func fields<Visitor: PayloadVisitor>(_ report: inout Self, _ visit: inout Visitor) {
    visit.field("zone", &report.zone, aliases: ["area"], in: ...64, "Where it was found.")
    visit.field("rules_added", &report.rules, unit: .count, in: 1...100, "How many rules.")
  }
}

private struct OtherReport: Payload {
  var zone: String?
  var depth: UInt64?

  static let kinds = ["query"]

  static func fields<Visitor: PayloadVisitor>(_ report: inout Self, _ visit: inout Visitor) {
    visit.field("zone", &report.zone, in: ...64, "Which zone.")
    visit.field("depth", &report.depth, unit: .count, "How deep.")
  }
}

@Suite struct EventSchemaTests {
  private func schema(_ name: String) throws -> EventSchema {
    try EventSchema(name, payloads: [Report.self])
  }

  @Test(arguments: ["events/query", "events/health_spider_*", "events/health_spider_http_failure"])
  func `the fields of a kind are listed`(_ name: String) throws {
    let text = try schema(name).text(TextStyle())
    #expect(text.contains("payload"))
    #expect(text.contains("Required. Where it was found. The first 64 bytes. Also: area."))
    #expect(text.contains("rules_added  integer (count)"))
    #expect(text.contains("How many rules. 1 to 100. Also: rulesAdded."))
    let json = String(decoding: try schema(name).json(), as: UTF8.self)
    #expect(json.contains("\"rulesAdded\": {") && json.contains("\"maximum\": 100"))
  }

  @Test func `a field that two views read stands once in the schema of its kind`() throws {
    let both = try EventSchema("events/query", payloads: [Report.self, OtherReport.self])
    let json = String(decoding: both.json(), as: UTF8.self)
    #expect(json.split(separator: "\"zone\": {").count == 2 && json.contains("\"depth\": {"))
    #expect(json.contains("Where it was found.") && !json.contains("Which zone."))
  }

  @Test func `other kinds do not carry it`() throws {
    #expect(try !schema("events/cache_hit").text(TextStyle()).contains("payload"))
  }

  @Test func `every name is listed, and no other`() throws {
    for (name, about) in EventSchema.names {
      #expect(try schema(name).text(TextStyle()).hasPrefix(name), "\(name)")
      #expect(try !schema(name).json().isEmpty && about.hasSuffix("."))
    }
    #expect(throws: QueryError.self) { try schema("events/nothing") }
    #expect(throws: QueryError.self) { try schema("events/") }
  }

  @Test func `every canonical field is listed with all its names`() throws {
    let text = try schema("events").text(TextStyle(width: 400))
    let json = String(decoding: try schema("events").json(), as: UTF8.self)
    for field in Field.allCases {
      #expect(text.contains(field.about), "\(field)")
      for name in field.names {
        #expect(text.contains(name.title) && json.contains("\"\(name.name)\""), "\(name.title)")
      }
    }
    #expect(text.contains("duration_s × 1000") && text.contains("error.stack"))
  }
}
