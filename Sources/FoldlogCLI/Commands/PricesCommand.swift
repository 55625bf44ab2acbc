import ArgumentParser
import Foldlog
import Query

/// `foldlog prices`: what calls of models are priced by.
struct PricesCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "prices",
    abstract: "What calls of models are priced by; entries for foldlog.toml of a published list.",
    discussion: """
      Lists the prices that are built in (\(PriceService.source)) and those of [[prices]] in \
      foldlog.toml: of the entries that fit a model and the time of its call, the last counts. With \
      MODEL: those that fit it.

        foldlog prices                         the whole list
        foldlog prices claude-opus-4-5         what a model costs
        foldlog prices 'gpt-5*'                all entries whose names begin so
        foldlog prices --import model_prices_and_context_window.json >> foldlog.toml

      --import reads the file that LiteLLM publishes, and prints a [[prices]] entry for each MODEL \
      whose price there is not the one that counts now; without MODEL for each that calls in the log \
      name. The entries count for all calls, also those of before, or from the day of --from on. \
      Nothing is written; what the entries change, `foldlog replay --what-if FILE` tells.
      """)

  @Argument(
    help: ArgumentHelp(
      "The name of a model, or its beginning and a star.", valueName: "model"))
  var models: [String] = []

  @Option(
    name: .customLong("import"),
    help: ArgumentHelp("Make entries of LiteLLM's published prices.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var importing: String?

  @Option(
    help: ArgumentHelp(
      "With --import: the first day, UTC, on which the entries count.", valueName: "day"))
  var from: String?

  @Option(
    help: ArgumentHelp("text or json.", valueName: "format"), completion: .list(["text", "json"]))
  var format = "text"

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: FoldlogCommand
  var root: FoldlogCommand { parent }

  var request: PricesRequest {
    var request = PricesRequest()
    request.models = models
    request.format = format
    request.importing = importing
    request.from = from
    return request
  }

  func run(_ asked: PricesRequest.Checked, _ store: Store) throws {
    let service = PriceService(store)
    if let file = asked.importing {
      let imported = try service.imported(file, asked)
      try standardOutput.write(imported.toml)
      if !imported.same.isEmpty {
        complain("these have that price already: \(imported.same.joined(separator: ", "))")
      }
      if !imported.unknown.isEmpty {
        complain(
          "the file has no price of these, or several: "
            + imported.unknown.joined(separator: ", "))
      }
      return
    }
    let prices = service.list(asked)
    if asked.format == .json { return try standardOutput.write(json(prices)) }
    var grid = TextGrid(
      [.init("model"), .init("from"), .init("above", isNumber: true)]
        + Self.amounts.map { .init($0, isNumber: true) }
        + [.init("source")])
    for price in prices {
      grid.append(
        [
          price.model, price.from ?? "–",
          price.above == 0 ? "–" : HumanNumbers.grouped(price.above),
        ] + price.amounts
          + [price.isBuiltIn ? "built in" : "foldlog.toml"])
    }
    for line in grid.lines(Terminal.style) { try standardOutput.writeLine(line) }
    complain(
      "dollars for a million tokens, of calls that read more than `above`; the last entry that "
        + "fits counts; built in: "
        + PriceService.source)
  }

  private static let amounts = [
    "input", "cache_read", "cache_write_5m", "cache_write_1h", "output",
  ]

  private func json(_ prices: [ListedPrice]) -> [UInt8] {
    JSONDocument.list(
      prices.map { price in
        var members: [(name: String, value: JSONDocument)] = [
          ("model", .text(price.model)), ("from", price.from.map { .text($0) } ?? .raw("null")),
          ("above", .raw("\(price.above)")),
        ]
        for (name, amount) in zip(Self.amounts, price.amounts) {
          members.append((name, .raw(amount)))
        }
        members.append(("source", .text(price.isBuiltIn ? PriceService.source : "foldlog.toml")))
        return .object(members)
      }
    ).bytes
  }
}
