import Bytes
import Testing

/// Names as text, and back.
@Suite struct PathTextTests {
  static let names: [[UInt8]] =
    [
      Array("plain".utf8), [0xff], [0x64, 0xe9], Array("caf\u{e9}".utf8), Array("cafe\u{301}".utf8),
      Array("\u{10ffe9}".utf8), [0xff] + Array("\u{10ffff}".utf8), Array("a\nb\t\u{1b}".utf8), [],
      [UInt8](repeating: 0xff, count: 255), Array(1...255),
    ]

  @Test(arguments: names) func `every name comes back as it was`(bytes: [UInt8]) {
    #expect(pathBytes(pathText(bytes)) == bytes)
    #expect(pathBytes(givenText(bytes)) == bytes)
    #expect(pathText(of: givenText(bytes)) == pathText(bytes))
    #expect(systemPath(pathText(bytes)) == bytes.map { CChar(bitPattern: $0) } + [0])
    #expect(unsafe Bytes.bytes(ofC: systemPath(pathText(bytes))) == bytes)
    #expect(withShownNames(shownPath(pathText(bytes))) == shownPath(pathText(bytes)))
  }

  @Test func `texts of two names are two, also to Unicode`() {
    let texts = Self.names.map { pathText($0) }
    #expect(Set(texts).count == Self.names.count)
  }

  @Test func `what is given as text stays text`() {
    #expect(givenText(Array("where model ~ caf\u{e9}".utf8)) == "where model ~ caf\u{e9}")
  }

  @Test func `a message shows the names that stand in it`() {
    #expect(withShownNames("no \(pathText([0x64, 0xff, 0x0a])) here\n") == "no d\\xff\n here\n")
    #expect(
      withShownNames("caf\u{e9} \(pathText(Array("caf\u{e9}".utf8)))") == "caf\u{e9} caf\u{e9}")
  }
}
