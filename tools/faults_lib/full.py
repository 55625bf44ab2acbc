"""File systems without room: small ones, in memory and as ext4 in a file, and room again."""

import os
import subprocess
import time

from .world import Failure, Skipped, World, is_short


#: Room for the log and the views of all that a case writes, once the filler is gone.
EXT4_MIB = 192


class Disk:
    """A file system of a few MiB, mounted at the world's data directory."""

    def __init__(self, world, is_ext4, size_mib):
        self.world, self.is_ext4, self.size_mib = world, is_ext4, size_mib
        os.makedirs(world.data)
        if is_ext4:
            image = f"{world.folder}/image"
            with open(image, "wb") as file:
                file.truncate(size_mib << 20)
            mount(["mkfs.ext4", "-q", "-O", "^has_journal", "-m", "0", image])
            mount(["mount", "-o", "loop", image, world.data])
        else:
            mount(["mount", "-t", "tmpfs", "-o", f"size={size_mib}m", "tmpfs", world.data])

    def fill(self, left=0):
        """Takes all room but some."""
        with open(f"{self.world.data}/filler", "wb", buffering=0) as file:
            piece = bytes(1 << 16)
            try:
                while True:
                    file.write(piece)
                    piece = piece if len(piece) > 1 else piece
            except OSError:
                pass
            if left:
                file.truncate(max(0, file.tell() - left))

    def make_room(self):
        if os.path.exists(f"{self.world.data}/filler"):
            os.unlink(f"{self.world.data}/filler")
        if not self.is_ext4:
            mount(["mount", "-o", "remount,size=256m", self.world.data])

    def unmount(self):
        for _ in range(50):
            if subprocess.run(["umount", self.world.data], capture_output=True).returncode == 0:
                return
            time.sleep(0.1)


def mount(words):
    try:
        result = subprocess.run(words, capture_output=True)
    except FileNotFoundError as error:
        raise Skipped(f"{words[0]} is not installed") from error
    if result.returncode != 0:
        raise Skipped(f"{' '.join(words[:3])}: {result.stderr.decode().strip()[:100]}")


def run(seed, counts):
    if os.geteuid() != 0:
        raise Skipped("only root mounts small file systems")
    for case in [single, following] if not is_short() else [following]:
        world = World(seed, counts)
        disk = None
        try:
            is_ext4 = world.draw.random() < 0.5 and not is_short()
            disk = Disk(world, is_ext4, EXT4_MIB if is_ext4 else 1 if is_short() else world.draw.randrange(1, 5))
            case(world, disk)
            counts["full ext4" if is_ext4 else "full tmpfs"] += 1
        finally:
            for child in world.children:
                if child.poll() is None:
                    world.kill(child)
            if disk:
                disk.unmount()
            world.remove()


def prepare(world, disk):
    """Fills the disk but for a part drawn by lot: sometimes for nothing at all."""
    draw = world.draw
    if disk.is_ext4 or draw.random() < 0.5:
        disk.fill(left=draw.choice([0, 0, 4096, 20_000, 100_000, 400_000]))


def single(world, disk):
    path = f"{world.files}/aidb-f.jsonl"
    lines = world.write_lines(path, 100)
    if world.draw.random() < 0.7:
        world.must("ingest", path)
    prepare(world, disk)
    lines += world.write_lines(path, 40_000, first=100)
    result = world.run("ingest", path)
    if result.returncode == 0 and not disk.is_ext4 and disk.size_mib < 3:
        raise Failure("12 MiB went into less than 3 MiB")
    if result.returncode not in (0, 74):
        raise Failure(f"a full disk ended it with {result.returncode}: {result.errors}")
    if result.returncode == 74 and not says_so(result.errors):
        raise Failure(f"a full disk made it say: {result.errors}")
    if os.path.exists(f"{world.data}/log/data.mdb"):
        # What is there can be read, also now.
        stored = world.run("log", "export")
        if stored.returncode not in (0, 74):
            raise Failure(f"log export: {stored.returncode} {stored.errors}")
        known = set(lines)
        if any(text not in known for text in stored.stdout.decode().splitlines()):
            raise Failure("the log holds lines that were never written")
    disk.make_room()
    world.must("ingest", path)
    world.check(dict.fromkeys(lines), deep=True)


def says_so(text):
    return "disk is full" in text or "No space left" in text


def following(world, disk):
    path = f"{world.files}/aidb-f.jsonl"
    lines = world.write_lines(path, 100)
    child = world.start("ingest", "--follow", path)
    world.wait_until("the first lines are in the log", lambda: len(world.exported()) == 100)
    prepare(world, disk)
    for _ in range(3 if is_short() else 20):
        lines += world.write_lines(path, 2_000, first=len(lines))
        time.sleep(0.02)
    if disk.is_ext4 is False and disk.size_mib < 3 or os.path.exists(f"{world.data}/filler"):
        world.wait_until(
            "the follower says that the disk is full",
            lambda: says_so(world.messages(child)) or len(world.exported()) == len(lines))
    time.sleep(world.draw.random() * 2)
    disk.make_room()
    wanted = set(lines)
    world.wait_until("a follower goes on once there is room",
                     lambda: wanted <= set(world.exported()), 60)
    child.terminate()
    if child.wait(30) != 0:
        raise Failure(f"the follower ended with {child.returncode}: {world.messages(child)}")
    world.check(dict.fromkeys(lines), deep=True)
