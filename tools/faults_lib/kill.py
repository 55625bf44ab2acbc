"""kill -9 at random moments: of a follower beside a writer and a rotator, and of single runs."""

import os
import time

from .rotator import KINDS, Rotator
from .world import Failure, World, is_short

#: Writes and rotations in the life of a follower: few, so that its first batch is hit often.
ACTS_MAX = 12


def follower(world, *more):
    world.note("START")
    return world.start("ingest", "--follow", world.files, *more, variables=variables(world))


def variables(world):
    return world.draw.choice([{}, {"FOLDLOG_THREADS": "1"}])


def rotations(world):
    """A follower that is killed and started again, and a rotator that does not wait for it."""
    rotators = [Rotator(world, name) for name in ("aidb-a", "aidb-b")]
    for rotator in rotators:
        rotator.write()
        rotator.finish_line()
    child = follower(world)
    settle(world, rotators)
    for _ in range(2 if is_short() else world.draw.randrange(3, 7)):
        for _ in range(world.draw.randrange(2, 6)):
            child = live_and_die(world, rotators, child)
        child = child if child and child.poll() is None else follower(world)
        settle(world, rotators)
    stop(world, child)
    check(world, rotators, deep=True)


def live_and_die(world, rotators, child):
    """Some writing and rotating with a follower, its end, and some without one."""
    draw = world.draw
    if child is None or child.poll() is not None:
        child = follower(world)
    for _ in range(draw.randrange(ACTS_MAX)):
        act(draw.choice(rotators), draw)
        time.sleep(draw.choice([0, 0.001, 0.01, 0.05]))
    time.sleep(draw.random() * 0.05)
    if child.poll() is not None:
        raise Failure(f"the follower ended by itself: {child.returncode} {world.messages(child)}")
    world.kill(child)
    world.note("KILL")
    for _ in range(draw.choice([0, 0, 1, 4])):
        act(draw.choice(rotators), draw)
    return None


def act(rotator, draw):
    if draw.random() < 0.25:
        rotator.rotate(draw.choice(KINDS))
    elif draw.random() < 0.2:
        rotator.write_to_former()
    else:
        rotator.write()


def settle(world, rotators):
    """Waits until the log has what it must have; what was rotated long ago may go then."""
    for rotator in rotators:
        rotator.finish_line()
        rotator.leave_former()
    wanted = set()
    for rotator in rotators:
        wanted.update(rotator.must)
    stored = set()

    def is_whole():
        stored.clear()
        stored.update(world.exported())
        return wanted <= stored

    try:
        world.wait_until("every line is in the log", is_whole, 25)
    except Failure:
        check(world, rotators)
        raise
    world.note("SETTLED")
    for rotator in rotators:
        rotator.seen = set(rotator.must) | (rotator.may & stored)
        rotator.drop_old()
    check(world, rotators)


def check(world, rotators, deep=False):
    must, may = {}, set()
    for rotator in rotators:
        must.update(rotator.must)
        may |= rotator.may
    world.check(must, may, deep)


def stop(world, child):
    child.terminate()
    if child.wait(20) != 0:
        raise Failure(f"SIGTERM ended the follower with {child.returncode}: {world.messages(child)}")


def single_runs(world):
    """One-shot runs over files that grow, and a pipe with a memory, each killed anywhere."""
    draw = world.draw
    path, pipe = f"{world.files}/aidb-f.jsonl", f"{world.folder}/pipe.jsonl"
    lines, piped = [], []
    for _ in range(draw.randrange(4, 9)):
        lines += world.write_lines(path, draw.randrange(1, 900), "f", first=len(lines))
        piped += world.write_lines(pipe, draw.randrange(1, 300), "p", first=len(piped))
        for words, source in ((("ingest", path), None),
                              (("ingest", "--stream", "aidb", "--source", "p"), pipe)):
            stdin = open(source) if source else None
            child = world.start(*words, stdin=stdin, variables=variables(world))
            time.sleep(draw.random() * 0.12)
            world.kill(child)
            if stdin:
                stdin.close()
    world.must("ingest", path)
    with open(pipe, "rb") as source:
        world.must("ingest", "--stream", "aidb", "--source", "p", input=source.read())
    world.check(dict.fromkeys(lines + piped), deep=True)


def run(seed, counts):
    world = World(seed, counts, "/dev/shm" if seed % 4 == 0 and os.path.isdir("/dev/shm") else None)
    try:
        if world.draw.random() < 0.2:
            single_runs(world)
        else:
            rotations(world)
    except Failure as failure:
        raise Failure(f"{failure}\n  the last acts: {' · '.join(world.story[-60:])}") from failure
    finally:
        world.remove()
