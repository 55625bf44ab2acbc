#!/usr/bin/env python3
"""Counts, from the fixtures and by hand, what README says of them, and compares.

It shares no code with foldlog: lines are read here, and interactions are those of value_oracle.py. Each
claim is looked for in README's text, as this script would write it.

usage: readme.py
"""

import glob
import json
import os
import re
import statistics
import sys
from collections import Counter, defaultdict
from fractions import Fraction

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import value_oracle as oracle  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(HERE))
README = open(f"{ROOT}/README.md", encoding="utf-8").read()
AGENTS = README[README.index("## What your agents did"):README.index("## What it looks like")]
README = README[README.index("## What it looks like"):]
PATHS = [f"{ROOT}/fixtures/{name}-events.jsonl"
         for name in ["ralph", "aidb", "hybrid", "editor", "deployments"]]
wrong = []


def says(claim, what):
    """README has this text, whatever the spaces."""
    if " ".join(claim.split()) not in " ".join(README.split()):
        wrong.append(f"{what}: README does not say `{claim}`")


def row(words, what, text=None):
    """A line of a table in README begins or goes on with these words, in this order."""
    pattern = r".*".join(rf"(?<!\S){re.escape(str(word))}(?!\S)" for word in words)
    if not re.search(rf"^.*{pattern}.*$", text or README, re.MULTILINE):
        wrong.append(f"{what}: README has no row with {words}")


# --- Lines. -------------------------------------------------------------------------------------

def strict(raw):
    line = json.loads(raw.decode("utf-8"), parse_constant=oracle.not_json)
    if not isinstance(line, dict):
        raise ValueError("not an object")
    return line


LINES = []
totals = Counter()
for path in PATHS:
    data = open(path, "rb").read()
    held = Counter()
    for raw in data.split(b"\n")[:-1]:
        held["lines"] += 1
        if not raw.strip(b" \t\r"):
            held["blank"] += 1
            continue
        try:
            LINES.append(strict(raw))
            held["events"] += 1
        except ValueError:
            held["quarantined"] += 1
    row([f"{len(data):,}", f"{held['events']:,}", held["quarantined"], os.path.relpath(path, ROOT)],
        "sources")
    totals += held + Counter(bytes=len(data))
says(f"{totals['lines']:,} lines: {totals['events']:,} events, {totals['quarantined']} quarantined, "
     f"{totals['blank']} blank; {totals['bytes'] / 1000:.1f} kB", "ingest")

# --- Interactions. ------------------------------------------------------------------------------

fold = oracle.Fold()
events = list(oracle.events_of(PATHS, None))
assert len(events) == len(LINES)
clusters, joined = [], set()


def shingles(it):
    return oracle.shingles_of(it.fields["prompt"] + "\n" + it.fields["response"])


def readable(text):
    return text is not None and text.strip() and not oracle.OPAQUE.fullmatch(text)


def jaccard(one, other):
    return Fraction(len(one & other), len(one | other))


def is_example(it):
    return (it.outcome is not None and oracle.score_of(it)["tier"] != "reference"
            and readable(it.fields.get("prompt")) and readable(it.fields.get("response")))


def home(event):
    return fold.by_id.get((event["stream"], event["fields"].get("interaction_id")))


def repeats(event, it):
    """Whether the interaction that it belongs to has been told the same, as far as both go."""
    former = it and it.seen.get((event["kind"], event["fields"].get("iterations")))
    return bool(former) and all(
        former[name] == value for name, value in event["fields"].items() if name in former)


again = set()
for event in events:
    it = home(event)
    is_again = oracle.role_of(event) != "other" and repeats(event, it)
    fold.fold(event)
    if is_again and home(event) is it:
        again.add(event["offset"])
    for it in fold.all:
        # It joins the cluster of the earliest that it nearly repeats, when it first is an example.
        if id(it) not in joined and is_example(it):
            joined.add(id(it))
            words = shingles(it)
            near = next((c for c in clusters if any(
                jaccard(words, other) >= Fraction(95, 100) for _, other in c)), None)
            if near is None:
                clusters.append([(it, words)])
            else:
                near.append((it, words))

told = sorted((it for it in fold.all if it.outcome), key=lambda it: it.offset)
scores = {it.offset: oracle.score_of(it) for it in told}
high = [it for it in told if scores[it.offset]["tier"] != "reference"]
says(f"{len(high)} of {len(told)} interactions are worth learning from", "values")
best = sorted(told, key=lambda it: (-scores[it.offset]["score"], it.offset))[:8]
for it in best:
    row([it.offset, it.stream, it.outcome, f"{float(scores[it.offset]['score']):g}",
         scores[it.offset]["tier"]], "values")

# --- Correlations: means, Welch's t and Cohen's d from the samples themselves. --------------------

def level(it, factor):
    value = it.fields.get(factor)
    return str(value).lower() if isinstance(value, bool) else value


def sides(factor, name, metric):
    known = [it for it in told if level(it, factor) is not None and metric in it.fields]
    return ([float(it.fields[metric]) for it in known if level(it, factor) == name],
            [float(it.fields[metric]) for it in known if level(it, factor) != name])


def digits(number):
    return f"{number:.4g}"


table = README[README.index("$ foldlog query correlations"):README.index("correlations at offset")]
compared = 0
for factor, name, metric in re.findall(r"^(\w+) +(\S+) +(\w+) +\d", table, re.MULTILINE):
    one, other = sides(factor, name, metric)
    n, m = len(one), len(other)
    difference = statistics.fmean(one) - statistics.fmean(other)
    a, b = statistics.variance(one), statistics.variance(other)
    t = difference / (a / n + b / m) ** 0.5
    d = difference / (((n - 1) * a + (m - 1) * b) / (n + m - 2)) ** 0.5
    row([factor, name, metric, n, digits(difference), digits(t)], "correlations")
    row([factor, name, metric, n, digits(d)], "correlations")
    compared += 1
assert compared == 8, table
fast, slow = sides("cache_hit", "true", "latency_ms")
says(f"a cache hit answers in {statistics.fmean(fast):.0f} ms instead of "
     f"{statistics.fmean(slow) / 1000:.1f} s", "correlations")

# --- Errors: when they happened, and what mended them. -------------------------------------------

def message(line):
    given = line.get("error_message")
    for holder in [line.get("error"), *(line.get(name) for name in oracle.HOLDERS)]:
        if isinstance(given, str) and given:
            return given
        if isinstance(holder, str):
            given = holder
        elif isinstance(holder, dict):
            given = holder.get("message") or holder.get("error_message")
    if not given and oracle.kind_of(line) == "error":
        given = line.get("message")
    if not given and isinstance(line.get("task"), dict):
        context = line["task"].get("context")
        given = context.get("last_error") if isinstance(context, dict) else None
    return given if isinstance(given, str) and given else None


def type_of(line):
    error = line.get("error")
    return line.get("error_type") or (error.get("type") if isinstance(error, dict) else None)


happened = [(offset, type_of(line), message(line)) for offset, line in enumerate(LINES)
            if message(line) and offset not in again
            and oracle.kind_of(line) not in ("error_resolved", "error_resolution")]
table = README[README.index("$ foldlog query errors "):README.index("errors at offset")]
lines = [line for line in table.splitlines() if re.match(r" +\d+  \w", line)]
assert len(lines) == 8, table
for line in lines:
    pattern, category, kind, rest = re.match(r" +(\d+)  (\w+) +(\S+) +(.*)", line).groups()
    template, count = re.match(r"(.*?)(?:…|  ) +(\d+) ", rest).groups()
    # What the table shows of the template, anywhere at the start of a line of the message.
    shape = ".+?".join(re.escape(part) for part in template.split("<*>"))
    found = [o for o, named, text in happened if named in (kind, None)
             and any(re.match(shape, line) for line in text.splitlines())]
    row([pattern, category, len(found)], "errors")
moved = [offset for offset, kind, _ in happened if kind == "E0382"]
reports = [o for o, line in enumerate(LINES)
           if oracle.kind_of(line) == "error_resolved" and line.get("error_type") == "E0382"]


def passes(after, line):
    return any(other.get("command") == line["command"] and other.get("exit_code") == 0
               and other.get("session_id") == line["session_id"] for other in LINES[after + 1:])


NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven"]
assert len(reports) == len(moved) and all(passes(o, LINES[o]) for o in moved)
says(f"(`E0382`) came back {NUMBERS[len(moved)]} times and were mended each time", "errors")
asked = []
for it in told:
    if readable(it.fields.get("prompt")):
        words = oracle.shingles_of(it.fields["prompt"])
        near = next((a for a in asked if jaccard(words, a[0]) >= Fraction(85, 100)), None)
        if near is None:
            asked.append((words, [it.outcome]))
        else:
            near[1].append(it.outcome)
gaps = [ends for _, ends in asked if ends.count("failure") >= 3 and "success" not in ends]
assert len(gaps) == 1, gaps
count = NUMBERS[len(gaps[0])]
says(f"was asked for {count} times and failed {count} times", "gaps")

# --- Datasets. ----------------------------------------------------------------------------------

def is_proven(it):
    return oracle.BASES.index(it.basis) >= oracle.BASES.index("tool")


examples = sum(any(is_example(it) and is_proven(it) for it, _ in c) for c in clusters)
claimed = sum(any(is_example(it) for it, _ in c) for c in clusters) - examples
says(f"{examples} examples of the 1,000", "datasets")
says(f"{claimed} more succeeded by its own word alone", "datasets")

# --- Deployments: results since the last change of traffic. ---------------------------------------

MOVES = {"deployment_created", "deployment_started", "deployment_active", "deployment_promoted",
         "deployment_demoted", "deployment_failed", "deployment_rolled_back"}
made = {line["deployment_id"]: offset for offset, line in enumerate(LINES)
        if oracle.kind_of(line) == "deployment_created"}
table = README[README.index("$ foldlog query deployments"):README.index("deployments at offset")]
for name, offset in made.items():
    row([name, LINES[offset]["model"]], "deployments")
assert len(re.findall(r"^dep-\d", table, re.MULTILINE)) == len(made), made
last = max(o for o, line in enumerate(LINES) if line.get("deployment_id") == "dep-3"
           and oracle.kind_of(line) in MOVES
           # A promotion that names no traffic changes nothing.
           and ("promoted" not in oracle.kind_of(line) or "traffic_percentage" in line))
arms = defaultdict(list)
for line in LINES[last + 1:]:
    if oracle.kind_of(line) == "ab_result" and line.get("deployment_id") == "dep-3":
        if isinstance(line.get("quality_score"), (int, float)):
            arms[line["arm"]].append(line["quality_score"])
ours, theirs = (statistics.fmean(arms[arm]) for arm in ["deployment", "baseline"])
says(f"`dep-3` is {(ours - theirs) / theirs * 100:.1f} % better than its baseline and must still wait: "
     f"{min(map(len, arms.values()))} samples", "deployments")
row(["dep-3", digits((ours - theirs) / theirs)], "deployments")

# --- Sessions. ----------------------------------------------------------------------------------

table = README[README.index("$ foldlog query sessions"):README.index("sessions at offset")]
names = re.findall(r"^(\S+) +20\d\d-", table, re.MULTILINE)
assert len(names) == 5, table
for name in names:
    mine = [event for event in events
            if event["fields"].get("session_id") == name and event["offset"] not in again]
    ours = [it for it in told if it.fields.get("session_id") == name]
    mean = float(sum(scores[it.offset]["score"] for it in ours) / len(ours))
    row([name, len(mine), len(ours), digits(mean)], "sessions")

# --- Transcripts. -------------------------------------------------------------------------------

# Dollars for a million tokens: input, cache read, cache write for five minutes, output.
SONNET, CODEX = [Fraction(x) for x in ("3", "0.3", "3.75", "15")], [
    Fraction(x) for x in ("1.75", "0.175", "0", "14")]


def dollars(tokens, prices):
    return f"{float(sum(t * p for t, p in zip(tokens, prices)) / 10**6):.10g}"


def transcript(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


day = {}
for path in sorted(glob.glob(f"{ROOT}/fixtures/transcripts/claude-code/projects/*/*.jsonl")):
    lines = transcript(path)
    # A message stands in several lines: what the last one says holds.
    usage = {line["message"]["id"]: line["message"]["usage"]
             for line in lines if line["type"] == "assistant"}
    results = [block for line in lines if line["type"] == "user"
               for block in line["message"]["content"]
               if isinstance(block, dict) and block["type"] == "tool_result"]
    errors = [block for block in results if block.get("is_error")]
    refused = [block for block in errors if "doesn't want to proceed" in block["content"]]
    asked = [line for line in lines
             if line["type"] == "user" and isinstance(line["message"]["content"], str)]
    tokens = [sum(each[name] for each in usage.values())
              for name in ("input_tokens", "cache_read_input_tokens",
                           "cache_creation_input_tokens", "output_tokens")]
    cost = dollars(tokens, SONNET)
    row(["claude-code", len(asked), len(errors) - len(refused), len(refused), cost], "sessions",
        AGENTS)
    row(["claude-sonnet-4-5-20250929", "/home/dev/shop", len(usage), tokens[3], cost, "priced"],
        "costs", AGENTS)
    if "2026-03-02" in lines[1]["timestamp"]:
        row(["/home/dev/shop", 1, len(asked), len(usage), f"{sum(tokens):,}"], "today", AGENTS)
for path in glob.glob(f"{ROOT}/fixtures/transcripts/codex/sessions/*/*/*/*.jsonl"):
    payloads = [line["payload"] for line in transcript(path)]
    totals_told = [payload["info"]["total_token_usage"] for payload in payloads
                   if payload.get("type") == "token_count"]
    last = totals_told[-1]
    calls = len({json.dumps(total) for total in totals_told})
    tokens = [last["input_tokens"] - last["cached_input_tokens"], last["cached_input_tokens"], 0,
              last["output_tokens"]]
    failed = [payload for payload in payloads if payload.get("type") == "function_call_output"
              and "exited with code 0" not in payload["output"]]
    asked = [payload for payload in payloads if payload.get("type") == "user_message"]
    row(["codex", len(asked), len(failed), 0, dollars(tokens, CODEX)], "sessions", AGENTS)
    row(["gpt-5.2-codex", "/home/dev/api", calls, last["output_tokens"], dollars(tokens, CODEX),
         "priced"], "costs", AGENTS)
    row(["/home/dev/api", 1, len(asked), calls, f"{sum(tokens):,}"], "today", AGENTS)

print("\n".join(wrong) or f"{len(told)} interactions, {totals['events']} events: README is right")
sys.exit(1 if wrong else 0)
