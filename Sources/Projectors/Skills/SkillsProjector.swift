internal import Bytes
public import Events
public import Facts
public import Projection
internal import Similarity
public import Tables
public import Views

/// Keeps ways that worked: which interactions a skill is wanted of, what a model made of them, and how
/// these skills go on.
///
/// It asks nobody: what it wants is a row, and the answer an event.
///
/// Memory: at most 2^12 skills and wants of about 2 KB, 2^14 uses, 2^16 clusters of prompts of 50 bytes,
/// and of the two indexes of similar texts what `SimilarityIndex` states. What is kept grows with the
/// skills, the clusters of prompts, and the uses.
public final class SkillsProjector: EventProjector {
  public static let view = View(
    "skills", version: 4, "Ways that worked, and may work again.",
    needs: Needs.kinds([
      "skill_extracted", "skill_shared", "skill_used", "effect_failed", "effect_wanted_again",
    ]).andFacts
      .andPayload(ExtractedSkill.self).andPayload(SharedSkill.self).andPayload(UsedSkill.self)
      .andPayload(FailedEffect.self).andPayload(WantedAgain.self),
    tables: [Skill.answer, SkillTwig.answer, PromptArm.answer],
    wants: Wants(kinds: [SkillWant.kind], in: SkillWant.answer))

  /// From where on two skills say the same, in hundredths.
  static let sameMin = 90
  private static let sameSkills = StoredSimilarityIndex("skills/similar", lowest: sameMin)
  /// Of an answer to what this fold never wanted, since other settings wanted it: the least value that
  /// is of high value by default.
  private static let unknownValue = FixedPoint(hundredths: 70)

  private let skills: KeyedTable<TextKey, Skill>
  private let ids: ChunkedTable<SkillID>
  private let names: KeyedTable<TextKey, SkillID>
  private let same: SimilarityIndex
  private let prompts: SkillPrompts
  private let uses: KeyedTable<TextKey, Use>
  /// By the ids of interactions that used a skill, their numbers.
  private let numbers: KeyedTable<TextKey, UInt64>
  private let arms: KeyedTable<UInt64, PromptArm>
  private let wants: KeyedTable<TextKey, SkillWant>
  private let clusters: KeyedTable<UInt64, SkillCluster>

  private static let numbersTable = StoredTable<TextKey, UInt64>(
    "uses/numbers", isCounted: false, residentMax: 1 << 14)

  public init(tables: FoldTables) throws(TableError) {
    skills = try tables.open(Skill.table)
    ids = try tables.open(SkillID.byNumber)
    names = try tables.open(SkillID.byName)
    same = try SimilarityIndex(tables, Self.sameSkills)
    prompts = try SkillPrompts(tables)
    uses = try tables.open(Use.table)
    numbers = try tables.open(Self.numbersTable)
    arms = try tables.open(PromptArm.table)
    wants = try tables.open(SkillWant.table)
    clusters = try tables.open(SkillCluster.table)
  }

  public func fold(_ event: borrowing Event, _ context: borrowing FoldContext) throws(TableError) {
    if context.isRepeat { return }
    let offset = event.offset
    if let answer = event.payload(ExtractedSkill.self) {
      try take(answer, at: offset)
    } else if let failure = event.payload(FailedEffect.self) {
      try take(failure, at: offset)
    } else if let again = event.payload(WantedAgain.self) {
      try take(again, at: offset)
    } else if let shared = event.payload(SharedSkill.self) {
      try take(shared, at: offset)
    } else if let used = event.payload(UsedSkill.self) {
      try take(used, at: offset)
    }
  }

  public func fold(_ fact: borrowing Fact) throws(TableError) {
    let fact = copy fact
    try want(fact)
    if ids.count > 0 { try use(fact) }
  }

  // MARK: What is wanted

  /// Wants a skill of an interaction that is worth it, unless one of its cluster is wanted or was.
  private func want(_ fact: Fact) throws(TableError) {
    let after = fact.after
    guard let cluster = after.prompts?.narrow, let prompt = readable(after.fields.text(.prompt))
    else { return }
    let kept = try clusters.row(cluster)
    let subject = kept?.subject ?? Hash128(of: prompt)
    if kept == nil { try clusters.put(cluster, SkillCluster(subject: subject)) }
    let isWanted = SkillWant.isWanted(after)
    guard isWanted || fact.before.map(SkillWant.isWanted) == true else { return }
    let offset = fact.event.offset
    let want = WantedEffect(
      SkillWant.kind, of: "\(subject)", revision: SkillWant.revision, since: offset)
    let key = TextKey(want.requestID)
    guard var row = try wants.row(key) else {
      if isWanted { try wants.put(key, try newWant(want, after)) }
      return
    }
    switch row.state {
    case .answered: return
    case .failed:
      // It may be wanted again: then as it is by now.
      guard isWanted, row.number == after.number else { return }
      row.take(after)
    case .wanted where row.number == after.number:
      if isWanted { row.take(after) } else { row.end(.withdrawn) }
      row.evidence.add(offset)
    case .wanted: return
    case .withdrawn:
      if !isWanted { return }
      row = try newWant(want, after)
    }
    try wants.put(key, row)
  }

  private func newWant(
    _ want: WantedEffect, _ interaction: Interaction
  ) throws(TableError) -> SkillWant {
    var known: [PromptArm] = []
    for version in 0..<PromptArm.count {
      if let arm = try arms.row(version) { known.append(arm) }
    }
    return SkillWant(
      want, interaction,
      version: PromptArm.better(known) ?? PromptArm.version(ofRequest: want.requestID),
      at: want.since)
  }

  // MARK: Answers

  private func take(_ answer: ExtractedSkill, at offset: Offset) throws(TableError) {
    let key = TextKey(answer.requestID)
    var want = try wants.row(key) ?? SkillWant()
    // Asked twice, answered once.
    if want.state.isOver { return }
    let (prompt, taskType) = (want.prompt, want.taskType)
    let value = want.want.requestID.isEmpty ? Self.unknownValue : want.value
    let isSkill = answer.error == nil && readable(answer.content.name) != nil
    want.end(isSkill ? .answered : .failed)
    want.evidence.add(offset)
    try wants.put(key, want)
    try changeArm(answer.promptVersion, at: offset) {
      $0.asked += 1
      if isSkill { $0.parsed += 1 }
    }
    guard isSkill else { return }
    var skill = Skill(
      id: answer.requestID, answer.content, taskType: taskType, value: value)
    skill.model = answer.model
    skill.promptVersion = answer.promptVersion
    skill.sourceOffset = answer.sourceOffset
    let id = try add(skill, at: offset)
    if !prompt.isEmpty { try prompts.add(prompt, taskType: taskType, skill: id) }
  }

  private func take(_ failure: FailedEffect, at offset: Offset) throws(TableError) {
    guard failure.effect == SkillWant.kind else { return }
    let key = TextKey(failure.requestID)
    guard var want = try wants.row(key), !want.state.isOver else { return }
    want.evidence.add(offset)
    guard failure.isFinal == true else {
      want.want.fail(failure)
      return try wants.put(key, want)
    }
    want.end(.failed)
    try wants.put(key, want)
    try changeArm(want.promptVersion, at: offset) { $0.asked += 1 }
  }

  private func take(_ again: WantedAgain, at offset: Offset) throws(TableError) {
    let key = TextKey(again.requestID)
    guard var want = try wants.row(key), want.state == .failed else { return }
    want.renew()
    want.evidence.add(offset)
    try wants.put(key, want)
  }

  private func take(_ shared: SharedSkill, at offset: Offset) throws(TableError) {
    guard readable(shared.content.name) != nil else { return }
    var writer = ByteWriter()
    writer.append(text: shared.node)
    writer.append(text: shared.skillID)
    var skill = Skill(
      id: "\(Hash128(of: writer.bytes))", shared.content, taskType: nil, value: shared.valueScore)
    skill.node = shared.node
    _ = try add(skill, at: offset)
  }

  /// Adds a skill, or merges it into one that says the same. Returns the id of what it is part of.
  private func add(_ skill: Skill, at offset: Offset) throws(TableError) -> String {
    let text = ([skill.name, skill.description] + skill.steps).joined(separator: "\n")
    let sketch = Sketch(of: text)
    var known = try skills.row(TextKey(skill.id))?.id
    if known == nil, let near = try same.nearest(to: sketch, atLeast: Self.sameMin) {
      known = try ids.row(near.id)?.id
    }
    if let known {
      try change(known) { $0.merge(value: skill.value, at: offset) }
      return known
    }
    var skill = skill
    skill.since = offset
    if let source = skill.sourceOffset, source < offset { skill.evidence.add(source) }
    skill.evidence.add(offset)
    try skills.put(TextKey(skill.id), skill)
    try same.insert(sketch, id: ids.append(SkillID(id: skill.id)))
    let name = TextKey(skill.name)
    if try names.row(name) == nil { try names.put(name, SkillID(id: skill.id)) }
    return skill.id
  }

  // MARK: Uses

  private func take(_ used: UsedSkill, at offset: Offset) throws(TableError) {
    guard let skill = try skill(called: used.skillID) else { return }
    let use = Use(skill: skill, outcome: UseOutcome(used.success), isStated: true)
    guard let id = used.interactionID else {
      return try count(use, isAdding: true, at: offset)
    }
    let number = try numbers.row(TextKey(id))
    try keep(use, under: number.map(Use.key(number:)) ?? Use.key(id: id), at: offset)
  }

  /// Counts an interaction that says which skill it used, or whose prompt is like that of a skill's.
  private func use(_ fact: Fact) throws(TableError) {
    let after = fact.after
    let key = Use.key(number: after.number)
    let id = after.fields.text(.interactionID)
    var use = Use(outcome: UseOutcome(after.outcome), isStated: true)
    if let id, let told = try uses.row(Use.key(id: id)) {
      // It was said before there was an outcome; from now on the interaction's own counts.
      try uses.remove(Use.key(id: id))
      try count(told, isAdding: false, at: fact.event.offset)
      use.skill = told.skill
    } else if let said = try after.fields.text(.skill).flatMap({ name throws(TableError) in
      try skill(called: name)
    }), try isAfter(after, said) {
      use.skill = said
    } else if let known = try uses.row(key) {
      use.skill = known.skill
      use.isStated = known.isStated
    } else if fact.before?.fields.has(.prompt) != true,
      let prompt = readable(after.fields.text(.prompt)),
      let similar = try prompts.skill(for: prompt, taskType: after.fields.text(.taskType)),
      try isAfter(after, similar)
    {
      use.skill = similar
      use.isStated = false
    } else {
      return
    }
    try keep(use, under: key, at: fact.event.offset)
    if let id, try numbers.row(TextKey(id)) == nil { try numbers.put(TextKey(id), after.number) }
  }

  /// Whether an interaction had its outcome after a skill was there.
  private func isAfter(_ interaction: Interaction, _ skill: String) throws(TableError) -> Bool {
    try skills.row(TextKey(skill)).map { interaction.offset > $0.since } ?? false
  }

  /// The id of a skill, by its id or its name.
  private func skill(called name: String) throws(TableError) -> String? {
    if let skill = try skills.row(TextKey(name)) { return skill.id }
    return try names.row(TextKey(name))?.id
  }

  /// Counts a use in the place of what was known of it: what is said goes before what was found, and
  /// an outcome before none.
  private func keep(_ use: Use, under key: TextKey, at offset: Offset) throws(TableError) {
    var use = use
    if let before = try uses.row(key) {
      if before.isStated, !use.isStated {
        use.skill = before.skill
        use.isStated = true
      }
      if use.outcome == .unknown { use.outcome = before.outcome }
      if use == before { return }
      try count(before, isAdding: false, at: offset)
    }
    try uses.put(key, use)
    try count(use, isAdding: true, at: offset)
  }

  private func count(_ use: Use, isAdding: Bool, at offset: Offset) throws(TableError) {
    let version = try change(use.skill) { skill in
      skill.trials.change(use.outcome, isAdding: isAdding)
      if isAdding { skill.evidence.add(offset) }
      return skill.promptVersion
    }
    guard let version = version ?? nil else { return }
    try changeArm(version, at: offset) { $0.trials.change(use.outcome, isAdding: isAdding) }
  }

  // MARK: Rows

  @discardableResult
  private func change<Result>(
    _ skill: String, _ body: (inout Skill) -> Result
  ) throws(TableError) -> Result? {
    try skills.change(TextKey(skill)) { slot in
      guard var row = slot else { return nil }
      defer { slot = row }
      return body(&row)
    }
  }

  private func changeArm(
    _ version: UInt64, at offset: Offset, _ body: (inout PromptArm) -> Void
  ) throws(TableError) {
    try arms.change(version) { slot in
      var row = slot.take() ?? PromptArm(version: version)
      body(&row)
      row.evidence.add(offset)
      slot = row
    }
  }
}
