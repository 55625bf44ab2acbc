import Masking
import TestSupport
import Testing

func masked(_ text: String) -> String {
  var masker = Masker()
  return masker.mask(text)
}

private func expectMasked(_ text: String, _ expected: String) {
  #expect(masked(text) == expected)
  #expect(masked(expected) == expected)
}

/// A line of a key.
private let keyLine = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"

// Keys in pieces, so that no scanner takes this file for a leak.
@Test(arguments: [
  ("use sk-" + "proj-abc123DEF456ghi789jkl now", "use [KEY] now"),
  ("sk-" + "ant-api03-abcDEF123456ghiJKL789-xyz_0", "[KEY]"),
  ("sk-" + "or-v1-0123456789abcdef0123456789abcdef", "[KEY]"),
  ("AKIA" + "IOSFODNN7EXAMPLE.", "[KEY]."),
  ("ASIA" + "IOSFODNN7EXAMPLE", "[KEY]"),
  ("token ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a, ok", "token [KEY], ok"),
  ("github_pat_" + "11ABCDEFG0abcdefghij_klmnop", "[KEY]"),
  ("glpat-" + "aB3dE6gH9jK2mN5pQ8sT", "[KEY]"),
  ("xoxb-" + "123456789012-abcdef", "[KEY]"),
  ("xapp-" + "1-A012-345-abcdef", "[KEY]"),
  ("AIza" + "SyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY", "[KEY]"),
  ("ya29." + "a0AfH6SMBx1234567890abcdef", "[KEY]"),
  ("GOCSPX-" + "a1b2c3d4e5f6g7h8i9j0k1l2", "[KEY]"),
  ("sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc", "[KEY]"),
  ("rk_test_" + "4eC39HqLyjWDarjtT1zdp7dc", "[KEY]"),
  ("hf_" + "aBcDeFgHiJkLmN0pQrStUvWxYz12345678", "[KEY]"),
  ("npm_" + "aBcDeFgHiJkLmN0pQrStUvWxYz1234567890", "[KEY]"),
  ("pypi-" + "AgEIcHlwaS5vcmcCJDAxMjM0NTY3ODkw", "[KEY]"),
  ("SG." + "abcdefghij1234567890.klmnopqrstuvwxyz", "[KEY]"),
  (
    "https://hooks.slack.com/services/" + "T0000/B0000/XXXXXXXXXXXX",
    "https://hooks.slack.com/services/[KEY]"
  ),
  ("110201543:" + "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_", "[KEY]"),
  (
    "a\n-----BEGIN RSA PRIVATE " + "KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----\nb",
    "a\n[KEY]\nb"
  ),
  ("-----BEGIN OPENSSH PRIVATE " + "KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----", "[KEY]"),
  (
    "-----BEGIN PRIVATE " + "KEY-----\n\(keyLine)\n\(keyLine)\nMIIEcut", "[KEY]"
  ),
  ("-----BEGIN PRIVATE " + "KEY-----\n\(keyLine)\n\nSo it begins.", "[KEY]\n\nSo it begins."),
  (
    "-----BEGIN RSA PRIVATE " + "KEY-----\nProc-Type: 4,ENCRYPTED\n\n\(keyLine)\n"
      + "-----END RSA PRIVATE KEY-----.", "[KEY]."
  ),
  (
    #""-----BEGIN PRIVATE "# + #"KEY-----\n\#(keyLine)\n-----END PRIVATE KEY-----\n""#,
    #""[KEY]\n""#
  ),
  ("-----BEGIN OPENSSH PRIVATE " + "KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n", "[KEY]\n"),
  // Without a digit.
  ("hf_" + "abcdefghijklmnopqrstuvwxyzABCDEFGH", "[KEY]"),
  ("hf_" + "abcdefghijklmnopqrstuvwxyzabcdefgh", "[KEY]"),
  ("npm_" + "abcdefghijklmnopqrstuvwxyzabcdefghij", "[KEY]"),
  ("glpat-" + "abcdefghijklmnopqrst", "[KEY]"),
  ("glpat-" + "abcDefgh_jklmnopqrst", "[KEY]"),
  ("sk_live_" + "abcdefghijklmnopqrstuvwx", "[KEY]"),
  ("ghp_" + "abcdefghijklmnopqrstuvwxyzabcdefghij", "[KEY]"),
  ("MTAyMzQ1Njc4OTAxMjM0NTY3" + ".GaBcDe.abcdefghijklmnopqrstuvwxyzABCDEF0123", "[KEY]"),
  ("sid AC" + "0123456789abcdef0123456789abcdef.", "sid [KEY]."),
  ("SK" + "0123456789abcdef0123456789abcdef", "[KEY]"),
  // Text that quotes text.
  (#"{"env":"A=1\nghp_"# + "16C7e42F292c6912E7710c838347Ae178B4a\"}", #"{"env":"A=1\n[KEY]"}"#),
])
func `keys are masked`(text: String, expected: String) { expectMasked(text, expected) }

private let hex = String(repeating: "0123456789abcdef", count: 4)

@Test(arguments: [
  ("Authorization: Bearer abcDEF123456789012", "Authorization: Bearer [TOKEN]"),
  (#"-H "Authorization: Basic YWxhZGRpbjpvcGVu""#, #"-H "Authorization: Basic [TOKEN]""#),
  (#"{"authorization":"Bearer abcdefgh"}"#, #"{"authorization":"Bearer [TOKEN]"}"#),
  ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.SflKxwRJSM", "[TOKEN]"),
  ("password = \"hunter22\"", "password = \"[TOKEN]\""),
  (#"password: "a,b(c)1;""#, #"password: "[TOKEN]""#),
  ("DB_PASSWORD=correct7horse", "DB_PASSWORD=[TOKEN]"),
  ("DB_PASSWORD=horse", "DB_PASSWORD=[TOKEN]"),
  (#"{"api_key": "0123456789abcdef"}"#, #"{"api_key": "[TOKEN]"}"#),
  (#"{\"client_secret\":\"abcdef\"}"#, #"{\"client_secret\":\"[TOKEN]\"}"#),
  (#"api_key: str = "abc-def""#, #"api_key: str = "[TOKEN]""#),
  (#"const apiKey = 'abcdef';"#, #"const apiKey = '[TOKEN]';"#),
  ("aws_secret_access_key = wJalr/K7MDENG+bPx", "aws_secret_access_key = [TOKEN]"),
  ("x-api-key: 0123456789ab", "x-api-key: [TOKEN]"),
  ("?access_token=abcdef0123&x=1", "?access_token=[TOKEN]&x=1"),
  ("login --password hunter22 now", "login --password [TOKEN] now"),
  ("passphrase: \"correct horse battery\"", "passphrase: \"[TOKEN]\""),
  ("postgres://admin:s3cr3t@db.example.org/x", "postgres://[TOKEN]@db.example.org/x"),
  ("redis://:p@ss@cache:6379", "redis://[TOKEN]@cache:6379"),
  ("host=db user=admin password=horse", "host=db user=admin password=[TOKEN]"),
  ("Server=db;User Id=sa;Password=horse;", "Server=db;User Id=sa;Password=[TOKEN];"),
  ("AccountKey=abcdef0123456789==;", "AccountKey=[TOKEN];"),
  ("?X-Amz-Signature=\(hex)&x=1", "?X-Amz-Signature=[TOKEN]&x=1"),
  ("DB_PASS=horse", "DB_PASS=[TOKEN]"),
  ("export MYSQL_PASS=s3cr3t", "export MYSQL_PASS=[TOKEN]"),
  (#"{"pass": "hunter22x"}"#, #"{"pass": "[TOKEN]"}"#),
  ("password: hunter2", "password: [TOKEN]"),
  ("it is pwd=hunter2", "it is pwd=[TOKEN]"),
  ("user: jane\n  password: swordfish\nhost: db", "user: jane\n  password: [TOKEN]\nhost: db"),
  ("pwd=swordfish", "pwd=[TOKEN]"),
  ("SECRET_KEY_BASE: \(hex)", "SECRET_KEY_BASE: [TOKEN]"),
  ("aws_session_token=FwoGZXIvYXdzEBYaDH/+abc1==", "aws_session_token=[TOKEN]"),
  ("aws_session_token=FwoGZXIvYXdzEBYaDH/+abcd==", "aws_session_token=[TOKEN]"),
  ("Authorization: ApiKey abc-DEF:123", "Authorization: ApiKey [TOKEN]"),
  ("'Authorization': 'Klaviyo-API-Key abcdef012'", "'Authorization': 'Klaviyo-API-Key [TOKEN]'"),
  ("Cookie: session=abcdef0123456789; theme=dark", "Cookie: session=[TOKEN]"),
  ("Set-Cookie: sid=abcdef0123456789; Path=/", "Set-Cookie: sid=[TOKEN]; Path=/"),
  (#""cookie": "sid=abcdef01""#, #""cookie": "sid=[TOKEN]""#),
  ("curl -s -u admin:secret99 https://x.org", "curl -s -u admin:[TOKEN] https://x.org"),
  ("curl --user 'a:battery horse' x", "curl --user 'a:[TOKEN]' x"),
  ("mysql -h db -uroot -phunter2 shop", "mysql -h db -uroot -p[TOKEN] shop"),
  ("passphrase: correct horse battery staple", "passphrase: [TOKEN]"),
  ("my password is hunter2, use it", "my password is [TOKEN], use it"),
  ("The password is 'swordfish'.", "The password is '[TOKEN]'."),
  ("My password is swordfish.", "My password is [TOKEN]."),
  ("and the password was Tr0ub4dor&3!", "and the password was [TOKEN]!"),
  ("my pin is 4821 and", "my pin is [TOKEN] and"),
  ("The PIN code is 482100.", "The PIN code is [TOKEN]."),
  ("the passcode is set to 1234", "the passcode is set to [TOKEN]"),
  ("passcode: 1234", "passcode: [TOKEN]"),
  ("pin: 1234", "pin: [TOKEN]"),
  (#"{"pin":"004217","cardPin": 1234}"#, #"{"pin":"[TOKEN]","cardPin": [TOKEN]}"#),
  ("user_pin=1234; cvv: 123", "user_pin=[TOKEN]; cvv: [TOKEN]"),
  ("otp: 123456", "otp: [TOKEN]"),
  (#"{"token":{"value":"abcdef-x"}}"#, #"{"token":{"value":"[TOKEN]"}}"#),
  (#"{"access_token": ["abcdef-x"]}"#, #"{"access_token": ["[TOKEN]"]}"#),
  (#"{\"api_key\":\"abcdef-x\"}"#, #"{\"api_key\":\"[TOKEN]\"}"#),
  ("/cb?state=1&token=abcdefghijkl", "/cb?state=1&token=[TOKEN]"),
  ("?next=%2Fx%3Faccess_token%3Dabcdef0123%26y", "?next=%2Fx%3Faccess_token%3D[TOKEN]%26y"),
  ("?q=%7B%22token%22%3A%22abcdef0123%22%7D", "?q=%7B%22token%22%3A%22[TOKEN]%22%7D"),
  (#""u":"/x?a=1\u0026token\u003dabcdef0123""#, #""u":"/x?a=1\u0026token\u003d[TOKEN]""#),
])
func `tokens and passwords are masked`(text: String, expected: String) {
  expectMasked(text, expected)
}

@Test(arguments: [
  ("write to jane.doe+x@mail.example.co.uk.", "write to [EMAIL]."),
  ("<jürgen@münchen.example> and li@163.com", "<[EMAIL]> and [EMAIL]"),
  ("at 192.168.10.254:8080", "at [IP]:8080"),
  ("http://1.2.3.4/x and 203.0.113.7", "http://[IP]/x and [IP]"),
  ("root@10.0.0.12", "root@[IP]"),
  ("from 2001:db8::8a2e:370:7334 on", "from [IP] on"),
  ("from fe80:0:0:0:202:b3ff:fe1e:8329", "from [IP]"),
  ("fe80::1%eth0, [2001:db8::1]:80, ::ffff:10.0.0.12", "[IP]%eth0, [[IP]]:80, [IP]"),
  ("call +49 (0)30 1234-5678 today", "call [PHONE] today"),
  ("+14155552671 or +44 20 7946 0958 2026-01-05", "[PHONE] or [PHONE] 2026-01-05"),
  ("call (415) 555-2671 or 415-555-2671", "call [PHONE] or [PHONE]"),
  ("415.555.2671, 415 555 2671, 1-415-555-2671", "[PHONE], [PHONE], [PHONE]"),
  ("call me at 415 555 2671 today", "call me at [PHONE] today"),
  ("Tel.: 12345678, phone number is 555 1234", "Tel.: [PHONE], phone number is [PHONE]"),
  ("0171 1234567 or 020 7946 0958", "[PHONE] or [PHONE]"),
  ("06 12 34 56 78, 0049 30 1234567.", "[PHONE], [PHONE]."),
  ("172.16.254.1-172.16.254.9", "[IP]-[IP]"),
  ("resolve with 8.8.8.8, ping 1.1.1.1", "resolve with [IP], ping [IP]"),
])
func `addresses and phone numbers are masked`(text: String, expected: String) {
  expectMasked(text, expected)
}

@Test(arguments: [
  ("ssn 123-45-6789", "ssn [NATIONAL_ID]"),
  ("SSN: 123456789", "SSN: [NATIONAL_ID]"),
  ("SSN 123 45 6789", "SSN [NATIONAL_ID]"),
  ("Social Security Number: 123456789", "Social Security Number: [NATIONAL_ID]"),
  ("dni 12345678Z", "dni [NATIONAL_ID]"),
  ("nie X1234567L, Y1234567X, Z1234567R", "nie [NATIONAL_ID], [NATIONAL_ID], [NATIONAL_ID]"),
  ("nino AB 12 34 56 C or AB123456C", "nino [NATIONAL_ID] or [NATIONAL_ID]"),
  ("cpf 123.456.789-09", "cpf [NATIONAL_ID]"),
  ("id 11010519491231002X", "id [NATIONAL_ID]"),
  ("aadhaar 2345 6789 0124", "aadhaar [NATIONAL_ID]"),
  ("nir 185097512345640", "nir [NATIONAL_ID]"),
  ("sin 130-692-544", "sin [NATIONAL_ID]"),
  ("visa 4111111111111111", "visa [CARD]"),
  ("visa 4111 1111 1111 1111, mc 5555-5555-5555-4444", "visa [CARD], mc [CARD]"),
  ("amex 3782 822463 10005", "amex [CARD]"),
  ("DE89370400440532013000", "[IBAN]"),
  ("IBAN GB82 WEST 1234 5698 7654 32 AND", "IBAN [IBAN] AND"),
])
func `numbers of people and accounts are masked`(text: String, expected: String) {
  expectMasked(text, expected)
}

@Test(arguments: [
  // What lies in a home directory stays.
  ("open /home/jane/src/main.c", "open [HOME]/src/main.c"),
  ("it is in /home/jane.", "it is in [HOME]."),
  ("file:///Users/jane.doe/x", "file://[HOME]/x"),
  (#"C:\Users\Jane\x and C:\\Users\\Jane\\x"#, #"[HOME]\x and [HOME]\\x"#),
  (#"C:/Users/Jane Doe/x"#, "[HOME]/x"),
  ("/mnt/c/Users/jane/x and /c/Users/jane", "[HOME]/x and [HOME]"),
  ("cc -I/home/jane/include", "cc -I[HOME]/include"),
  (#""a\n/home/jane/x""#, #""a\n[HOME]/x""#),
  ("ls /root/.ssh; cd /root.", "ls [HOME]/.ssh; cd [HOME]."),
  (".claude/projects/-Users-jane-code", ".claude/projects/[HOME]-code"),
])
func `home directories are masked`(text: String, expected: String) {
  expectMasked(text, expected)
}

@Test(arguments: [
  "v 1.2.3.4, version 1.2.3 of 2026-01-05T12:34:56Z, 1.2.3.4.5 and 300.1.1.1, ## 1.2.3.4",
  "section 1.2.3.4 and v10.20.30.40 of \"version\": \"10.20.30.40\"",
  "Chrome/120.0.0.0 and tool==10.20.30.40",
  "listen on 127.0.0.1:80 and 0.0.0.0",
  "a[::2], b[1::2], std::vector<int>, dead::beef, d3::add, f64::consts, Foo::1, ::1",
  "12:34:56:78",
  "let token = makeToken(for: user2)",
  "token = tokens2[index1]",
  "tokens: 12345678 used",
  "the password: it is forgotten",
  #"{"password": {"type": "string"}}, "password": "The password of the user""#,
  "password=password, user=user",
  "API_KEY=$API_KEY and \"api_key\": \"${API_KEY}\" and token: \"<your token>\"",
  "PWD=/srv/project22",
  "login --password and --token to",
  "basic understanding of things, Bearer of bad news",
  "https://example.org:8080/a@b",
  "git@github.com:org/repo.git",
  "patches/photon-node@0.3.4.patch and agent@1.0.0-beta.4.tgz",
  "API_KEY=sk-or-... and \"apiKey\": \"MY_PROVIDER_API_KEY\" and token = `${a}...${b}`",
  "react@18.2.0 @types/node user@localhost @decorator",
  "a task-1234 at 10:20:30, 3-4 of 5",
  "https://example.org/home/page, ~/x, /home/$USER, /rooted and x/root.txt",
  "sk-learn is a library and sk-learn-classifier-2-models and npm_config_registry_2",
  "AKIAbutnot, eyJ.a.b",
  "UUID 123e4567-e89b-12d3-a456-426614174000",
  "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
  "1767225600 1767225600000 1767225600000000 1767225600000000000",
  "pi is 3.14159265358979 and 1234567890",
  "100 200 3000 and 415 555 2671 7 and 115-555-2671 and 415-155-2671",
  "main.c:415:12: error, lines 415-555",
  "ssn 000-45-6789, 666-45-6789, 900-45-6789, 123-00-6789, 123-45-0000",
  "123.456.789-08, 11010519491231002 11010519491331002X",
  "2345 6789 0123, 185097512345641, 130-692-545, 12345678A, DQ123456C, GB123456C",
  "4111111111111112, 1234567812345670, 0.4111111111111111",
  "DE89370400440532013001, DE8937040044053201300",
  "The armour -----BEGIN RSA PRIVATE KEY----- opens the file. Then comes the key.\nAll lines stay.",
  "-----BEGIN RSA PRIVATE KEY-----\nis in src/projects/Something/else2.txt\n",
  "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----",
  "From -----BEGIN PRIVATE KEY----- to the line -----END PRIVATE KEY----- it goes",
  "ghp_your_token_here_and_more and glpat-your-token-here-please",
  "gsk_render_node_get_bounds_of_it and SG.Framework.Internal.Service.Provider",
  "hf_hub_download_with_retries_and_more_words",
  "800 555 3000 rows, Basic authentication123 is, +1234567890 + 5, +1234567890 - 5",
  "password: string\npassword: required\n  password: Optional[str] = None",
  "password = getPassword()\npwd: undefined\npassword = value1(x)",
  "if not ok: pass\nPASS=12 FAIL=3, pass: 12345678, FIRST_PASS=true",
  "PASS: test_login12345 (3 ms)\nPASS: TestLogin2/with_3",
  "the bypass=enabled12 and compass: north1234 and render_pass: \"forward\"",
  "the password: swordfish is a word; the passphrase: it is asked for",
  "Authorization: requires administrator rights, Authorization: ApiKey <your key>",
  "Cookie: session=<session>, Set-Cookie: name=value, the cookie: a=b",
  "curl -u $USER:$PASS x, curl -u user:password x",
  "git push -u origin:branch99",
  "mysql -p shop, mysql -p$PASS shop",
  "ssh -phunter2 host, docker run mysql -p3306:3306",
  "0644 1234567 and 0755 12345678 and 08 09 10 11 12 and 06 12 34 56 78 9a",
  "call 1767225600 and calls 1234567, call 2026-01-05, order number 12345678",
  "id 123456789, 123 45 6789, X1234567A and W1234567L",
  "the password is wrong, the password is required. My password is not working",
  "My password is expired.\nMy password is correct.\nmy password is public",
  "the password is base64 encoded, the password is sha256-hashed, my password is 8 characters long",
  "the password is user2's and the password is \"required\" and the password is <secret1>",
  "the password is 1200 seconds old, the pin is 13, pin 1234, the pin number is on the card",
  "pin: 13, pin: 2026-01-05, spin: 1234, pinned: 1234, pin: 1234567890, cvv: 12, opinion: 1234",
  "passcode: required, the passcode: 12, otp: 12.50, pins: 1234",
  "ACCOUNT0123456789abcdef SK0123456789abcdef AC0123456789abcdef0123456789abcdef0",
  "?token=your-token-here&password=required, ?token={token}, /x?token=<token>",
  #"{"token":{"value":"$TOKEN"},"token":{"type":"string"},"token":["a"],"password":{"value":""}}"#,
  "token%3Ashort, a token%20is and 100%26 of it",
  "Größe 日本語 🦊 e\u{301}",
])
func `what only looks a little like it stays`(text: String) {
  #expect(masked(text) == text)
}

@Test func `what is masked is counted by kind`() {
  var masker = Masker()
  _ = masker.mask("a@b.org and c@d.org at 10.0.0.12")
  _ = masker.mask("/home/a/x 4111111111111111 DE89370400440532013000")
  let expected: [MaskKind: Int] = [.email: 2, .ip: 1, .home: 1, .card: 1, .iban: 1]
  for kind in MaskKind.allCases { #expect(masker.counts[kind] == expected[kind] ?? 0, "\(kind)") }
}

@Test func `masking again changes nothing, and twice gives the same`() {
  let pieces = [
    "sk-", "ghp_", "abc123DEF456ghi789jkl", "password=", "\"", "'", " ", "\n", "\\n", "=", ":", "/",
    "@", "a.b@c.org", "10.0.0.12", "2001:db8::1", "+49 30 1234567", "415-555-2671", "123-45-6789",
    "/home/jane", "C:\\Users\\Jane", "4111 1111 1111 1111", "Bearer ", "eyJhbGciOiJIUzI1NiJ9.",
    "://u:p@", "🦊", "7", "-", "[TOKEN]", "Authorization: ", "--token ", ";Password=", "_key",
  ]
  var random = SeededRandom(seed: 0x3a5c)
  for round in 0..<3_000 {
    let text = (0..<Int.random(in: 1...8, using: &random)).map { _ in
      pieces[Int.random(in: pieces.indices, using: &random)]
    }.joined()
    let once = masked(text)
    #expect(masked(text) == once)
    #expect(masked(once) == once, "seed \(random.seed) round \(round): \(text)")
  }
}
