import TestSupport
import Testing

@testable import JSON

@Suite struct JSONKeyTests {
  /// Names of all lengths that differ in one byte at most.
  private static let names: [String] = (0...40).flatMap { length -> [String] in
    let name = Array(repeating: UInt8(ascii: "a"), count: length)
    return [String(decoding: name, as: UTF8.self)]
      + stride(from: 0, to: length, by: 3).map { index in
        var other = name
        other[index] = UInt8(ascii: "b")
        return String(decoding: other, as: UTF8.self)
      }
  }

  private func found(_ key: String, in table: JSONKeyTable) throws -> Int? {
    var parser = JSONParser()
    return try parser.withObject(Array("{\"\(key)\":1}".utf8).span, isPadded: false) { object in
      var members = object.members
      guard let member = members.next() else { return nil }
      return table.index(of: member.key)
    }
  }

  @Test func `each name is found, and nothing else`() throws {
    let table = JSONKeyTable(Self.names)
    for (index, name) in Self.names.enumerated() {
      #expect(try found(name, in: table) == index)
    }
    let halves = JSONKeyTable(Self.names.indices.filter { $0 % 2 == 0 }.map { Self.names[$0] })
    for (index, name) in Self.names.enumerated() {
      #expect(try found(name, in: halves) == (index % 2 == 0 ? index / 2 : nil))
    }
  }

  @Test func `slots keep the last of duplicates, by place, and forget the line before`() throws {
    var parser = JSONParser()
    var slots = JSONSlots(keys: JSONKeyTable(["a", "b"]), places: 2)
    let first = Array(#"{"a":1,"c":9,"a":2,"b":{"a":3}}"#.utf8)
    let values = try parser.withObject(first.span, isPadded: false) { object in
      slots.beginLine()
      slots.note(object, place: 0)
      if let inner = object["b"]?.object { slots.note(inner, place: 1) }
      return [(0, 0), (0, 1), (1, 0), (1, 1)].map { key, place in
        slots.index(of: key, place: place).flatMap { object.value(at: $0).int64 }
      }
    }
    #expect(values == [2, 3, nil, nil])
    #expect(slots.found == [0, 0, 1, 0])
    slots.beginLine()
    #expect(slots.index(of: 0, place: 0) == nil && slots.found.isEmpty)
  }
}
