"""A data directory and files of its own, the program under test, and what must hold in the end."""

import collections
import json
import os
import random
import shutil
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def is_short():
    """Whether a case is to show that it can be run, rather than to find something."""
    return bool(os.environ.get("FOLDLOG_FAULTS_SHORT"))


class Failure(Exception):
    """Something that must hold does not."""


class Skipped(Exception):
    """This machine lacks what a case needs."""


def binary():
    """The built program: release before debug, unless FOLDLOG_BINARY names another."""
    given = os.environ.get("FOLDLOG_BINARY")
    paths = [given] if given else [f"{ROOT}/.build/{kind}/foldlog" for kind in ("release", "debug")]
    for path in paths:
        if os.access(path, os.X_OK):
            return path
    raise SystemExit("tools/faults: build foldlog first: swift build -c release")


def line(file, generation, number, draw, size_max=400):
    """A line that says where and when it was written."""
    text = "".join(draw.choices("abcdefghij klmnop", k=draw.randrange(size_max)))
    return json.dumps({
        "event": "query_completion", "query_id": f"{file}-{number}", "query": text,
        "response": f"because of {number % 7}", "success": number % 3 != 0,
        "ts": 1_767_225_600 + number, "file": file, "generation": generation, "number": number})


class World:
    """Made anew for each case; gone after it, unless the case failed."""

    def __init__(self, seed, counts, folder=None):
        self.seed = seed
        self.draw = random.Random(seed)
        self.counts = counts
        self.folder = tempfile.mkdtemp(prefix="foldlog-faults-", dir=folder)
        self.data = f"{self.folder}/data"
        self.files = f"{self.folder}/files"
        os.mkdir(self.files)
        self.children = []
        #: What was done, in order: told when the case fails.
        self.story = []

    def note(self, text):
        self.story.append(text)

    def remove(self):
        for child in self.children:
            if child.poll() is None:
                child.kill()
                child.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    # Running

    def environment(self, **more):
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH")
                if name in os.environ}
        return {**kept, "FOLDLOG_DATA": self.data, **more}

    def start(self, *words, prefix=(), **more):
        """Starts foldlog; its messages go to a file that `messages` reads."""
        log = open(f"{self.folder}/messages-{len(self.children)}", "wb")
        child = subprocess.Popen(
            [*prefix, binary(), *words], env=self.environment(**more.pop("variables", {})),
            stdin=more.pop("stdin", subprocess.DEVNULL),
            stdout=more.pop("stdout", subprocess.DEVNULL), stderr=log, **more)
        log.close()
        child.messages_path = log.name
        self.children.append(child)
        return child

    def messages(self, child):
        with open(child.messages_path, "rb") as file:
            return file.read().decode(errors="replace")

    def run(self, *words, prefix=(), timeout=120, input=None, variables=None, program=None):
        result = subprocess.run(
            [*prefix, program or binary(), *words], env=self.environment(**(variables or {})),
            input=input, stdin=subprocess.DEVNULL if input is None else None, capture_output=True,
            timeout=timeout)
        result.errors = result.stderr.decode(errors="replace")
        return result

    def must(self, *words, **more):
        """Runs foldlog, which must succeed."""
        result = self.run(*words, **more)
        if result.returncode != 0:
            name = os.path.basename(more.get("program") or "foldlog")
            raise Failure(f"`{' '.join([name, *words])}` ended with {result.returncode}: "
                          f"{result.errors[-600:]}{result.stdout[-300:].decode(errors='replace')}")
        return result

    def kill(self, child):
        child.kill()
        child.wait()
        self.counts["kills"] += 1

    # What must hold

    def exported(self):
        if not os.path.exists(f"{self.data}/log/data.mdb"):
            return []
        return self.must("log", "export").stdout.decode().splitlines()

    def check(self, must, may=(), deep=False):
        """Each line that must be there is there once, one that may be there at most once, others
        never; lines of one file and generation are in their order."""
        stored = self.exported()
        found = collections.Counter(stored)
        may = set(may)
        lost = [text for text in must if not found[text]]
        doubled = [text for text, count in found.items() if count > 1]
        foreign = [text for text in found if text not in may and text not in must]
        self.counts["lost"] += len(lost)
        self.counts["doubled"] += len(doubled)
        self.counts["lines"] += len(stored)
        for name, texts in (("lost", lost), ("doubled", doubled), ("foreign", foreign)):
            if texts:
                if name == "doubled":
                    self.note(self.places(texts[0]))
                raise Failure(f"{len(texts)} lines {name} of {len(must)}: {texts[0][:120]} … "
                              f"{texts[-1][-120:]}")
        self.check_order(stored)
        self.must("log", "verify")
        if deep:
            self.must("project")
            self.must("verify")
            self.counts["views verified"] += 1

    def places(self, text):
        """Where the log has a line, and what it knows of sources."""
        shown = self.run("log", "show").stdout.decode().splitlines()
        mine = [row.rsplit("\t", 2)[0][-200:] + " " + row.split("\t")[4] for row in shown if text in row]
        return "\n  ".join(["", *mine, *self.run("status").stdout.decode().splitlines()])

    def check_order(self, stored):
        last = {}
        for text in stored:
            event = json.loads(text)
            key = (event["file"], event["generation"])
            if event["number"] < last.get(key, -1):
                raise Failure(f"line {event['number']} of {key} comes after {last[key]}")
            last[key] = event["number"]

    def wait_until(self, what, holds, limit_s=30):
        """Waits for something that must come about."""
        end = time.monotonic() + limit_s
        while not holds():
            if time.monotonic() > end:
                return self.fail_waiting(what, limit_s)
            time.sleep(0.05)

    def fail_waiting(self, what, limit_s):
        told = [self.messages(child)[-400:] for child in self.children[-2:]]
        raise Failure(f"not within {limit_s} s: {what}; messages: {told}")

    def write_lines(self, path, count, file="f", generation=0, size_max=400, first=0):
        """Writes lines to a file; returns them."""
        lines = [line(file, generation, first + n, self.draw, size_max) for n in range(count)]
        with open(path, "a") as out:
            out.write("".join(text + "\n" for text in lines))
        return lines
