"""Processes that are given no standard input, output or error: whatever is missing, nothing is lost."""

import os
import subprocess

from .world import Failure, World, binary, is_short

STEPS = 60
STEPS_SHORT = 8
COMMANDS = [
    ["project"], ["status"], ["query", "values"], ["query", "errors", "--format", "json"],
    ["query", "values", "--as-of", "3"], ["log", "show"], ["log", "export"], ["log", "verify"],
    ["quarantine", "list"], ["quarantine", "retry"], ["verify"], ["replay"],
    ["replay", "--dry-run"], ["explain", "0"], ["--help"], ["--version"],
    ["dataset", "export", "--format", "examples"],
]
#: Those whose answer may be nothing, which goes anywhere.
MAY_BE_EMPTY = [["quarantine", "list"], ["dataset", "export", "--format", "examples"]]


def run_without(world, closed, *words, stdin=None):
    """Runs foldlog with some of its descriptors closed; returns its status and what it printed."""
    def close():
        for descriptor in closed:
            os.close(descriptor)

    result = subprocess.run(
        [binary(), *words], env=world.environment(), preexec_fn=close, timeout=120,
        stdin=stdin or subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    world.note(f"{' '.join(words)} without {closed}: {result.returncode}")
    return result


def run(seed, counts):
    world = World(seed, counts)
    draw = world.draw
    try:
        path = f"{world.files}/aidb-f.jsonl"
        lines = world.write_lines(path, 20)
        world.must("ingest", path)
        for number in range(STEPS_SHORT if is_short() else STEPS):
            closed = draw.choice([[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]])
            step(world, draw, number, closed, path, lines)
            counts["commands with closed descriptors"] += 1
        # Of what ended between the log and the views, the views come now.
        world.check(dict.fromkeys(lines), deep=True)
        rows = world.must("query", "values", "--format", "jsonl").stdout
        world.must("replay")
        if world.must("query", "values", "--format", "jsonl").stdout != rows:
            raise Failure(f"rows are others after a replay: {world.story}")
    except Failure as failure:
        raise Failure(f"{failure}; {world.story[-8:]}") from failure
    finally:
        world.remove()


def step(world, draw, number, closed, path, lines):
    kind = draw.random()
    if kind < 0.4:
        lines += world.write_lines(path, draw.randrange(1, 60), first=len(lines))
        more = draw.choice([[], ["--no-project"], ["--strict"]])
        expect(run_without(world, closed, "ingest", path, *more), closed)
    elif kind < 0.5:
        pipe = f"{world.folder}/pipe-{number}"
        piped = world.write_lines(pipe, draw.randrange(1, 30), f"p{number}")
        with open(pipe) as stdin:
            result = run_without(world, closed, "ingest", "--stream", "aidb", stdin=stdin)
        if 0 not in closed:
            lines += piped
            expect(result, closed)
        elif result.returncode != 66:
            raise Failure(f"no standard input, and {result.returncode}")
    else:
        words = draw.choice(COMMANDS)
        expect(run_without(world, closed, *words), closed, words in MAY_BE_EMPTY)


def expect(result, closed, may_be_empty=False):
    """Done, or an answer that had nowhere to go; what was told went nowhere else."""
    wanted = {74} if 1 in closed else {0}
    if may_be_empty:
        wanted.add(0)
    if result.returncode not in wanted:
        raise Failure(f"ended with {result.returncode} without {closed}: {result.stderr[-300:]}")
    if result.returncode == 74 and 2 not in closed and b"standard output is closed" not in result.stderr:
        raise Failure(f"74 without its reason: {result.stderr[-300:]}")
    if 2 in closed and result.stderr:
        raise Failure("something was written to a descriptor that was closed")
