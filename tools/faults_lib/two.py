"""Two at once: a second follower, pipes and single runs beside a follower, readers all the while."""

import time

from .world import Failure, World, is_short


def run(seed, counts):
    world = World(seed, counts)
    draw = world.draw
    try:
        path = f"{world.files}/aidb-f.jsonl"
        lines = world.write_lines(path, 200)
        child = world.start("ingest", "--follow", path)
        world.wait_until("the first lines are in the log", lambda: len(world.exported()) == 200)
        for round_number in range(1 if is_short() else 4):
            second_is_refused(world, path)
            piped = [world.write_lines(f"{world.folder}/pipe-{round_number}-{n}",
                                       draw.randrange(1, 400), f"p{round_number}-{n}")
                     for n in range(3)]
            lines += world.write_lines(path, 300, first=len(lines) if round_number == 0 else 10**6 *
                                       round_number)
            running = []
            for n in range(3):
                with open(f"{world.folder}/pipe-{round_number}-{n}") as pipe:
                    running.append(world.start("ingest", "--stream", "aidb", stdin=pipe))
            # The followed file, taken by others too.
            running.append(world.start("ingest", path))
            for other in running:
                if other.wait(60) != 0:
                    raise Failure(f"beside a follower: {other.returncode} {world.messages(other)}")
            for texts in piped:
                lines += texts
        wanted = set(lines)
        world.wait_until("the follower has all", lambda: wanted <= set(world.exported()))
        child.terminate()
        if child.wait(20) != 0:
            raise Failure(f"the follower: {child.returncode} {world.messages(child)}")
        world.check(dict.fromkeys(lines), deep=True)
    finally:
        world.remove()


def second_is_refused(world, path):
    start = time.monotonic()
    result = world.run("ingest", "--follow", path)
    took_s = time.monotonic() - start
    if result.returncode != 75 or "follower" not in result.errors:
        raise Failure(f"a second follower: {result.returncode} {result.errors}")
    world.counts["second followers refused"] += 1
    if took_s > 1:
        raise Failure(f"a second follower was refused only after {took_s:.2f} s")
