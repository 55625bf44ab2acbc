"""Containers that share a data directory, foldlog being process 1 in each, and all of them at once."""

import glob
import os
import shutil
import signal
import subprocess
import time

from . import tracing
from .world import Failure, Skipped, World, is_short

OWN = ["unshare", "--fork", "--pid", "--kill-child=KILL", "--mount-proc"]
READERS = [["query", "values", "--format", "jsonl"], ["status"], ["log", "export"], ["explain", "3"],
           ["explain", "values", "1"], ["query", "errors", "--as-of", "40"], ["verify"],
           ["log", "verify"], ["compact"], ["replay", "--dry-run"]]


def runner():
    """The words that run a command as process 1 of a namespace of its own."""
    for words in (OWN, [*OWN, "--map-root-user"]):
        if shutil.which("unshare") and subprocess.run(
                [*words, "true"], capture_output=True).returncode == 0:
            return words
    raise Skipped("no PID namespaces can be made here")


def run(seed, counts):
    prefix = runner()
    world = World(seed, counts)
    try:
        if seed % 3 == 0:
            abandoned_waiter(world, prefix)
        else:
            crowd(world, prefix)
    finally:
        world.remove()


def inner(child):
    """The process that a runner has started."""
    with open(f"/proc/{child.pid}/task/{child.pid}/children") as file:
        numbers = file.read().split()
    return int(numbers[0]) if numbers else None


def crowd(world, prefix):
    """A follower, single runs, readers, and kills of any of them."""
    draw = world.draw
    path = f"{world.files}/aidb-f.jsonl"
    lines, may = world.write_lines(path, 100), []
    follower = follow(world, prefix, path)
    world.wait_until("the first lines are in the log", lambda: len(world.exported()) == 100)
    # Lines are in the log before a first build serves them, and readers ask what is served.
    world.wait_until("the views serve", lambda: world.run("explain", "values", "1").returncode == 0)
    for round_number in range(1 if is_short() else 5):
        lines += world.write_lines(path, 120, first=len(lines) + 10**6 * (round_number + 1))
        ingests = [pipe_in(world, prefix, f"{round_number}-{number}") for number in range(3)]
        chosen = draw.sample(READERS, 2 if is_short() else 5)
        readers = [(words, world.start(*words, prefix=prefix)) for words in chosen]
        doomed = draw.choice([*ingests, *((None, child) for _, child in readers), (None, follower)])
        time.sleep(draw.random() * 0.3)
        world.kill(doomed[1])
        if doomed[1] is follower:
            follower = follow(world, prefix, path)
        for texts, child in ingests:
            if child is doomed[1]:
                may += texts
            else:
                ended_well(world, ["ingest"], child)
                lines += texts
        for words, child in readers:
            if child is not doomed[1]:
                ended_well(world, words, child)
                world.counts["readers beside a follower"] += 1
    wanted = set(lines)
    world.wait_until("the follower has all", lambda: wanted <= set(world.exported()))
    os.kill(inner(follower), signal.SIGTERM)
    ended_well(world, ["ingest", "--follow"], follower)
    # Whoever is killed in a namespace leaves no reader that lives.
    world.must("project", prefix=prefix)
    if b"reader of before" in world.must("status", prefix=prefix).stdout:
        raise Failure("a reader that was killed is there for ever")
    world.must("verify", prefix=prefix)
    left = glob.glob(f"{world.data}/views/scratch-*")
    if left:
        raise Failure(f"nobody removed {left}")
    world.check(dict.fromkeys(lines), may=may, deep=True)


def follow(world, prefix, path):
    return world.start("ingest", "--follow", path, prefix=prefix)


def pipe_in(world, prefix, name):
    """A single run with lines of its own: the lines, and the process."""
    path = f"{world.folder}/pipe-{name}"
    lines = world.write_lines(path, world.draw.randrange(1, 300), f"p{name}")
    with open(path) as pipe:
        return lines, world.start("ingest", "--stream", "aidb", stdin=pipe, prefix=prefix)


def ended_well(world, words, child):
    if child.wait(120) != 0:
        raise Failure(f"`foldlog {' '.join(words)}` ended with {child.returncode}: "
                      f"{world.messages(child)[-600:]}")


def abandoned_waiter(world, prefix):
    """Who is killed while it waits for a writer has the writer's lock taken for nobody's, should both
    threads have one number: the next would write beside the writer."""
    tracing.require_strace()
    draw = world.draw
    path = f"{world.folder}/pipe-first"
    lines = world.write_lines(path, 20)
    world.must("ingest", "--no-project", path)
    # All are traced, so that all have the same numbers.
    traced = [*prefix, "strace", "-f", "-qq", "-o", os.devnull, "-e", "trace=fdatasync"]

    def start(name, *more):
        texts = world.write_lines(f"{world.folder}/pipe-{name}", 20, name)
        child = world.start("ingest", "--no-project", f"{world.folder}/pipe-{name}",
                            prefix=[*traced, *more], variables=tracing.ONE_THREAD)
        return texts, child

    delay_us = 1_500_000
    writer, writing = start("writer", "-e", f"inject=fdatasync:delay_enter={delay_us}")
    time.sleep(0.4 + draw.random() * 0.2)
    may, waiting = start("waiter")
    time.sleep(0.3 + draw.random() * 0.3)
    world.kill(waiting)
    third, next_one = start("third")
    ended_well(world, ["ingest"], next_one)
    ended_well(world, ["ingest"], writing)
    world.counts["waiters killed"] += 1
    world.check(dict.fromkeys(lines + writer + third), may=may, deep=True)
