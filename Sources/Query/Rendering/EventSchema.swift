package import Events

/// What the lines of events are, from the declarations of fields, kinds and payloads: as JSON
/// Schema, or for a person.
package struct EventSchema: Sendable {
  package enum Subject: Sendable {
    /// The canonical fields.
    case fields
    case stream(Stream)
    case kind(Kind)
  }

  package let subject: Subject
  private let payloads: [any Payload.Type]

  /// What all names begin with.
  package static let root = "events"

  /// Every name with a sentence: the canonical fields, the streams, the kinds.
  package static var names: [(name: String, about: String)] {
    [(root, "The canonical fields: what foldlog reads of a line, whatever the line calls it.")]
      + Stream.allCases.map { ("\(root)/\($0.name)", $0.about) }
      + Kinds.all.map { ("\(root)/\($0.title)", $0.about) }
  }

  /// The names of the schemas that stand under schemas/events.
  package static var pages: [String] {
    [root] + Stream.allCases.map { "\(root)/\($0.name)" }
  }

  /// Whether a name means events, and no table.
  package static func isMeant(by name: String) -> Bool {
    name == root || name.hasPrefix("\(root)/")
  }

  /// - Parameters:
  ///   - name: `events`, `events/ralph`, `events/task_completed`.
  ///   - payloads: those that some view needs.
  package init(_ name: String, payloads: [any Payload.Type]) throws(QueryError) {
    self.payloads = payloads
    let part = String(name.dropFirst(Self.root.count + 1))
    if name == Self.root {
      subject = .fields
    } else if let stream = Stream(name: part) {
      subject = .stream(stream)
    } else if let kind = Kinds.all.first(where: { $0.title == part }) ?? Kinds.declared(part) {
      subject = .kind(kind)
    } else {
      let names = Stream.allCases.map(\.name) + Kinds.all.map(\.title)
      throw QueryError(
        .missing, "no stream or kind `\(part)`\(suggestion(for: part, among: names))",
        notes: [
          "a kind that is not known is an event all the same; `foldlog schema` lists the known"
        ])
    }
  }

  private var word: String {
    switch subject {
    case .fields: "fields"
    case .stream(let stream): stream.name
    case .kind(let kind): kind.name
    }
  }

  private func payloads(of kind: Kind) -> [any Payload.Type] {
    payloads.filter { payload in
      payload.kinds.contains(kind.title) || !kind.isFamily && payload.isCarried(by: kind.name)
    }
  }
}

// What a kind carries beside the canonical fields.
extension EventSchema {
  /// Each field once: of one that several views read, the first says what it is.
  private func payloadFields(of kind: Kind) -> [PayloadField] {
    var known: Set<String> = []
    return payloads(of: kind).flatMap { $0.fields }.filter { known.insert($0.name).inserted }
  }
}

// For a person.
extension EventSchema {
  package func text(_ style: TextStyle) -> String {
    let width = style.width ?? 100
    var lines: [String]
    switch subject {
    case .fields:
      lines = [Self.root] + broken(CanonicalFieldsSchema.about, indent: "  ", width: width) + [""]
      lines += fieldList.lines(width: width)
    case .stream(let stream):
      lines = ["\(Self.root)/\(stream.name)"] + broken(stream.about, indent: "  ", width: width)
      lines += ["", "  kinds"] + kindList(of: stream).lines(width: width)
      let others = otherList(stream.otherFields)
      if !others.entries.isEmpty {
        lines += ["", "  beside the canonical fields, kept with the line and read by nobody"]
        lines += others.lines(width: width)
      }
    case .kind(let kind):
      lines = ["\(Self.root)/\(kind.title)"] + broken(kind.about, indent: "  ", width: width) + [""]
      var facts = DefinitionList()
      facts.append("streams", "", Self.streams(of: kind))
      facts.append("role", "", Self.role(of: kind))
      if !kind.needs.isEmpty { facts.append("needs", "", Self.needs(of: kind)) }
      facts.append("fields", "", "The canonical ones: `foldlog schema events` lists them.")
      lines += facts.lines(width: width)
      let payload = payloadFields(of: kind)
      if !payload.isEmpty {
        lines += ["", "  payload"] + payloadList(payload).lines(width: width)
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func streams(of kind: Kind) -> String {
    if kind.streams.isEmpty { return "none is known to write it; a kind of that name has the role" }
    return kind.streams.map(\.name).joined(separator: ", ")
  }

  private static func needs(of kind: Kind) -> String {
    let groups = kind.needs.map { $0.map(\.name).joined(separator: " or ") }
    return groups.joined(separator: ", ")
      + ": an event without lacks some or all of its effect, and `foldlog status` counts it."
  }

  private static func role(of kind: Kind) -> String {
    let text = "\(kind.role.name): it \(kind.role.about)"
    return kind.isNamedOnly ? "\(text), when it has an id or a prompt; else none" : text
  }

  private var fieldList: DefinitionList {
    var list = DefinitionList()
    for field in Field.allCases {
      let others = field.names.dropFirst(field == .isError ? 0 : 1).map(\.title)
      let also = others.isEmpty ? "" : " Also: \(others.joined(separator: ", "))."
      let name = field == .isError ? "is_error" : field.name
      list.append(name, typeText(field.shape, field.unit), field.about + also)
    }
    return list
  }

  private func kindList(of stream: Stream) -> DefinitionList {
    var list = DefinitionList()
    for kind in Kinds.all where kind.streams.contains(stream) {
      list.append(kind.title, kind.role.name, kind.about)
    }
    return list
  }

  private func otherList(_ fields: [OtherField]) -> DefinitionList {
    var list = DefinitionList()
    for field in fields { list.append(field.name, typeText(field.shape, nil), field.about) }
    return list
  }

  private func payloadList(_ fields: [PayloadField]) -> DefinitionList {
    var list = DefinitionList()
    for field in fields {
      let others = field.names.dropFirst()
      let also = others.isEmpty ? "" : " Also: \(others.joined(separator: ", "))."
      let required = field.isRequired ? "Required. " : ""
      list.append(
        field.name, typeText(field.shape, field.unit),
        required + field.about + bounds(field.shape) + also)
    }
    return list
  }

  private func typeText(_ shape: ValueShape, _ unit: Unit?) -> String {
    let types = shape.isTime ? "time" : shape.types.joined(separator: " or ")
    return types + (unit.map { " (\($0.rawValue))" } ?? "")
  }

  private func bounds(_ shape: ValueShape) -> String {
    switch (shape.least, shape.greatest, shape.sizeMax) {
    case (let least?, let greatest?, _): " \(least) to \(greatest)."
    case (let least?, nil, _): " At least \(least)."
    case (nil, let greatest?, _): " At most \(greatest)."
    case (nil, nil, let size?):
      shape.types == ["array"] ? " The first \(size)." : " The first \(size) bytes."
    case (nil, nil, nil): ""
    }
  }
}

// As JSON Schema (2020-12).
extension EventSchema {
  package func json() -> [UInt8] {
    var members: [(name: String, value: JSONDocument)] = [
      ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
      ("$id", .text("urn:foldlog:events:\(word)")),
    ]
    switch subject {
    case .fields: members += CanonicalFieldsSchema.members
    case .stream(let stream): members += streamMembers(stream)
    case .kind(let kind): members += kindMembers(kind)
    }
    return JSONDocument.object(members).bytes
  }

  private static let leniency = """
    A line that does not validate is an event all the same: what does not fit reads as absent, and \
    is counted.
    """

  private func streamMembers(_ stream: Stream) -> [(name: String, value: JSONDocument)] {
    var kinds: [(name: String, value: JSONDocument)] = []
    for role in [EventRole.opens, .closes, .part, .annotates, .none] {
      let titles = Kinds.all.filter { $0.role == role && $0.streams.contains(stream) }.map(\.title)
      if !titles.isEmpty { kinds.append((role.name, .texts(titles))) }
    }
    return [
      ("title", .text(String(stream.about.prefix { $0 != ";" && $0 != "." }))),
      (
        "description",
        .text(
          "A line of the stream `\(stream.name)`: \(stream.about) `x-kinds` are those that are "
            + "known, by their role; unknown kinds are events too. \(Self.leniency)")
      ),
      ("x-kinds", .object(kinds)),
      ("type", .text("object")),
      ("$ref", .text(CanonicalFieldsSchema.id)),
      (
        "properties", .object(stream.otherFields.map { ($0.name, .schema(of: $0.shape, $0.about)) })
      ),
    ]
  }

  private func kindMembers(_ kind: Kind) -> [(name: String, value: JSONDocument)] {
    var members: [(name: String, value: JSONDocument)] = [
      ("title", .text(kind.title)),
      ("description", .text("\(kind.about) \(Self.leniency)")),
      ("x-streams", .texts(kind.streams.map(\.name))),
      ("x-role", .text(kind.role.name)),
      ("type", .text("object")),
      ("$ref", .text(CanonicalFieldsSchema.id)),
    ]
    if !kind.needs.isEmpty {
      members.append(("x-needs", .texts(kind.needs.map { $0.map(\.name).joined(separator: "|") })))
    }
    let fields = payloadFields(of: kind)
    if fields.isEmpty { return members }
    members.append(
      (
        "properties",
        .object(
          fields.flatMap { field in
            field.names.map { name in
              (
                name,
                .schema(
                  of: field.shape, field.about, unit: field.unit,
                  names: name == field.name ? field.names : [], isRequired: field.isRequired)
              )
            }
          })
      ))
    return members
  }
}
