"""Readers that die, stall, are stopped, or take an answer line by line: files must not grow for them."""

import glob
import os
import signal
import subprocess
import sys
import time

from .world import Failure, World, is_short

BATCHES = 25
BATCHES_SHORT = 3
READERS = [["query", "values", "--format", "jsonl"], ["log", "export"],
           ["query", "errors", "--format", "csv"], ["log", "show"]]
#: What is stopped in its middle, where it may see any file as it was.
STOPPED = [["verify"], ["log", "verify"], ["query", "values", "--sort", "score"]]
#: Holds a picture of an environment, by liblmdb alone.
HOLDER = """
import ctypes, sys, time
lmdb = ctypes.CDLL("liblmdb.so.0")
environment, transaction = ctypes.c_void_p(), ctypes.c_void_p()
for code in (lmdb.mdb_env_create(ctypes.byref(environment)), lmdb.mdb_env_set_maxdbs(environment, 128),
             lmdb.mdb_env_open(environment, sys.argv[1].encode(), 0x220000, 0o600),
             lmdb.mdb_txn_begin(environment, None, 0x20000, ctypes.byref(transaction))):
    assert code == 0, code
print("held", flush=True)
time.sleep(600)
"""


def run(seed, counts):
    plain = grown(World(seed, counts), stalled=[], is_stopping=False)
    disturbed = grown(World(seed, counts), stalled=READERS, is_stopping=True)
    counts["stalled readers"] += len(READERS)
    counts["stopped readers"] += len(STOPPED) + 1
    for kind, size in disturbed.items():
        slack = 1 << 20 if kind == "build" else 2 << 20
        if size > plain[kind] * 2 + slack:
            raise Failure(f"a {kind} has {size:,} bytes beside readers, and {plain[kind]:,} without")


def grown(world, stalled, is_stopping):
    """The greatest size of each kind of file over many small batches beside readers that do not take
    what they asked for, that are stopped, and that are killed."""
    path = f"{world.files}/aidb-f.jsonl"
    try:
        lines = world.write_lines(path, 800 if is_short() else 4_000)
        world.must("ingest", path)
        waiting = [world.start(*words, stdout=subprocess.PIPE) for words in stalled]
        stopped = stop_some(world) if is_stopping else []
        largest = {}
        for _ in range(BATCHES_SHORT if is_short() else BATCHES):
            lines += world.write_lines(path, 200, first=len(lines))
            world.must("ingest", path)
            for words in stalled:
                killed = world.start(*words, stdout=subprocess.PIPE)
                killed.stdout.read(1)
                world.kill(killed)
                killed.stdout.close()
            for kind, size in sizes(world).items():
                largest[kind] = max(largest.get(kind, 0), size)
        for child in waiting:
            # What they asked for they get, whole, however late they take it.
            taken = child.stdout.read()
            if child.wait(30) != 0 or not taken.endswith(b"\n"):
                raise Failure(f"a slow reader's foldlog ended with {child.returncode}")
        for child in stopped:
            go_on(world, child)
        world.check(dict.fromkeys(lines), deep=True)
        return largest
    finally:
        world.remove()


def stop_some(world):
    """Readers that are stopped at random moments, and one that holds a live build for sure."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, f"{world.data}/views/build-1"], stdout=subprocess.PIPE)
    world.children.append(holder)
    if holder.stdout.readline() != b"held\n":
        raise Failure("liblmdb's own reader could not read")
    holder.send_signal(signal.SIGSTOP)
    stopped = [world.start(*words) for words in STOPPED]
    time.sleep(world.draw.random() * 0.3)
    for child in stopped:
        child.send_signal(signal.SIGSTOP)
    return stopped


def go_on(world, child):
    """Whatever took the place of what it reads, a reader that goes on comes to a good end."""
    child.send_signal(signal.SIGCONT)
    if child.wait(120) != 0:
        raise Failure(f"a reader that was stopped ended with {child.returncode}: "
                      f"{world.messages(child)[-600:]}")


def sizes(world):
    """Bytes of the log, the catalogue, and the largest build."""
    found = {}
    for path in glob.glob(f"{world.data}/log/data.mdb") + glob.glob(f"{world.data}/views/*/data.mdb"):
        folder = os.path.basename(os.path.dirname(path))
        kind = "build" if folder.startswith("build-") else folder
        if kind in ("log", "catalogue", "build"):
            found[kind] = max(found.get(kind, 0), os.path.getsize(path))
    return found
