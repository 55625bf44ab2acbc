internal import Events

/// What a training was on.
struct TrainedOn: Payload {
  var dataset: String?

  static let kinds = ["training_completed"]

  static func fields<Visitor: PayloadVisitor>(
    _ payload: inout TrainedOn, _ visit: inout Visitor
  ) {
    visit.field(
      "dataset_kind", &payload.dataset, aliases: ["trained_on", "training_type"], in: ...64,
      """
      What it was trained on: examples (or sft, supervised), or pairs (or dpo, kto, preference); of \
      anything else, and without it, both.
      """)
  }

  /// What it counts for.
  var readiness: [Readiness.Kind] {
    switch dataset?.lowercased() {
    case "examples", "example", "sft", "supervised": [.examples]
    case "pairs", "pair", "dpo", "kto", "preference", "preferences": [.pairs]
    default: Readiness.Kind.allCases
    }
  }
}
