import Bytes
import Files
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// What is made, replaced and narrowed, by names of any bytes.
@Suite struct PrivateFilesTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func mode(_ name: String) -> UInt32 {
    var status = stat()
    return unsafe stat(systemPath(directory.file(name)), &status) == 0 ? status.st_mode & 0o777 : 0
  }

  @Test(arguments: [Array("d".utf8), [0x64, 0xff], Array("a\nb".utf8), Array("e\u{301}".utf8)])
  func `what is made is this user's alone, under its very name`(bytes: [UInt8]) throws {
    let name = pathText(bytes)
    #expect(try makePrivateFolder(directory.file(name), owner: .maker))
    #expect(try !makePrivateFolder(directory.file(name), owner: .maker))
    close(try openPrivateFile(directory.file("\(name)/file"), O_RDWR, owner: .maker))
    #expect(mode(name) == 0o700 && mode("\(name)/file") == 0o600)
    #expect(try folderNames(directory.path).map(pathBytes) == [bytes])
    try renameFile(directory.file(name), to: directory.file("other"))
    try removeFile(directory.file("other/file"))
    try removeFolder(directory.file("other"))
    #expect(try folderNames(directory.path) == [])
  }

  @Test func `a new file is not the one that had the name`() throws {
    try directory.write("old", "of before")
    try directory.setPermissions("old", 0o666)
    _ = try directory.link("old", as: "kept")
    close(try createPrivateFile(directory.file("old"), owner: .maker))
    #expect(mode("old") == 0o600)
    #expect(try directory.text("old").isEmpty && directory.text("kept") == "of before")
  }

  @Test func `others lose their rights, and the owner keeps what there was`() throws {
    for (before, after) in [(0o644, 0o600), (0o444, 0o400), (0o755, 0o700), (0o707, 0o700)] {
      try directory.write("file", "")
      try directory.setPermissions("file", UInt32(before))
      #expect(narrow(directory.file("file")) == .narrowed)
      #expect(mode("file") == UInt32(after))
      #expect(narrow(directory.file("file")) == .unneeded)
    }
    #expect(narrow(directory.file("absent")) == .unneeded)
  }

  @Test func `links are left alone unless they are to be followed`() throws {
    try directory.makeFolder("folder")
    try directory.write("folder/file", "")
    try directory.setPermissions("folder/file", 0o644)
    try directory.makeFolder("walked")
    try directory.makeSymbolicLink("walked/link", to: "folder")
    #expect(narrowAll(in: directory.file("walked")) == [.unneeded])
    #expect(mode("folder") == 0o755 && mode("folder/file") == 0o644)
    #expect(narrow(directory.file("walked/link"), isFollowingLinks: true) == .narrowed)
    #expect(mode("folder") == 0o700)
    #expect(narrowAll(in: directory.file("folder")) == [.narrowed])
    #expect(mode("folder/file") == 0o600)
  }

  @Test func `errors name the path as a person reads it`() {
    let path = directory.file(pathText([0x64, 0xff]))
    #expect(throws: FileError(path: path, code: ENOENT)) { try openFile(path, O_RDONLY) }
    #expect(
      "\(FileError(path: path, code: ENOENT))".hasSuffix("/d\\xff: No such file or directory"))
  }
}
