#!/usr/bin/env python3
"""Made-up interactions that reach every branch of the value score.

Writes events as JSON lines (each with its `stream`) to standard output: about N interactions with
an outcome, in all four streams, told as opens, parts, closes and late feedback that lie apart from
one another. The same seed gives the same bytes. Each line carries `case`, which says what it is
there for, and is no field of foldlog.

Where a rule can be read in two ways, the lines are so chosen that both give the same. Texts have at
most 256 shingles, so that their similarity is exact.

usage: make_interactions.py [N] [--seed S]
"""

import argparse
import heapq
import itertools
import json
import random
import sys
from datetime import datetime, timedelta, timezone

START = datetime(2026, 3, 2, 8, 0, tzinfo=timezone.utc)

SYLLABLES = """ba ke lo mi nu pra ste tor vel gan dor fim sul qua rix zen har pol
  wex yod jam cru bel tis mon gul fra hes ний ров кла жде λα δο νη ρι émo ñan über øst ça
  构 建 缓 存 索 引""".split()
JOINS = [" "] * 8 + [", ", ". ", " - ", "\n", " / ", ": ", "; "]


class Words:
    """Words that are never used twice, so that texts are similar only where it is meant."""

    def __init__(self, draw):
        self.draw, self.numbers = draw, itertools.count(1)

    def take(self, count):
        return [self.draw.choice(SYLLABLES) + self.draw.choice(SYLLABLES) + str(next(self.numbers))
                for _ in range(count)]


class Maker:
    def __init__(self, seed):
        self.draw = random.Random(seed)
        self.words = Words(self.draw)
        self.waiting, self.ticket = [], itertools.count()
        self.clock, self.index, self.interactions = START, 0, 0
        self.ids = itertools.count(1)

    # --- Lines, now and later ---

    def say(self, stream, kind, case, fields, after=0):
        """An event, `after` that many lines from now."""
        line = {"stream": stream, "event" if stream == "ralph" else "event_type": kind,
                "case": case, **fields}
        heapq.heappush(self.waiting, (self.index + after, next(self.ticket), line))

    def flush(self, everything=False):
        while self.waiting and (everything or self.waiting[0][0] <= self.index):
            _, _, line = heapq.heappop(self.waiting)
            self.index += 1
            self.clock += timedelta(seconds=self.draw.randint(5, 40))
            if "timestamp" not in line:
                line["timestamp"] = self.time_text(self.clock)
            yield json.dumps(line, ensure_ascii=self.draw.random() < 0.5)

    def time_text(self, time):
        form = self.draw.randrange(8)
        if form == 0:
            return time.timestamp()
        if form == 1:
            return int(time.timestamp() * 1000)
        naive = time.replace(tzinfo=None).isoformat()
        return [naive, naive + "Z", naive + "+00:00", naive + "+00:00Z", naive + ".25Z",
                naive + ".123456+00:00"][form - 2]

    # --- Texts ---

    def join(self, words):
        out = words[0]
        for word in words[1:]:
            out += self.draw.choice(JOINS) + word
        return self.draw.choice([out, out, out + "?!", out.upper()])

    def fresh(self, low=4, high=60):
        return self.words.take(self.draw.randint(low, high))

    def at_similarity(self, twentieths):
        """Two lists of words whose texts have that similarity, in twentieths, exactly."""
        scale = self.draw.randint(1, 4)
        common, apart = twentieths * scale, (20 - twentieths) * scale
        base = self.words.take(common + 2) if common else self.words.take(apart + 2)
        if common == 0:
            return base, self.words.take(apart + 2)
        left = self.draw.randint(0, apart)
        # Words added in front of one and behind the other: `apart` shingles that are not common.
        return self.words.take(left) + base, base + self.words.take(apart - left)

    def opaque(self):
        if self.draw.random() < 0.5:
            return "sha256:" + "".join(self.draw.choices("0123456789abcdef", k=64))
        return f"[REDACTED:secrets_detected:{next(self.ids)}]"

    def response(self):
        shape = self.draw.randrange(4)
        prose = self.join(self.fresh(8, 60))
        code = "```swift\n" + "\n".join(
            f"let {w} = {i}" for i, w in enumerate(self.fresh(2, 6))) + "\n```"
        return [prose, code, f"{prose}\n\n{code}\n", f"{code}\n\n{prose}"][shape]

    # --- Fields ---

    def identity(self, stream):
        name = {"ralph": "task_id", "aidb": "query_id", "hybrid": "interaction_id",
                "editor": "completion_id"}[stream]
        return {name: f"{stream[0]}-{next(self.ids):06d}"}

    def session(self, stream):
        return {"session_id": f"{stream}-s{next(self.ids)}"} if self.draw.random() < 0.8 else {}

    def extras(self):
        """What else may be there: model, latency, tokens, by any of their names."""
        draw, out = self.draw, {}
        if draw.random() < 0.7:
            out[draw.choice(["model", "model_used", "llm_model"])] = draw.choice(
                ["qwen3-coder-30b", "gemma-3-27b", "o4-mini"])
        if draw.random() < 0.7:
            name = draw.choice(["latency_ms", "duration_ms", "response_time_ms", "duration_s"])
            out[name] = round(draw.uniform(0.2, 900), 3)
        if draw.random() < 0.6:
            name = draw.choice(["tokens_output", "completion_tokens", "tokens_out"])
            out[name] = draw.randint(1, 3000)
        if draw.random() < 0.2:
            out["tokens_used"] = draw.randint(10, 5000)
        if draw.random() < 0.25:
            out["domain"] = draw.choice(["backend", "frontend", "infra"])
        if draw.random() < 0.2:
            out["metadata"] = {"language": "swift", "note": None}
        return out

    def work(self):
        draw, out = self.draw, {}
        if draw.random() < 0.5:
            out["steps"] = draw.choice([0, 1, 2, 7])
        if draw.random() < 0.4:
            out["tools_used"] = draw.choice([[], ["grep"], ["edit", "test"]])
        elif draw.random() < 0.3:
            out["tool_calls"] = draw.choice([0, 1, 12])
        if draw.random() < 0.5:
            out["files_modified"] = draw.choice(
                [0, 3, 4, 9, ["a.swift"], ["a.c", "b.c", "c.c", "d.c"]])
        if draw.random() < 0.2:
            out["has_code"] = out["has_explanation"] = True
        if draw.random() < 0.5:
            out[draw.choice(["iterations", "total_iterations", "attempts"])] = draw.choice(
                [1, 2, 3, 4, 5, 6, 12])
        return out

    def outcome(self):
        """The fields of a closing event that say how it ended, weak to strong."""
        draw = self.draw
        good = draw.random() < 0.7
        bad = not good
        choices = [
            {}, {"status": draw.choice(["completed", "success", "ok", "done"])},
            {"status": draw.choice(["failed", "rejected", "error", "timeout"])},
            {"status": draw.choice(["stopped", "cancelled"])}, {"status": "who knows"},
            {"success": good}, {"success": good, "status": "completed"},
            {"partial_success": True, "success": False}, {"partial_success": True},
            {"exit_code": 0 if good else 2, "success": True},
            {"exit_code": 0 if good else 1},
            {"tests_passed": good, "exit_code": 0, "success": True},
            {"tests_passed": 12, "tests_failed": 0 if good else 3, "exit_code": 1},
            {"accepted": good, "tests_passed": bad}, {"abandoned": True, "success": True},
            {"abandoned": False, "success": good},
            {"success": good, "outcome_basis": "benchmark"},
            {"success": good, "tests_passed": bad, "outcome_basis": "tool"},
            {"success": good, "outcome_basis": "text"},
            {"exit_code": 0 if good else 1, "success": bad, "outcome_basis": "exit_code"},
        ]
        return draw.choice(choices)

    def feedback(self):
        draw = self.draw
        return draw.choice([
            {"user_feedback": 1}, {"user_feedback": -1}, {"user_feedback": 0}, {"feedback": 1},
            {"rating": draw.randint(1, 5)}, {"helpful": draw.random() < 0.5},
            {"copied_to_clipboard": True}, {"modified_response": True},
            {"copied_to_clipboard": False, "modified_response": True},
            {"user_feedback": 0, "copied_to_clipboard": True}, {"user_feedback": None},
            {"copied_to_clipboard": False}])

    # --- Scenarios ---

    CLOSING = {
        "ralph": ["task_completed", "task_completed", "task_failed", "completion", "error"],
        "aidb": ["query_completion", "completion", "cache_hit", "parallel_generate", "error"],
        "hybrid": ["local_inference", "agent_step_complete", "workflow_step_complete",
                   "harness_eval", "error", "summary_written"],
        "editor": ["completion", "refactoring", "error"]}

    PROMPTS = {"prompt", "query", "input", "instruction", "question"}
    RESPONSES = {"response", "output", "answer"}
    IDS = {"task_id", "query_id", "interaction_id", "completion_id"}

    def close(self, stream, case, texts, fields=None, kind=None, after=0):
        kind = kind or self.draw.choice(self.CLOSING[stream])
        given = {**self.work(), **self.outcome()} if fields is None else fields
        if kind == "harness_eval" and "success" in given:
            given["passed"] = given.pop("success")
        if kind == "summary_written" and not (
                self.PROMPTS & set(texts) and self.RESPONSES & set(texts)):
            kind = "completion"
        if kind == "error" and not (self.PROMPTS | self.IDS) & set(texts):
            kind = "completion"
        self.interactions += 1
        self.say(stream, kind, case, {**texts, **self.extras(), **given}, after)
        return kind

    def alone(self, stream):
        """One closing event without an id, sometimes without texts."""
        texts = self.session(stream)
        if self.draw.random() < 0.85:
            texts[self.draw.choice(sorted(self.PROMPTS))] = self.join(self.fresh())
        if self.draw.random() < 0.85:
            texts[self.draw.choice(sorted(self.RESPONSES))] = self.response()
        if self.draw.random() < 0.3:
            texts = {**texts, **self.feedback()}
        self.close(stream, "alone", texts)

    def joined(self, stream):
        """Opened, worked on, closed, and spoken of much later, all under one id."""
        identity, session = self.identity(stream), self.session(stream)
        prompt = {"prompt": self.join(self.fresh())}
        at = 0
        if stream in ("ralph", "aidb"):
            opens = "task_submitted" if stream == "ralph" else "query"
            self.say(stream, opens, "joined", {**identity, **session, **prompt})
            prompt = {} if self.draw.random() < 0.5 else prompt
        for _ in range(self.draw.choice([0, 1, 3])):
            at += self.draw.randint(1, 6)
            kind, part = self.draw.choice([
                ("tool_invocation", {"tools_used": ["shell"], "success": False}),
                ("context_augmented", {"context_count": 3}),
                ("routing_decision", {"route": "local", "status": "failed"}),
                ("agent_tool_call", {"tool_calls": 1, "exit_code": 1})])
            self.say(stream, kind, "joined", {**identity, **part}, at)
        at += self.draw.randint(1, 9)
        texts = {**identity, **session, **prompt, "response": self.response()}
        self.close(stream, "joined", texts, after=at)
        self.annotate_later(stream, {**identity, **session}, at)

    def iterated(self, _):
        """A task loop whose every iteration is logged twice, as two writers do it.

        Some crash and begin again at iteration 1, without being opened again.
        """
        identity, session = self.identity("ralph"), self.session("ralph")
        count, at = self.draw.choice([1, 2, 3, 4, 5, 6, 9]), 0
        self.say("ralph", "task_submitted", "iterated",
                 {**identity, **session, "prompt": self.join(self.fresh()), "backend": "aider"})
        crashed = range(1, self.draw.randint(1, count + 1)) if self.draw.random() < 0.3 else ()
        for iteration in crashed:
            at += 1
            self.say("ralph", "iteration_completed", "iterated",
                     {**identity, "iteration": iteration, "exit_code": 137}, at)
        for iteration in range(1, count + 1):
            at += 1
            logged = {**identity, "iteration": iteration, "backend": "aider",
                      "exit_code": 0 if iteration == count else 1}
            self.say("ralph", "iteration_completed", "iterated", logged, at)
            self.say("ralph", "iteration_completed", "iterated",
                     {**logged, "output_length": 40 * iteration}, at)
        task = {"iteration": count, "backend": "aider", "output": self.response()}
        given = {"status": "completed", "task": task}
        if self.draw.random() < 0.5:
            given["total_iterations"] = count
        self.close("ralph", "iterated", {**identity, **session}, given, "task_completed", at + 1)
        if self.draw.random() < 0.3:
            # The second writer's copy of the last iteration comes after the end.
            self.say("ralph", "iteration_completed", "iterated",
                     {**logged, "output_length": 7}, at + 2)
        self.annotate_later("ralph", {**identity, **session}, at + 2)

    def reopened(self, _):
        """The same id for a second piece of work: opened again, or begun again at iteration 1."""
        identity, session, at = self.identity("ralph"), self.session("ralph"), 0
        for turn in range(2):
            prompt = {"prompt": self.join(self.fresh())}
            again = turn > 0 and self.draw.random() < 0.5
            if not again:
                self.say("ralph", "task_submitted", "reopened", {**identity, **session, **prompt},
                         at)
            for iteration in (1, 2):
                self.say("ralph", "iteration_completed", "reopened",
                         {**identity, **session, "iteration": iteration, "exit_code": turn}, at + 1)
            given = {"success": turn == 1, "exit_code": 1 - turn}
            texts = {**identity, **session, **(prompt if again else {}),
                     "response": self.response()}
            self.close("ralph", "reopened", texts, given, "task_completed", at + 2)
            at += self.draw.randint(4, 30)
        self.annotate_later("ralph", {**identity, **session}, at + 3)

    def corrected(self, stream):
        """Closed twice or three times: stronger or as strong evidence replaces, weaker does not."""
        identity, session, at = self.identity(stream), self.session(stream), 0
        texts = {**identity, **session, "prompt": self.join(self.fresh()),
                 "response": self.response()}
        # Each closing differs from the others in a field that all carry, so none is a repeat.
        for turn in range(self.draw.choice([2, 3])):
            given = {**self.outcome(), "lines_changed": turn + 1}
            kind = "completion"
            if turn:
                self.say(stream, kind, "corrected", {**texts, **given}, at)
            else:
                self.close(stream, "corrected", texts, given, kind, at)
            at += self.draw.randint(2, 20)
        self.annotate_later(stream, {**identity, **session}, at)

    # What is said of an interaction: repeated sayings carry the same fields, and no value of a
    # field comes back after another, so that the last of them is the last in every reading.
    SAYINGS = [
        {"user_feedback": [1, -1, 0]}, {"rating": [1, 2, 3, 4, 5]}, {"helpful": [True, False]},
        {"copied_to_clipboard": [True, False]}, {"modified_response": [True, False]},
        {"accepted": [True, False]}, {"abandoned": [True]}, {"tests_passed": [True, False]},
        {"user_feedback": [1, -1, 0], "copied_to_clipboard": [True, False]},
        {"user_feedback": [0], "modified_response": [True]},
        {"feedback": [1, -1], "tests_passed": [True, False]}]
    SPEAKING = ["feedback", "feedback", "learning_feedback", "quality_assessment", "judgment",
                "preference"]

    def annotate_later(self, stream, about, at):
        draw = self.draw
        if draw.random() < 0.4:
            return
        kind, saying = draw.choice(self.SPEAKING), draw.choice(self.SAYINGS)
        orders = {name: draw.sample(values, len(values)) for name, values in saying.items()}
        for turn in range(draw.choice([1, 1, 2, 3])):
            at += draw.randint(2, 150)
            said = {name: values[min(turn, len(values) - 1)] for name, values in orders.items()}
            self.say(stream, kind, "late", {**about, **said}, at)

    def spoken_of_by_text(self, stream):
        """No id: feedback finds it by session and prompt, and misses it by another session."""
        session = {"session_id": f"{stream}-t{next(self.ids)}"}
        prompt = {"prompt": self.join(self.fresh())}
        self.close(stream, "by-text", {**session, **prompt, "response": self.response()})
        at = self.draw.randint(1, 80)
        self.say(stream, "feedback", "by-text", {**session, **prompt, **self.feedback()}, at)
        stranger = {"session_id": f"{stream}-x{next(self.ids)}"}
        self.say(stream, "feedback", "by-text", {**stranger, **prompt, "user_feedback": -1}, at + 1)

    def similar_prompts(self, stream):
        """Prompts at every tenth of similarity, and at the bounds."""
        twentieths = self.draw.choice([0, 2, 4, 6, 8, 10, 12, 14, 16, 17, 17, 18, 19, 20])
        case = f"prompt-{twentieths * 5}"
        for words in self.at_similarity(twentieths):
            other = self.draw.choice(["ralph", "aidb", "hybrid", "editor"])
            self.close(other, case, {**self.session(other), "prompt": self.join(words)})

    def repeated_prompt(self, stream):
        """One prompt again and again: 0, 1, 3 and 5 earlier ones; a few words at times."""
        words = self.fresh(1, 3) if self.draw.random() < 0.4 else self.fresh(4, 40)
        opaque = self.opaque() if self.draw.random() < 0.3 else None
        at = 0
        for turn in range(self.draw.choice([2, 4, 6, 7])):
            prompt = opaque or self.join(words)
            identity = self.identity("aidb")
            if self.draw.random() < 0.3:
                # Never closed: it counts as an earlier one all the same.
                self.say("aidb", "query", "repeated", {**identity, "prompt": prompt}, at)
            else:
                self.close(stream, "repeated", {"prompt": prompt}, after=at)
            at += self.draw.randint(1, 40)

    def repeated_response(self, stream):
        """A good answer, then answers at every similarity to it: less and less that is new."""
        twentieths = self.draw.choice([10, 14, 16, 17, 18, 18, 19, 20])
        first, second = self.at_similarity(twentieths)
        good = {"success": True, "steps": 3, "tools_used": ["edit"], "user_feedback": 1}
        mode = self.draw.randrange(3)
        case = f"response-{twentieths * 5}"
        session = {"session_id": f"{stream}-r{next(self.ids)}"}
        texts = {"prompt": self.join(self.fresh()), "response": self.join(first), **session}
        if mode == 0:
            self.close(stream, case, texts, good, "completion")
        elif mode == 1:
            # Not of high value, so nothing is known of it.
            self.close(stream, case, texts, {"success": False}, "completion")
        else:
            # Becomes of high value between the second and the third, and then no more.
            self.close(stream, case, texts, {"success": True, "user_feedback": -1}, "completion")
            about = {**session, "prompt": texts["prompt"]}
            self.say(stream, "feedback", case, {**about, "user_feedback": 1}, 12)
            self.say(stream, "feedback", case, {**about, "user_feedback": -1}, 20)
        for at in (5, 16, 30):
            self.close(stream, case, {"prompt": self.join(self.fresh()),
                                      "response": self.join(second)},
                       dict(good), "completion", at)

    def best(self, stream):
        """What more and more earn: from high value over high quality to exceptional."""
        words, at = self.fresh(5, 30), 0
        for _ in range(7):
            work = {"success": True, "steps": 4, "user_feedback": 1,
                    "tools_used": ["edit", "test"], "files_modified": self.draw.choice([2, 6])}
            self.close(stream, "best", {**self.session(stream), "prompt": self.join(words),
                                        "response": self.response()}, work, "completion", at)
            at += self.draw.randint(1, 25)

    def burst(self, stream):
        """Twenty-three feedbacks of a session in one minute: those from the 21st on are ignored."""
        session = {"session_id": f"{stream}-b{next(self.ids)}"} if self.draw.random() < 0.8 else {}
        minute = START + timedelta(days=30, minutes=next(self.ids))
        abouts = [self.identity(stream) for _ in range(23)]
        for identity in abouts:
            self.close(stream, "burst", {**identity, **session, "prompt": self.join(self.fresh())},
                       {"success": True}, "completion")
        order = list(enumerate(abouts))
        for turn, identity in order:
            at = minute + timedelta(seconds=turn * 2.5)
            self.say(stream, "feedback", "burst",
                     {**identity, **session, "user_feedback": self.draw.choice([1, -1]),
                      **({"accepted": True} if turn in (5, 10) else {}),
                      "timestamp": at.isoformat()}, 40 + turn)
        self.say(stream, "feedback", "burst",
                 {**abouts[22], **session, "rating": 5,
                  "timestamp": (minute + timedelta(seconds=60)).isoformat()}, 80)

    def noise(self, stream):
        """Events that have to do with no interaction, and opens that nobody closes."""
        kind = self.draw.choice(["hybrid_search", "health-check", "error", "health_spider_cycle",
                                 "agent_memory_recall", "skills_list", "somewhere_else"])
        self.say("hybrid", kind, "noise", {"success": True, "latency_ms": 3, "tool_count": 1})
        self.say("hybrid", "hybrid_search", "noise",
                 {"query": self.join(self.fresh()), "response": "no answer of ours"})
        self.say("ralph", "task_submitted", "noise",
                 {**self.identity("ralph"), "prompt": self.join(self.fresh())})

    def opaque_texts(self, stream):
        self.close(stream, "opaque", {**self.session(stream), "prompt": self.opaque(),
                                      "response": self.opaque()})

    def long_texts(self, stream):
        """As long as is still exact: 256 shingles."""
        words = self.words.take(258)
        self.close(stream, "long", {"prompt": self.join(words), "response": self.response()})
        changed = words[:250] + self.words.take(8)
        self.close(stream, "long", {"prompt": self.join(changed)}, after=3)

    def lines(self, count):
        scenarios = [
            (26, self.alone), (16, self.joined), (10, self.iterated), (5, self.reopened),
            (7, self.corrected), (6, self.spoken_of_by_text), (8, self.similar_prompts),
            (6, self.repeated_prompt), (6, self.repeated_response), (1, self.best),
            (0.4, self.burst),
            (5, self.noise), (4, self.opaque_texts), (0.6, self.long_texts)]
        weights, makers = [w for w, _ in scenarios], [m for _, m in scenarios]
        streams = ["ralph", "aidb", "hybrid", "editor"]
        while self.interactions < count:
            self.draw.choices(makers, weights)[0](self.draw.choice(streams))
            yield from self.flush()
        yield from self.flush(everything=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", nargs="?", type=int, default=4_000, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for line in Maker(options.seed).lines(options.count):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
