import DatasetsProjector
import Testing

private func masked(_ text: String) -> String {
  var masker = Masker()
  return masker.mask(text)
}

@Test(arguments: [
  // Keys. In pieces, so that no scanner takes this file for a leak.
  ("use sk-" + "proj-abc123DEF456ghi789jkl now", "use [KEY] now"),
  ("AKIA" + "IOSFODNN7EXAMPLE.", "[KEY]."),
  ("token ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a, ok", "token [KEY], ok"),
  ("xoxb-" + "123456789012-abcdef", "[KEY]"),
  ("AIza" + "SyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY", "[KEY]"),
  (
    "a\n-----BEGIN RSA PRIVATE " + "KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----\nb",
    "a\n[KEY]\nb"
  ),
  ("-----BEGIN PRIVATE " + "KEY-----\nMIIE that never ends", "[KEY]"),
  // Tokens and passwords.
  ("Authorization: Bearer abcDEF123456789012", "Authorization: Bearer [TOKEN]"),
  ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.SflKxwRJSM", "[TOKEN]"),
  ("password = \"hunter22\"", "password = \"[TOKEN]\""),
  ("DB_PASSWORD=correct7horse", "DB_PASSWORD=[TOKEN]"),
  (#"{"api_key": "0123456789abcdef"}"#, #"{"api_key": "[TOKEN]"}"#),
  ("postgres://admin:s3cr3t@db.example.org/x", "postgres://[TOKEN]@db.example.org/x"),
  // People.
  ("write to jane.doe+x@mail.example.co.uk.", "write to [EMAIL]."),
  ("at 192.168.10.254:8080", "at [IP]:8080"),
  ("from 2001:db8::8a2e:370:7334 on", "from [IP] on"),
  ("from fe80:0:0:0:202:b3ff:fe1e:8329", "from [IP]"),
  ("call +49 (0)30 1234-5678 today", "call [PHONE] today"),
  ("call (415) 555-2671 or 415-555-2671", "call [PHONE] or [PHONE]"),
  ("ssn 123-45-6789", "ssn [NATIONAL_ID]"),
  ("dni 12345678Z", "dni [NATIONAL_ID]"),
  ("nino AB 12 34 56 C", "nino [NATIONAL_ID]"),
  ("cpf 123.456.789-09", "cpf [NATIONAL_ID]"),
  ("id 11010519491231002X", "id [NATIONAL_ID]"),
  ("aadhaar 2345 6789 0123", "aadhaar [NATIONAL_ID]"),
  // Home directories: what lies in them stays.
  ("open /home/jane/src/main.c", "open [HOME]/src/main.c"),
  ("file:///Users/jane.doe/x", "file://[HOME]/x"),
  (#"C:\Users\Jane\x and C:\\Users\\Jane\\x"#, #"[HOME]\x and [HOME]\\x"#),
  ("cc -I/home/jane/include", "cc -I[HOME]/include"),
  ("ls /root/.ssh", "ls [HOME]/.ssh"),
])
func `what is secret or personal is masked`(text: String, expected: String) {
  #expect(masked(text) == expected)
  #expect(masked(expected) == expected)
}

@Test(arguments: [
  "version 1.2.3 of 2026-01-05T12:34:56Z",
  "let token = makeToken(for: user)",
  "tokens: 12345678 used",
  "the password: it is forgotten",
  "std::vector<int> dead::beef",
  "git@github.com",  // no domain with a user behind it, but the shape of an address
  "a task-1234 at 10:20:30, 3-4 of 5",
  "https://example.org/home/page",
  "sk-learn is a library and sk-ip this",
  "1.2.3.4.5 and 300.1.1.1",
  "UUID 123e4567-e89b-12d3-a456-426614174000",
  "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
  "pi is 3.14159265358979 and 1234567890",
  "the root of /rooted and x/root.txt",
  "Größe 日本語 🦊 e\u{301}",
])
func `what only looks a little like it stays`(text: String) {
  if text.hasPrefix("git@") {
    #expect(masked(text) == "[EMAIL]")
  } else {
    #expect(masked(text) == text)
  }
}

@Test func `what is masked is counted by kind`() {
  var masker = Masker()
  _ = masker.mask("a@b.org and c@d.org at 10.0.0.1")
  _ = masker.mask("/home/a/x")
  #expect(masker.counts[.email] == 2)
  #expect(masker.counts[.ip] == 1)
  #expect(masker.counts[.home] == 1)
  #expect(masker.counts[.key] == 0)
}
