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
    todo xxxx xxxxxx xxxxxxxx text user username changeme your-password mypassword apikey api_key key values
    """)

  /// What says that something else should stand there: `your-token`, `token_here`.
  static let examples = WordList(
    """
    your yours example placeholder changeme dummy insert replace redacted sample todo here xxxx \
    xxxxxxxx fake yourtoken yourkey yourapikey
    """)

  static let passwords = WordList("password passwd pwd pgpass passcode pass passphrase")
  static let secretNames = WordList("password passwd secret token key")

  /// What lines say that tell whom to call.
  static let ofPhones = WordList("phone tel mobil fax whatsapp sms call number contact cell handy")

  /// Of names that everybody may know, as keys of tables are.
  static let known = WordList("public cache foreign sort partition hash object index")

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

  /// What prefixes are called behind which a sum over contents or an id stands.
  static let contents = WordList(
    """
    commit blob tree hash rev revision ref head main master image img cache chunk file build built \
    layer digest etag checksum sum obj object node index idx id uid uuid guid trace span request req \
    job task run user asset bundle vendor style app page module mod pkg package lib target debug \
    release snapshot state checkpoint model data dataset test fixture block entry item record doc \
    document message msg temp tmp md5 sha sha1 sha256 sha512 crc tag branch patch version container \
    volume network session upload download thumb thumbnail photo avatar icon font script css js \
    query plan table column row partition shard segment log event transaction tx order invoice h1
    """)

  /// What lines say that speak of sums over contents.
  static let ofContents = WordList(
    "commit revision sha hash digest checksum tree branch etag blob md5 cache fingerprint build id")

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
  static let changes = WordList("upgrad updat bump patch downgrad rais")
  static let versionMarks = WordList("v ver section chapter clause")
  static let ofNetworks = WordList(":// @ from with ip")
  static let ofMachines = WordList(
    "host server address node dns gateway peer addr ping route connect client")

  /// What code has before an @.
  static let locals = WordList("git this super self return break continue")
  /// What services of code have before an @ and a path: `hg@host.org:project`.
  static let repositoryUsers = WordList(
    "hg svn cvs bzr aur gitea forgejo gogs gitlab gitolite gerrit repo code deploy")
  /// Behind which a query names a table, and how queries begin.
  static let clauses = WordList("from join into update")
  static let queries = WordList("select insert delete update merge")
  static let noMailDomains = WordList("openssh.com libssh.org")

  /// What domains end with, but for countries: those of which most addresses are, and no words of code.
  static let topDomains = WordList(
    """
    com org net edu gov mil arpa info biz pro aero coop museum mobi jobs travel tel asia post xyz \
    online site website tech store shop cloud blog club live dev app test example invalid onion email \
    technology company solutions agency digital studio design systems software services support \
    world today life media news network group global international consulting academy university \
    institute foundation engineering energy finance bank capital ventures partners legal law health \
    care clinic hospital doctor restaurant cafe hotel tours photography gallery art music film games \
    fun space zone city town berlin london paris nyc tokyo amsterdam hamburg koeln wien bayern swiss \
    africa lat eus scot wales cymru gal bzh quebec moscow social team works work top vip icu one gmbh \
    ltd llc inc ngo ong rocks guru ninja expert consulting coffee pizza beer wine church clothing \
    coach dating dental diamonds domains education enterprises equipment estate express farm fitness \
    florist fund garden gifts golf guitars haus hosting house immo investments jewelry kitchen kaufen \
    lawyer loans maison management marketing mba moda money mortgage photos pictures properties \
    reisen rentals repair salon sarl school schule shoes singles soccer supplies surf surgery tax taxi \
    tennis tienda tires vacations vet viajes villas vin vision vodka voyage webcam wedding wtf yoga \
    ist istanbul barcelona madrid roma vegas miami boston sydney melbourne osaka cologne hiv charity
    """)
  static let ofMail = WordList(
    """
    mail: mailto mailing mails mail= mailed e-mail from: to: cc: contact author write reply maintainer \
    sender recipient signed-off email\" email' email= email:
    """)

  /// What the domains of countries end with.
  static let countries = WordList(
    """
    ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv \
    bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es \
    et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu \
    id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt \
    lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no \
    np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si \
    sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk \
    us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
    """)

  /// What differences and places are called, and what they are counted in.
  static let quantities = WordList(
    "size offset delta seek diff difference count total seconds time bytes position pos addr y")
  static let units = WordList(
    """
    b kb mb gb bytes byte bits ns us ms s sec secs seconds minutes lines line rows items events tokens \
    files points ticks cycles blocks records main frames px more less
    """)

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
