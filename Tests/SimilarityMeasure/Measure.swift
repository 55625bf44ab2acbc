import TestSupport

/// Prints how often `Similarity` finds what comparing with every text finds, and what it costs. With
/// `given`, for the texts on standard input, one a line; else for texts that it makes up.
@main
struct Measure {
  static let seed: UInt64 = 0x51_11a2

  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let size = arguments.compactMap { Int($0) }.first ?? 100_000
    if arguments.contains("given") { try given() }
    if arguments.contains("found") { try found(size) }
    if arguments.contains("cost") { try cost(size) }
  }

  private static func given() throws {
    let given = GivenTexts()
    print("\(given.texts.count) texts; \(given.tooLong) of more than 256 shingles left out")
    var tally = Tally()
    try tally.run(given.texts, askMax: 3_000)
    print(Tally.head)
    print(tally.line("given texts"))
  }

  private static func found(_ size: Int) throws {
    let tenths = Array(stride(from: 0, through: 100, by: 10))
    let collections: [(String, (inout NearDuplicates) -> [NumberedText])] = [
      ("pairs at each tenth, 4…30", { $0.pairs(4_000, shingles: 4...30, hundredths: tenths) }),
      ("pairs at each tenth, 30…250", { $0.pairs(2_000, shingles: 30...250, hundredths: tenths) }),
      ("pairs at 84…96", { $0.pairs(4_000, shingles: 20...256, hundredths: Array(84...96)) }),
      ("prompts", { $0.prompts(size) }),
      ("clusters of 30", { $0.clusters(size / 300, of: 30, words: 20...150, editsMax: 4) }),
      ("clusters of 300", { $0.clusters(size / 3_000, of: 300, words: 60...120, editsMax: 3) }),
      ("one cluster", { $0.clusters(1, of: size / 10, words: 100...100, editsMax: 4) }),
      ("filled template, 8 own of 72", { $0.filledTemplate(size) }),
      ("filled template, 5 own of 72", { $0.filledTemplate(size, own: 3) }),
      ("filled template, 12 own of 72", { $0.filledTemplate(size, own: 10) }),
      ("4 slots of 30 words", { $0.slottedTemplate(size) }),
      ("4 slots of 300 words", { $0.slottedTemplate(size, vocabulary: 300) }),
      ("8 slots of 8 words", { $0.slottedTemplate(size, slots: 8, vocabulary: 8, frame: 120) }),
      (
        "2 slots of 1000 words",
        { $0.slottedTemplate(size, slots: 2, vocabulary: 1_000, frame: 30) }
      ),
      ("endings", { $0.endings(size / 10) }),
    ]
    print("found, of \(size) texts, seed \(seed)")
    print(Tally.head)
    for (name, make) in collections {
      var source = NearDuplicates(seed: seed)
      var tally = Tally()
      try tally.run(make(&source).map { ($0.text, $0.shingles) }, askMax: 1_000)
      print(tally.line(name))
    }
  }

  private static func cost(_ size: Int) throws {
    let marks = [10_000, 100_000, 1_000_000].filter { $0 <= size }
    print(
      "microseconds for a question and an insertion, at \(marks) texts, and growth, seed \(seed)")
    var source = NearDuplicates(seed: seed)
    try Cost.measure("prompts", source.prompts(size), marks: marks)
    try Cost.measure(
      "filled template", source.filledTemplate(size), marks: marks)
    try Cost.measure(
      "slotted template", source.slottedTemplate(size), marks: marks)
  }
}
