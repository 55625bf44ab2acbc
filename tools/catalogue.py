"""What views a binary has, by its own account."""

import subprocess


def views(binary):
    """The names of the views, in the order of `foldlog schema`."""
    shown = subprocess.run([binary, "schema"], stdout=subprocess.PIPE, check=True, text=True).stdout
    names = [line.split()[0] for line in shown.splitlines() if line.strip()]
    return [name for name in names if "/" not in name and name != "events"]
