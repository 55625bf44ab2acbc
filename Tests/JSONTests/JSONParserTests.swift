import Testing

@testable import JSON

@Suite struct JSONParserTests {
  @Test func `members come in order, duplicates too`() {
    #expect(
      read(#"{"a":1,"b":[true,null,"x"],"a":{"c":-2.5}}"#)
        == .members(#"{"a":1,"b":3[true,null,"x",],"a":{"c":-2.5d,},}"#))
  }

  @Test func `of duplicate keys the subscript gives the last`() throws {
    var parser = JSONParser()
    let line = Array(#"{"a":1,"a":2,"b":3}"#.utf8)
    let found = try parser.withObject(line.span, isPadded: false) { object in
      (object["a"]?.int64, object["b"]?.int64, object["c"] == nil)
    }
    #expect(found == (2, 3, true))
  }

  @Test(arguments: [
    (#"{"a":12345678901234567890}"#, #"{"a":12345678901234567890u,}"#),
    (#"{"a":123456789012345678901}"#, #"{"a":absent,}"#),
    (#"{"a":-9223372036854775809,"b":1}"#, #"{"a":absent,"b":1,}"#),
    (#"{"a":1e400,"b":[1e400,2]}"#, #"{"a":absent,"b":2[absent,2,],}"#),
    (#"{"a":"\ud83d cut","b":"whole"}"#, #"{"a":absent,"b":"whole",}"#),
    (#"{"a":"\udc00\ud800"}"#, #"{"a":absent,}"#),
    (#"{"a":"\ud83d\ude42"}"#, #"{"a":"🙂",}"#),
    (#"{"\ud800a":1,"b":2}"#, "{\"\u{fffd}a\":1,\"b\":2,}"),
    ("\u{feff}{\"a\":1}", #"{"a":1,}"#),
    ("\u{feff} {}\r", "{}"),
    (#"{"a":"\u0000"}"#, #"{"a":"\0",}"#),
  ])
  func `valid lines are accepted, and what cannot be represented is absent`(
    line: String, expected: String
  ) {
    #expect(read(line) == .members(expected))
    #expect(readStrictly(line) == .members(expected))
  }

  @Test(arguments: [
    ("", 0, JSONError.Code.notJSON), ("  ", 2, .notJSON), ("{", 1, .notJSON),
    (#"{"a":NaN}"#, 5, .notJSON), (#"{"a":Infinity}"#, 5, .notJSON),
    (#"{"a":-Infinity}"#, 6, .notJSON), (#"{"a":nul}"#, 5, .notJSON), (#"{"a":01}"#, 5, .notJSON),
    (#"{"a":1.}"#, 7, .notJSON), (#"{"a":+1}"#, 5, .notJSON), (#"{"a":1,}"#, 7, .notJSON),
    (#"{"a":[1,]}"#, 8, .notJSON), (#"{"a" 1}"#, 5, .notJSON), (#"{a:1}"#, 1, .notJSON),
    (#"{"a":1} {"b":2}"#, 8, .notJSON), (#"{"a":"\x"}"#, 6, .notJSON),
    (#"{"a":"\u12g4"}"#, 10, .notJSON), ("{\"a\":\"\u{1}\"}", 6, .notJSON),
    ("{\"a\":\"open", 10, .notJSON), ("{\"a\":1}\u{0}", 7, .notJSON), ("{'a':1}", 1, .notJSON),
    ("{\u{e9}:1}", 1, .notJSON), ("\u{feff}", 3, .notJSON),
    ("null", 0, .notObject), (" [1,2]", 1, .notObject), ("\"x\"", 0, .notObject),
    ("\u{feff}[]", 3, .notObject),
  ])
  func `a line that is no event says why and where`(
    line: String, position: Int, code: JSONError.Code
  ) {
    #expect(read(line).code == code)
    #expect(read(line).position == position, "\(read(line))")
    #expect(readStrictly(line) == read(line))
  }

  @Test(
    arguments: [
      ([0x63, 0xe9, 0x22], 7), ([0x80], 6), ([0xc0, 0x80], 6), ([0xed, 0xa0, 0x80], 6),
      ([0xf4, 0x90, 0x80, 0x80], 6), ([0xe2, 0x82], 6), ([0xf0, 0x9f, 0x99, 0x22], 6), ([0xff], 6),
    ] as [([UInt8], Int)])
  func `bytes that are no UTF-8 are refused at their place`(bytes: [UInt8], position: Int) {
    let line = Array("{\"a\":\"".utf8) + bytes + Array("\"}".utf8)
    #expect(read(line).code == .notUTF8)
    #expect(read(line).position == position)
  }

  @Test func `UTF-16 is named`() {
    #expect(read([0xff, 0xfe, 0x7b, 0, 0x7d, 0]).code == .notUTF8)
    #expect(read([0xfe, 0xff, 0, 0x7b, 0, 0x7d]).code == .notUTF8)
  }

  @Test func `1,024 levels are read, and one more is too deep`() {
    func nested(_ depth: Int, _ core: String) -> String {
      "{\"a\":" + String(repeating: "[", count: depth - 1) + core
        + String(repeating: "]", count: depth - 1) + "}"
    }
    for core in ["", "1"] {
      #expect(read(nested(1_024, core)).isAccepted)
      #expect(readStrictly(nested(1_024, core)) == read(nested(1_024, core)))
      let refused = read(nested(1_025, core))
      #expect(refused.code == .tooDeep)
      #expect(refused.position == 1_024 + 4)
    }
    #expect(read(String(repeating: "[", count: 100_000)).code == .tooDeep)
    #expect(read(String(repeating: "{\"a\":", count: 5_000)).code == .tooDeep)
  }

  @Test func `a padded line is read in place`() throws {
    var parser = JSONParser()
    let bytes = Array(#"{"a":true}"#.utf8) + [UInt8](repeating: 0x7d, count: JSONParser.padding)
    let count = try parser.withObject(bytes.span.extracting(first: 10), isPadded: true) { object in
      object["a"]?.bool
    }
    #expect(count == true)
  }

  @Test func `a line of 100 MB is read, and the next one too`() throws {
    var parser = JSONParser()
    let text = [UInt8](repeating: UInt8(ascii: "x"), count: 100_000_000)
    let line = Array(#"{"event":"e","prompt":""#.utf8) + text + Array("\"}".utf8)
    let count = try parser.withObject(line.span, isPadded: false) { $0["prompt"]?.utf8.count }
    #expect(count == 100_000_000)
    #expect(read(Array(#"{"a":1}"#.utf8), with: &parser) == .members(#"{"a":1,}"#))
  }

  @Test func `containers are skipped and found empty`() throws {
    var parser = JSONParser()
    let line = Array(#"{"a":[[1,2],{"x":3}],"b":{},"c":"","d":[],"e":0}"#.utf8)
    let empty = try parser.withObject(line.span, isPadded: false) { object in
      var empty: [String] = []
      var members = object.members
      while let member = members.next() {
        if member.value.isEmpty { empty.append(String(decoding: member.key.utf8)) }
      }
      return empty
    }
    #expect(empty == ["b", "c", "d"])
  }

  @Test func `numbers are given as what they are`() throws {
    var parser = JSONParser()
    let line = Array(#"{"i":-7,"u":18446744073709551615,"d":1.5,"t":"1"}"#.utf8)
    let isRight = try parser.withObject(line.span, isPadded: false) { object in
      object["i"]?.int64 == -7 && object["i"]?.uint64 == nil && object["i"]?.double == -7
        && object["u"]?.int64 == nil && object["u"]?.uint64 == .max
        && object["d"]?.int64 == nil && object["d"]?.double == 1.5
        && object["t"]?.double == nil && object["t"]?.string == "1" && object["t"]?.bool == nil
    }
    #expect(isRight)
  }
}
