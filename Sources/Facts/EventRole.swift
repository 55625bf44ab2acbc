public import Events

extension EventRole {
  /// Whether events of a kind close an interaction whatever they carry: they say how a piece of work
  /// ended.
  public static func closes(_ kind: String) -> Bool {
    guard let declared = Kinds.declared(kind) else { return false }
    return declared.role == .closes && !declared.isNamedOnly
  }

  /// The role of its kind, whatever the stream. A kind that is not declared closes when it has a
  /// prompt, and `success` or a response; else, in ralph and with an id, it is a part, as every other
  /// kind of ralph is.
  public init(of event: Event) {
    let fields = event.fields
    if let kind = Kinds.declared(event.kind) {
      let isNamed = !kind.isNamedOnly || fields.has(.interactionID) || fields.has(.prompt)
      self = isNamed ? kind.role : .none
    } else if fields.has(.prompt), fields.has(.success) || fields.has(.response) {
      self = .closes
    } else {
      self = event.stream == .ralph && fields.has(.interactionID) ? .part : .none
    }
  }
}
