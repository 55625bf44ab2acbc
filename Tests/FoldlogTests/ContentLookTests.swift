import Events
import Foldlog
import Testing

/// What content that is no telemetry is said to look like.
@Suite struct ContentLookTests {
  private func sentence(_ text: String) -> String { ContentLook(Array(text.utf8)).sentence }

  @Test(arguments: [
    (
      "{\"role\":\"user\",\"a\":{\"b\":1}}\n{\"role\":\"x\"}\n",
      "with the keys `role`, `a`, of no stream"
    ),
    ("{\"x\":1}\n{\"y\":1,\"x\":2}\nbroken\n", "with the keys `x`, `y`, of no stream"),
    ("{}\n", "JSON objects, a line each, of no stream"),
    (
      "{\n \"a\": [1, 2],\n \"b\": {\"c\": 1}\n}\n",
      "one JSON document, an object with the keys `a`, `b`"
    ),
    (
      "{\n \"a\": 1\n}\n{\n \"a\": 2\n}\n", "JSON documents of several lines each with the keys `a`"
    ),
    ("[{\"a\":1},{\"a\":2}]\n", "one JSON document, an array of 2 elements"),
    ("[\n{\"a\":\"],[\"},\n", "one JSON document, an array of many elements"),
    (
      "[\n{\"a\":1},\n{\"a\":2},\n]\n",
      "an array of 3 elements, the last of which was read; an object a line is what is read: "
        + "`jq -c '.[:-1][]' FILE | foldlog ingest`"
    ),
    (
      "{\"events\":[\n{\"a\":1},\n]}\n",
      "a list of 2 objects at `.events`, the last of which was read; an object a line is what is "
        + "read: `jq -c '.events[:-1][]' FILE | foldlog ingest`"
    ),
    ("[]", "an array of 0 elements"), ("[1]", "an array of 1 element;"),
    ("{\"a\": ...}\n{\"a\" 1}\n", "JSON objects, a line each, that are broken"),
    ("a,b,\"c,d\"\r\n1,2,3\r\n", "CSV with the columns `a`, `b`, `c,d`"),
    ("a;b\n1;2\n", "CSV with the columns"),
    ("# Title\n\nSome text, with a comma\nand none\n", "plain text"), ("hello", "plain text"),
    ("2026-01-05 INFO started\n", "plain text"), ("1\n2\n3\n", "numbers, one a line"),
    ("-1.5e3\n", "numbers, one a line"), ("\"a\"\n\"b\"\n", "strings of JSON, one a line"),
    ("true\nnull\n", "values of JSON, one a line"),
    (
      "{\"events\":[{\"a\":1},{\"b\":[{},{},{}]}],\"n\":1}\n",
      "an object with the keys `events`, `n`, with a list of 2 objects at `.events`; an object a line is "
        + "what is read: `jq -c '.events[]' FILE | foldlog ingest`"
    ),
    ("{\n\"a b\":{\"c\":[{}]}\n}\n", "a list of 1 object at `.\"a b\".c`"),
    (
      "{\"log\":{\"version\":\"1.2\",\"pages\":[],\"entries\":[{\"time\":1},{}]}}",
      "a HAR, in which a browser keeps what it asked the network, with a list of 2 objects at "
        + "`.log.entries`"
    ),
    ("{\"a\":[1,2],\"b\":[[{}]]}\n", "JSON objects, a line each with the keys `a`, `b`"),
    ("{\"a\":1}\r{\"a\":2}\r", "lines end with CR alone"), ("a\rb\n", "lines end with CR alone"),
    ("a\r\nb\r\n", "plain text"),
    ("\u{1e}{\"a\":1,\"b\":2}\n\u{1e}{\"a\":3,\"b\":4}\n", "as RFC 7464 has it"),
    ("\u{1e}{\n\"a\":1}\n", "as RFC 7464 has it"),
    ("{\"a\":1},\n{\"a\":2},\n", "JSON objects, a line each, with a comma behind them"),
    ("{\"a\":1,}\n{\"a\":[2,]}\n", "with a comma before a closing bracket"),
    ("{\"a\":1}{\"a\":2}\n", "several JSON objects on a line;"),
    ("{\"a\":1}, {\"a\":2},\n", "several JSON objects on a line, with commas between"),
    ("{'a': 'b'}\n", "dictionaries of Python"),
    ("{\"a\": True, \"b\": None}\n", "dictionaries of Python"),
    ("{\"a\":NaN}\n{\"a\":-Infinity}\n", "with NaN or Infinity"),
    ("{\"a\":\"True, 'x',}\"}\n", "JSON objects, a line each with the keys `a`"),
    (
      "2026-01-01 INFO {\"a\":1}\n2026-01-02 WARN {\"a\":2}\n",
      "lines of a log with a JSON object behind a prefix such as `2026-01-01 INFO `"
    ),
    ("data: {\"a\":1}\n\ndata: {\"a\":2}\n", "behind a prefix such as `data: `"),
    ("<?xml version=\"1.0\"?>\n<log><e a=\"1\"/></log>\n", "XML in an element `log`"),
    ("<log><e a=\"1\"/></log>", "XML in an element `log`"),
    ("<!DOCTYPE html>\n<html><body>502</body></html>\n", "a page of HTML"),
    ("<3 you\n", "plain text"),
    ("a\tb\n1\t2\n", "TSV with the columns `a`, `b`"),
  ])
  func `texts are told apart`(text: String, part: String) {
    #expect(sentence(text).contains(part), "\(sentence(text))")
  }

  @Test func `what is to be done names the stream that was given`() {
    let look = ContentLook(Array("[{\"a\":1},{\"a\":2}]\n".utf8))
    let advice = "`jq -c '.[]' FILE | foldlog ingest --stream ralph`"
    #expect(look.sentence(of: .ralph).hasSuffix(advice))
    #expect(look.sentence(of: nil) == look.sentence)
  }

  @Test func `bytes that are no text are told apart`() {
    let utf16 = Array("{\"event\":\"query\"}\n".utf16).flatMap {
      [UInt8($0 & 0xff), UInt8($0 >> 8)]
    }
    #expect(ContentLook(utf16).form == .otherText(.utf16LE, isJSON: true))
    #expect(ContentLook([0xff, 0xfe] + utf16).form == .otherText(.utf16, isJSON: true))
    #expect(ContentLook([0] + utf16.dropLast()).form == .otherText(.utf16BE, isJSON: true))
    #expect(
      ContentLook([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]).form == .otherText(.utf32, isJSON: false))
    #expect(ContentLook([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13, 0, 1, 2, 3]).form == .binary)
    #expect(
      ContentLook(Array("caf".utf8) + [0xe9] + Array(" latin\n".utf8)).form
        == .otherText(.latin1, isJSON: false))
    let json = Array("{\"event\":\"caf".utf8) + [0xe9, 0x22, 0x7d, 0x0a]
    #expect(
      ContentLook(json).sentence
        == "JSON in Latin-1, as it seems; an object of JSON a line is what is read, in UTF-8: "
        + "`iconv -f latin1 -t utf-8 FILE | foldlog ingest`")
    #expect(
      ContentLook(json + [0x93, 0x61, 0x94, 0x0a]).form == .otherText(.windows1252, isJSON: true))
  }

  @Test func `a document on one line that is cut is told as one`() {
    let events = String(repeating: "{\"n\":1},", count: 9_000)
    #expect(sentence("{\"events\":[\(events)").contains("a list of many objects at `.events`"))
    let text = String(repeating: "word ", count: 20_000)
    #expect(sentence("{\"a\":\"\(text)").contains("one JSON document, an object with the keys `a`"))
  }

  @Test func `a beginning that is cut is told as what it begins`() {
    let rows = String(repeating: "{\"n\":1,\"text\":\"ä\"},\n", count: 9_000)
    #expect(sentence("[\n" + rows).contains("an array of many elements"))
    let lines = String(repeating: "{\"n\":1,\"text\":\"äöü\"}\n", count: 9_000)
    #expect(sentence(lines).contains("with the keys `n`, `text`"))
    #expect(sentence(String(repeating: "ä", count: 70_000)).contains("plain text"))
  }

  @Test func `a recognizer that knows the form names it`() {
    let look = ContentLook(
      Array("{\"x\":1}\n".utf8),
      recognizers: [{ _ in nil }, { $0.first == 0x7b ? "a transcript of T" : nil }])
    #expect(look.sentence == "a transcript of T")
  }

  @Test func `no content is taken for another or traps`() {
    let alphabet = Array("{}[]\":,\\ \n\r\tatrue0.-".utf8) + [0, 0xff, 0xc3]
    var state: UInt64 = 1
    for _ in 0..<3_000 {
      let bytes = (0..<24).map { _ -> UInt8 in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return alphabet[Int(state >> 33) % alphabet.count]
      }
      #expect(!ContentLook(bytes).sentence.isEmpty)
    }
  }
}
