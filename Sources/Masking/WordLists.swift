/// Words in small letters that are looked up together.
struct WordList {
  private let words: Set<String>
  private let all: [[UInt8]]

  /// - Parameter text: with spaces between the words.
  init(_ text: String) {
    let list = text.split(separator: " ").map(String.init)
    words = Set(list)
    all = list.map { Array($0.utf8) }
  }

  /// Whether bytes are one of them, in whatever case.
  func contains(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.count <= 24 && words.contains(String(decoding: bytes.map(lowered), as: UTF8.self))
  }

  func beginsOne(of text: Lowered) -> Bool { all.contains { text.bytes.starts(with: $0) } }

  func endsOne(of text: Lowered) -> Bool {
    all.contains { text.bytes.count >= $0.count && text.bytes.suffix($0.count).elementsEqual($0) }
  }

  /// Whether one of them stands somewhere in a text.
  func occurs(in text: Lowered) -> Bool { all.contains { text.contains($0) } }
}

/// Text in small letters.
struct Lowered {
  let bytes: [UInt8]

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes.map(lowered) }

  func contains(_ word: [UInt8]) -> Bool {
    guard let first = word.first, bytes.count >= word.count else { return false }
    return (0...bytes.count - word.count).contains {
      bytes[$0] == first && bytes[$0...].starts(with: word)
    }
  }
}

/// The words that checks go by.
enum Words {
  /// What says that there is no value, or whether there is.
  static let literals = WordList("true false none null nil undefined empty")

  /// What stands where a secret would, and gives nothing away: words of types, of code, of examples.
  static let plain = WordList(
    """
    password passwd secret token empty string number boolean integer varchar secretstr bytes object \
    required optional nullable default hidden masked redacted removed omitted encrypted hashed random \
    generated changed correct incorrect invalid missing unknown expired forgotten disabled enabled \
    example placeholder credential credentials value input field prompt passphrase getpass pass test \
    todo xxxx xxxxxx xxxxxxxx text user username changeme your-password mypassword apikey api_key key
    """)

  /// What says that something else should stand there: `your-token`, `token_here`.
  static let examples = WordList(
    """
    your yours example placeholder changeme dummy insert replace redacted sample todo here xxxx \
    xxxxxxxx fake yourtoken yourkey yourapikey
    """)

  static let passwords = WordList("password passwd pwd pgpass passcode pass passphrase")
  static let secretNames = WordList("password passwd secret token key")

  /// Of names that everybody may know, as keys of tables are.
  static let known = WordList("public cache primary foreign sort partition hash object index")

  /// Of names of keys that services give out.
  static let issued = WordList("api access secret private auth license")

  /// How ids of calls and messages begin, and sums over contents: they go on at random, too.
  static let ids = WordList(
    """
    sha1- sha256- sha384- sha512- md5- toolu_ msg_ call_ resp_ req_ run_ chatcmpl- cmpl- file- file_ \
    asst_ thread_ step_ batch_ gen- fc_ rs_ item_ event_ evt_ session_ user_ org- org_ proj_ conv_ \
    trace- span- commit- chunk- blk_ container_ pi_ ch_ cus_ in_ sub_ prod_ price_ build- snapshot- \
    image- layer- revision- uuid-
    """)

  /// Parts of the prefixes of tokens.
  static let tokenParts = WordList(
    "v1 v2 pat pt sk pk key api token secret live test prod oauth auth access")

  /// How names of codings begin.
  static let codings = WordList(
    """
    base sha md5 utf oauth argon pbkdf aes rsa rs2 hs2 es2 ascii x509 pkcs blake ed25519 iso bcrypt \
    scrypt ntlm totp
    """)

  /// How words end that say how something is: `expired`, `correct`, `public`.
  static let descriptions = WordList(
    """
    ed en ing ble ent ant ive ous ful less ic al id ong ect ure ate self ough here there same simple
    """)

  /// Behind which four numbers are a version, and what lines say that speak of versions.
  static let versions = WordList("version versions release build upgrade downgrade")
  static let ofVersions = WordList("upgrad downgrad bump version")
  static let versionMarks = WordList("v ver section chapter clause")
  static let ofNetworks = WordList(":// @ from with ip")
  static let ofMachines = WordList(
    "host server address node dns gateway peer addr ping route connect client")

  /// What code has before an @.
  static let locals = WordList("git this super self return break continue")
  static let noMailDomains = WordList("openssh.com libssh.org")

  /// What no domain ends with: endings of files and of units.
  static let fileEndings = WordList(
    """
    png jpg jpeg gif svg webp ico icns bmp tif tiff avif tgz gz bz xz zst zip tar whl gem jar war deb \
    rpm apk dmg pkg exe dll dylib bin patch diff js jsx mjs cjs ts tsx mts cts json jsonl py pyc pyi rb \
    go java kt kts swift cpp hpp cxx php html htm css scss less vue txt yml yaml toml lock log xml conf \
    cfg ini sql csv pdf service socket timer target mount slice scope device path sock local \
    localdomain internal
    """)
}
