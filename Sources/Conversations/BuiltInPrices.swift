internal import Bytes
internal import Events

extension PriceList {
  /// Where the built-in prices come from, and when they were read there.
  package static let builtInSource = "LiteLLM 1.110.2, model_prices_and_context_window.json"
  package static let builtInDate = "2026-11-29"

  /// What the makers of models ask, as LiteLLM lists it: for the standard tier. What an entry asks was
  /// asked before too, unless one before it has the price until its day.
  package static let builtIn = PriceList(
    builtInRows.utf8.split(separator: UInt8(ascii: "\n")).compactMap(builtInPrice))
}

/// Nil of a line that is no price, which a test rules out.
private func builtInPrice(_ line: Substring.UTF8View) -> Price? {
  // Bytes are split some ten times as fast as characters, and many a command needs the prices.
  let words = line.split(separator: UInt8(ascii: " ")).map { Substring($0) }
  guard words.count >= 6 else { return nil }
  var (above, from): (UInt64?, Timestamp?) = (0, Timestamp(nanoseconds: 0))
  for word in words.dropFirst(6) {
    switch word.first {
    case ">": above = UInt64(word.dropFirst())
    case "@": from = Timestamp(parsing: "\(word.dropFirst())T00:00:00Z")
    default: return nil
    }
  }
  guard let above, let from else { return nil }
  let amounts = words.dropFirst().prefix(5).map { Double($0).flatMap { FixedPoint($0) } }
  guard let input = amounts[0], let output = amounts[4] else { return nil }
  // Anthropic asks ten dollars for a thousand searches of the web, whichever the model: the source's
  // `search_context_cost_per_query`.
  return Price(
    model: String(words[0]), from: from, input: input, cacheRead: amounts[1],
    cacheWrite: amounts[2],
    longCacheWrite: amounts[3], output: output,
    webSearch: words[0].hasPrefix("claude-") ? FixedPoint(hundredths: 1) : nil,
    above: above)
}

/// The number of lines, for the test that all of them are prices.
package let builtInPriceCount = builtInRows.split(separator: "\n").count

// A name with a star fits what goes on with a date or a variant, and not the next version: so that a
// model which is not listed has no price, rather than that of another. Longer names come later. Claude:
// where five minutes or an hour are not listed, 1.25 and 2 times the input.
//
// Dollars for a million tokens: input, cache read, cache write for five minutes, for an hour, output; of
// what costs more in long contexts, behind that from how many tokens on; of what became cheaper, the day
// from which on (o3: OpenAI's announcement of that day).
private let builtInRows = """
  MiniMax-M2                      0.3   0.03  0.375      -    1.2
  MiniMax-M2-*                    0.3   0.03  0.375      -    1.2
  MiniMax-M2.1*                   0.3   0.03  0.375      -    1.2
  MiniMax-M2.1-lightning*         0.3   0.03  0.375      -    2.4
  MiniMax-M2.5*                   0.3   0.03  0.375      -    1.2
  MiniMax-M2.5-lightning*         0.3   0.03  0.375      -    2.4
  MiniMax-M3                      0.3   0.06      -      -    1.2
  MiniMax-M3                       0.6   0.12      -      -    2.4  >512000
  MiniMax-M3-*                    0.3   0.06      -      -    1.2
  MiniMax-M3-*                     0.6   0.12      -      -    2.4  >512000
  claude-3-5-haiku*               0.8   0.08      1    1.6      4
  claude-3-5-sonnet*                3    0.3   3.75      6     15
  claude-3-7-sonnet*                3    0.3   3.75      6     15
  claude-3-haiku*                0.25   0.03    0.3    0.5   1.25
  claude-3-opus*                   15    1.5  18.75     30     75
  claude-fable-5                   10      1   12.5     20     50
  claude-fable-5-1*                10   0.25   12.5     20     50
  claude-fable-5-20*               10      1   12.5     20     50
  claude-fable-5@*                 10      1   12.5     20     50
  claude-fable-5[*                 10      1   12.5     20     50
  claude-haiku-4-5*                 1    0.1   1.25      2      5
  claude-haiku-5-5*               0.1   0.01  0.125    0.2    0.5
  claude-haiku-5-5*                0.5   0.05  0.625      1    2.5  >100000
  claude-mythos-5                  10      1   12.5     20     50
  claude-mythos-5-1*               10   0.25   12.5     20     50
  claude-mythos-5-20*              10      1   12.5     20     50
  claude-mythos-5@*                10      1   12.5     20     50
  claude-mythos-5[*                10      1   12.5     20     50
  claude-mythos-preview*           10      1   12.5     20     50
  claude-opus-4                    15    1.5  18.75     30     75
  claude-opus-4-0                  15    1.5  18.75     30     75
  claude-opus-4-1*                 15    1.5  18.75     30     75
  claude-opus-4-20*                15    1.5  18.75     30     75
  claude-opus-4-5*                  5    0.5   6.25     10     25
  claude-opus-4-6*                  5    0.5   6.25     10     25
  claude-opus-4-7*                  5    0.5   6.25     10     25
  claude-opus-4-8*                  5    0.5   6.25     10     25
  claude-opus-4@*                  15    1.5  18.75     30     75
  claude-opus-4[*                  15    1.5  18.75     30     75
  claude-opus-5                     5    0.5   6.25     10     25
  claude-opus-5-20*                 5    0.5   6.25     10     25
  claude-opus-5-5*                  4    0.2      5      8     20
  claude-opus-5@*                   5    0.5   6.25     10     25
  claude-opus-5[*                   5    0.5   6.25     10     25
  claude-sonnet-4                   3    0.3   3.75      6     15
  claude-sonnet-4-0                 3    0.3   3.75      6     15
  claude-sonnet-4-20*               3    0.3   3.75      6     15
  claude-sonnet-4-5*                3    0.3   3.75      6     15
  claude-sonnet-4-6*                3    0.3   3.75      6     15
  claude-sonnet-4@*                 3    0.3   3.75      6     15
  claude-sonnet-4[*                 3    0.3   3.75      6     15
  claude-sonnet-5                   2    0.2    2.5      4     10
  claude-sonnet-5-20*               2    0.2    2.5      4     10
  claude-sonnet-5-5*                2    0.1    2.5      4     10
  claude-sonnet-5@*                 2    0.2    2.5      4     10
  claude-sonnet-5[*                 2    0.2    2.5      4     10
  codestral-2508                  0.3   0.03      -      -    0.9
  codestral-latest                0.3   0.03      -      -    0.9
  deepseek-chat*                 0.28  0.028      -      -   0.42
  deepseek-flash*                 0.3  0.006      -      -    1.2
  deepseek-reasoner*             0.28  0.028      -      -   0.42
  deepseek-v3                    0.27   0.07      -      -    1.1
  deepseek-v3.2                  0.28  0.028      -      -    0.4
  deepseek-v4-flash*              0.3  0.006      -      -    1.2
  deepseek-v4-pro*               1.32  0.044      -      -   3.96
  devstral-latest                 0.4   0.04      -      -      2
  devstral-medium-latest          0.4   0.04      -      -      2
  devstral-small-latest           0.1   0.01      -      -    0.3
  gemini-2.5-flash*               0.3   0.03      -      -    2.5
  gemini-2.5-flash-lite*          0.1   0.01      -      -    0.4
  gemini-2.5-pro*                1.25  0.125      -      -     10
  gemini-2.5-pro*                  2.5   0.25      -      -     15  >200000
  gemini-3-flash-preview*         0.5   0.05      -      -      3
  gemini-3.1-flash-lite*         0.25  0.025      -      -    1.5
  gemini-3.1-pro-preview*           2    0.2      -      -     12
  gemini-3.1-pro-preview*            4    0.4      -      -     18  >200000
  gemini-3.5-flash*               1.5   0.15      -      -      9
  gemini-3.5-flash-lite*          0.3   0.03      -      -    2.5
  gemini-3.6-flash*              0.75  0.075      -      -   3.75
  gemini-3.7-flash*              0.75  0.075      -      -   3.75
  gemini-3.8-flash*              0.75  0.075      -      -   3.75
  gemini-4-argon*                   2    0.1      -      -     10
  gemini-4-hydrogen*              1.5  0.075      -      -    7.5
  gemini-flash-latest*           0.75  0.075      -      -   3.75
  gemini-flash-lite-latest*       0.3   0.03      -      -    2.5
  gemini-pro-latest*                2    0.2      -      -     12
  gemini-pro-latest*                 4    0.4      -      -     18  >200000
  glm-4.5*                        0.6      -      -      -    2.2
  glm-4.5-air*                    0.2      -      -      -    1.1
  glm-4.5-airx*                   1.1      -      -      -    4.5
  glm-4.5-flash*                    0      -      -      -      0
  glm-4.5-x*                      2.2      -      -      -    8.9
  glm-4.6*                        0.6   0.11      -      -    2.2
  glm-4.7*                        0.6   0.11      -      -    2.2
  glm-4.7-flash*                    0      0      -      -      0
  glm-5                             1    0.2      -      -    3.2
  glm-5-*                           1    0.2      -      -    3.2
  glm-5-code*                     1.2    0.3      -      -      5
  glm-5.1*                        1.4   0.26      -      -    4.4
  glm-5.2*                        1.4   0.26      -      -    4.4
  glm-5.3*                        1.4   0.26      -      -    4.4
  glm-5.3-flash*                 0.15   0.03      -      -    0.5
  gpt-4                            30      -      -      -     60
  gpt-4-*                          30      -      -      -     60
  gpt-4.1*                          2    0.5      -      -      8
  gpt-4.1-mini*                   0.4    0.1      -      -    1.6
  gpt-4.1-nano*                   0.1  0.025      -      -    0.4
  gpt-4o*                         2.5   1.25      -      -     10
  gpt-4o-2024-05-13*                5      -      -      -     15
  gpt-4o-mini*                   0.15  0.075      -      -    0.6
  gpt-5                          1.25  0.125      -      -     10
  gpt-5-*                        1.25  0.125      -      -     10
  gpt-5-mini*                    0.25  0.025      -      -      2
  gpt-5-nano*                    0.05  0.005      -      -    0.4
  gpt-5-pro*                       15      -      -      -    120
  gpt-5.1*                       1.25  0.125      -      -     10
  gpt-5.1-codex-mini*            0.25  0.025      -      -      2
  gpt-5.2*                       1.75  0.175      -      -     14
  gpt-5.2-pro*                     21      -      -      -    168
  gpt-5.3-chat-latest*           1.75  0.175      -      -     14
  gpt-5.3-codex*                 1.75  0.175      -      -     14
  gpt-5.4*                        2.5   0.25      -      -     15
  gpt-5.4*                           5    0.5      -      -   22.5  >272000
  gpt-5.4-mini*                  0.75  0.075      -      -    4.5
  gpt-5.4-nano*                   0.2   0.02      -      -   1.25
  gpt-5.4-pro*                     30      -      -      -    180
  gpt-5.4-pro*                      60      -      -      -    270  >272000
  gpt-5.5*                          5    0.5      -      -     30
  gpt-5.5*                          10      1      -      -     45  >272000
  gpt-5.5-cyber*                 12.5   1.25      -      -     75
  gpt-5.5-pro*                     30      -      -      -    180
  gpt-5.5-pro*                      60      -      -      -    270  >272000
  gpt-5.6*                          4    0.4      5      -     20
  gpt-5.6*                           8    0.8     10      -     30  >272000
  gpt-5.6-cyber*                 12.5   1.25 15.625      -     75
  gpt-5.6-cyber*                    25    2.5  31.25      -  112.5  >272000
  gpt-5.6-luna*                   0.2   0.02   0.25      -    1.2
  gpt-5.6-luna*                    0.4   0.04    0.5      -    1.8  >272000
  gpt-5.6-terra*                    2    0.2    2.5      -     12
  gpt-5.6-terra*                     4    0.4      5      -     18  >272000
  gpt-6-astra*                     10      1   12.5      -     50
  gpt-6-astra*                      20      2     25      -     75  >272000
  gpt-6-cyber*                     20      2     25      -    100
  gpt-6-luna*                     0.1   0.01  0.125      -    0.5
  gpt-6-luna*                      0.2   0.02   0.25      -   0.75  >272000
  gpt-6-sol*                        2    0.2    2.5      -     10
  gpt-6-sol*                         4    0.4      5      -     15  >272000
  gpt-6.1-sol*                      2    0.1    2.5      -     10
  gpt-6.1-sol*                       4    0.2      5      -     15  >272000
  gpt-6.1-terra*                    1   0.05   1.25      -      5
  gpt-6.1-terra*                     2    0.1    2.5      -    7.5  >272000
  grok-4.20*                     1.25    0.2      -      -    2.5
  grok-4.20*                       2.5    0.4      -      -      5  >200000
  grok-4.3*                      1.25    0.2      -      -    2.5
  grok-4.3*                        2.5    0.4      -      -      5  >200000
  grok-4.5*                         2    0.3      -      -      6
  grok-4.5*                          4    0.6      -      -     12  >200000
  grok-4.6*                         2    0.5      -      -      6
  grok-4.6*                          4      1      -      -     12  >200000
  grok-4.7*                         2    0.5      -      -      6
  grok-4.7*                          4      1      -      -     12  >200000
  grok-build-0.1*                   1    0.2      -      -      2
  grok-build-0.1*                    2    0.4      -      -      4  >200000
  grok-build-latest*                2    0.3      -      -      6
  grok-build-latest*                 4    0.6      -      -     12  >200000
  grok-code-fast*                   1    0.2      -      -      2
  grok-code-fast*                    2    0.4      -      -      4  >200000
  kimi-k2.5*                      0.6    0.1      -      -      3
  kimi-k2.6*                     0.95   0.16      -      -      4
  kimi-k2.7-code*                0.95   0.19      -      -      4
  kimi-k3                           3    0.3      3      6     15
  kimi-k3-*                         3    0.3      3      6     15
  kimi-k3.1-pro*                    2    0.2      2      4     10
  kimi-k3.1-pro-highspeed*          4    0.2      4      8     20
  magistral-medium-latest         1.5   0.15      -      -    7.5
  magistral-small-latest         0.15  0.015      -      -    0.6
  mistral-code-agent-latest       0.4   0.04      -      -      2
  mistral-code-fim-latest         0.3   0.03      -      -    0.9
  mistral-code-latest             0.3   0.03      -      -    0.9
  mistral-large-2512              0.5   0.05      -      -    1.5
  mistral-large-3                 0.5   0.05      -      -    1.5
  mistral-large-4                 0.7   0.07      -      -    2.1
  mistral-large-4-0               0.7   0.07      -      -    2.1
  mistral-large-latest            0.5   0.05      -      -    1.5
  mistral-medium                  1.5   0.15      -      -    7.5
  mistral-medium-2604             1.5   0.15      -      -    7.5
  mistral-medium-3                1.5   0.15      -      -    7.5
  mistral-medium-3-5              1.5   0.15      -      -    7.5
  mistral-medium-3.5              1.5   0.15      -      -    7.5
  mistral-medium-latest           1.5   0.15      -      -    7.5
  mistral-small                   0.1   0.01      -      -    0.3
  mistral-small-2603             0.15  0.015      -      -    0.6
  mistral-small-latest           0.15  0.015      -      -    0.6
  mistral-vibe-cli-fast          0.15  0.015      -      -    0.6
  mistral-vibe-cli-latest         1.5   0.15      -      -    7.5
  mistral-vibe-cli-with-tools     1.5   0.15      -      -    7.5
  o1                               15    7.5      -      -     60
  o1-*                             15    7.5      -      -     60
  o1-pro*                         150      -      -      -    600
  o3                               10    2.5      -      -     40
  o3                                2    0.5      -      -      8  @2025-06-10
  o3-*                             10    2.5      -      -     40
  o3-*                              2    0.5      -      -      8  @2025-06-10
  o3-mini*                        1.1   0.55      -      -    4.4
  o3-pro*                          20      -      -      -     80
  o4-mini*                        1.1  0.275      -      -    4.4
  qwen-coder*                     0.3      -      -      -    1.5
  qwen-flash*                    0.05      -      -      -    0.4
  qwen-max*                       1.6      -      -      -    6.4
  qwen-plus*                      0.4      -      -      -    1.2
  qwen-turbo*                    0.05      -      -      -    0.2
  qwen3-coder-flash*              0.3   0.08      -      -    1.5
  qwen3-coder-plus*                 1    0.1      -      -      5
  qwen3-max*                      1.2      -      -      -      6
  qwen3.5-plus*                   0.4      -      -      -    2.4
  qwen3.7-max*                    2.5    0.5  3.125      -    7.5
  qwen3.7-plus*                   0.4   0.08      -      -    1.6
  qwen3.8-flash*                 0.15  0.016    0.2      -   0.47
  qwen3.8-max*                      2   0.25      -      -      6
  qwq-plus*                       0.8      -      -      -    2.4
  """
