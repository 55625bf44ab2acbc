"""Runs foldlog under strace: which system calls it makes, and one of them made to fail or to kill.

strace counts its injections a call's name and thread, so the program runs with one thread."""

import collections
import os
import re
import shutil
import subprocess

from .world import Skipped

ONE_THREAD = {"FOLDLOG_THREADS": "1"}
CALL = re.compile(r"^(?:\[pid +\d+\] |\d+ +)?(\w+)\((.*)$")


def require_strace():
    if not shutil.which("strace"):
        raise Skipped("strace is not installed")
    tried = subprocess.run(["strace", "-qq", "-e", "inject=getppid:error=EIO", "true"],
                           capture_output=True)
    if tried.returncode != 0:
        raise Skipped("processes may not be traced here")


def calls(world, words, program=None):
    """How often each system call is made once the data directory is opened, and how often before.

    Returns two counters by name: of all calls, and of those before."""
    trace = f"{world.folder}/trace"
    prefix = ["strace", "-f", "-qq", "-o", trace]
    world.must(*words, prefix=prefix, variables=ONE_THREAD, program=program)
    before, every = collections.Counter(), collections.Counter()
    is_open = False
    with open(trace, errors="replace") as lines:
        for text in lines:
            match = CALL.match(text)
            if not match:
                continue
            is_open = is_open or f"{world.data}/" in match[2]
            every[match[1]] += 1
            if not is_open:
                before[match[1]] += 1
    return every, before


def points(world, words, wanted=None, program=None):
    """Every (name, number) of a system call behind the opening of the data directory."""
    every, before = calls(world, words, program)
    found = []
    for name, count in sorted(every.items()):
        if name in ("execve", "exit_group", "exit", "rt_sigreturn", "restart_syscall"):
            continue
        if wanted is None or name in wanted:
            found += [(name, number) for number in range(before[name] + 1, count + 1)]
    return found


def inject(name, number, what, when=None):
    return ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={name}", "-e",
            f"inject={name}:{what}:when={when or number}"]
