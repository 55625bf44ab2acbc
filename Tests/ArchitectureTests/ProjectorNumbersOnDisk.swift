/// Those of the projectors.
let projectorNumbersOnDisk = """
  Projectors/Alerts AlertRule.demoted = 4
  Projectors/Alerts AlertRule.errorBack = 1
  Projectors/Alerts AlertRule.failuresUp = 3
  Projectors/Alerts AlertRule.newError = 0
  Projectors/Alerts AlertRule.overBudget = 2
  Projectors/Alerts AlertSeverity.high = 2
  Projectors/Alerts AlertSeverity.low = 0
  Projectors/Alerts AlertSeverity.medium = 1
  Projectors/Alerts Notice.failed = 2
  Projectors/Alerts Notice.sent = 1
  Projectors/Alerts Notice.wanted = 0
  Projectors/Alerts table alerts
  Projectors/Alerts table deployments
  Projectors/Alerts table errors
  Projectors/Alerts table latest
  Projectors/Alerts table outcomes
  Projectors/Alerts table requests
  Projectors/Alerts table spend
  Projectors/Alerts view alerts version = 4
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
  Projectors/Correlations Metric.confidenceScore = 8
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
  Projectors/Correlations view correlations version = 8
  Projectors/Costs table hours
  Projectors/Costs table limits
  Projectors/Costs table models
  Projectors/Costs view costs version = 4
  Projectors/Datasets JudgmentLink.event = 0
  Projectors/Datasets JudgmentLink.interaction = 1
  Projectors/Datasets Kind.examples = 0
  Projectors/Datasets Kind.pairs = 1
  Projectors/Datasets MaskedTexts bytes = 0, 1
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
  Projectors/Datasets table domains
  Projectors/Datasets table examples/equal
  Projectors/Datasets table examples/groups
  Projectors/Datasets table examples/totals
  Projectors/Datasets table journeys
  Projectors/Datasets table judgments
  Projectors/Datasets table judgments/count
  Projectors/Datasets table judgments/links
  Projectors/Datasets table judgments/waiting
  Projectors/Datasets table pairs
  Projectors/Datasets table pairs/equal
  Projectors/Datasets table pairs/next
  Projectors/Datasets table pairs/numbers
  Projectors/Datasets table prompt_splits
  Projectors/Datasets table prompts/groups
  Projectors/Datasets table readiness
  Projectors/Datasets table responses/rows
  Projectors/Datasets table system_messages
  Projectors/Datasets table system_messages/sessions
  Projectors/Datasets table weeks
  Projectors/Datasets view datasets version = 13
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
  Projectors/Deployments HealthAdvice.scaleDown = 4
  Projectors/Deployments HealthAdvice.scaleUp = 3
  Projectors/Deployments HealthAdvice.stop = 2
  Projectors/Deployments Kind.checked = 0
  Projectors/Deployments Kind.scaled = 1
  Projectors/Deployments Kind.stopped = 2
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
  Projectors/Deployments view deployments version = 12
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
  Projectors/Errors table attempts/rows
  Projectors/Errors table cases
  Projectors/Errors table cases/scopes
  Projectors/Errors table counters
  Projectors/Errors table events
  Projectors/Errors table gaps/clusters
  Projectors/Errors table gaps/failures
  Projectors/Errors table gaps/prompts
  Projectors/Errors table merged
  Projectors/Errors table moments
  Projectors/Errors table moments/writers
  Projectors/Errors table opaque
  Projectors/Errors table open
  Projectors/Errors table pattern_sessions
  Projectors/Errors table patterns/rows
  Projectors/Errors table places
  Projectors/Errors table reports
  Projectors/Errors table tree/leaves
  Projectors/Errors table tree/nodes
  Projectors/Errors table tree/places
  Projectors/Errors table tree/templates
  Projectors/Errors table trials
  Projectors/Errors view errors version = 19
  Projectors/Knowledge NoteScope.appType = 4
  Projectors/Knowledge NoteScope.global = 0
  Projectors/Knowledge NoteScope.project = 1
  Projectors/Knowledge NoteScope.session = 3
  Projectors/Knowledge NoteScope.user = 2
  Projectors/Knowledge NoteSection.decision = 1
  Projectors/Knowledge NoteSection.insight = 4
  Projectors/Knowledge NoteSection.other = 0
  Projectors/Knowledge NoteSection.pattern = 3
  Projectors/Knowledge NoteSection.preference = 2
  Projectors/Knowledge TurnEnding.failure = 1
  Projectors/Knowledge TurnEnding.open = 0
  Projectors/Knowledge TurnEnding.partial = 2
  Projectors/Knowledge TurnEnding.success = 3
  Projectors/Knowledge table advice
  Projectors/Knowledge table moments
  Projectors/Knowledge table notes
  Projectors/Knowledge table turns
  Projectors/Knowledge table turns_told
  Projectors/Knowledge view knowledge version = 2
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
  Projectors/Metrics Metric.tokensUnsplit = 21
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
  Projectors/Metrics table requests
  Projectors/Metrics table sessions
  Projectors/Metrics view metrics version = 6
  Projectors/Sessions table agents
  Projectors/Sessions table file_sessions
  Projectors/Sessions table file_turns
  Projectors/Sessions table files
  Projectors/Sessions table hour_sessions
  Projectors/Sessions table hours
  Projectors/Sessions table sessions
  Projectors/Sessions view sessions version = 8
  Projectors/Skills SkillStatus.active = 1
  Projectors/Skills SkillStatus.retired = 3
  Projectors/Skills SkillStatus.trusted = 2
  Projectors/Skills SkillStatus.untried = 0
  Projectors/Skills UseOutcome.failure = 1
  Projectors/Skills UseOutcome.partial = 2
  Projectors/Skills UseOutcome.success = 3
  Projectors/Skills UseOutcome.unknown = 0
  Projectors/Skills WantState.answered = 2
  Projectors/Skills WantState.failed = 3
  Projectors/Skills WantState.wanted = 0
  Projectors/Skills WantState.withdrawn = 1
  Projectors/Skills table clusters
  Projectors/Skills table ids
  Projectors/Skills table names
  Projectors/Skills table prompts
  Projectors/Skills table prompts/skills
  Projectors/Skills table skills
  Projectors/Skills table uses
  Projectors/Skills table uses/numbers
  Projectors/Skills table wanted
  Projectors/Skills view skills version = 4
  Projectors/Tools table commands
  Projectors/Tools table servers
  Projectors/Tools table sessions
  Projectors/Tools table tools
  Projectors/Tools view tools version = 4
  Projectors/Values Daily bytes = 0, 0, 1
  Projectors/Values table daily
  Projectors/Values table histogram
  Projectors/Values table ignored
  Projectors/Values table quality
  Projectors/Values table values
  Projectors/Values view values version = 7

  """
