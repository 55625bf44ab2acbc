"""Killed at every system call: of a batch, of a view's commit, of a swap."""

import os
import shutil

from . import tracing
from .world import Failure, World, is_short


class Scene:
    """A prepared data directory, a command, and what must be there after it ran again."""

    def __init__(self, name, words, prepare):
        self.name, self.words, self.prepare = name, words, prepare


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


SCENES = [
    Scene("the first batch", ["ingest", "--no-project"], prepare_first),
    Scene("a batch", ["ingest", "--no-project"], prepare_more),
    Scene("a view's commit", ["project"], prepare_project),
    Scene("a swap", ["replay"], prepare_replay),
]


def words_of(scene, world):
    return [*scene.words, world.path] if scene.words[0] == "ingest" else scene.words


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
        points = tracing.points(world, words)
        if is_short():
            points = world.draw.sample(points, 8)
        else:
            counts[f"runs over all calls of {scene.name}"] += 1
        digests = None if scene.words[0] == "ingest" else views(world)
        for name, number in points:
            restore(world)
            kill_at(world, words, name, number, scene, lines, digests)
    finally:
        world.remove()


def kill_at(world, words, name, number, scene, lines, digests):
    killed = world.run(*words, prefix=tracing.inject(name, number, "signal=KILL"),
                       variables=tracing.ONE_THREAD)
    where = f"{scene.name}, killed at {name} number {number}"
    if killed.returncode in (0, 64, 65, 66, 74, 75):
        # The run before was not the same call for call: nothing was killed.
        world.counts["calls not reached"] += 1
    else:
        world.counts["kills"] += 1
        world.counts["calls"] += 1
    if scene.name == "a swap":
        # Readers see the old view or the new one, whole.
        world.must("query", "values", "--format", "jsonl")
    try:
        world.must(*words)
        world.check(dict.fromkeys(lines))
        if digests is not None and views(world) != digests:
            raise Failure("the views are others than those of an undisturbed run")
    except Failure as failure:
        raise Failure(f"{where}: {failure}") from failure


def views(world):
    """Names, checkpoints and digests of all views."""
    world.must("project")
    status = world.must("status").stdout.decode().splitlines()
    found = [words for words in map(str.split, status) if len(words) > 3 and words[0] in (
        "values", "correlations", "errors", "datasets", "deployments")]
    if len(found) < 5:
        raise Failure(f"`status` names no five views: {status}")
    return [(row[0], [word for word in row if len(word) == 32]) for row in found]
