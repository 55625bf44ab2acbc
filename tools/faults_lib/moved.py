"""Folders that move: renamed, copied and removed, mounted elsewhere, taken to another machine together
with the data directory; read by single runs and by followers that are killed, while files grow and
rotate. Each line is taken once."""

import os
import shutil
import signal
import subprocess
import time

from .world import Failure, World, is_short, line

#: Names of files, each with how many lines it begins with, and how long they are: up to 10 MB.
SHAPES = [("f", 1, 20), ("f", 3, 300), ("g", 60, 400), ("h", 100, 200_000), ("x/f", 1, 20),
          ("x/y/f", 40, 2_000)]


class Moving:
    """Files in a folder, which is at another place each time."""

    def __init__(self, world):
        self.world, self.draw, self.counts = world, world.draw, world.counts
        self.place_number = 0
        self.place = self.next_place()
        self.mounts = []
        self.numbers = {}
        #: How often each was rotated: single runs do not read the files of a folder in their order.
        self.generations = {}
        self.lines = []
        names = self.draw.sample(SHAPES, self.draw.randrange(1, 4))
        self.names = sorted({name for name, _, _ in names})
        self.child = None
        for name, count, length in names:
            os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
            self.write(name, count, length)

    def next_place(self):
        self.place_number += 1
        return f"{self.world.folder}/place-{self.place_number}"

    def path(self, name):
        return f"{self.place}/{name}.jsonl"

    def write(self, name, count=None, length=None):
        count = count or self.draw.choice([1, 1, 3, 40])
        first = self.numbers.get(name, 0)
        size = length or self.draw.choice([20, 400, 20_000])
        generation = self.generations.get(name, 0)
        texts = [line(name, generation, first + n, self.draw, size) for n in range(count)]
        self.numbers[name] = first + count
        self.lines += texts
        with open(self.path(name), "a") as out:
            out.write("".join(text + "\n" for text in texts))
        self.world.note(f"{name} {first}-{first + count - 1}")

    def rotate(self, name):
        path = self.path(name)
        if not os.path.exists(path):
            return
        number = 1
        while os.path.exists(f"{path}.{number}"):
            number += 1
        for old in range(number, 1, -1):
            os.rename(f"{path}.{old - 1}", f"{path}.{old}")
        os.rename(path, f"{path}.1")
        open(path, "a").close()
        self.generations[name] = self.generations.get(name, 0) + 1
        self.world.note(f"rotate {name}")

    # Readers

    def arguments(self):
        """The folder, spelled in one of the ways that lead to it."""
        name = os.path.basename(self.place)
        link = f"{self.world.folder}/link"
        if os.path.islink(link):
            os.unlink(link)
        os.symlink(self.place, link)
        return self.draw.choice([self.place, f"{self.place}/", f"{self.world.folder}/./{name}//",
                                 f"{self.place}/../{name}", link])

    def ingest(self):
        self.stop()
        path = self.arguments()
        self.world.note(f"ingest {os.path.basename(path)}")
        self.world.must("ingest", path)

    def ingest_killed(self):
        self.stop()
        self.world.note("ingest, kill")
        child = self.world.start("ingest", self.arguments())
        time.sleep(self.draw.random() * 0.2)
        self.world.kill(child)

    def follow(self):
        self.stop()
        self.world.note("follow")
        self.child = self.world.start("ingest", "--follow", self.arguments())
        time.sleep(self.draw.choice([0, 0.05, 0.3]))

    def stop(self):
        """Ends the follower, if one runs: by a signal that asks, or by one that does not."""
        child, self.child = self.child, None
        if child is None:
            return
        if child.poll() is not None:
            raise Failure(f"the follower ended by itself: {child.returncode} "
                          f"{self.world.messages(child)[-600:]}")
        if self.draw.random() < 0.5:
            self.world.note("kill")
            self.world.kill(child)
            return
        self.world.note("stop")
        child.terminate()
        # Asked before it listened, it is killed.
        if child.wait(20) not in (0, -signal.SIGTERM):
            raise Failure(f"the follower ended with {child.returncode}: "
                          f"{self.world.messages(child)[-600:]}")

    def settle(self):
        """Has all of it read."""
        self.ingest()
        self.check()

    def check(self):
        self.world.check(dict.fromkeys(self.lines))

    # Moving

    def move(self, kind):
        if kind in ("copy", "copy_files", "mount", "machine"):
            # Of a file without a name, nobody else can read what it gained.
            self.stop()
        before, self.place = self.place, self.next_place()
        self.world.note(f"{kind} to {os.path.basename(self.place)}")
        getattr(self, kind)(before)
        self.counts[f"moves: {kind}"] += 1

    def rename(self, before):
        if os.path.ismount(before):
            return self.copy(before)
        os.rename(before, self.place)

    def copy(self, before):
        flags = self.draw.choice(["-r", "-rp"])
        subprocess.run(["cp", flags, before, self.place], check=True)
        if os.path.ismount(before):
            self.unmount(before)
            # The mount point stays, and is empty.
            return
        shutil.rmtree(before)
        if self.draw.random() < 0.3:
            self.leave_other_files(before)

    def leave_other_files(self, folder):
        """Another's files, by the paths of before: nobody reads them."""
        for name in self.names:
            os.makedirs(os.path.dirname(f"{folder}/{name}"), exist_ok=True)
            with open(f"{folder}/{name}.jsonl", "w") as out:
                out.write('{"event":"of another"}\n' * self.draw.randrange(1, 3))

    def copy_files(self, before):
        """File by file, each gone at once."""
        for root, folders, names in os.walk(before):
            folder = self.place + root[len(before):]
            os.makedirs(folder, exist_ok=True)
            for name in names:
                shutil.copy(f"{root}/{name}", f"{folder}/{name}")
                os.unlink(f"{root}/{name}")

    def mount(self, before):
        """To a file system of its own, or where that is mounted next."""
        os.mkdir(self.place)
        if os.path.ismount(before) and self.draw.random() < 0.6:
            subprocess.run(["mount", "--move", before, self.place], check=True)
            self.mounts[self.mounts.index(before)] = self.place
            return
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", self.place], check=True)
        self.mounts.append(self.place)
        subprocess.run(["cp", "-r", f"{before}/.", self.place], check=True)
        if os.path.ismount(before):
            self.unmount(before)
        else:
            shutil.rmtree(before)

    def unmount(self, place):
        subprocess.run(["umount", "-l", place], check=True)
        self.mounts.remove(place)

    def machine(self, before):
        """All of it is copied; what was here is gone."""
        data = f"{self.world.folder}/data-{self.place_number}"
        subprocess.run(["cp", "-r", self.world.data, data], check=True)
        shutil.rmtree(self.world.data)
        self.world.data = data
        self.copy(before)

    def leave(self):
        if self.child is not None and self.child.poll() is None:
            self.world.kill(self.child)
        for place in list(self.mounts):
            subprocess.run(["umount", "-l", place], check=False)


def can_mount(folder):
    probe = f"{folder}/probe"
    os.mkdir(probe)
    done = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", probe], capture_output=True).returncode
    if done == 0:
        subprocess.run(["umount", probe], check=True)
    os.rmdir(probe)
    return done == 0


def scenario(world, moving):
    kinds = ["rename", "copy", "copy_files", "machine"]
    if can_mount(world.folder):
        kinds += ["mount", "mount"]
    draw = world.draw
    moving.settle()
    for _ in range(6 if is_short() else draw.randrange(10, 30)):
        act = draw.random()
        if act < 0.35:
            moving.write(draw.choice(moving.names))
        elif act < 0.42:
            moving.rotate(draw.choice(moving.names))
        elif act < 0.52:
            moving.ingest()
        elif act < 0.6:
            moving.ingest_killed()
        elif act < 0.72:
            moving.follow()
        else:
            moving.move(draw.choice(kinds))
    moving.stop()
    moving.ingest()
    moving.check()
    moving.follow()
    moving.write(draw.choice(moving.names))
    wanted = set(moving.lines)
    world.wait_until("every line is in the log", lambda: wanted <= set(world.exported()), 25)
    moving.stop()
    moving.check()


def run(seed, counts):
    world = World(seed, counts)
    moving = Moving(world)
    try:
        scenario(world, moving)
    except Failure as failure:
        raise Failure(f"{failure}\n  the last acts: {' · '.join(world.story[-60:])}") from failure
    finally:
        moving.leave()
        world.remove()
