import Bytes
import Testing

@testable import Agents

/// Hooks in the settings of agents: what is put in can be taken out, and all else stays.
@Suite struct HookSettingsTests {
  static let entries = [
    HookSettings.Entry(event: "SessionStart", command: "/opt/foldlog hook session-start"),
    HookSettings.Entry(event: "PostToolUseFailure", command: "/opt/foldlog hook tool-failed"),
  ]

  static let other = #"{"hooks": [{"type": "command", "command": "notify-send done"}]}"#

  /// Settings as people and tools leave them.
  static let settings = [
    "{}", "{ }", "{\n}\n", "\u{feff}{}\n", #"{"model": "opus"}"#, "{\"model\":\"opus\",}",
    "{\r\n\t\"model\": \"opus\",\r\n\t\"env\": {\"A\": \"1\"}\r\n}\r\n",
    #"{"hooks": {}}"#, #"{"hooks":{ },"b":1}"#, #"{"hooks": {"SessionStart": []}}"#,
    #"{"hooks": {"SessionStart": [ ], "Stop": []}}"#,
    "{\n  \"hooks\": {\n    \"SessionStart\": [\n      \(other)\n    ]\n  }\n}\n",
    "{\n  // of mine\n  \"hooks\": {\n    \"Stop\": [\(other)], // the last\n  },\n  /* end */\n}\n",
    "{\"hooks\": {\"SessionStart\": [\(other),]}}",
    "{\"hooks\": {\"SessionStart\": [\(other) , ] , } }",
    "{\"hooks\": {\"PostToolUseFailure\": [ /* none */ ]}}",
    #"{"a": "} // \" {", "hooks": {"SessionStart": [{"matcher": "startup", "hooks": []}]}}"#,
  ]

  @Test(arguments: settings)
  func `what is put in and taken out again leaves the bytes as they were`(_ text: String) throws {
    let before = Array(text.utf8)
    let once = try HookSettings.adding(Self.entries, to: before)
    #expect(once != before)
    #expect(try HookSettings.adding(Self.entries, to: once) == once)
    let root = try SettingsText.root(of: once)
    for entry in Self.entries {
      let handlers = root["hooks"]?[entry.event]?.elements?.compactMap { $0["hooks"]?.elements }
        .joined()
      #expect(handlers?.count { $0["command"]?.text == entry.command } == 1)
    }
    let after = try #require(try HookSettings.removing(from: once))
    #expect(String(decoding: after, as: UTF8.self) == text)
    #expect(try HookSettings.removing(from: after) == after)
  }

  @Test func `settings that a program laid out anew keep nothing of the hooks, and no file goes`()
    throws
  {
    for text in [
      """
      {
        "model": "opus",
        "hooks": {
          "SessionStart": [
            {
              "hooks": [
                { "type": "command", "command": "/opt/foldlog hook session-start", "timeout": 5 }
              ]
            }
          ]
        }
      }
      """, #"{"hooks":{"Stop":[{"hooks":[{"command":"/opt/foldlog hook stop"}]}]}}"#,
    ] {
      let rest = try #require(try HookSettings.removing(from: Array(text.utf8)))
      let root = try SettingsText.root(of: rest)
      #expect(root["hooks"] == nil, "\(String(decoding: rest, as: UTF8.self))")
      #expect(root.members?.count == (text.contains("opus") ? 1 : 0))
    }
  }

  @Test func `at a moment at which nothing is run any more, an earlier hook goes`() throws {
    let old = [HookSettings.Entry(event: "PostToolUse", command: "/opt/foldlog hook tool-failed")]
    let made = try HookSettings.adding(old, to: nil)
    let now = try HookSettings.adding([Self.entries[0]], to: made)
    let root = try SettingsText.root(of: now)
    #expect(root["hooks"]?.members?.map(\.name) == ["SessionStart"])
  }

  @Test func `a file that was made for the hooks goes with them`() throws {
    let made = try HookSettings.adding(Self.entries, to: nil)
    #expect(try SettingsText.root(of: made)["hooks"]?.members?.count == 2)
    #expect(try HookSettings.removing(from: made) == nil)
  }

  @Test func `a hook of another place is put right, and a foreign one behind it stays`() throws {
    let old = [
      HookSettings.Entry(event: "SessionStart", command: "'/old dir/foldlog' hook session-start")
    ]
    let first = String(decoding: try HookSettings.adding(old, to: nil), as: UTF8.self)
    let more = first.replacing("]}}\n", with: ", \(Self.other)]}}\n")
    let now = try HookSettings.adding([Self.entries[0]], to: Array(more.utf8))
    let text = String(decoding: now, as: UTF8.self)
    #expect(text.contains("/opt/foldlog hook session-start") && !text.contains("/old dir"))
    let rest = try #require(try HookSettings.removing(from: now))
    #expect(
      String(decoding: rest, as: UTF8.self) == "{\"hooks\": {\"SessionStart\": [\(Self.other)]}}\n")
  }

  @Test func `a program of another name knows its own, and those of foldlog`() throws {
    let old = [HookSettings.Entry(event: "Stop", command: "/a/foldlog-2 hook stop")]
    let new = [HookSettings.Entry(event: "Stop", command: "/b/foldlog-2 hook stop")]
    let made = try HookSettings.adding(old, of: "foldlog-2", to: nil)
    let moved = try HookSettings.adding(new, of: "foldlog-2", to: made)
    #expect(!String(decoding: moved, as: UTF8.self).contains("/a/foldlog-2"))
    #expect(try HookSettings.removing(from: moved) == moved)
    #expect(try HookSettings.removing(of: "foldlog-2", from: moved) == nil)
  }

  @Test(arguments: [
    "", "[]", "{", #"{"a" 1}"#, #"{"a": 1} x"#, "{\"a\": nul}", "{ /* }", #"{"hooks": []}"#,
    #"{"hooks": {"SessionStart": {}}}"#, String(repeating: #"{"a":"#, count: 300),
  ])
  func `what cannot be understood is left`(_ text: String) {
    #expect(throws: HookSettings.Refusal.self) {
      _ = try HookSettings.adding(Self.entries, to: Array(text.utf8))
    }
  }

  /// A command that only names the program, or does more than run it, is a person's.
  @Test(arguments: [
    ("foldlog hook prompt", true), ("/usr/bin/foldlog hook tool-failed --data /x", true),
    ("'/a b/foldlog' hook stop", true), ("'/it'\\''s/foldlog' hook stop --data '/a; b'", true),
    ("foldlog hook prompt --within-ms 80", true),
    ("foldlog hook prompt --within-ms 80 --data /x", true),
    ("foldlog hook install", false), ("git hook prompt", false), ("echo foldlog", false),
    ("echo foldlog hook prompt", false), ("/usr/bin/foldlog-notify hook prompt", false),
    ("notify > /tmp/foldlog hook prompt", false), ("'my foldlog hook prompt'", false),
    ("foldlog hook prompt && notify-send told", false), ("sh -c 'foldlog hook prompt'", false),
    ("git log /opt/foldlog hook prompt", false), ("foldlog hook prompt --verbose", false),
    ("A=1 foldlog hook prompt", false), ("foldlog query hook prompt", false), ("", false),
  ])
  func `only what foldlog put in is its own`(_ command: String, _ isOurs: Bool) throws {
    #expect(HookSettings.isOurs(command) == isOurs)
    let text = #"{"hooks": {"Stop": [{"hooks": [{"command": \#(quoted(command))}]}]}}"#
    if !isOurs {
      let bytes = Array(text.utf8)
      #expect(try HookSettings.removing(from: bytes) == bytes)
      let added = try HookSettings.adding(
        [HookSettings.Entry(event: "Stop", command: "/opt/foldlog hook stop")], to: bytes)
      #expect(try HookSettings.removing(from: added) == bytes)
    }
  }

  private func quoted(_ text: String) -> String {
    var bytes: [UInt8] = []
    bytes.append(json: text)
    return String(decoding: bytes, as: UTF8.self)
  }
}
