"""Who may read what is kept: nobody but its owner, under every umask, at every moment."""

import os
import stat
import subprocess
import threading
import time

from .world import Failure, World, binary, is_short

STEPS = 40
STEPS_SHORT = 6
UMASKS = [0o000, 0o002, 0o022, 0o027, 0o077]
COMMANDS = [
    ["project"], ["status"], ["query", "values"], ["query", "values", "--as-of", "3"],
    ["log", "export"], ["quarantine", "retry"], ["verify"], ["replay"], ["replay", "--dry-run"],
]


def wide(folder):
    """What others than its owner have a right to, in a folder and of itself."""
    found = []
    for path in [folder, *(os.path.join(at, name) for at, folders, files in os.walk(folder)
                           for name in folders + files)]:
        try:
            status = os.lstat(path)
        except FileNotFoundError:
            continue
        wanted = 0o700 if stat.S_ISDIR(status.st_mode) else 0o600
        if stat.S_IMODE(status.st_mode) & ~wanted:
            found.append(f"{path} {stat.S_IMODE(status.st_mode):o}")
    return found


class Watch(threading.Thread):
    """Looks again and again, until it is stopped."""

    def __init__(self, folder):
        super().__init__()
        self.folder, self.found, self.looks, self.is_stopped = folder, [], 0, False

    def run(self):
        while not self.is_stopped:
            if os.path.exists(self.folder):
                self.found += wide(self.folder)
            self.looks += 1
            time.sleep(0.001)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.is_stopped = True
        self.join()


def run_under(world, umask, *words):
    result = subprocess.run(
        [binary(), *words], env=world.environment(), preexec_fn=lambda: os.umask(umask),
        stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    world.note(f"{umask:03o} {' '.join(words)}: {result.returncode}")
    if result.returncode != 0:
        raise Failure(f"ended with {result.returncode}: {result.stderr[-300:]}")
    return result.stderr.decode(errors="replace")


def run(seed, counts):
    world = World(seed, counts)
    try:
        steps(world)
    except Failure as failure:
        raise Failure(f"{failure}; {world.story[-8:]}") from failure
    finally:
        world.remove()


def steps(world):
    draw = world.draw
    path = f"{world.files}/aidb-f.jsonl"
    lines = world.write_lines(path, 50)
    with Watch(world.data) as watch:
        run_under(world, draw.choice(UMASKS), "ingest", path)
        lines += follow(world, draw.choice(UMASKS), path, len(lines))
    judge(world, watch.found)
    world.counts["looks"] += watch.looks
    for number in range(STEPS_SHORT if is_short() else STEPS):
        umask = draw.choice(UMASKS)
        if draw.random() < 0.3:
            told = widen(world, draw, umask)
            if "narrowed to 0700/0600" not in told:
                raise Failure(f"it was narrowed without a word: {told}")
        with Watch(world.data) as watch:
            told = step(world, draw, umask, number, path, lines)
        if "readable by others" in told:
            raise Failure(f"told though it was not so: {told}")
        judge(world, watch.found + wide(world.data))
        world.counts["looks"] += watch.looks
    world.check(dict.fromkeys(lines), deep=True)


def follow(world, umask, path, first):
    """A follower, with lines that come while it is looked at."""
    lines = []
    child = world.start("ingest", "--follow", path, preexec_fn=lambda: os.umask(umask))
    for _ in range(2 if is_short() else 10):
        lines += world.write_lines(path, 200, first=first + len(lines))
        time.sleep(0.02)
    wanted = set(lines)
    world.wait_until("the follower has all", lambda: wanted <= set(world.exported()))
    child.terminate()
    if child.wait(20) != 0:
        raise Failure(f"the follower: {child.returncode} {world.messages(child)}")
    return lines


def widen(world, draw, umask):
    """Makes the directory as wide as one of before; what the next command tells of it."""
    rights = draw.choice(["a+rX", "a+rwX", "g+rX", "o+r"])
    subprocess.run(["chmod", "-R", rights, world.data], check=True)
    world.note(f"chmod {rights}")
    world.counts["widened directories"] += 1
    return run_under(world, umask, *draw.choice(COMMANDS))


def step(world, draw, umask, number, path, lines):
    kind = draw.random()
    if kind < 0.4:
        lines += world.write_lines(path, draw.randrange(1, 60), first=len(lines))
        return run_under(world, umask, "ingest", path)
    if kind < 0.6:
        out = f"{world.folder}/out-{draw.randrange(3)}.jsonl"
        if draw.random() < 0.5:
            with open(out, "w") as file:
                file.write("of before\n")
            os.chmod(out, 0o666)
        told = run_under(world, umask, "dataset", "export", "--format", "examples", "--out", out)
        judge(world, wide(out) + wide(f"{out}.manifest.json"))
        return told
    if kind < 0.7:
        # All of it anew, beside what is there.
        world_data, world.data = world.data, f"{world.folder}/new-{number}/data"
        told = run_under(world, umask, "ingest", path)
        judge(world, wide(world.data))
        world.data = world_data
        return told
    return run_under(world, umask, *draw.choice(COMMANDS))


def judge(world, found):
    if found:
        raise Failure(f"{len(found)} times others had a right: {sorted(set(found))[:4]}")
