"""Readers that die, stall, or take an answer line by line: files must not grow for them."""

import glob
import os
import subprocess

from .world import Failure, World, is_short

BATCHES = 25
BATCHES_SHORT = 3
READERS = [["query", "values", "--format", "jsonl"], ["log", "export"],
           ["query", "errors", "--format", "csv"], ["log", "show"]]


def run(seed, counts):
    plain = grown(World(seed, counts), [])
    stalled = grown(World(seed, counts), READERS)
    counts["stalled readers"] += len(READERS)
    for name, size in stalled.items():
        if size > plain[name] * 2 + (2 << 20):
            raise Failure(f"{name} has {size:,} bytes with stalled readers, and {plain[name]:,} "
                          "without")


def grown(world, readers):
    """The size of each file after many small batches beside readers that do not take what they
    asked for, and readers that are killed."""
    path = f"{world.files}/aidb-f.jsonl"
    try:
        lines = world.write_lines(path, 800 if is_short() else 4_000)
        world.must("ingest", path)
        stalled = [world.start(*words, stdout=subprocess.PIPE) for words in readers]
        for _ in range(BATCHES_SHORT if is_short() else BATCHES):
            lines += world.write_lines(path, 200, first=len(lines))
            world.must("ingest", path)
            for words in readers:
                killed = world.start(*words, stdout=subprocess.PIPE)
                killed.stdout.read(1)
                world.kill(killed)
                killed.stdout.close()
        for child in stalled:
            # What they asked for they get, whole, however late they take it.
            taken = child.stdout.read()
            if child.wait(30) != 0 or not taken.endswith(b"\n"):
                raise Failure(f"a slow reader's foldlog ended with {child.returncode}")
        world.check(dict.fromkeys(lines), deep=True)
        files = glob.glob(f"{world.data}/log/data.mdb") + glob.glob(
            f"{world.data}/views/*/data.mdb")
        return {os.path.relpath(file, world.data): os.path.getsize(file) for file in files}
    finally:
        world.remove()
