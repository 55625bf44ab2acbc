"""Writes numbered lines to a file and rotates it, in every way that is in use, and knows which lines
must be in the log: all but those that it destroyed before anybody had to have seen them."""

import os
import time

from .world import line

KINDS = ["rename", "copytruncate", "copyaway", "delete", "replace", "rewrite", "truncate"]


class Rotator:
    """One followed file, and those that it was rotated to."""

    def __init__(self, world, name):
        self.world, self.name = world, name
        self.draw, self.counts = world.draw, world.counts
        self.path = f"{world.files}/{name}.jsonl"
        self.number = 0
        self.generation = 0
        #: Lines that the log must have, or may have.
        self.must, self.may = {}, set()
        #: Lines that were destroyed nowhere, and are in the file at the path now.
        self.here = []
        #: Lines that the log was seen to hold.
        self.seen = set()
        #: Whether what is in the file stood in it, or in another, before.
        self.is_rewritten = False
        #: Copies under names that are followed for themselves.
        self.copies = []
        #: The file before a rename, while its writer does not know yet.
        self.former = None
        self.former_generation = 0
        self.half = b""
        open(self.path, "a").close()

    # Writing

    def note(self, text):
        self.world.note(f"{self.name[-1]} {text}")

    def next_line(self, generation=None):
        size = 30_000 if self.draw.random() < 0.01 else 400
        text = line(self.name, self.generation if generation is None else generation,
                    self.number, self.draw, size)
        self.number += 1
        return text

    def write(self):
        """Appends a few lines; the last one now and then in two pieces."""
        lines = [self.next_line() for _ in range(self.draw.randrange(1, 12))]
        data = self.half + "".join(text + "\n" for text in lines).encode()
        self.half = b""
        if self.draw.random() < 0.3:
            cut = self.draw.randrange(2, len(lines[-1]))
            data, self.half = data[:-cut], data[-cut:]
        self.append(self.path, data)
        self.note(f"{lines_told(lines)}{'½' if self.half else ''}")
        self.here += lines
        self.must.update(dict.fromkeys(lines))

    def finish_line(self):
        if self.half:
            self.append(self.path, self.half)
            self.half = b""

    def append(self, path, data):
        with open(path, "ab", buffering=0) as out:
            out.write(data)

    def write_to_former(self):
        """A writer that has not noticed the rename yet."""
        if self.former is None:
            return
        texts = [self.next_line(self.former_generation) for _ in range(self.draw.randrange(1, 4))]
        self.note(f"to the former: {lines_told(texts)}")
        self.former.write("".join(text + "\n" for text in texts).encode())
        self.must.update(dict.fromkeys(texts))
        if self.draw.random() < 0.5:
            self.leave_former()

    def leave_former(self):
        if self.former is not None:
            self.former.close()
            self.former = None

    # Rotating

    def rotate(self, kind):
        self.finish_line()
        self.leave_former()
        before = self.number
        getattr(self, kind)()
        late = f" and {before}-{self.number - 1}" if self.number > before else ""
        self.note(f"{kind}, {len(self.here)} left{late}")
        self.generation += 1
        self.counts[f"rotations: {kind}"] += 1

    def shift(self):
        """Makes room for the name that ends with .1; old files were seen long ago."""
        number = 1
        while os.path.exists(f"{self.path}.{number}"):
            number += 1
        for old in range(number, 1, -1):
            os.rename(f"{self.path}.{old - 1}", f"{self.path}.{old}")
        self.is_rewritten = False

    def drop_old(self, kept=4):
        """Deletes rotated files, all of whose lines the log has."""
        number = kept + 1
        while os.path.exists(f"{self.path}.{number}"):
            os.unlink(f"{self.path}.{number}")
            number += 1
        for path in self.copies:
            os.unlink(path)
        self.copies = []

    def rename(self):
        if not os.path.exists(self.path):
            return
        self.shift()
        if self.draw.random() < 0.4:
            self.former = open(self.path, "ab", buffering=0)
            self.former_generation = self.generation
        os.rename(self.path, f"{self.path}.1")
        if self.draw.random() < 0.7:
            open(self.path, "a").close()
        self.here = []

    def copytruncate(self):
        if not os.path.exists(self.path):
            return
        self.shift()
        self.copy_and_truncate(f"{self.path}.1")

    def copyaway(self):
        """The same, to a name that is followed for itself. Of a rewritten file nobody could tell whose
        lines those are."""
        if not self.here or self.is_rewritten:
            return
        # Before and behind the file itself, in the order of names.
        name = f"{self.name}{self.draw.choice('-z')}{self.number}.jsonl"
        self.copies.append(f"{self.world.files}/{name}")
        self.copy_and_truncate(self.copies[-1])

    def copy_and_truncate(self, name):
        with open(self.path, "rb") as source, open(name, "wb") as copy:
            while piece := source.read(self.draw.choice([100, 5_000, 1 << 16])):
                copy.write(piece)
                copy.flush()
        late = [self.next_line() for _ in range(self.draw.choice([0, 0, 2]))]
        self.append(self.path, "".join(text + "\n" for text in late).encode())
        self.may.update(late)
        os.truncate(self.path, 0)
        self.here = []

    def destroy(self, lines):
        """Lines that are gone: what nobody saw may be missing."""
        for text in lines:
            if text not in self.seen:
                self.must.pop(text, None)
                self.may.add(text)

    def delete(self):
        self.destroy(self.here)
        self.is_rewritten = False
        if os.path.exists(self.path):
            os.unlink(self.path)
        self.here = []
        if self.draw.random() < 0.8:
            open(self.path, "a").close()

    def truncate(self):
        self.destroy(self.here)
        self.is_rewritten = False
        if os.path.exists(self.path):
            os.truncate(self.path, 0)
        self.here = []

    def replace(self):
        """Rewrites the file without its oldest lines, as an editor or a pruning job does."""
        cut = self.draw.randrange(len(self.here) + 1)
        kept = self.here[cut:]
        self.destroy(self.here[:cut])
        self.generation += 1
        fresh = [self.next_line() for _ in range(self.draw.randrange(4))]
        self.must.update(dict.fromkeys(fresh))
        names = [f".{self.name}.new", f"{self.name}.jsonl.x{self.number}", f"new-{self.number}.jsonl"]
        temporary = f"{self.world.files}/{self.draw.choice(names)}"
        with open(temporary, "w") as out:
            out.write("".join(text + "\n" for text in kept + fresh))
        os.replace(temporary, self.path)
        self.here = kept + fresh
        self.is_rewritten = True

    def rewrite(self):
        """The same in place, as a shell does it: emptied first, and then written in pieces."""
        cut = self.draw.randrange(len(self.here) + 1)
        kept = self.here[cut:]
        self.destroy(self.here[:cut])
        data = "".join(text + "\n" for text in kept).encode()
        piece = max(1, len(data) // self.draw.randrange(1, 4))
        with open(self.path, "wb", buffering=0) as out:
            for start in range(0, len(data), piece):
                time.sleep(self.draw.choice([0, 0.01, 0.06]))
                out.write(data[start:start + piece])
        self.here = kept
        self.is_rewritten = True


def lines_told(lines):
    numbers = [text.rsplit('"number": ')[-1][:-1] for text in lines]
    return f"{numbers[0]}-{numbers[-1]}"
