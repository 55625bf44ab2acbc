/// The numbers of enumerations, versions, names of tables, and bytes that tell values apart, as
/// `NumberTests` reads them off the source: most lie on disk, or count in a digest. A line is added
/// for what is new; a line that is there stays as it is.
let numbersOnDisk = """
  Conversations Conversations.version = 2
  Conversations State.interrupted = 3
  Conversations State.mayBeOver = 1
  Conversations State.over = 2
  Conversations State.rejected = 4
  Conversations State.working = 0
  Conversations table agents
  Conversations table calls
  Conversations table lines
  Conversations table runs
  Conversations table sources
  Conversations table tools
  EventLog LogEnvironment.formatVersion = 1
  EventLog LogEnvironment.headerVersion = 1
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
  Events Field.taskType = 37
  Events Field.testsPassed = 17
  Events Field.timeToFirstUseS = 53
  Events Field.tokensCacheRead = 94
  Events Field.tokensCacheWrite = 95
  Events Field.tokensInput = 43
  Events Field.tokensOutput = 44
  Events Field.tokensReasoning = 96
  Events Field.tokensUsed = 45
  Events Field.toolCalls = 13
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
  Interactions InteractionStep.version = 6
  Interactions table counters
  Interactions table domains
  Interactions table feedback_minutes
  Interactions table ids
  Interactions table opaque_prompts
  Interactions table pairs
  Interactions table prompts/sources
  Interactions table responses/sources
  Interactions table states
  LMDB PageFormat.version = 1
  Masking Masker.version = 4
  Pipeline table mismatches
  Projectors/Correlations Factor.agent = 20
  Projectors/Correlations Factor.agentType = 10
  Projectors/Correlations Factor.agentVersion = 21
  Projectors/Correlations Factor.backend = 3
  Projectors/Correlations Factor.cacheHit = 15
  Projectors/Correlations Factor.contextRetrieved = 16
  Projectors/Correlations Factor.domain = 13
  Projectors/Correlations Factor.effort = 22
  Projectors/Correlations Factor.extension = 8
  Projectors/Correlations Factor.hour = 19
  Projectors/Correlations Factor.isLocal = 7
  Projectors/Correlations Factor.iterations = 18
  Projectors/Correlations Factor.kind = 1
  Projectors/Correlations Factor.language = 11
  Projectors/Correlations Factor.llmUsed = 6
  Projectors/Correlations Factor.model = 2
  Projectors/Correlations Factor.permissionMode = 23
  Projectors/Correlations Factor.phase = 24
  Projectors/Correlations Factor.profile = 9
  Projectors/Correlations Factor.provider = 4
  Projectors/Correlations Factor.reasoningMode = 27
  Projectors/Correlations Factor.role = 26
  Projectors/Correlations Factor.route = 5
  Projectors/Correlations Factor.skill = 25
  Projectors/Correlations Factor.statedComplexity = 28
  Projectors/Correlations Factor.strategy = 14
  Projectors/Correlations Factor.stream = 0
  Projectors/Correlations Factor.taskType = 12
  Projectors/Correlations Factor.tool = 17
  Projectors/Correlations Metric.costUSD = 3
  Projectors/Correlations Metric.iterations = 6
  Projectors/Correlations Metric.latencyMS = 2
  Projectors/Correlations Metric.steps = 7
  Projectors/Correlations Metric.success = 0
  Projectors/Correlations Metric.tokensInput = 4
  Projectors/Correlations Metric.tokensOutput = 5
  Projectors/Correlations Metric.value = 1
  Projectors/Correlations table levels
  Projectors/Correlations table moments
  Projectors/Correlations table others
  Projectors/Correlations view correlations version = 5
  Projectors/Costs table hours
  Projectors/Costs table limits
  Projectors/Costs table models
  Projectors/Costs view costs version = 2
  Projectors/Datasets JudgmentLink.event = 0
  Projectors/Datasets JudgmentLink.interaction = 1
  Projectors/Datasets Kind.examples = 0
  Projectors/Datasets Kind.pairs = 1
  Projectors/Datasets Occasion.evaluation = 0
  Projectors/Datasets Occasion.examples = 1
  Projectors/Datasets Occasion.manual = 2
  Projectors/Datasets Occasion.pairs = 3
  Projectors/Datasets Occasion.patterns = 4
  Projectors/Datasets Occasion.weekly = 5
  Projectors/Datasets Pairs bytes = 0, 1, 2
  Projectors/Datasets Trigger.firstRun = 0
  Projectors/Datasets Trigger.growth = 1
  Projectors/Datasets Verdict.accepted = 2
  Projectors/Datasets Verdict.rejected = 1
  Projectors/Datasets Verdict.unknown = 0
  Projectors/Datasets table attempts
  Projectors/Datasets table clusters
  Projectors/Datasets table cycles
  Projectors/Datasets table examples/equal
  Projectors/Datasets table examples/groups
  Projectors/Datasets table examples/totals
  Projectors/Datasets table judgments
  Projectors/Datasets table judgments/count
  Projectors/Datasets table judgments/links
  Projectors/Datasets table judgments/waiting
  Projectors/Datasets table pairs
  Projectors/Datasets table pairs/equal
  Projectors/Datasets table pairs/next
  Projectors/Datasets table pairs/numbers
  Projectors/Datasets table prompts/groups
  Projectors/Datasets table readiness
  Projectors/Datasets table responses
  Projectors/Datasets table weeks
  Projectors/Datasets view datasets version = 7
  Projectors/Deployments Arm.baseline = 1
  Projectors/Deployments Arm.deployment = 0
  Projectors/Deployments Circuit.closed = 0
  Projectors/Deployments Circuit.halfOpen = 2
  Projectors/Deployments Circuit.open = 1
  Projectors/Deployments DeploymentStatus.active = 2
  Projectors/Deployments DeploymentStatus.demoted = 4
  Projectors/Deployments DeploymentStatus.deploying = 1
  Projectors/Deployments DeploymentStatus.failed = 5
  Projectors/Deployments DeploymentStatus.pending = 0
  Projectors/Deployments DeploymentStatus.promoting = 3
  Projectors/Deployments DeploymentStatus.rolledBack = 6
  Projectors/Deployments EvaluationCheck.accuracy = 1
  Projectors/Deployments EvaluationCheck.forgetting = 4
  Projectors/Deployments EvaluationCheck.improvement = 0
  Projectors/Deployments EvaluationCheck.latency = 2
  Projectors/Deployments EvaluationCheck.memory = 3
  Projectors/Deployments EvaluationCheck.safety = 5
  Projectors/Deployments HealthAdvice.bypass = 1
  Projectors/Deployments HealthAdvice.none = 0
  Projectors/Deployments HealthAdvice.scaleUp = 3
  Projectors/Deployments HealthAdvice.stop = 2
  Projectors/Deployments ModelStatus.deprecated = 6
  Projectors/Deployments ModelStatus.failed = 4
  Projectors/Deployments ModelStatus.passed = 3
  Projectors/Deployments ModelStatus.promoted = 5
  Projectors/Deployments ModelStatus.ready = 2
  Projectors/Deployments ModelStatus.registered = 0
  Projectors/Deployments ModelStatus.training = 1
  Projectors/Deployments Recommendation.demote = 3
  Projectors/Deployments Recommendation.none = 0
  Projectors/Deployments Recommendation.promote = 2
  Projectors/Deployments Recommendation.wait = 1
  Projectors/Deployments TrainingStatus.completed = 1
  Projectors/Deployments TrainingStatus.failed = 2
  Projectors/Deployments TrainingStatus.queued = 3
  Projectors/Deployments TrainingStatus.running = 0
  Projectors/Deployments table anomalies
  Projectors/Deployments table deployments
  Projectors/Deployments table health
  Projectors/Deployments table models
  Projectors/Deployments table newest_versions
  Projectors/Deployments table promoted_versions
  Projectors/Deployments table training
  Projectors/Deployments view deployments version = 7
  Projectors/Errors Category.build = 4
  Projectors/Errors Category.import = 1
  Projectors/Errors Category.lint = 5
  Projectors/Errors Category.network = 7
  Projectors/Errors Category.other = 12
  Projectors/Errors Category.permission = 9
  Projectors/Errors Category.resource = 10
  Projectors/Errors Category.runtime = 3
  Projectors/Errors Category.style = 6
  Projectors/Errors Category.syntax = 0
  Projectors/Errors Category.timeout = 8
  Projectors/Errors Category.tool = 11
  Projectors/Errors Category.type = 2
  Projectors/Errors Mask.none = 0
  Projectors/Errors Mask.suffix = 1
  Projectors/Errors Mask.whole = 2
  Projectors/Errors table counters
  Projectors/Errors table events
  Projectors/Errors table gaps/clusters
  Projectors/Errors table gaps/failures
  Projectors/Errors table gaps/prompts
  Projectors/Errors table merged
  Projectors/Errors table opaque
  Projectors/Errors table open
  Projectors/Errors table pattern_sessions
  Projectors/Errors table patterns
  Projectors/Errors table places
  Projectors/Errors table reports
  Projectors/Errors table tree/groups
  Projectors/Errors table tree/leaves
  Projectors/Errors table tree/nodes
  Projectors/Errors table tree/places
  Projectors/Errors table trials
  Projectors/Errors view errors version = 12
  Projectors/Metrics Metric.cacheHit = 12
  Projectors/Metrics Metric.costUSD = 7
  Projectors/Metrics Metric.events = 0
  Projectors/Metrics Metric.healthFindings = 17
  Projectors/Metrics Metric.healthLatencyMS = 16
  Projectors/Metrics Metric.healthOK = 15
  Projectors/Metrics Metric.highValue = 3
  Projectors/Metrics Metric.iterations = 5
  Projectors/Metrics Metric.latencyMS = 4
  Projectors/Metrics Metric.modelCalls = 6
  Projectors/Metrics Metric.predictedSuccess = 20
  Projectors/Metrics Metric.resourceUsed = 18
  Projectors/Metrics Metric.routedLocal = 14
  Projectors/Metrics Metric.routes = 13
  Projectors/Metrics Metric.score = 1
  Projectors/Metrics Metric.searchResults = 11
  Projectors/Metrics Metric.searches = 10
  Projectors/Metrics Metric.success = 2
  Projectors/Metrics Metric.tokensInput = 8
  Projectors/Metrics Metric.tokensOutput = 9
  Projectors/Metrics Metric.trialSuccess = 19
  Projectors/Metrics Scope.model = 0
  Projectors/Metrics Scope.stream = 1
  Projectors/Metrics Scope.system = 2
  Projectors/Metrics Scope.user = 3
  Projectors/Metrics Severity.high = 2
  Projectors/Metrics Severity.low = 0
  Projectors/Metrics Severity.medium = 1
  Projectors/Metrics Trend.falling = 0
  Projectors/Metrics Trend.rising = 2
  Projectors/Metrics Trend.steady = 1
  Projectors/Metrics table hours
  Projectors/Metrics table latest
  Projectors/Metrics table sessions
  Projectors/Metrics view metrics version = 1
  Projectors/Sessions table agents
  Projectors/Sessions table file_sessions
  Projectors/Sessions table files
  Projectors/Sessions table hour_sessions
  Projectors/Sessions table hours
  Projectors/Sessions table sessions
  Projectors/Sessions view sessions version = 4
  Projectors/Tools table commands
  Projectors/Tools table servers
  Projectors/Tools table sessions
  Projectors/Tools table tools
  Projectors/Tools view tools version = 1
  Projectors/Values Daily bytes = 0, 0, 1
  Projectors/Values table daily
  Projectors/Values table histogram
  Projectors/Values table ignored
  Projectors/Values table quality
  Projectors/Values table values
  Projectors/Values view values version = 5
  Provenance Form.file = 0
  Provenance Form.named = 2
  Provenance Form.standardInput = 1
  Provenance SourceRecord bytes = isPrefixPlain ? 1 : 2
  Scoring ScoringProfile.quality = 1
  Scoring ScoringProfile.value = 0
  Scoring ScoringSettings.bytesVersion = 2
  TrainingData PairReason.correction = 0
  TrainingData PairReason.judgment = 3
  TrainingData PairReason.outcome = 1
  TrainingData PairReason.retry = 2
  TrainingData Split.test = 2
  TrainingData Split.train = 0
  TrainingData Split.validation = 1
  ViewStore BuildRecord.version = 4
  Views Key bytes = 0, 1, 0xff, 0, isWhole ? 0 : 1
  """
