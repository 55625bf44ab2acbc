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

  @Test func `of a tool's response only a failure is one`() {
    #expect(error(#""tool_response":{"exit_code":1,"output":"no such file"}"#) == "no such file")
    #expect(error(#""tool_response":{"exit_code":0,"output":"fine"}"#) == nil)
    #expect(
      error(#""tool_response":"{\"output\":\"bad\",\"metadata\":{\"exit_code\":3}}""#) == "bad")
    #expect(
      error(#""tool_response":"Wall time: 1 s\nProcess exited with code 1\nOutput:\nbad\n""#)
        == "bad\n")
    #expect(error(#""tool_response":"Process exited with code 0\nOutput:\nfine""#) == nil)
    #expect(error(#""tool_response":"all is well""#) == nil)
    #expect(error(#""tool_response":{"is_error":true,"content":"bad"}"#) == "bad")
  }

  @Test(arguments: ["", "x", "[]", "{}", "{\"hook_event_name\":1}"])
  func `what is no input of a hook is none`(_ text: String) {
    #expect(HookInput(Array(text.utf8)) == nil)
  }
}
