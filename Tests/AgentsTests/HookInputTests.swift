import Testing

@testable import Agents

/// What agents tell hooks.
@Suite struct HookInputTests {
  private func error(_ members: String) -> String? {
    HookInput(Array(#"{"hook_event_name":"PostToolUse",\#(members)}"#.utf8))?.error
  }

  @Test func `a failed tool says what it printed`() {
    #expect(error(#""error":"Exit code 2\nmake: *** no rule""#) == "make: *** no rule")
    #expect(error(#""error":"Exit code 2""#) == "Exit code 2")
    #expect(error(#""error":"File does not exist.""#) == "File does not exist.")
    #expect(error(#""error":"stopped","is_interrupt":true"#) == nil)
  }

  @Test(arguments: [
    #""tool_response":"make: *** [flash] Error 1\n""#,
    #""tool_response":"job 12 finished with exit code: 1\nall is well""#,
    #""tool_response":{"exit_code":1,"output":"no such file"}"#,
  ])
  func `what a tool printed is no failure`(_ members: String) { #expect(error(members) == nil) }

  @Test(arguments: ["", "x", "[]", "{}", "{\"hook_event_name\":1}"])
  func `what is no input of a hook is none`(_ text: String) {
    #expect(HookInput(Array(text.utf8)) == nil)
  }
}
