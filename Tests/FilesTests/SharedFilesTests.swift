import Bytes
import TestSupport
import Testing

@testable import Files

/// Files of others that are changed.
@Suite struct SharedFilesTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func text(_ name: String) throws -> String? {
    try bytesOfFile(directory.file(name)).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func `what another program wrote meanwhile stays`() throws {
    let path = try directory.write("settings", "theirs")
    #expect(try !rewriteFile(path, from: Array("read".utf8), with: Array("mine".utf8)))
    #expect(try text("settings") == "theirs")
    #expect(try rewriteFile(path, from: Array("theirs".utf8), with: Array("mine".utf8)))
    #expect(try text("settings") == "mine")
    #expect(try folderNames(directory.file("")) == ["settings"])
  }

  @Test func `a link that leads nowhere, and a file that is not to be written, are left`() throws {
    let link = directory.file("link")
    #expect(try run("ln", ["-s", "/no/such/target", link]).status == 0)
    #expect(throws: FileError.self) { try rewriteFile(link, from: nil, with: [1]) }
    #expect(try run("readlink", [link]).output == "/no/such/target\n")
    let path = try directory.write("locked", "theirs")
    #expect(try run("chmod", ["444", path]).status == 0)
    #expect(throws: FileError.self) {
      try rewriteFile(path, from: Array("theirs".utf8), with: [1])
    }
    #expect(try text("locked") == "theirs")
  }

  @Test func `what a link leads to and the other names of a file are changed, too`() throws {
    let path = try directory.write("settings", "a")
    #expect(try run("ln", ["-s", "settings", directory.file("soft")]).status == 0)
    #expect(try run("ln", [path, directory.file("hard")]).status == 0)
    #expect(try rewriteFile(directory.file("soft"), from: [0x61], with: [0x62]))
    #expect(try text("settings") == "b" && text("hard") == "b" && text("soft") == "b")
    #expect(try run("readlink", [directory.file("soft")]).output == "settings\n")
  }
}
