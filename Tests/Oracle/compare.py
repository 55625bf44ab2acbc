#!/usr/bin/env python3
"""Compares what foldlog makes of made-up interactions with the oracle's computation, to 1e-9.

usage: compare.py FOLDLOG [N] [SEED]
"""

import decimal
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
NUMBERS = ["score", "outcome_quality", "feedback", "reusability", "complexity", "novelty", "confidence"]
WORDS = ["outcome", "outcome_basis", "tier"]


def lines(command, **options):
    text = subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout
    return [json.loads(line, parse_float=decimal.Decimal) for line in text.splitlines() if line]


def main():
    foldlog = sys.argv[1]
    count = sys.argv[2] if len(sys.argv) > 2 else "4000"
    seed = sys.argv[3] if len(sys.argv) > 3 else "1"
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "interactions.jsonl")
        with open(path, "w") as file:
            subprocess.run(
                [sys.executable, os.path.join(HERE, "make_interactions.py"), count, "--seed", seed],
                check=True, stdout=file)
        data = os.path.join(folder, "data")
        subprocess.run([foldlog, "--data", data, "ingest", path], check=True, capture_output=True)
        found = {
            row["offset"]: row
            for row in lines([foldlog, "--data", data, "query", "values", "--format", "jsonl"])}
        expected = {
            row["offset"]: row
            for row in lines([sys.executable, os.path.join(HERE, "value_oracle.py"), path])}
        with open(path) as file:
            events = file.read().splitlines()
    wrong = 0
    for offset in sorted(found.keys() | expected.keys()):
        row, oracle = found.get(offset), expected.get(offset)
        if row is None or oracle is None:
            differences = ["only the oracle has it" if row is None else "only foldlog has it"]
        else:
            differences = [
                f"{name}: {row[name]} where {oracle[name]} was expected"
                for name in NUMBERS
                if abs(decimal.Decimal(row[name]) - decimal.Decimal(oracle[name])) > decimal.Decimal("1e-9")]
            differences += [
                f"{name}: {row[name]} where {oracle[name]} was expected"
                for name in WORDS if row[name] != oracle[name]]
        if differences:
            wrong += 1
            if wrong <= 10:
                print(f"event {offset}: {'; '.join(differences)}\n  {events[offset][:300]}")
    print(f"{len(found)} rows, {len(expected)} expected, {wrong} differ")
    return 1 if wrong or not expected else 0


sys.exit(main())
