import Masking
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Made-up secrets of many kinds in many surroundings, and text without any. With FOLDLOG_SECRETS, the
/// texts are written to that file, for tools/secrets: a secret (or none), a text, and the text masked, with
/// tabs between.
@Suite(.serialized) struct SecretRecallTests {
  @Test func `made-up secrets are masked wherever they stand`() {
    var random = SeededRandom(seed: 0x5ec2e7)
    var missed: [String] = []
    var total = 0
    for kind in kinds {
      for surroundings in kind.surroundings {
        for _ in 0..<5 {
          let secret = kind.secret(&random)
          let text = surroundings.split(separator: "§", omittingEmptySubsequences: false)
            .joined(separator: secret)
          total += 1
          write("\(secret)\t\(text)\t\(masked(text))")
          // What gives a secret away are any eight characters of it.
          if !isGone(secret, from: masked(text)) { missed.append("\(kind.name): \(text)") }
        }
      }
    }
    let recall = 1 - Double(missed.count) / Double(total)
    print("secrets: \(kinds.count) kinds, \(total) texts, recall \(recall)")
    #expect(kinds.count >= 40)
    #expect(kinds.allSatisfy { $0.surroundings.count >= 10 })
    #expect(recall >= 0.98, "\(missed.prefix(40).joined(separator: "\n"))")
  }

  /// Coloured output, and what other scripts put before a word.
  @Test(arguments: [
    "\u{1b}[31m§\u{1b}[0m", "“§”", "：§", "│§", "\u{a0}§", "\u{feff}§", "→§", "「§」", "é§",
    "\u{1b}[1;32m§", "\u{1b}[m§",
  ])
  func `a secret behind a colour or another script's sign is masked`(surroundings: String) {
    let secrets = [
      "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "AKIA" + "Z7QX3LMN5PRT2VWY",
      "npm_" + "a8Kq2LmX9pRt4VwYz7Bc3NdF6GhJ1sTu5QeW", "192.168.10.254", "+4915112345678",
    ]
    for secret in secrets {
      let text = surroundings.replacing("§", with: secret)
      #expect(isGone(secret, from: masked(text)), "\(text) -> \(masked(text))")
    }
  }

  @Test(arguments: [
    "\u{1b}[31mpassword=§\u{1b}[0m", "token=\u{1b}[32m§\u{1b}[0m",
    "\u{1b}[34;1m\"password\"\u{1b}[0m\u{1b}[1;39m:\u{1b}[0m \u{1b}[0;32m\"§\"\u{1b}[0m",
  ])
  func `a password in colours is masked`(surroundings: String) {
    let secret = "hunter2Xq9vLm4"
    let text = surroundings.replacing("§", with: secret)
    #expect(isGone(secret, from: masked(text)), "\(text) -> \(masked(text))")
  }

  @Test func `made-up code, lock files, diffs and logs stay as they are`() {
    var random = SeededRandom(seed: 0xc0de)
    var wrong: [String] = []
    for _ in 0..<20_000 {
      let line = fill(lines.randomElement(using: &random) ?? "", &random)
      write("\t\(line)\t\(masked(line))")
      if masked(line) != line { wrong.append("\(line) -> \(masked(line))") }
    }
    print("lines without secrets: \(wrong.count) of 20000 masked")
    #expect(wrong.count <= 2, "\(wrong.prefix(20).joined(separator: "\n"))")
  }

  /// Files of this machine that hold no secrets: addresses of people are theirs, and not counted.
  @Test func `code of others on this machine stays as it is`() throws {
    let folders = [
      "/usr/include/c++", "/usr/lib/python3.11", "/usr/share/perl", "/usr/include/linux",
    ]
    var lines = 0
    var wrong: [String] = []
    for folder in folders {
      for path in files(under: folder, most: 60) {
        for line in (contents(path) ?? "").split(separator: "\n") where lines < 60_000 {
          lines += 1
          let text = String(line)
          let masked = masked(text)
          let isOfPerson = masked.contains("[EMAIL]") || masked.contains("[HOME]")
          if masked != text, !isOfPerson { wrong.append("\(path): \(text) -> \(masked)") }
        }
      }
    }
    print("lines of others: \(wrong.count) of \(lines) masked")
    #expect(wrong.count <= max(1, lines / 10_000), "\(wrong.prefix(20).joined(separator: "\n"))")
  }

  @Test(arguments: [
    "a", "-", "ghp_", "token=", "://a:", "a@b.", "+1", "1.1.1.1 ", "password: x", "\\n", "Bearer ",
    "-----BEGIN PRIVATE " + "KEY-----\n", "eyJ", "docker login ", "0171 1", "\"token\":\"", "AKIA",
    "my password is ", "Cookie: a=", "/home/", "4111 ", "DE89 ", "%22token%22%3A%22", "a_", "A1b",
    "mysql -u", "curl -u a", "fe80:", "key ", "://x@",
  ])
  func `much of the like ends soon, and is the same when masked again`(piece: String) {
    let text = String(repeating: piece, count: (1 << 15) / piece.utf8.count)
    let once = masked(text)
    #expect(masked(once) == once)
  }

  @Test func `bytes that are no text are masked like any`() {
    let bytes: [UInt8] = [0xff, 0xc3, 0x20] + Array("password=hunter22".utf8) + [0x0a, 0x80]
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(masked(text).contains("password=[TOKEN]"))
  }

  private func write(_ line: String) {
    guard let path = unsafe getenv("FOLDLOG_SECRETS"), let file = unsafe fopen(path, "a") else {
      return
    }
    unsafe fputs(line + "\n", file)
    unsafe fclose(file)
  }

  private func isGone(_ secret: String, from text: String) -> Bool {
    let (secret, text) = (Array(secret.utf8), Array(text.utf8))
    let size = min(8, secret.count)
    var seen: Set<ArraySlice<UInt8>> = []
    for start in 0...max(0, text.count - size) where text.count >= size {
      seen.insert(text[start..<start + size])
    }
    return !(0...secret.count - size).contains { seen.contains(secret[$0..<$0 + size]) }
  }
}

// MARK: Secrets

private struct SecretKind {
  let name: String
  let shape: String
  let surroundings: [String]

  func secret(_ random: inout SeededRandom) -> String { fill(shape, &random) }
}

/// Fills in a shape: `{a24}` are 24 letters and digits, `{h32}` hexadecimal, `{b40}` Base64, `{u16}`
/// capitals and digits, `{l24}` small letters and digits, `{d9}` digits, `{w}` a word, `{p}` a password.
private func fill(_ shape: String, _ random: inout SeededRandom) -> String {
  var output = ""
  var rest = Substring(shape)
  while let open = rest.firstIndex(of: "{") {
    output += rest[..<open]
    guard let close = rest[open...].firstIndex(of: "}"),
      let sort = rest[rest.index(after: open)..<close].first,
      let alphabet = alphabets[sort]
    else {
      output.append("{")
      rest = rest[rest.index(after: open)...]
      continue
    }
    let size = Int(rest[rest.index(open, offsetBy: 2)..<close]) ?? 0
    switch sort {
    case "w": output += words.randomElement(using: &random) ?? ""
    case "p": output += password(&random)
    default:
      // One in a hundred has no digit, as is true of keys.
      output += String((0..<size).map { _ in alphabet.randomElement(using: &random) ?? "x" })
    }
    rest = rest[rest.index(after: close)...]
  }
  return output + rest
}

private let alphabets: [Character: [Character]] = [
  "a": Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"),
  "h": Array("0123456789abcdef"), "d": Array("0123456789"),
  "b": Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/"),
  "u": Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"),
  "l": Array("abcdefghijklmnopqrstuvwxyz0123456789"),
  "w": [], "p": [],
]

private let words = [
  "apple", "river", "window", "orbit", "lantern", "copper", "meadow", "harbor", "violet", "tunnel",
]

private func password(_ random: inout SeededRandom) -> String {
  let word = words.randomElement(using: &random) ?? "word"
  let number = Int.random(in: 10...9_999, using: &random)
  let sign = ["!", "_", "-", "#", ""].randomElement(using: &random) ?? ""
  return word.prefix(1).uppercased() + word.dropFirst() + "\(number)" + sign + "Zq7"
}

/// Where a token may stand that tells by itself what it is.
private let anywhere = [
  "§", "use § for this", "export SERVICE_KEY=§", #"{"key": "§"}"#, "key: §", "X-Custom: §",
  "https://api.example/v1?x=1&k=§", "const k = '§';", "2026-01-05 INFO calling with § now",
  "call --with=§ --more", "- was §, is gone", "`§`", "<value>§</value>", "a=1\\nb=§\\n", "(§)",
]

/// Where a secret without a shape of its own may stand.
private let named = [
  "API_KEY=§", "export SERVICE_TOKEN=\"§\"", #"{"api_key": "§"}"#, #"{"client_secret":"§","a":1}"#,
  "access_token: §", "Authorization: Bearer §", "X-Api-Key: §", "https://a.example/x?api_key=§&y=1",
  "apiKey = '§'", "the api key is §", "call --token §", "+AUTH_TOKEN=§", "<apiKey>§</apiKey>",
  #"os.environ["API_TOKEN"] = "§""#, #"{\"access_token\":\"§\"}"#, "api_secret = §",
]

private let passwords = [
  "DB_PASSWORD=§", "password: §", #"{"password": "§"}"#, "my password is §", "login --password §",
  "postgres://bob:§@db.example/x", "curl -u bob:§ https://a.example", "mysql -ubob -p'§' shop",
  "host=db user=bob password=§", "Server=db;User Id=sa;Password=§;", "sshpass -p '§' ssh bob@h",
  "CREATE USER bob IDENTIFIED BY '§'", "ALTER ROLE bob WITH PASSWORD '§'",
  "docker login -u bob -p § r.example", "machine h.example login bob password §",
  "<password>§</password>", "password = \"§\"", "amqp://bob:§@mq:5672/", "redis-cli -a § ping",
]

private func key(_ name: String, _ shape: String) -> SecretKind {
  SecretKind(name: name, shape: shape, surroundings: anywhere)
}

// Prefixes in pieces, so that no scanner takes this file for a leak.
private let kinds: [SecretKind] = [
  key("OpenAI", "sk-" + "proj-{a48}"), key("Anthropic", "sk-" + "ant-api03-{a93}AA"),
  key("GitHub", "gh" + "p_{a36}"), key("GitHub fine", "github" + "_pat_{a22}_{a59}"),
  key("GitHub server", "gh" + "s_{a36}"), key("GitLab", "gl" + "pat-{a20}"),
  key("GitLab runner", "gl" + "rt-{a20}"), key("Slack bot", "xo" + "xb-{d12}-{d12}-{a24}"),
  key("Slack app", "xa" + "pp-1-A{u10}-{d13}-{h64}"), key("Google", "AI" + "za{a35}"),
  key("Google OAuth", "GOC" + "SPX-{a28}"), key("AWS id", "AK" + "IA{u16}"),
  key("Stripe", "sk_" + "live_{a24}"), key("Stripe restricted", "rk_" + "live_{a24}"),
  key("npm", "np" + "m_{a36}"), key("PyPI", "py" + "pi-AgEIcHlwaS5vcmc{a60}"),
  key("Hugging Face", "h" + "f_{a34}"), key("SendGrid", "S" + "G.{a22}.{a43}"),
  key("DigitalOcean", "do" + "p_v1_{h64}"), key("DigitalOcean refresh", "do" + "r_v1_{h64}"),
  key("Shopify", "sh" + "pat_{h32}"), key("Shopify app", "sh" + "pca_{h32}"),
  key("Groq", "gs" + "k_{a52}"), key("xAI", "xa" + "i-{a80}"), key("Replicate", "r" + "8_{a37}"),
  key("Tavily", "tv" + "ly-{a32}"), key("LangSmith", "ls" + "v2_pt_{h32}_{h10}"),
  key("Grafana", "gl" + "sa_{a32}_{h8}"), key("Linear", "lin_" + "api_{a40}"),
  key("Vault", "hv" + "s.{a90}"), key("Databricks", "da" + "pi{h32}"),
  key("Telegram", "{d10}:A" + "A{a33}"), key("Twilio", "S" + "K{h32}"),
  key("Web token", "ey" + "JhbGciOiJIUzI1NiJ9.{a60}.{a43}"), key("unknown prefix", "acme_{a32}"),
  key("unknown issuer", "zed-pat-{a40}"), key("unknown version", "quux_v1_{h40}"),
  key("Docker Hub", "dckr" + "_pat_{a27}"), key("Postman", "PM" + "AK-{h24}-{h34}"),
  key("NVIDIA", "nv" + "api-{a64}"), key("Perplexity", "pp" + "lx-{a48}"),
  SecretKind(name: "hexadecimal", shape: "{h32}", surroundings: named),
  SecretKind(name: "long hexadecimal", shape: "{h64}", surroundings: named),
  SecretKind(name: "letters and digits", shape: "{a32}", surroundings: named),
  SecretKind(name: "Base64", shape: "{b40}", surroundings: named),
  SecretKind(name: "small letters and digits", shape: "{l24}", surroundings: named),
  SecretKind(name: "password", shape: "{p}", surroundings: passwords),
  SecretKind(name: "random password", shape: "{a14}", surroundings: passwords),
]

// MARK: No secrets

private let lines = [
  #"      "integrity": "sha512-{b86}==","#, "checksum = \"{h64}\"",
  "github.com/a/b v1.2.{d2} h1:{b43}=",
  #"  resolved "https://registry.example/{w}/-/{w}-{d1}.{d2}.{d1}.tgz#{h40}""#,
  "index {h7}..{h7} 100644", "commit {h40}", "+{d8}", "-{d9}", "@@ -{d3},7 +{d3},9 @@ func {w}()",
  "+12{d6}", "let {w}Key = {w}Cache.key(for: {d2})", "const token = await {w}.getToken();",
  "  password: z.string().min({d1}),", "if (token.type === TokenType.{w}) return {w};",
  "self.api_key = api_key or os.environ.get(\"{u4}_API_KEY\")", "    token_count: {d5},",
  "2026-01-05T10:{d2}:{d2}.{d3}Z INFO {w} took {d4} ms", "blk_{d19} of size {d8}",
  "chunk-{h32}.js 12{d1} kB", "upgraded {w} from 4.{d2}.2{d1}.1 to 4.{d2}.3{d1}.2",
  "Chrome/12{d1}.0.0.0 Safari/537.36", "toolu_01{a22} called", "msg_01{a22}", "req_{a24} done",
  "uuid {h8}-{h4}-4{h3}-9{h3}-{h12}", "  key: '{w}_{w}',", "primary key: {h32}", "etag: \"{h32}\"",
  "docker.io/a/{w}@sha256:{h64}", "/nix/store/{l32}-{w}-1.{d1}", "netmask 255.255.2{d1}.0",
  "AssemblyVersion(\"{d1}.{d1}.0.0\")", "{w}@{d1}.{d2}.{d1} /{w}", "import {w} from '@{w}/{w}'",
  "load {w}@2x.png", "getty@tty{d1}.service started", "0x{h16} in main", "job {d9} exited {d1}",
  "timestamp: 17672{d8}", "pid={d5} uid=10{d2}", "  secretName: {w}-tls", "  secret: {w}",
  "the token was refreshed {d3} times", "password reset for {w} failed", "Author-Date: 2026-01-05",
  #""scripts": {"test": "{w} --key {w}"},"#, "func {w}(password: String) -> Bool {",
  "1.{d1}.{d1}.{d1}",
  // Numbers as long as those of persons.
  "17{d11}", "{d11}", "id={d9} n={d10}", "{d12},{d13}", "2026050{d1}-1{d1}{d2}",
  "v{d2}.{d2}.{d2}-{d3}",
  "part {u4}{d6}", "{d3}-{d3} of {d3}-{d4}", "took {d11} ns for {d13} bytes", "{d6}/{d4}",
  "    <PackageReference Include=\"{w}\" Version=\"{d1}.{d1}.{d1}.0\" />", "sort_key={w}",
  "serde-{h16}.rlib", "v0.0.0-2026010{d1}10{d4}-{h12}", "Content-Length: {d6}", "{d3}-{d4} of {d4}",
]

private func contents(_ path: String) -> String? {
  guard let file = unsafe fopen(path, "r") else { return nil }
  defer { unsafe fclose(file) }
  var bytes = [UInt8](repeating: 0, count: 1 << 18)
  let count = unsafe fread(&bytes, 1, bytes.count, file)
  return String(decoding: bytes[..<count], as: UTF8.self)
}

/// Regular files under a folder, in the order of their names, at most so many.
private func files(under folder: String, most: Int) -> [String] {
  guard let directory = unsafe opendir(folder) else { return [] }
  defer { _ = unsafe closedir(directory) }
  var names: [(name: String, isFolder: Bool)] = []
  while let entry = unsafe readdir(directory) {
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
    }
    if name.hasPrefix(".") || name.hasSuffix(".pyc") { continue }
    names.append((name, unsafe entry.pointee.d_type == UInt8(DT_DIR)))
  }
  var found: [String] = []
  for (name, isFolder) in names.sorted(by: { $0.name < $1.name }) where found.count < most {
    let path = "\(folder)/\(name)"
    found += isFolder ? files(under: path, most: most - found.count) : [path]
  }
  return found
}
