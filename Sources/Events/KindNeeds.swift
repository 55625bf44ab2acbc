/// A field that events of a kind must carry.
public enum NeededField: Sendable {
  case canonical(Field)
  /// A field of a payload, by its own name.
  case payload(String)

  public var name: String {
    switch self {
    case .canonical(.isError): "is_error"
    case .canonical(let field): field.name
    case .payload(let name): name
    }
  }
}

extension Kind {
  /// The fields without which an event of the kind lacks some or all of its effect, of each group one.
  /// What its payload requires comes on top.
  public var needs: [[NeededField]] {
    switch name {
    case "ab_result": [[.canonical(.deploymentID)], [.canonical(.arm)]]
    case "deployment_promoted": [[.canonical(.deploymentID)], [.canonical(.trafficPercentage)]]
    case "deployment_checked":
      [[.canonical(.deploymentID)], [.payload("ok"), .payload("status")]]
    case "health_checked":
      [
        [.payload("component")],
        [
          .payload("ok"), .payload("status"), .canonical(.errorMessage), .canonical(.isError),
        ],
      ]
    case "preference": [[.canonical(.chosen)], [.canonical(.rejected)]]
    case "training_requested": []
    case _ where name.hasPrefix("deployment_"): [[.canonical(.deploymentID)]]
    case _ where name.hasPrefix("model_"): [[.canonical(.model)]]
    case _ where name.hasPrefix("training_"): [[.canonical(.runID), .canonical(.model)]]
    default: []
    }
  }
}

/// Finds what events lack of the fields that their kinds need. Lines of a kind come in rows.
struct NeedsCheck {
  private var kind = ""
  private var needs: [[NeededField]] = []

  /// The fields that are missing, alternatives joined by `or`. One that is there with a wrong type, or
  /// beyond its range, is told as that.
  mutating func missing(
    kind: String, _ fields: DecodedFields, _ payloads: DecodedPayloads
  ) -> [String] {
    if kind != self.kind {
      self.kind = kind
      needs = Kinds.declared(kind)?.needs ?? []
    }
    var missing = payloads.missing
    for group in needs {
      // Where no view reads the payload, nobody looked.
      let isSought = group.allSatisfy { field in
        guard case .payload(let name) = field else { return true }
        return payloads.sought.contains(name)
      }
      let isGiven = group.contains { field in
        switch field {
        case .canonical(let field):
          fields.fields.has(field) || fields.mismatched.contains(field)
        case .payload(let name):
          payloads.found.contains(name) || payloads.mismatched.contains(name)
        }
      }
      if isSought, !isGiven { missing.append(group.map(\.name).joined(separator: " or ")) }
    }
    return missing
  }
}
