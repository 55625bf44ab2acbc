/// Forms of content that are known by their first bytes, and are not read here: no line of text begins so.
struct UnsupportedForm {
  private let name: String
  /// What gives the content, with the file's name behind it.
  private let tool: String
  private let magic: [UInt8]

  /// Stands in a magic for a byte that may be any.
  private static let anyByte = UInt8(ascii: "?")

  /// Bytes that tell them all.
  static let magicSize = 6

  private static let all = [
    UnsupportedForm(name: "xz", tool: "xz -dc", magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]),
    UnsupportedForm(name: "bzip2", tool: "bzip2 -dc", magic: Array("BZh?1A".utf8)),
    UnsupportedForm(name: "lz4", tool: "lz4 -dc", magic: [0x04, 0x22, 0x4d, 0x18]),
    UnsupportedForm(name: "zip", tool: "unzip -p", magic: Array("PK".utf8) + [3, 4]),
    UnsupportedForm(name: "7z", tool: "7z x -so", magic: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]),
  ]
  /// Brotli has no first bytes of its own.
  private static let brotli = UnsupportedForm(name: "brotli", tool: "brotli -dc", magic: [])

  private init(name: String, tool: String, magic: [UInt8]) {
    self.name = name
    self.tool = tool
    self.magic = magic
  }

  /// The form of content that begins with these bytes, in a file of this name; nil when it can be read.
  init?(head: some Collection<UInt8>, path: String) {
    let known = Self.all.first { form in
      head.count >= form.magic.count
        && zip(form.magic, head).allSatisfy { $0 == Self.anyByte || $0 == $1 }
    }
    if let known {
      self = known
    } else if path.hasSuffix(".br"), let first = head.first, !"{ \t\r\n".utf8.contains(first) {
      self = Self.brotli
    } else {
      return nil
    }
  }

  /// Whether content that ends so early may become one of these; not those that begin as text.
  static func mayBegin(with head: [UInt8]) -> Bool {
    all.contains { $0.magic.count > head.count && $0.magic.starts(with: head) && !isText(head) }
  }

  private static func isText(_ head: [UInt8]) -> Bool {
    head.first.map { (0x20..<0x7f).contains($0) } ?? false
  }

  func error(_ path: String) -> IngestError {
    IngestError(
      .unreadable, path: path,
      reason: "its content is packed as \(name), which is not read here: unpack it on the way "
        + "(`\(tool) FILE | foldlog ingest`)")
  }
}
