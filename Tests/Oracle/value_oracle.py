#!/usr/bin/env python3
"""What each interaction of a log is worth, computed a second time, slowly and exactly.

Reads lines of events (files, or standard input) as one log, and prints one JSON object for each
interaction that has an outcome, by offset: the parts of its score under the profile `value` with
the default settings. It follows schemas/interactions.md and shares no code with foldlog: all pairs
of texts are compared by exact Jaccard similarity, and all arithmetic is in fractions, rounded to
nine decimals (ties to even) where foldlog stores a decimal.

An offset is the index, from 0, of a line among those that are events. A line is one when it is a
JSON object and its stream is known: by --stream, by its own `stream`, or by the file's name.

Readings that DESIGN leaves open: letters are the categories L*, digits Nd; each scalar is
lower-cased by itself; texts without a word are similar to nothing.

usage: value_oracle.py [--stream S] [--trace] [FILE...]
"""

import argparse
import json
import os
import re
import sys
import unicodedata
from collections import defaultdict
from datetime import datetime, timezone
from fractions import Fraction

# --- Fields: canonical name, type, other names. -------------------------------------------------

FIELDS = """
interaction_id       text    task_id query_id request_id completion_id id
session_id           text    session conversation_id thread_id
prompt               text    query input instruction question
response             text    output completion answer
success              bool
partial_success      bool
status               text
outcome_basis        text
passed               bool
iterations           number  total_iterations iteration attempts attempt
steps                number
tools_used           texts
tool_calls           count
files_modified       count
lines_changed        number
exit_code            number
tests_passed         bool
has_code             bool
has_explanation      bool
user_feedback        sign    feedback
rating               rating
helpful              bool
copied_to_clipboard  bool
modified_response    bool
accepted             bool
abandoned            bool
corrected_response   text
model                text    model_used llm_model
llm_used             text
is_local             bool
route                text
backend              text
provider             text
extension            text
profile              text
agent_type           text
language             text
task_type            text
domain               text
cache_hit            bool
context_retrieved    bool
strategy             text
project              text
tokens_input         number  prompt_tokens tokens_in input_tokens
tokens_output        number  completion_tokens tokens_out output_tokens
tokens_used          number
latency_ms           number  duration_ms response_time_ms execution_time_ms
cost_usd             number  cost total_cost_usd
fix                  text    successful_fix resolution
command              text
"""

HOLDERS = ["task", "context", "metadata", "data", "payload", "result"]
TOP_ONLY = {"id", "status", "error", "type"}
FEEDBACK = ["user_feedback", "rating", "helpful", "copied_to_clipboard", "modified_response",
            "accepted", "abandoned", "corrected_response"]
FACTORS = ["model", "llm_used", "is_local", "route", "backend", "provider", "extension", "profile",
           "agent_type", "language", "task_type", "domain", "cache_hit", "context_retrieved",
           "strategy", "project"]


def is_number(value):
    return (isinstance(value, (int, float)) and not isinstance(value, bool)
            and abs(value) < 9_223_372_036)


def typed(value, kind):
    """The value as its field's type, or None when it is absent, empty or wrongly typed."""
    if kind == "text":
        return value if isinstance(value, str) and value and representable(value) else None
    if kind == "bool":
        return value if isinstance(value, bool) else None
    if kind == "texts":
        if not isinstance(value, list):
            return None
        return tuple(v for v in value if isinstance(v, str) and v) or None
    if kind == "count" and isinstance(value, list):
        return tuple(v for v in value if isinstance(v, str) and v) or None
    if not is_number(value):
        return None
    if kind == "sign":
        return value if value in (-1, 0, 1) else None
    if kind == "rating":
        return value if 1 <= value <= 5 else None
    return value


def representable(text):
    return not any(0xD800 <= ord(c) <= 0xDFFF for c in text)


def lookup(line, names, kind):
    for name in names:
        value = typed(line.get(name), kind)
        if value is not None:
            return value
    for holder in HOLDERS:
        inner = line.get(holder)
        if isinstance(inner, dict):
            for name in names:
                if name not in TOP_ONLY:
                    value = typed(inner.get(name), kind)
                    if value is not None:
                        return value
    return None


TABLE = [(w[0], w[1], [w[0]] + w[2:]) for w in map(str.split, FIELDS.strip().splitlines())]


def fields_of(line):
    found = {}
    for name, kind, names in TABLE:
        value = lookup(line, names, kind)
        if value is not None:
            found[name] = value
    if "tests_passed" not in found:
        passed, failed = lookup(line, ["tests_passed"], "number"), lookup(
            line, ["tests_failed"], "number")
        if passed is not None and failed is not None and (passed > 0 or failed > 0):
            found["tests_passed"] = failed == 0
    if "context_retrieved" not in found:
        for name in ["qdrant_results", "rag_hits", "context_count"]:
            count = lookup(line, [name], "number")
            if count is not None:
                found["context_retrieved"] = count > 0
                break
    if "latency_ms" not in found:
        seconds = lookup(line, ["duration_s"], "number")
        if seconds is not None:
            found["latency_ms"] = seconds * 1000
    return found


# --- Envelope. ----------------------------------------------------------------------------------

def kind_of(line):
    for name in ["event", "event_type", "kind"]:
        if isinstance(line.get(name), str) and line[name]:
            return line[name]
    if isinstance(line.get("type"), str) and line["type"]:
        return line["type"]
    return "unknown"


def stream_of(name):
    return "editor" if name == "vscode" else name if name in STREAMS else None


def second_of(line, before):
    """Seconds since 1970, UTC; those of the event before when the line has no time."""
    for name in ["timestamp", "created_at", "ts", "time"]:
        value = line.get(name)
        if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
            value = float(value)
        if is_finite(value):
            size = abs(value)
            scale = 1 if size < 1e11 else 1e3 if size < 1e14 else 1e6 if size < 1e17 else 1e9
            return value / scale
        if isinstance(value, str):
            text = re.sub(r"([+-]\d\d:?\d\d)Z$", r"\1", value)
            text = re.sub(r"\.(\d+)", lambda m: "." + m[1][:6].ljust(6, "0"), text)
            try:
                time = datetime.fromisoformat(text)
            except ValueError:
                continue
            if time.tzinfo is None:
                time = time.replace(tzinfo=timezone.utc)
            return time.timestamp()
    return before


def is_finite(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


STREAMS = ["ralph", "aidb", "hybrid", "editor"]


def not_json(name):
    raise ValueError(name)


def events_of(paths, stream):
    offset = 0
    for path in paths or ["-"]:
        named = stream_of(os.path.basename(path).split("-")[0])
        second = 0
        lines = sys.stdin.buffer if path == "-" else open(path, "rb")
        for raw in lines:
            try:
                line = json.loads(raw.decode("utf-8"), parse_constant=not_json)
            except (ValueError, RecursionError):
                continue
            own = line.get("stream") if isinstance(line, dict) else None
            where = stream or (stream_of(own) if isinstance(own, str) else None) or named
            if not isinstance(line, dict) or where is None:
                continue
            second = second_of(line, second)
            yield {"offset": offset, "stream": where, "kind": kind_of(line), "second": second,
                   "fields": fields_of(line)}
            offset += 1


# --- Texts. -------------------------------------------------------------------------------------

OPAQUE = re.compile(r"sha256:[0-9a-f]{64}|\[REDACTED:.*\]", re.DOTALL)


def is_opaque(text):
    return not words_of(text) or OPAQUE.fullmatch(text) is not None


def words_of(text):
    words, word = [], []
    for c in text:
        category = unicodedata.category(c)
        if category[0] == "L" or category == "Nd":
            word.append(c.lower())
        elif word:
            words.append("".join(word))
            word = []
    if word:
        words.append("".join(word))
    return words


def shingles_of(text):
    words = words_of(text)
    if len(words) < 3:
        return {(w,) for w in words}
    return {tuple(words[i:i + 3]) for i in range(len(words) - 2)}


class Texts:
    """Texts that came before; an index by shingle finds all that share one, so none is missed."""

    def __init__(self):
        self.sizes, self.postings, self.opaque = [], defaultdict(list), defaultdict(int)

    def add(self, text):
        if is_opaque(text):
            self.opaque[text] += 1
            return
        shingles = shingles_of(text)
        for shingle in shingles:
            self.postings[shingle].append(len(self.sizes))
        self.sizes.append(len(shingles))

    def similarities(self, text):
        """Of each earlier readable text that shares a shingle."""
        shingles = shingles_of(text)
        common = defaultdict(int)
        for shingle in shingles:
            for number in self.postings.get(shingle, ()):
                common[number] += 1
        for number, both in common.items():
            yield Fraction(both, len(shingles) + self.sizes[number] - both)


def shows_code_and_prose(text):
    """A fenced block that is closed and not empty, and a word outside of any block."""
    fence, held, blocks, outside = None, [], 0, []
    for line in text.split("\n"):
        mark = re.match(r" {0,3}(`{3,}|~{3,})", line)
        if fence is None and mark:
            fence, held = mark[1], []
        elif fence is not None and mark and mark[1].startswith(fence):
            blocks += any(h.strip() for h in held)
            fence = None
        else:
            (outside if fence is None else held).append(line)
    return blocks > 0 and bool(words_of("\n".join(outside)))


# --- Kinds. -------------------------------------------------------------------------------------

OPENS = {"task_submitted", "query"}
CLOSES = {"task_completed", "task_failed", "query_completion", "completion", "cache_hit",
          "parallel_generate", "local_inference", "agent_step_complete", "refactoring",
          "harness_eval", "workflow_step_complete"}
RALPH = {"adaptive_limit_calculated", "iteration_started", "iteration_completed", "step_completed",
         "exit_code_blocked", "checkpoint_saved", "error_resolved", "error_resolution"}
PARTS = {"routing_decision", "interaction_tracked", "workflow_step_dispatched"}
SPEAKS = {"feedback", "learning_feedback", "quality_assessment", "judgment", "preference"}
OTHERS = set("""telemetry_probe skills_list skill_get skill_import tools_list documents_list
  document_import discovery_info discovery_quickstart discovery_capabilities
  discovery_capability_detail hybrid_search agent_memory_store agent_memory_recall
  learning_triggered pattern_stored dataset_updated workflow_started workflow_aggregated
  model_registered training_started training_completed training_failed model_evaluated
  deployment_created deployment_started deployment_active deployment_promoted deployment_demoted
  deployment_failed deployment_rolled_back ab_result health-check health_check""".split())


def role_of(event):
    kind, fields = event["kind"], event["fields"]
    if kind in OPENS:
        return "opens"
    if kind in CLOSES:
        return "closes"
    if kind in SPEAKS:
        return "annotates"
    if kind == "error":
        return "closes" if "interaction_id" in fields or "prompt" in fields else "other"
    if kind.startswith("tool_") or kind in ("agent_thinking", "agent_tool_call"):
        return "tool part"
    if kind in RALPH or kind in PARTS or kind.startswith(("context_", "route_")):
        return "part"
    if kind in OTHERS or kind.startswith(("health_spider_", "apparmor_fix_")):
        return "other"
    if "prompt" in fields and ("success" in fields or "response" in fields):
        return "closes"
    return "part" if event["stream"] == "ralph" else "other"


# --- Outcomes. ----------------------------------------------------------------------------------

BASES = ["text", "self", "tool", "exit_code", "tests", "human", "benchmark"]
STATUS = {"completed": "success", "success": "success", "ok": "success", "done": "success",
          "failed": "failure", "rejected": "failure", "error": "failure", "timeout": "failure",
          "stopped": "partial", "cancelled": "partial"}


def said(flag):
    return "success" if flag else "failure"


def outcome_of(event, closing):
    """(outcome, basis) that an event gives, or None."""
    fields, kind = event["fields"], event["kind"]
    by = {}
    if "accepted" in fields:
        by["human"] = said(fields["accepted"])
    elif fields.get("abandoned"):
        by["human"] = "failure"
    if "tests_passed" in fields:
        by["tests"] = said(fields["tests_passed"])
    if closing:
        if "exit_code" in fields:
            by["exit_code"] = said(fields["exit_code"] == 0)
        success = fields.get("success")
        if kind == "harness_eval":
            success = fields.get("passed", success)
        if success is not True and fields.get("partial_success"):
            by["tool"] = "partial"
        elif success is not None:
            by["tool"] = said(success)
        failed = kind == "error" or kind.endswith("_failed")
        by["self"] = STATUS.get(fields.get("status", "").lower(), said(not failed))
    if not by:
        return None
    strongest = max(by, key=BASES.index)
    named = fields.get("outcome_basis")
    if named in BASES:
        return (by[named], named) if named in by else (by[strongest], named)
    return by[strongest], strongest


# --- Interactions. ------------------------------------------------------------------------------

class Interaction:
    def __init__(self, stream, identity):
        self.stream, self.identity = stream, identity
        self.closed, self.offset, self.kind = False, None, None
        self.outcome, self.basis = None, None
        self.seen = {}          # (kind, iteration) -> fields
        self.fields = {}        # session, texts, factors, metrics: as merged
        self.feedback = {}
        self.iterations, self.tools, self.files = None, False, 0
        self.file_names, self.steps = set(), 0
        self.reusability, self.novelty = None, None
        self.was_high, self.is_in_set, self.is_paired = False, False, False


OUTCOME_FIELDS = ["success", "partial_success", "status", "outcome_basis", "passed", "exit_code",
                  "tests_passed", "accepted", "abandoned"]


class Fold:
    def __init__(self):
        self.by_id, self.by_text = {}, {}
        self.all = []
        self.prompts, self.high_responses = Texts(), Texts()
        self.feedback_counts = defaultdict(int)
        self.ignored_feedback = 0

    def fold(self, event):
        role, fields = role_of(event), event["fields"]
        interaction, by_id = self.find(event, role)
        if interaction is None:
            self.counts_as_feedback(event)
            return
        fresh = fields
        agrees = False
        if by_id:
            stamp = (event["kind"], fields.get("iterations"))
            former = interaction.seen.get(stamp)
            agrees = former is not None and all(former[f] == v for f, v in fields.items() if f in former)
            if agrees:
                fresh = {f: v for f, v in fields.items() if f not in former}
            interaction.seen[stamp] = {**(former or {}), **fields}
            if agrees and not fresh:
                return
        counts = agrees or self.counts_as_feedback(event)
        given = None
        states_outcome = not agrees or any(name in fresh for name in OUTCOME_FIELDS)
        if role in ("closes", "annotates") and states_outcome:
            given = outcome_of(event, role == "closes")
        decides = given is not None and (
            interaction.basis is None
            or BASES.index(given[1]) >= BASES.index(interaction.basis))
        self.merge(interaction, role, fresh, counts, decides)
        if decides:
            interaction.outcome, interaction.basis = given
            if interaction.offset is None:
                interaction.offset, interaction.kind = event["offset"], event["kind"]
        interaction.closed |= role == "closes"
        if role == "closes":
            interaction.closed_at = event["second"]
        self.enter_when_high(interaction)

    def find(self, event, role):
        """The interaction that an event belongs to, begun if need be."""
        fields, stream = event["fields"], event["stream"]
        identity, text = fields.get("interaction_id"), self.text_key(stream, fields)
        if role == "other":
            return None, False
        current = self.by_id.get((stream, identity)) if identity else None
        if role == "annotates" and current is None and text in self.by_text:
            return self.by_text[text], False
        if identity is None:
            return (self.begin(stream, None) if role == "closes" else None), False
        if current is None:
            return self.begin(stream, identity), True
        former = current.seen.get((event["kind"], fields.get("iterations")))
        agrees = former is not None and all(former[f] == v for f, v in fields.items() if f in former)
        again = (event["kind"].startswith("iteration_") and "iterations" in fields
                 and current.iterations is not None
                 and fields["iterations"] <= current.iterations)
        if current.closed and (role == "opens" or again):
            if not (agrees and event["second"] <= current.closed_at):
                return self.begin(stream, identity), True
        return current, True

    def begin(self, stream, identity):
        interaction = Interaction(stream, identity)
        self.all.append(interaction)
        if identity:
            self.by_id[(stream, identity)] = interaction
        return interaction

    @staticmethod
    def text_key(stream, fields):
        if "session_id" in fields and "prompt" in fields:
            return (stream, fields["session_id"], fields["prompt"])
        return None

    def counts_as_feedback(self, event):
        fields = event["fields"]
        if not any(f in fields for f in FEEDBACK) or "session_id" not in fields:
            return True
        key = (fields["session_id"], event["second"] // 60)
        self.feedback_counts[key] += 1
        if self.feedback_counts[key] > 20:
            self.ignored_feedback += 1
            return False
        return True

    def merge(self, it, role, fields, counts_as_feedback, decides):
        firsts, latests = ["session_id"], []
        if role != "annotates":
            self.merge_work(it, fields)
            firsts += FACTORS
        if role in ("opens", "closes"):
            latests += ["tokens_input", "tokens_output", "tokens_used", "cost_usd", "latency_ms"]
        if role == "closes" and decides:
            latests += ["has_code", "has_explanation"]
        elif role in ("opens", "closes"):
            firsts += ["has_code", "has_explanation"]
        for name in firsts + latests:
            if name in fields and (name in latests or name not in it.fields):
                it.fields[name] = fields[name]
        if counts_as_feedback and role in ("closes", "annotates"):
            it.feedback.update({f: fields[f] for f in FEEDBACK if f in fields})
            explicit = explicit_of(fields)
            if explicit is not None:
                it.feedback["explicit"] = explicit
        self.bring_texts(it, fields, role, decides)

    @staticmethod
    def merge_work(it, fields):
        if "iterations" in fields:
            it.iterations = max(fields["iterations"], it.iterations or fields["iterations"])
        it.tools |= "tools_used" in fields
        calls = fields.get("tool_calls", 0)
        it.tools |= len(calls) > 0 if isinstance(calls, tuple) else calls > 0
        files = fields.get("files_modified", 0)
        if isinstance(files, tuple):
            it.file_names |= set(files)
        else:
            it.files = max(it.files, files)
        it.steps = max(it.steps, fields.get("steps", 0))

    def bring_texts(self, it, fields, role, decides):
        prompt, response = fields.get("prompt"), fields.get("response")
        if prompt is not None and "prompt" not in it.fields and role in ("opens", "closes"):
            it.fields["prompt"] = prompt
            it.reusability = self.reusability(prompt)
            self.prompts.add(prompt)
        if response is not None and role in ("opens", "closes"):
            if "response" not in it.fields:
                it.fields["response"] = response
                it.novelty = self.novelty(response)
            elif role == "closes" and decides and not (
                    OPAQUE.fullmatch(response) and not OPAQUE.fullmatch(it.fields["response"])):
                it.fields["response"] = response
        text = self.text_key(it.stream, it.fields)
        if text and not it.is_paired:
            it.is_paired = True
            self.by_text[text] = it

    def reusability(self, prompt):
        if is_opaque(prompt):
            uses = self.prompts.opaque[prompt]
        else:
            uses = sum(s >= Fraction(85, 100) for s in self.prompts.similarities(prompt))
        return Fraction(10 if uses >= 5 else 7 if uses >= 3 else 5 if uses >= 1 else 3, 10)

    def novelty(self, response):
        if is_opaque(response):
            return Fraction(0)
        greatest = max(self.high_responses.similarities(response), default=Fraction(0))
        return nine(1 - greatest) if greatest >= Fraction(9, 10) else Fraction(1)

    def enter_when_high(self, it):
        if it.is_in_set or it.outcome is None:
            return
        it.was_high |= score_of(it)["tier"] != "reference"
        response = it.fields.get("response")
        if it.was_high and response is not None and not is_opaque(response):
            it.is_in_set = True
            self.high_responses.add(response)


def explicit_of(fields):
    if "user_feedback" in fields:
        return int(fields["user_feedback"])
    if "rating" in fields:
        rating = fields["rating"]
        return -1 if rating <= 2 else 1 if rating >= 4 else 0
    if "helpful" in fields:
        return 1 if fields["helpful"] else -1
    return None


# --- Scores. ------------------------------------------------------------------------------------

def nine(value):
    """Rounded to nine decimals, ties to even."""
    return Fraction(round(value * 10**9), 10**9)


def outcome_quality_of(it):
    if it.outcome != "success":
        return Fraction(4 if it.outcome == "partial" else 2, 10)
    count = it.iterations if it.iterations is not None else 1
    return Fraction(10 if count <= 3 else 8 if count <= 5 else 6, 10)


def feedback_of(it):
    given = it.feedback
    if given.get("explicit"):
        return Fraction(1 if given["explicit"] > 0 else 0)
    for name, tenths in [("copied_to_clipboard", 8), ("modified_response", 6), ("accepted", 8),
                         ("abandoned", 0)]:
        if given.get(name):
            return Fraction(tenths, 10)
    return Fraction(1, 2)


def complexity_of(it):
    fields = it.fields
    both = fields.get("has_code") and fields.get("has_explanation")
    response = fields.get("response")
    if not both and response is not None and not is_opaque(response):
        both = shows_code_and_prose(response)
    tenths = (3 * (it.steps > 1) + 2 * it.tools + 3 * (max(it.files, len(it.file_names)) > 3)
              + 2 * bool(both))
    return Fraction(min(tenths, 10), 10)


def confidence_of(it):
    implicit = any(f in it.feedback for f in FEEDBACK[3:])
    feedback = Fraction(10 if "explicit" in it.feedback else 7 if implicit else 3, 10)
    basis = Fraction(1 if BASES.index(it.basis) >= BASES.index("exit_code") else Fraction(1, 2))
    wanted = ["prompt", "response", "model", "session_id", "latency_ms", "tokens_output"]
    share = Fraction(sum(name in it.fields for name in wanted), len(wanted))
    return (feedback + basis + share) / 3


def score_of(it):
    parts = {
        "outcome_quality": outcome_quality_of(it), "feedback": feedback_of(it),
        "reusability": it.reusability if it.reusability is not None else Fraction(3, 10),
        "complexity": complexity_of(it),
        "novelty": it.novelty if it.novelty is not None else Fraction(0)}
    weights = {"outcome_quality": 40, "feedback": 20, "reusability": 20, "complexity": 10,
               "novelty": 10}
    score = nine(sum(Fraction(weights[name], 100) * part for name, part in parts.items()))
    tier = ("reference" if score < Fraction(70, 100) else
            "high_value" if score < Fraction(85, 100) else
            "high_quality" if score < Fraction(95, 100) else "exceptional")
    return {**parts, "score": score, "tier": tier, "confidence": nine(confidence_of(it))}


def decimal(value):
    units = round(value * 10**9)
    text = f"{units // 10**9}.{units % 10**9:09d}".rstrip("0").rstrip(".")
    return text or "0"


def row_of(it):
    cells = [("offset", it.offset), ("outcome", it.outcome), ("outcome_basis", it.basis)]
    cells += score_of(it).items()
    return "{" + ", ".join(
        f'"{name}": ' + (decimal(v) if isinstance(v, Fraction) else json.dumps(v))
        for name, v in cells) + "}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stream", type=stream_of, help="the stream of lines that name none")
    parser.add_argument("--trace", action="store_true", help="say counts on standard error")
    parser.add_argument("paths", nargs="*", metavar="FILE")
    options = parser.parse_args()
    fold = Fold()
    for event in events_of(options.paths, options.stream):
        fold.fold(event)
    rows = sorted((it for it in fold.all if it.outcome), key=lambda it: it.offset)
    for it in rows:
        print(row_of(it))
    if options.trace:
        print(f"{len(fold.all)} interactions, {len(rows)} with an outcome, "
              f"{fold.ignored_feedback} feedbacks ignored", file=sys.stderr)


if __name__ == "__main__":
    main()
