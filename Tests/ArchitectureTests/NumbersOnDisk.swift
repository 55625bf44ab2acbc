/// The numbers of enumerations, versions, names of tables, and bytes that tell values apart, as
/// `NumberTests` reads them off the source: most lie on disk, or count in a digest. A line is added
/// for what is new; a line that is there stays as it is.
let numbersOnDisk =
  projectorNumbersOnDisk + """
    Conversations Conversations.version = 10
    Conversations State.interrupted = 3
    Conversations State.mayBeOver = 1
    Conversations State.over = 2
    Conversations State.rejected = 4
    Conversations State.undone = 5
    Conversations State.working = 0
    Conversations table agents
    Conversations table calls
    Conversations table lines
    Conversations table places
    Conversations table runs
    Conversations table runs-of-calls
    Conversations table sessions
    Conversations table sources
    Conversations table summaries
    Conversations table tools
    ErrorText Mask.none = 0
    ErrorText Mask.suffix = 1
    ErrorText Mask.whole = 2
    EventLog Act.compact = 14
    EventLog Act.datasetExport = 1
    EventLog Act.drop = 13
    EventLog Act.keep = 10
    EventLog Act.logExport = 3
    EventLog Act.noSkip = 7
    EventLog Act.quarantineExport = 4
    EventLog Act.quarantineRetry = 5
    EventLog Act.rebuild = 9
    EventLog Act.replay = 8
    EventLog Act.rollback = 12
    EventLog Act.skillsExport = 2
    EventLog Act.skip = 6
    EventLog Act.use = 11
    EventLog LogEnvironment.formatVersion = 1
    EventLog LogEnvironment.headerVersion = 1
    EventLog Receipts.receiptVersion = 1
    Events Ending.failed = 1
    Events Ending.rejected = 2
    Events Ending.succeeded = 0
    Events Ending.unfinished = 3
    Events EventRole.annotates = 4
    Events EventRole.closes = 2
    Events EventRole.none = 0
    Events EventRole.opens = 1
    Events EventRole.part = 3
    Events Field.abandoned = 26
    Events Field.accepted = 25
    Events Field.accuracyChange = 83
    Events Field.agent = 88
    Events Field.agentID = 89
    Events Field.agentType = 35
    Events Field.agentVersion = 90
    Events Field.arm = 79
    Events Field.backend = 31
    Events Field.baseModel = 75
    Events Field.baselineModel = 76
    Events Field.cacheHit = 39
    Events Field.chosen = 69
    Events Field.codeCompiles = 54
    Events Field.command = 52
    Events Field.confidenceScore = 105
    Events Field.contextRetrieved = 40
    Events Field.copiedToClipboard = 23
    Events Field.correctedResponse = 4
    Events Field.costUSD = 47
    Events Field.deploymentID = 73
    Events Field.deploymentSuccess = 57
    Events Field.domain = 38
    Events Field.domainScore = 65
    Events Field.effort = 91
    Events Field.errorMessage = 49
    Events Field.errorStack = 50
    Events Field.errorType = 48
    Events Field.exitCode = 16
    Events Field.extension = 33
    Events Field.filesModified = 14
    Events Field.fix = 51
    Events Field.forgettingRate = 86
    Events Field.generationTimeS = 66
    Events Field.gitBranch = 93
    Events Field.hasCode = 18
    Events Field.hasExplanation = 19
    Events Field.helpful = 22
    Events Field.improvement = 82
    Events Field.interactionID = 0
    Events Field.isError = 81
    Events Field.isLocal = 29
    Events Field.iterations = 10
    Events Field.language = 36
    Events Field.latencyChange = 84
    Events Field.latencyMS = 46
    Events Field.linesChanged = 15
    Events Field.lintPasses = 55
    Events Field.llmUsed = 28
    Events Field.maintainabilityScore = 60
    Events Field.margin = 71
    Events Field.memoryChange = 85
    Events Field.model = 27
    Events Field.modelCalls = 97
    Events Field.modifiedResponse = 24
    Events Field.noRuntimeErrors = 58
    Events Field.outcomeBasis = 8
    Events Field.partialSuccess = 6
    Events Field.passed = 9
    Events Field.patternScore = 64
    Events Field.performanceScore = 62
    Events Field.permissionMode = 92
    Events Field.phase = 100
    Events Field.productivityGain = 68
    Events Field.profile = 34
    Events Field.project = 42
    Events Field.projectScore = 63
    Events Field.prompt = 2
    Events Field.provider = 32
    Events Field.qualityScore = 80
    Events Field.rating = 21
    Events Field.reason = 72
    Events Field.reasoningMode = 103
    Events Field.rejected = 70
    Events Field.response = 3
    Events Field.role = 102
    Events Field.route = 30
    Events Field.runID = 77
    Events Field.safetyPassed = 87
    Events Field.securityScore = 61
    Events Field.sessionID = 1
    Events Field.skill = 101
    Events Field.solutionComplexity = 67
    Events Field.statedComplexity = 104
    Events Field.status = 7
    Events Field.steps = 11
    Events Field.strategy = 41
    Events Field.styleScore = 59
    Events Field.success = 5
    Events Field.systemMessage = 109
    Events Field.taskType = 37
    Events Field.tags = 107
    Events Field.testsPassRate = 106
    Events Field.testsPassed = 17
    Events Field.timeToFirstUseS = 53
    Events Field.tokensCacheRead = 94
    Events Field.tokensCacheWrite = 95
    Events Field.tokensInput = 43
    Events Field.tokensOutput = 44
    Events Field.tokensReasoning = 96
    Events Field.tokensUsed = 45
    Events Field.toolCalls = 13
    Events Field.toolInput = 108
    Events Field.toolsUsed = 12
    Events Field.traceID = 99
    Events Field.trafficPercentage = 78
    Events Field.typeCheckPasses = 56
    Events Field.userFeedback = 20
    Events Field.userID = 98
    Events Field.version = 74
    Events Key.backend = 16
    Events Key.createdAt = 5
    Events Key.event = 0
    Events Key.eventType = 1
    Events Key.extension = 9
    Events Key.iteration = 14
    Events Key.kind = 2
    Events Key.llmUsed = 10
    Events Key.queryHash = 17
    Events Key.queryText = 18
    Events Key.ragHits = 11
    Events Key.source = 12
    Events Key.stream = 8
    Events Key.taskID = 13
    Events Key.time = 7
    Events Key.timestamp = 4
    Events Key.totalIterations = 15
    Events Key.ts = 6
    Events Key.type = 3
    Events Stream.aidb = 1
    Events Stream.editor = 3
    Events Stream.foldlog = 4
    Events Stream.hybrid = 2
    Events Stream.ralph = 0
    Facts CostBasis.local = 3
    Facts CostBasis.partial = 1
    Facts CostBasis.priced = 2
    Facts CostBasis.said = 4
    Facts CostBasis.unknown = 0
    Facts Ending.failed = 2
    Facts Ending.open = 0
    Facts Ending.rejected = 3
    Facts Ending.succeeded = 1
    Facts FieldCoding bytes = 0, 1, bool ? 3 : 2, 4
    Facts Outcome.failure = 0
    Facts Outcome.partial = 1
    Facts Outcome.success = 2
    Facts OutcomeBasis.benchmark = 6
    Facts OutcomeBasis.exitCode = 3
    Facts OutcomeBasis.human = 5
    Facts OutcomeBasis.self = 1
    Facts OutcomeBasis.tests = 4
    Facts OutcomeBasis.text = 0
    Facts OutcomeBasis.tool = 2
    Facts Tier.exceptional = 3
    Facts Tier.highQuality = 2
    Facts Tier.highValue = 1
    Facts Tier.reference = 0
    Foldlog Code.badData = 65
    Foldlog Code.inputOutput = 74
    Foldlog Code.locked = 75
    Foldlog Code.noInput = 66
    Foldlog Code.usage = 64
    Formats JSONReading bytes = 0, bool == true ? 1 : 2, 3, 4, 5, 6, 7, 8, 9, 10
    Interactions FieldMergePolicy.completes = 1
    Interactions FieldMergePolicy.greatest = 3
    Interactions FieldMergePolicy.ignored = 0
    Interactions FieldMergePolicy.joins = 4
    Interactions FieldMergePolicy.replaces = 2
    Interactions FieldMergePolicy.withOutcome = 5
    Interactions InteractionState bytes = flag.map { $0 ? 1 : 0 } ?? 2
    Interactions InteractionStep.version = 11
    Interactions table counters
    Interactions table domains
    Interactions table feedback_minutes
    Interactions table ids
    Interactions table opaque_prompts
    Interactions table pairs
    Interactions table prompts/sources
    Interactions table responses/sources
    Interactions table states/rows
    LMDB PageFormat.version = 1
    Masking Masker.version = 9
    Pipeline table mismatches
    Provenance Form.file = 0
    Provenance Form.named = 2
    Provenance Form.own = 3
    Provenance Form.standardInput = 1
    Provenance SourceRecord bytes = isPrefixPlain ? 1 : 2
    Scoring ScoringProfile.quality = 1
    Scoring ScoringProfile.value = 0
    Scoring ScoringSettings.bytesVersion = 2
    TrainingData PairReason.correction = 0
    TrainingData PairReason.journey = 4
    TrainingData PairReason.judgment = 3
    TrainingData PairReason.outcome = 1
    TrainingData PairReason.retry = 2
    TrainingData Split.test = 2
    TrainingData Split.train = 0
    TrainingData Split.validation = 1
    ViewStore BuildRecord.version = 4
    Views Key bytes = 0, 1, 0xff, 0, isWhole ? 0 : 1
    """
