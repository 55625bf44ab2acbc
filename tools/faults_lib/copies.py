"""A busy data directory that is copied file by file at random moments, moved, and put together from parts
of two moments: what is opened is refused, or told and folded again, or fits; it never answers wrongly."""

import collections
import os
import shutil
import threading
import time

from .kill import follower, settle, stop
from .rotator import Rotator
from .world import Failure, World, is_short

#: Who goes on from a copy has not seen what was rewritten meanwhile, and where that was moved then: its
#: lines may come again, as after any such gap.
ROTATIONS = ["rename", "copytruncate", "copyaway", "delete", "truncate"]
TABLES = ["values", "errors", "datasets", "correlations", "deployments"]


def copy_file(draw, source, target):
    """In pieces, as `cp` reads it: others write meanwhile."""
    piece = draw.choice([4_096, 1 << 16, 1 << 20])
    pause = draw.choice([0, 0, 0.0005, 0.003])
    with open(source, "rb") as old, open(target, "wb") as new:
        while data := old.read(piece):
            new.write(data)
            time.sleep(pause)


def copy_folder(world, source, target):
    """Files and folders come in any order, and some are gone before their turn."""
    os.makedirs(target, exist_ok=True)
    names = os.listdir(source)
    world.draw.shuffle(names)
    for name in names:
        old, new = f"{source}/{name}", f"{target}/{name}"
        try:
            if os.path.isdir(old):
                copy_folder(world, old, new)
            else:
                copy_file(world.draw, old, new)
        except FileNotFoundError:
            continue
        time.sleep(world.draw.choice([0, 0, 0.01, 0.1]))


class Copy:
    """A data directory that came about somehow."""

    def __init__(self, world, path, what):
        self.world, self.path, self.what = world, path, what

    def run(self, *words):
        return self.world.run(*words, variables={"FOLDLOG_DATA": self.path})

    def must(self, *words):
        result = self.run(*words)
        if result.returncode != 0:
            raise Failure(f"{self.what}: `foldlog {' '.join(words)}` ended with {result.returncode}: "
                          f"{result.errors[-600:]}{result.stdout[-600:].decode(errors='replace')}")
        return result

    def rows(self):
        return [self.must("query", table, "--format", "jsonl").stdout for table in TABLES]

    def lines(self):
        return self.must("log", "export").stdout.decode().splitlines()

    def is_usable(self):
        """Opens it, and counts what came of that."""
        counts = self.world.counts
        opened = self.run(*self.world.draw.choice(
            [("status",), ("query", "values", "--format", "jsonl"), ("project",), ("verify",)]))
        if opened.returncode == 65 and "is not whole" in opened.errors:
            counts["refused"] += 1
            again = self.run("log", "export")
            if again.returncode != 65 or again.stdout:
                raise Failure(f"{self.what}: a log that is not whole was used: {again.errors}")
            return False
        if opened.returncode != 0:
            raise Failure(f"{self.what}: opened with {opened.returncode}: {opened.errors[-600:]}"
                          f"{opened.stdout[-600:].decode(errors='replace')}")
        if "not fit" in opened.errors or "cannot be read" in opened.errors:
            counts["rebuilt"] += 1
        elif "folded again" in opened.errors:
            counts["rebuilt to go on"] += 1
        else:
            counts["fitting"] += 1
        return True

    def check(self):
        """What it answers is what its log gives, from the first event on."""
        self.must("project")
        self.must("verify")
        fresh = Copy(self.world, f"{self.path}-fresh", f"a fold of {self.what}")
        os.mkdir(fresh.path)
        shutil.copytree(f"{self.path}/log", f"{fresh.path}/log")
        fresh.must("project")
        for table, found, expected in zip(TABLES, self.rows(), fresh.rows()):
            if found != expected:
                raise Failure(f"{self.what}: {table} is not what its log gives")
        shutil.rmtree(fresh.path)
        self.world.counts["lines"] += len(self.lines())

    def go_on(self):
        """Takes what the files have by now: nothing comes twice."""
        self.must("ingest", self.world.files)
        doubled = [text for text, count in collections.Counter(self.lines()).items() if count > 1]
        self.world.counts["doubled"] += len(doubled)
        if doubled:
            raise Failure(f"{self.what}: {len(doubled)} lines doubled: {doubled[0][:200]}")

    def remove(self):
        shutil.rmtree(self.path)


def copied(world, number):
    copy = Copy(world, f"{world.folder}/copy-{number}", f"copy {number}")
    copy_folder(world, world.data, copy.path)
    world.counts["copies"] += 1
    world.note(f"COPY {number}")
    return copy


def put_together(world, one, other):
    """The views, or the log, of one moment beside those of another."""
    part = world.draw.choice(["log", "views"])
    mixed = Copy(world, f"{one.path}-mixed", f"{one.what} with the {part} of {other.what}")
    shutil.copytree(one.path, mixed.path)
    shutil.rmtree(f"{mixed.path}/{part}")
    shutil.copytree(f"{other.path}/{part}", f"{mixed.path}/{part}")
    world.counts["put together"] += 1
    return mixed


def examine(world, copies, rotators):
    """Checks copies while nothing writes any more, and all lines are in the log."""
    everything = world.exported()
    mixed = put_together(world, copies[0], copies[-1]) if len(copies) > 1 else None
    for copy in copies + ([mixed] if mixed else []):
        if copy.is_usable():
            lines = copy.lines()
            if lines != everything[:len(lines)]:
                raise Failure(f"{copy.what}: its log is no beginning of the one that was copied")
            copy.check()
            copy.go_on()
            copy.check()
        copy.remove()
    for rotator in rotators:
        rotator.seen = set(everything)


def move(world):
    """A directory that was only given another name is no copy."""
    os.rename(world.data, f"{world.data}-moved")
    moved = Copy(world, f"{world.data}-moved", "the moved directory")
    for words in (("status",), ("query", "values")):
        errors = moved.must(*words).errors
        if "copy" in errors or "folded again" in errors:
            raise Failure(f"{moved.what} was taken for another: {errors}")
    os.rename(f"{world.data}-moved", world.data)
    world.counts["moved"] += 1


def busy(world):
    rotators = [Rotator(world, name) for name in ("aidb-a", "aidb-b")]
    for rotator in rotators:
        rotator.write()
        rotator.finish_line()
    child = follower(world)
    settle(world, rotators)
    number = 0
    for _ in range(1 if is_short() else world.draw.randrange(1, 4)):
        copies = []
        for _ in range(world.draw.randrange(1, 4)):
            writer = Writer(world, rotators)
            try:
                copies.append(copied(world, number))
            finally:
                writer.stop()
            number += 1
        settle(world, rotators)
        if child.poll() is not None:
            raise Failure(f"the follower ended: {child.returncode} {world.messages(child)}")
        examine(world, copies, rotators)
    stop(world, child)
    move(world)
    world.check({text: None for rotator in rotators for text in rotator.must},
                set().union(*(rotator.may for rotator in rotators)), deep=True)


class Writer:
    """Writes and rotates in a thread of its own, while a copy is made."""

    def __init__(self, world, rotators):
        self.world, self.rotators, self.is_over = world, rotators, False
        self.thread = threading.Thread(target=self.work)
        self.thread.start()

    def work(self):
        draw = self.world.draw
        while not self.is_over:
            rotator = draw.choice(self.rotators)
            if draw.random() < 0.25:
                rotator.rotate(draw.choice(ROTATIONS))
            elif draw.random() < 0.2:
                rotator.write_to_former()
            else:
                rotator.write()
            time.sleep(draw.choice([0.001, 0.003, 0.02]))

    def stop(self):
        self.is_over = True
        self.thread.join()


def run(seed, counts):
    world = World(seed, counts, "/dev/shm" if seed % 4 == 0 and os.path.isdir("/dev/shm") else None)
    try:
        busy(world)
    except Failure as failure:
        raise Failure(f"{failure}\n  the last acts: {' · '.join(world.story[-60:])}") from failure
    finally:
        world.remove()
