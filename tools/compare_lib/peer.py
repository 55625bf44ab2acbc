"""What tools/compare has others do: take a workload in, and answer what foldlog's five views answer.

Each peer loads every field of the lines into a table of its own, and then makes five tables from it,
as near to foldlog's as its language has words for: interactions with their outcome and a score, error
messages without what varies in them, the effect of models and other factors on five metrics with
Welch's t, examples to train on, and deployments with their arms. It runs in a process of its own, so
that its memory is known, and prints one JSON object: seconds to load and to answer, bytes on disk,
and those numbers that must be the same whoever works them out.

usage: python3 -m compare_lib.peer NAME LINES DIRECTORY     (by tools/compare)
"""

import json
import resource
import sys
import time
from pathlib import Path

from .databases import ClickHouse, DuckDB, SQLite
from .frames import Polars


def answers(peer):
    """What every peer, and foldlog, must say alike."""
    return {
        "events": peer.rows("select count(*) from events")[0][0],
        "interactions": {f"{stream} {outcome}": n for stream, outcome, n in peer.rows(
            "select stream, outcome, count(*) from scored group by stream, outcome")},
        "errors": int(peer.rows("select sum(times) from errors")[0][0]),
        "deployments": {name: [n, m, round(quality or 0, 6), round(baseline or 0, 6)]
                        for name, n, m, quality, baseline in peer.rows(
            "select deployment_id, samples, baseline_samples, quality, baseline_quality "
            "from deployments")},
        "models": {level: [n, round(mean, 6)] for level, n, mean in peer.rows(
            "select level, n, mean from correlations "
            "where factor = 'model' and metric = 'success'")},
    }


PEERS = {"DuckDB": DuckDB, "ClickHouse": ClickHouse, "Polars": Polars, "SQLite": SQLite}


def main():
    name, lines, directory = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    directory.mkdir(parents=True)
    peer = PEERS[name](lines, directory)
    begin = time.perf_counter()
    peer.load()
    loaded = time.perf_counter()
    for statement in peer.statements():
        peer.run(statement)
    answered = time.perf_counter()
    said = answers(peer)
    begin_close = time.perf_counter()
    peer.close()
    closed = time.perf_counter() - begin_close
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({
        "load_s": loaded - begin, "answer_s": answered - loaded + closed,
        "cpu_s": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss * 1024,
        "disk": sum(file.stat().st_size for file in directory.rglob("*") if file.is_file()),
        "answers": said}))


if __name__ == "__main__":
    main()
