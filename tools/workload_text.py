"""The words of the workload, of each shape: prompts, answers with code, and errors.

Everything here is already escaped for the inside of a JSON string. A draw is a function that gives
a float in 0..<1; what comes out depends on nothing else.
"""

import json
from itertools import product


def escaped(text):
    return json.dumps(text)[1:-1]


# --- Names: 32 parts x 28 things x 12 suffixes, as a type, a function and a path. ---

PARTS = """billing ledger invoice payment refund coupon cart catalog search index session login token
  tenant audit report export import webhook queue worker scheduler mailer upload thumbnail avatar
  metrics tracing cache replica schema migration""".split()
THINGS = """retry parser client server handler router store reader writer loader builder mapper filter
  merger planner runner batcher limiter poller signer verifier renderer encoder decoder balancer
  watcher resolver dispatcher""".split()
SUFFIXES = "v2 pool page rate step lock flag size depth range limit state".split()
NAMES = [f"{a}_{b}_{c}" for a, b, c in product(PARTS, THINGS, SUFFIXES)]
EXTENSIONS = [("python", "py"), ("typescript", "ts"), ("rust", "rs"), ("go", "go"), ("nix", "nix")]


def pick(draw, items):
    return items[int(draw() * len(items))]


def name(draw):
    return NAMES[int(draw() * len(NAMES))]


def path(draw, extension=None):
    a, b, c = name(draw).split("_")
    return f"src/{a}/{b}_{c}.{extension or pick(draw, EXTENSIONS)[1]}"


# --- Prompts. ---

ASKS = [
    "Fix the failing test around {0} in {p}: it expects {n} rows but {1} gives back fewer after a restart.",
    "Write a function {0} that takes the output of {1} and groups it by {w}, keeping the order of {2}.",
    "Why does {p} call {0} twice when {1} is empty? Explain and remove the second call without touching {2}.",
    "Refactor {0} so that {1} no longer depends on {2}; move what they share to {p}.",
    "Add a timeout of {n} ms to {0} and make {1} retry with backoff when {2} answers too late.",
    "Review the change to {p}: {0} now holds a lock while {1} writes, is that safe beside {2}?",
    "The type checker complains in {p} about {0}: make {1} generic over {w} and keep {2} as it is.",
    "Port {0} from the old module to {p}, with tests for {1} and an error when {2} exceeds {n}.",
    "Document how {0} and {1} work together in {p}, with an example that shows {2} at {n} entries.",
    "Measure {0} in {p} on {n} items and make it faster than {1} without more memory than {2}.",
]
CONTEXTS = [
    "The service runs with {n} workers and {w} is set in production.",
    "Yesterday {0} was merged, and since then {1} logs a warning every {n} seconds.",
    "Keep the public interface of {0} unchanged, other teams call {1}.",
    "There is a helper for this in {p}, but it ignores {w}.",
    "Last time we tried, {0} deadlocked with {1} under load.",
    "Please show the whole file {p} and not only the difference for {0}.",
    "It must work on {n} concurrent requests, see {p} for how {0} does it.",
    "Do not add a dependency; {0} and {1} should be enough.",
]
WORDS = """tenant region currency locale weekday customer priority severity channel platform browser
  version shard bucket partition timezone""".split()
POLITE = ["please", "thanks", "again", "now", "quickly", "carefully", "today", "briefly"]


def fill(draw, template):
    return template.format(name(draw), name(draw), name(draw), p=path(draw), w=pick(draw, WORDS),
                           n=2 + int(draw() * 5000))


class Prompts:
    """Distinct prompts, but for a tenth that are repeats and a tenth that are near-duplicates."""

    KEPT = 4_096

    def __init__(self, draw):
        self.draw, self.kept = draw, []

    def next(self):
        draw, kept = self.draw, self.kept
        luck = draw()
        if luck < 0.10 and kept:
            return pick(draw, kept)
        if luck < 0.20 and kept:
            before, word = pick(draw, kept), pick(draw, POLITE)
            return f"{word}: {before}" if luck < 0.15 else f"{before} {word}"
        prompt = fill(draw, pick(draw, ASKS))
        for _ in range(1 + int(draw() * 2)):
            prompt += " " + fill(draw, pick(draw, CONTEXTS))
        if len(kept) < self.KEPT:
            kept.append(prompt)
        else:
            kept[int(draw() * self.KEPT)] = prompt
        return prompt


# --- Answers. ---

CODE = [
    ("python", "def {0}(items, limit={n}):\n    seen = {{}}\n    for item in items:\n"
     "        if {1}(item) > limit:\n            continue\n        seen.setdefault(item.{w}, []).append(item)\n"
     "    return seen\n"),
    ("typescript", "export async function {0}(input: Input[]): Promise<Output> {{\n"
     "  const rows = await {1}(input, {{ timeout: {n} }});\n"
     "  return rows.filter((row) => row.{w} !== undefined);\n}}\n"),
    ("rust", "pub fn {0}(rows: &[Row]) -> Result<Vec<Row>, Error> {{\n"
     "    rows.iter()\n        .filter(|row| row.{w} < {n})\n        .map(|row| {1}(row))\n"
     "        .collect()\n}}\n"),
    ("go", "func {0}(ctx context.Context, rows []Row) error {{\n"
     "\tctx, cancel := context.WithTimeout(ctx, {n}*time.Millisecond)\n\tdefer cancel()\n"
     "\treturn {1}(ctx, rows)\n}}\n"),
    ("nix", "{{ config, lib, ... }}:\n{{\n  services.{w}.enable = lib.mkDefault true;\n"
     "  services.{w}.limit = {n}; # {0}, {1}\n}}\n"),
]
PROSE = [
    "The cause is that {0} reads {w} before {1} has written it.",
    "I moved the check into {p}, so that {0} and {1} share it.",
    "With {n} entries this takes one pass instead of two, and {0} stays as it was.",
    "The test for {0} now fails without the change and passes with it.",
    "Note that {1} still allocates for each {w}; that is a separate matter.",
    "I left {2} alone, as nothing in {p} depends on it.",
    "When {0} is empty the function returns early, which {1} relies on.",
    "If you need more than {n}, raise the limit in {p} rather than in {2}.",
]
CODE = [escaped(f"\n\n```{language}\n{code}```\n") for language, code in CODE]


def answer(draw):
    text = " ".join(fill(draw, pick(draw, PROSE)) for _ in range(3 + int(draw() * 8)))
    while draw() < 0.63:
        text += fill(draw, pick(draw, CODE)) + fill(draw, pick(draw, PROSE))
    return text


# --- Errors: category, type, message, command that shows it. ---

ERRORS = [
    ("TypeError", "TypeError: unsupported operand type(s) for +: 'int' and 'str' in {0}, line {n}", "pytest -q"),
    ("KeyError", "KeyError: '{w}' (File \"/srv/app/{p}\", line {n}, in {0})", "pytest -q"),
    ("AttributeError", "AttributeError: 'NoneType' object has no attribute '{0}'", "pytest -q"),
    ("ModuleNotFoundError", "ModuleNotFoundError: No module named '{0}'", "python -m {0}"),
    ("IndentationError", "IndentationError: unexpected indent ({p}, line {n})", "python -m compileall"),
    ("AssertionError", "AssertionError: assert {n} == 0 in test_{0}", "pytest -q"),
    ("RecursionError", "RecursionError: maximum recursion depth exceeded while calling {0}", "pytest -q"),
    ("UnicodeDecodeError", "'utf-8' codec can't decode byte 0xff in position {n}: invalid start byte", "python ingest.py"),
    ("TS2345", "{p}({n},17): error TS2345: Argument of type 'string' is not assignable to parameter of type '{0}'.", "tsc --noEmit"),
    ("TS2304", "{p}({n},9): error TS2304: Cannot find name '{0}'.", "tsc --noEmit"),
    ("TS2307", "{p}({n},1): error TS2307: Cannot find module './{0}' or its corresponding type declarations.", "tsc --noEmit"),
    ("TS2532", "{p}({n},23): error TS2532: Object is possibly 'undefined'.", "tsc --noEmit"),
    ("ESLint", "{p}:{n}:5  error  '{0}' is assigned a value but never used  no-unused-vars", "npx eslint ."),
    ("Prettier", "[warn] {p} Code style issues found in file {n}. Run Prettier with --write to fix.", "npx prettier --check ."),
    ("E0382", "error[E0382]: borrow of moved value: `{0}` --> {p}:{n}:13", "cargo build"),
    ("E0308", "error[E0308]: mismatched types --> {p}:{n}:20 expected `u64`, found `usize`", "cargo build"),
    ("E0433", "error[E0433]: failed to resolve: use of undeclared crate or module `{0}` --> {p}:{n}:5", "cargo build"),
    ("Clippy", "warning: this `if` has identical blocks --> {p}:{n}:9 (clippy::if_same_then_else)", "cargo clippy"),
    ("LinkError", "ld: undefined reference to `{0}' collect2: error: ld returned 1 exit status", "make"),
    ("ERESOLVE", "npm ERR! code ERESOLVE npm ERR! could not resolve dependency: peer {0}@\"^{n}.0.0\"", "npm install"),
    ("ENOENT", "npm ERR! enoent ENOENT: no such file or directory, open '/srv/app/{0}/package.json'", "npm install"),
    ("ETIMEDOUT", "npm ERR! network request to https://registry.example.org/{0} failed, reason: connect ETIMEDOUT 192.0.2.7:443", "npm install"),
    ("RateLimitError", "HTTP 429 Too Many Requests: rate limit of {n} tokens per minute reached, retry after 20 s (request req-{h})", "ask"),
    ("OverloadedError", "HTTP 529 Overloaded (request req-{h})", "ask"),
    ("InternalServerError", "HTTP 500 from https://api.example.org/v1/chat/{h}: internal error", "ask"),
    ("Unauthorized", "HTTP 401 Unauthorized: token for {0} has expired", "ask"),
    ("ContextLengthError", "maximum context length is 32768 tokens, however {n} tokens were requested", "ask"),
    ("ConnectionRefusedError", "[Errno 111] Connection refused: 127.0.0.1:{n}", "curl"),
    ("TimeoutError", "ReadTimeout: no answer from {0} within {n} ms", "curl"),
    ("DNSError", "getaddrinfo EAI_AGAIN {0}.internal.example.org", "curl"),
    ("PermissionError", "[Errno 13] Permission denied: '/var/lib/{0}/{w}'", "install"),
    ("OSError", "[Errno 28] No space left on device: '/var/cache/{0}/{h}'", "install"),
    ("MemoryError", "CUDA out of memory. Tried to allocate {n}.00 MiB (GPU 0; 23.69 GiB total capacity)", "train"),
    ("OOMKilled", "Process {n} ({0}) killed: out of memory", "train"),
    ("SyntaxError", "SyntaxError: Unexpected token '{w}' in JSON at position {n}", "node"),
    ("ReferenceError", "ReferenceError: {0} is not defined at {p}:{n}:11", "node"),
    ("DatabaseError", "could not serialize access due to concurrent update in relation \"{0}\"", "migrate"),
    ("UniqueViolation", "duplicate key value violates unique constraint \"{0}_key\" DETAIL: Key (id)=({n}) already exists.", "migrate"),
    ("ToolError", "String to replace not found in file {p}: {0}", "edit"),
    ("MergeConflict", "CONFLICT (content): Merge conflict in {p}", "git merge"),
]
ERRORS = [(kind, escaped(message), escaped(command)) for kind, message, command in ERRORS]
FIXES = ["Check {0} for null before use", "Install {0} and pin its version", "Raise the limit of {0}",
         "Convert the argument of {0} with str()", "Run the formatter on {p}",
         "Retry {0} after the given delay", "Clone {0} before it is moved", "Regenerate {p}"]


def error(draw):
    """(type, message, command)"""
    # A few families make up most of what goes wrong.
    kind, message, command = ERRORS[int(draw() ** 2 * len(ERRORS))]
    message = message.format(name(draw), p=path(draw), w=pick(draw, WORDS),
                             n=1 + int(draw() * 4000), h=f"{int(draw() * 2**48):012x}")
    return kind, message, command.format(name(draw))


def fix(draw):
    return pick(draw, FIXES).format(name(draw), p=path(draw))


# --- Shapes: what a workload's texts are like. ---


class Usual:
    """Errors of forty families; most prompts are new."""

    # The share of an editor's events that are errors.
    editor_errors = 0.08

    def __init__(self, draw):
        self.draw, self.prompts, self.events = draw, Prompts(draw), 0

    def prompt(self):
        return self.prompts.next()

    def answer(self):
        return answer(self.draw)

    def error(self):
        """(type, message, command)"""
        return error(self.draw)


class AllDifferent(Usual):
    """Each error of another wording; three prompts of five come again."""

    editor_errors = 0.42

    def __init__(self, draw):
        super().__init__(draw)
        self.pool = []

    def prompt(self):
        draw, pool = self.draw, self.pool
        if pool and draw() < 0.6:
            return pick(draw, pool)
        prompt = fill(draw, pick(draw, ASKS)) + " " + fill(draw, pick(draw, CONTEXTS))
        if len(pool) * 20 < self.events:
            pool.append(prompt)
        else:
            pool[int(draw() * len(pool))] = prompt
        return prompt

    def answer(self):
        draw = self.draw
        return " ".join(pick(draw, LEXICON) for _ in range(20 + int(draw() * 71)))

    def error(self):
        draw = self.draw
        words = " ".join(pick(draw, LEXICON) for _ in range(6 + int(draw() * 11)))
        kind, _, command = pick(draw, ERRORS)
        return kind, f"{words} at line {1 + int(draw() * 4000)} of {path(draw)}", \
            command.format(name(draw))


# 80 words, each once.
LEXICON = list(dict.fromkeys(PARTS + THINGS + WORDS)) + ["broken", "missing", "late", "stale", "slow"]
SHAPES = {"usual": Usual, "all-different": AllDifferent}
