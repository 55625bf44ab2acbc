"""EIO and ENOSPC from every write, sync and allocation: of single runs, and of a follower."""

import os
import signal
import time

from . import tracing
from .syscalls import SCENES, restore, set_up, state, words_of
from .world import Failure, is_short

CALLS = {"pwrite64", "pwritev", "write", "fdatasync", "fsync", "msync", "ftruncate", "fallocate",
         "sync_file_range"}
ERRORS = ["EIO", "ENOSPC"]


def run(seed, counts):
    tracing.require_strace()
    scene = SCENES[seed % len(SCENES)]
    if (seed >> 8) % 4 == 0:
        return follower(seed, counts)
    world, lines = set_up(scene, seed, counts)
    try:
        words = words_of(scene, world)
        points = [(name, number, error) for name, number in tracing.points(world, words, CALLS)
                  for error in ERRORS]
        if is_short():
            points = world.draw.sample(points, min(8, len(points)))
        else:
            counts[f"runs over all writes of {scene.name}"] += 1
        after = None if scene.words[0] == "ingest" else state(world)
        for point in points:
            restore(world)
            fail_at(world, words, point, scene, lines, after)
    finally:
        world.remove()


def fail_at(world, words, point, scene, lines, after):
    name, number, error = point
    failed = world.run(*words, prefix=tracing.inject(name, number, f"error={error}"),
                       variables=tracing.ONE_THREAD)
    where = f"{scene.name}, {error} from {name} number {number}"
    world.counts["errors injected"] += 1
    try:
        if failed.returncode < 0 or failed.returncode > 128:
            raise Failure(f"it ended by a signal: {failed.returncode} {failed.errors[-500:]}")
        if failed.returncode != 0:
            world.counts["runs that stopped"] += 1
            if "foldlog: " not in failed.errors and name != "write":
                raise Failure(f"it ended with {failed.returncode}, and said: {failed.errors}")
        # What was done before the error is not done again: a second rollback is the way back.
        if not scene.is_switch or state(world) != after:
            world.must(*words)
        world.check(dict.fromkeys(lines))
        if after is not None and state(world) != after:
            raise Failure("the views are others than those of an undisturbed run")
        scene.finish(world)
    except Failure as failure:
        raise Failure(f"{where}: {failure}") from failure


def follower(seed, counts):
    """A follower that meets errors goes on by itself."""
    world, lines = set_up(SCENES[1], seed, counts)
    try:
        draw = world.draw
        for _ in range(1 if is_short() else 6):
            name = draw.choice(["pwrite64", "pwritev", "fdatasync", "fdatasync"])
            first, step, error = draw.randrange(1, 12), draw.randrange(3, 9), draw.choice(ERRORS)
            child = world.start(
                "ingest", "--follow", world.path, variables=tracing.ONE_THREAD,
                # Not for ever: every attempt may make as many calls as the step has.
                prefix=tracing.inject(name, first, f"error={error}", f"{first}..60+{step}"),
                start_new_session=True)
            for _ in range(4):
                lines += world.write_lines(world.path, draw.randrange(1, 40), first=len(lines))
                time.sleep(0.02)
            wanted = set(lines)
            try:
                world.wait_until(
                    f"a follower with {error} from {name}, number {first}+{step}, has all",
                    lambda: wanted <= set(world.exported()), 40)
            finally:
                end(child)
            counts["errors injected into a follower"] += 1
            world.check(dict.fromkeys(lines))
        world.must("project")
        world.check(dict.fromkeys(lines), deep=True)
    finally:
        world.remove()


def end(child):
    """Ends strace and what it traces."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    child.wait()
    # What was traced ends a moment after its tracer: until then it holds the follower's lock.
    for _ in range(500):
        try:
            os.killpg(child.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
    raise Failure("a killed follower did not end within 5 s")
