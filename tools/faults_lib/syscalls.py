"""Killed at every system call: of a batch, of a view's commit, of a rebuild's commits, of a swap."""

import glob
import os
import shutil

import catalogue

from . import tracing
from .world import Failure, World, binary, is_short


class Scene:
    """A prepared data directory, a command, and what must be there after it ran again.

    - is_switch: the command lets other builds serve, all at once, or not at all.
    - finish: what is done and must hold at the very end."""

    def __init__(self, name, words, prepare, is_switch=False, finish=None):
        self.name, self.words, self.prepare, self.is_switch = name, words, prepare, is_switch
        self.finish = finish or (lambda world: None)


def prepare_first(world):
    return world.write_lines(world.path, 40)


def prepare_more(world):
    lines = world.write_lines(world.path, 60)
    world.must("ingest", world.path)
    return lines + world.write_lines(world.path, 30, first=60)


def prepare_project(world):
    lines = world.write_lines(world.path, 60)
    world.must("ingest", world.path)
    lines += world.write_lines(world.path, 40, first=60)
    world.must("ingest", "--no-project", world.path)
    return lines


def prepare_replay(world):
    lines = world.write_lines(world.path, 60)
    world.must("ingest", world.path)
    return lines


def prepare_rebuild(world):
    # Long lines, so that they take several blocks: a checkpoint is between two of them.
    lines = world.write_lines(world.path, 24, size_max=150_000)
    world.must("ingest", world.path)
    settings(world, "0.5", "0.1", "[views]\ncheckpoint_events = 7\n")
    return lines


def prepare_use(world):
    lines = prepare_replay(world)
    settings(world, "0.5", "0.1", path=f"{world.folder}/heavier.toml")
    world.must("replay", "--what-if", f"{world.folder}/heavier.toml", "--keep", "heavier")
    return lines


def prepare_keep(world):
    lines = prepare_replay(world)
    settings(world, "0.5", "0.1", path=f"{world.folder}/heavier.toml")
    return lines


def prepare_roll_back(world):
    lines = prepare_use(world)
    world.must("replay", "--use", "heavier")
    return lines


def prepare_compact(world):
    # Small batches: each frees pages of those before, in the log, the catalogue and the build.
    lines = []
    for _ in range(6):
        lines += world.write_lines(world.path, 15, first=len(lines))
        world.must("ingest", world.path)
    world.must("replay")
    return lines


def finish_compact(world):
    """Done again, it is whole, and nothing of the one that was killed is left."""
    world.must("compact")
    for name in ("log/data.mdb.compact", "views/catalogue/data.mdb.compact", "views/scratch-*"):
        if glob.glob(f"{world.data}/{name}"):
            raise Failure(f"{name} is left over")
    builds = glob.glob(f"{world.data}/views/build-*")
    if len(builds) != 2:
        raise Failure(f"a live build and the one before are {builds}")
    # What comes after goes into the files that are there now.
    count = len(world.exported())
    world.must("ingest", "--stream", "aidb", input=b'{"event":"query","last":true}\n')
    if len(world.exported()) != count + 1:
        raise Failure("a line that came after was lost")
    world.must("verify")


def settings(world, outcome, feedback, more="", path=None):
    with open(path or f"{world.data}/foldlog.toml", "w") as file:
        file.write(f"[values.weights]\noutcome = {outcome}\nfeedback = {feedback}\n{more}")


SCENES = [
    Scene("the first batch", ["ingest", "--no-project"], prepare_first),
    Scene("a batch", ["ingest", "--no-project"], prepare_more),
    Scene("a view's commit", ["project"], prepare_project),
    Scene("a swap", ["replay"], prepare_replay, is_switch=True),
    Scene("a rebuild", ["project"], prepare_rebuild, is_switch=True),
    Scene("a build that is kept",
          ["replay", "--what-if", "{folder}/heavier.toml", "--keep", "heavier"], prepare_keep),
    Scene("a switch", ["replay", "--use", "heavier"], prepare_use, is_switch=True),
    Scene("a rollback", ["replay", "--rollback"], prepare_roll_back, is_switch=True),
    Scene("a compaction", ["compact"], prepare_compact, is_switch=True, finish=finish_compact),
]


def words_of(scene, world):
    words = [word.format(folder=world.folder) for word in scene.words]
    return [*words, world.path] if words[0] == "ingest" else words


def set_up(scene, seed, counts):
    world = World(seed, counts, "/dev/shm" if os.path.isdir("/dev/shm") else None)
    world.path = f"{world.files}/aidb-f.jsonl"
    lines = scene.prepare(world)
    if os.path.isdir(world.data):
        shutil.copytree(world.data, f"{world.folder}/prepared")
    return world, lines


def restore(world):
    shutil.rmtree(world.data, ignore_errors=True)
    if os.path.isdir(f"{world.folder}/prepared"):
        shutil.copytree(f"{world.folder}/prepared", world.data)


def run(seed, counts):
    tracing.require_strace()
    scene = SCENES[seed % len(SCENES)]
    world, lines = set_up(scene, seed, counts)
    try:
        words = words_of(scene, world)
        before = None if words[0] == "ingest" else state(world)
        points = tracing.points(world, words)
        if is_short():
            points = world.draw.sample(points, 8)
        else:
            counts[f"runs over all calls of {scene.name}"] += 1
        after = None if words[0] == "ingest" else state(world)
        for name, number in points:
            restore(world)
            kill_at(world, words, (name, number), scene, lines, (before, after))
    finally:
        world.remove()


def kill_at(world, words, point, scene, lines, states):
    name, number = point
    before, after = states
    killed = world.run(*words, prefix=tracing.inject(name, number, "signal=KILL"),
                       variables=tracing.ONE_THREAD)
    where = f"{scene.name}, killed at {name} number {number}"
    if killed.returncode in (0, 64, 65, 66, 74, 75):
        # The run before was not the same call for call: nothing was killed.
        world.counts["calls not reached"] += 1
    else:
        world.counts["kills"] += 1
        world.counts["calls"] += 1
    try:
        found = before and state(world)
        if scene.is_switch and found not in (before, after):
            raise Failure(f"readers see neither what was before nor what is after: {found}")
        # What is done is not done again: a second rollback is the way back.
        if not scene.is_switch or found != after:
            world.must(*words)
        world.check(dict.fromkeys(lines))
        if after is not None and state(world) != after:
            raise Failure("the views are others than those of an undisturbed run")
        scene.finish(world)
    except Failure as failure:
        raise Failure(f"{where}: {failure}") from failure


def state(world):
    """Each view with its checkpoint, digest and state, what is kept, and the settings."""
    status = world.must("status").stdout.decode().splitlines()
    views = catalogue.views(binary())
    rows = [words for words in map(str.split, status) if len(words) > 3 and words[0] in views]
    if len(rows) < len(views):
        raise Failure(f"`status` does not name all views: {status}")
    # Not the name of the build: a killed one leaves its number unused.
    found = [(row[0], row[1], row[4], row[6]) for row in rows]
    found += [text for text in status if text.startswith("kept as")]
    for kept in ("values", "values@heavier"):
        answer = world.run("query", kept, "--format", "jsonl")
        found.append((answer.returncode, answer.stdout))
    try:
        with open(f"{world.data}/foldlog.toml") as file:
            found.append([text for text in file.read().splitlines() if text])
    except FileNotFoundError:
        found.append([])
    return found
