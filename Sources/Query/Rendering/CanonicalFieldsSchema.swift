internal import Events

/// The JSON Schema of the canonical fields, which those of streams and kinds refer to.
enum CanonicalFieldsSchema {
  typealias Members = [(name: String, value: JSONDocument)]

  static let id = "urn:foldlog:events:fields"

  static let about = """
    The canonical fields, under all their names: null, empty and wrongly typed values count as \
    absent, and the look-up goes on. First come the names at the top in their order, then those in \
    \((LineNames.containers + LineNames.innerContainers).map { "`\($0)`" }.joined(separator: ", ")), \
    in that order. \
    \(LineNames.topOnly.map { "`\($0)`" }.joined(separator: ", ")) are read at the top only. Other \
    fields may be there, and are kept with the line.
    """

  static var members: Members {
    [
      ("title", .text("Fields of events")),
      ("description", .text(about)),
      ("type", .text("object")),
      ("$ref", .text("#/$defs/names")),
      ("properties", .object(topProperties)),
      ("$defs", .object(definitions)),
    ]
  }

  /// What is looked at in the line itself alone.
  private static var topProperties: Members {
    var members: Members = []
    for field in Field.allCases {
      for name in field.names where name.isTopOnly && name.name != "error" {
        members.append((name.name, reference(to: field)))
      }
    }
    members += LineNames.time.map { ($0, .reference("#/$defs/time")) }
    for name in LineNames.kind where !LineNames.topOnly.contains(name) {
      members.append((name, .reference("#/$defs/kind")))
    }
    let streams = Stream.allCases.map(\.name).joined(separator: ", ")
    members += [
      (
        "type",
        .described("The kind, when nothing else gives one; otherwise payload of any type.")
      ),
      (
        "stream",
        .schema(
          of: ValueShape("string"),
          "The stream, when no option gives one: \(streams) (or vscode).")
      ),
      ("source", .described("`aidb` makes the stream aidb, when nothing else tells it.")),
      ("error", error),
    ]
    return members
      + LineNames.containers.map { name in
        (
          name,
          .object([
            (
              "description",
              .text(
                "May hold fields, looked up after the top, in the order of "
                  + (LineNames.containers + LineNames.innerContainers).joined(separator: " ") + ".")
            ),
            ("$ref", .text("#/$defs/names")),
          ])
        )
      }
  }

  /// An error is its message, or an object; a boolean is a field of its own.
  private static var error: JSONDocument {
    let parts = Field.allCases.flatMap { field in
      field.names.compactMap { name in name.member.map { ($0, reference(to: field)) } }
    }
    return .object([
      (
        "description",
        .text("An error: its message, or an object. \(Field.isError.about)")
      ),
      ("type", .texts(["string", "boolean", "object", "null"])),
      ("properties", .object(parts.map { (name: $0.0, value: $0.1) })),
    ])
  }

  private static var definitions: Members {
    var members: Members = []
    for field in Field.allCases where field != .isError {
      let plain = field.names.filter { $0.member == nil && $0.kinds.isEmpty && $0.factor == 1 }
      let others = field.names.filter { $0.member != nil || !$0.kinds.isEmpty || $0.factor != 1 }
      members.append(
        (
          field.name,
          .schema(
            of: field.shape, field.about, unit: field.unit, names: plain.map(\.name),
            also: others.map(\.title))
        ))
    }
    var time = ValueShape("string", "number")
    time.isTime = true
    members += [
      (
        "time",
        .schema(
          of: time,
          """
          When it happened: RFC 3339 with a zone, without one (then UTC) or with `+00:00Z`, any \
          fraction; or seconds, milliseconds, microseconds or nanoseconds since 1970, by \
          magnitude. The first found counts.
          """, names: LineNames.time)
      ),
      (
        "kind",
        .schema(
          of: ValueShape("string"),
          """
          The kind: what happened. The first text counts, that of `type` only when none of the \
          others is there. Any kind is one; none: `\(Kinds.unknown)`.
          """, names: LineNames.kind)
      ),
      ("names", .object([("properties", .object(names))])),
    ]
    return members
  }

  /// Every name that is looked up at the top and in the objects inside.
  private static var names: Members {
    var members: Members = []
    for field in Field.allCases {
      for name in field.names where !name.isTopOnly && name.member == nil {
        // Of a name of two fields the first tells what it may hold.
        if members.contains(where: { $0.0 == name.name }) { continue }
        members.append((name.name, value(of: name, field)))
      }
    }
    members.append(
      (
        LineNames.testsFailed,
        .schema(
          of: ValueShape("number"),
          "How many tests failed, beside a count `\(Field.testsPassed.name)`.", unit: .count)
      ))
    return members
  }

  private static func value(of name: FieldSpelling, _ field: Field) -> JSONDocument {
    if !name.kinds.isEmpty {
      return .described("On \(name.kinds.joined(separator: ", ")): `\(field.name)`.")
    }
    if name.factor != 1 {
      let isOfSeconds = field.unit == .milliseconds && name.factor == 1_000
      return .schema(
        of: name.shape, "× \(name.factor): `\(field.name)`.", unit: isOfSeconds ? .seconds : nil)
    }
    if name.shape != field.shape { return .schema(of: name.shape, "`\(field.name)`: one of them.") }
    return reference(to: field)
  }

  private static func reference(to field: Field) -> JSONDocument {
    .reference("#/$defs/\(field.name)")
  }
}

extension JSONDocument {
  fileprivate static func reference(_ target: String) -> JSONDocument {
    .object([("$ref", .text(target))])
  }

  fileprivate static func described(_ text: String) -> JSONDocument {
    .object([("description", .text(text))])
  }

  /// What one field may hold: null counts as absent, whatever it is.
  static func schema(
    of shape: ValueShape, _ about: String, unit: Unit? = nil, names: [String] = [],
    also: [String] = [], isRequired: Bool = false
  ) -> JSONDocument {
    var members: [(name: String, value: JSONDocument)] = [("description", .text(about))]
    if !names.isEmpty { members.append(("x-names", .texts(names))) }
    if !also.isEmpty { members.append(("x-also", .texts(also))) }
    if isRequired { members.append(("x-required", .raw("true"))) }
    if let unit { members.append(("x-unit", .text(unit.rawValue))) }
    members.append(("type", .texts(shape.types + ["null"])))
    if let least = shape.least { members.append(("minimum", .raw(least))) }
    if let greatest = shape.greatest { members.append(("maximum", .raw(greatest))) }
    if let size = shape.sizeMax { members.append(("x-size-max", .raw("\(size)"))) }
    return .object(members)
  }
}
