"""Names of any bytes but zero and the slash, wherever one is given."""

import os
import subprocess

from .world import Failure, World, binary, is_short

FILES = 25
FILES_SHORT = 6
#: More than a pipe takes at once, so that the rest of an answer has to lie somewhere.
SPOOLED_LINES = 1_000
#: What is hard for somebody: options, patterns, shells, Unicode, terminals, foldlog's own escapes.
PIECES = [b"-", b"--", b"--follow", b"*", b"?", b"[", b"]", b"\\", b"\n", b"\r\n", b"\t", b" ", b"'",
          b'"', b"=", b"~", b"\x1b[31m", b"\x7f", b"\xff", b"\xe9", b"\xc3", b"\xc3\xa9", b"e\xcc\x81",
          b"\xcc\x81", b"\xf4\x8f\xbf\xa9", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\xe2\x80\xae",
          b"$HOME", b"%s", b"7", b"a", b"z", b"\\xe9", b"#"]
OPTIONS = (b"--follow", b"--strict", b"--stream", b"--source", b"--data", b"--no-project")


def odd_name(draw, size_max=240):
    """A name, of pieces or of any bytes at all."""
    while True:
        if draw.random() < 0.5:
            name = b"".join(draw.choices(PIECES, k=draw.randrange(1, 8)))
        else:
            name = bytes(draw.choices([b for b in range(1, 256) if b != 0x2f],
                                      k=draw.choice([1, 2, 5, 20, size_max])))
        name = name[:size_max]
        # A file that is called as an option is one, where options are looked for.
        is_option = name == b"-h" or name.split(b"=")[0] in OPTIONS
        if name not in (b".", b"..", b"-") and not is_option:
            return name


def foldlog(world, *words, input=None, **variables):
    environment = {name.encode(): os.fsencode(value) for name, value in world.environment().items()}
    environment.update({name.encode(): value for name, value in variables.items()})
    result = subprocess.run([os.fsencode(binary()), *words], env=environment, input=input,
                            stdin=subprocess.DEVNULL if input is None else None,
                            capture_output=True, timeout=120, cwd=world.files)
    world.note(f"{words}: {result.returncode}")
    if result.returncode != 0:
        raise Failure(f"{words} ended with {result.returncode}: {result.stderr[-300:]}")
    return result.stdout


def run(seed, counts):
    world = World(seed, counts)
    draw = world.draw
    try:
        names = set()
        while len(names) < (FILES_SHORT if is_short() else FILES):
            names.add(odd_name(draw))
        data = os.fsencode(world.folder) + b"/" + odd_name(draw)
        place = draw.choice([{"FOLDLOG_DATA": data}, {"XDG_DATA_HOME": data, "FOLDLOG_DATA": b""},
                             {"HOME": data, "FOLDLOG_DATA": b""}])
        sources = take(world, draw, sorted(names), place)
        check(world, sources, place)
        spool(world, odd_name(draw), place)
        counts["names"] += len(sources)
    except Failure as failure:
        raise Failure(f"{failure}; {world.story[-6:]}") from failure
    finally:
        # What lies under such names shutil removes by bytes.
        world.folder = os.fsencode(world.folder)
        world.remove()


def take(world, draw, names, place):
    """Takes lines in under each name, as a file, in a folder or from a pipe; what each gave."""
    sources = {}
    files = os.fsencode(world.files)
    for number, name in enumerate(names):
        text = "".join(f"{line}\n" for line in made(world, draw, f"f{number}")).encode()
        way = draw.randrange(4)
        if way == 0:
            foldlog(world, b"ingest", b"--stream", b"aidb", b"--source", name, input=text, **place)
            sources[name] = text
            continue
        given = name + b".jsonl"
        if way == 1:
            os.mkdir(files + b"/" + name)
            given = name + b"/" + odd_name(draw, 100).lstrip(b".").rstrip(b"~") + b"-.jsonl"
        with open(files + b"/" + given, "wb") as file:
            file.write(text)
        # A folder, or a file as the shell gives it.
        words = [name] if way == 1 else [given]
        if way == 3:
            words = [b"--", *words]
        foldlog(world, b"ingest", b"--stream", b"aidb", *words, **place)
        sources[given] = text
    return sources


def made(world, draw, file):
    return world.write_lines(f"{world.folder}/{file}", draw.randrange(1, 20), file)


def check(world, sources, place):
    everything = foldlog(world, b"log", b"export", **place)
    wanted = b"".join(sources.values())
    world.counts["lines"] += everything.count(b"\n")
    for what, count in (("lost", len(wanted) - len(everything)),
                        ("doubled", len(everything) - len(wanted))):
        if count > 0:
            world.counts[what] += 1
            raise Failure(f"{count} bytes {what}")
    if sorted(everything.splitlines()) != sorted(wanted.splitlines()):
        raise Failure("other lines than were given")
    for name, text in sources.items():
        if foldlog(world, b"log", b"export", b"--source", name, **place) != text:
            raise Failure(f"--source {name} gives other lines than came from it")
    foldlog(world, b"verify", **place)
    # Whatever names stand in it, what is shown is text.
    foldlog(world, b"status", **place).decode()
    foldlog(world, b"log", b"show", b"--format", b"json", **place).decode()


def spool(world, name, place):
    """An answer that nobody takes lies under $TMPDIR, whatever that is called."""
    folder = os.fsencode(world.folder) + b"/tmp-" + name[:200]
    os.mkdir(folder)
    text = "".join(f"{line}\n" for line in world.write_lines(
        f"{world.folder}/spooled", SPOOLED_LINES, "spooled")).encode()
    foldlog(world, b"ingest", b"--stream", b"aidb", input=text, **place)
    environment = {name.encode(): os.fsencode(value) for name, value in world.environment().items()}
    environment.update({name.encode(): value for name, value in place.items()})
    environment[b"TMPDIR"] = folder
    child = subprocess.Popen([os.fsencode(binary()), b"query", b"values", b"--format", b"jsonl"],
                             env=environment, stdout=subprocess.PIPE)
    try:
        world.wait_until("the answer lies under $TMPDIR", lambda: any(
            link.startswith(folder + b"/") for link in links(child.pid)))
        child.stdout.read()
        if child.wait(30) != 0:
            raise Failure(f"query ended with {child.returncode}")
    finally:
        child.kill()
        child.stdout.close()
        child.wait()


def links(process):
    """Where the descriptors of a process lead."""
    folder = f"/proc/{process}/fd".encode()
    found = []
    for name in os.listdir(folder):
        try:
            found.append(os.readlink(folder + b"/" + name))
        except FileNotFoundError:
            pass
    return found
