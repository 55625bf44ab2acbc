internal import Events
internal import Facts
internal import Projection
internal import Views

/// A twig of the tree of skills, computed from the skills when it is asked for.
struct SkillTwig: Row, Equatable {
  var level1 = ""
  var level2 = ""
  var skills = Count()
  var trials = Trials()
  var valueSum = ExactSum()
  var evidence = Evidence()

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout SkillTwig, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("level_1", &row.level1, "The branch.")
    try visit.key("level_2", &row.level2, "The twig.")
    try visit.column("skills", &row.skills, unit: .count, "Skills that stand there.")
    try visit.column("usage_count", &row.trials.uses, unit: .count, "How often they were used.")
    try visit.column("successes", &row.trials.successes, "Uses that succeeded.")
    try visit.column("failures", &row.trials.failures, "Uses that failed.")
    visit.derived(
      "success_rate", unit: .fraction, "How often they work.",
      rule: "(1 + successes) / (1 + successes + failures)"
    ) {
      Double(1 + row.trials.successes.value)
        / Double(1 + row.trials.successes.value + row.trials.failures.value)
    }
    try visit.hidden("value_sum", &row.valueSum)
    visit.derived("mean_value_score", "What they are worth, on average.") {
      row.valueSum.mean(of: row.skills)
    }
    try visit.evidence(&row.evidence)
  }

  /// All twigs, in the order of their names' bytes.
  private static func all(in tables: any ViewReader) throws(TableError) -> [SkillTwig] {
    var skills: [Skill] = []
    try tables.read(Skill.table).forEach { _, skill throws(TableError) in
      skills.append(skill)
      return true
    }
    // Evidence comes in the order of the log.
    skills.sort { $0.since < $1.since }
    var twigs: [String: [String: SkillTwig]] = [:]
    for skill in skills {
      var twig = twigs[skill.level1]?[skill.level2] ?? SkillTwig()
      (twig.level1, twig.level2) = (skill.level1, skill.level2)
      twig.skills += 1
      twig.trials.uses += skill.trials.uses.value
      twig.trials.successes += skill.trials.successes.value
      twig.trials.failures += skill.trials.failures.value
      twig.valueSum += skill.value
      twig.evidence.add(skill.since)
      twigs[skill.level1, default: [:]][skill.level2] = twig
    }
    return twigs.values.flatMap(\.values).sorted { left, right in
      if left.level1 != right.level1 {
        return left.level1.utf8.lexicographicallyPrecedes(right.level1.utf8)
      }
      return left.level2.utf8.lexicographicallyPrecedes(right.level2.utf8)
    }
  }

  static let answer = Answer<SkillTwig>(
    "skills/tree", "The skills that stand under one twig of the tree, by their tags.",
    rows: { tables, body throws(TableError) in
      for twig in try all(in: tables) { if try !body(twig) { return } }
    },
    row: { key, tables throws(TableError) in
      try all(in: tables).first { $0.level1 == key[0] && $0.level2 == key[1] }
    }
  ).showing(first: "skills", "usage_count", "success_rate")
}
