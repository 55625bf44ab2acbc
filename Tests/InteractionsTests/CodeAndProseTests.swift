import Scoring
import Testing

@Suite struct CodeAndProseTests {
  @Test(arguments: [
    "Here:\n```swift\nlet a = 1\n```",
    "```\ncode\n```\nand why",
    "1. First\n\n       ~~~~\n       ```\n       ~~~~",
    "cut short:\n```python\nprint(",
    "Das geht so.\r\n```\r\nx\r\n```\r\n",
    "```\na\n``` no end\n```\nprose",
    "```\na\n```\nпроза",
  ])
  func `a block and prose beside it`(text: String) { #expect(showsCodeAndProse(text)) }

  @Test(arguments: [
    "", "only prose", "```\nonly code\n```", "`inline` code and ``more``",
    "one line ```x = 1``` is no block", "```x = 1``` is none either",
    "```\n\n```\nan empty block", "```\nlet a = 1\n```\n—…!", "```swift\nprose in the block",
    "````\n```\nstill the block\n```\n````", "``\nno\n``\nfence",
  ])
  func `no block, or no prose`(text: String) { #expect(!showsCodeAndProse(text)) }
}
