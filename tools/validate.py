#!/usr/bin/env python3
"""Checks lines of events, or rows of a view, against schemas/.

usage: tools/validate.py events [FILE...]     lines; all of fixtures/*-events.jsonl without a FILE
       tools/validate.py view NAME < ROWS     rows, as `foldlog query NAME --format json|jsonl` gives
       tools/validate.py question NAME < ROWS the same of a question, by schemas/questions

A line's stream is its own `stream`, else that of the file's name. Lines that are no JSON object are
counted, and are no failure: they are what quarantine is for. Rows must be in the order of their key.
Prints counts and the first failures. Exit status: 0 all valid, 1 not, 64 wrong usage.

Needs the package jsonschema (Debian: python3-jsonschema).
"""

import json
import pathlib
import sys
from collections import Counter

from jsonschema import Draft202012Validator

ROOT = pathlib.Path(__file__).resolve().parent.parent
STREAMS = {"ralph": "ralph", "aidb": "aidb", "hybrid": "hybrid", "editor": "editor",
           "vscode": "editor"}
SHOWN = 10


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def validator(schema):
    """A validator that knows the schema of the fields by its name."""
    fields = load(ROOT / "schemas/events/fields.schema.json")
    try:
        from referencing import Registry, Resource
        registry = Registry().with_resource(fields["$id"], Resource.from_contents(fields))
        return Draft202012Validator(schema, registry=registry)
    except ImportError:  # jsonschema before 4.18
        from jsonschema import RefResolver
        resolver = RefResolver.from_schema(schema, store={fields["$id"]: fields})
        return Draft202012Validator(schema, resolver=resolver)


class Report:
    def __init__(self):
        self.counts, self.shown = Counter(), 0

    def check(self, validator, value, what, where):
        errors = sorted(validator.iter_errors(value), key=lambda e: list(map(str, e.path)))
        self.counts[f"{what}: {'invalid' if errors else 'valid'}"] += 1
        if errors:
            place = "/".join(map(str, errors[0].path)) or "the whole"
            self.fail(f"{where}: {place}: {errors[0].message}")

    def fail(self, message):
        self.counts["failures"] += 1
        if self.shown < SHOWN:
            self.shown += 1
            print(message[:400], file=sys.stderr)

    def end(self):
        for name, count in sorted(self.counts.items()):
            if name != "failures":
                print(f"{name} {count}")
        return 1 if self.counts["failures"] else 0


def not_json(name):
    raise ValueError(f"{name} is not JSON")


def check_events(paths):
    validators = {stream: validator(load(ROOT / f"schemas/events/{stream}.schema.json"))
                  for stream in set(STREAMS.values())}
    report = Report()
    for path in paths or sorted((ROOT / "fixtures").glob("*-events.jsonl")):
        path = pathlib.Path(path)
        named = path.name.split("-")[0]
        for number, raw in enumerate(path.read_bytes().split(b"\n"), 1):
            if not raw.strip(b" \t\r"):
                continue
            try:
                line = json.loads(raw.decode("utf-8"), parse_constant=not_json)
            except ValueError:
                line = None
            if not isinstance(line, dict):
                report.counts[f"{path.name}: no event"] += 1
                continue
            own = line.get("stream")
            stream = STREAMS.get(own if isinstance(own, str) else "") or STREAMS.get(named)
            if stream is None:
                report.fail(f"{path.name}:{number}: its stream is open")
            else:
                report.check(validators[stream], line, path.name, f"{path.name}:{number}")
    return report.end()


def rows_of(text):
    try:
        answer = json.loads(text, parse_constant=not_json)
        if isinstance(answer, dict) and isinstance(answer.get("rows"), list):
            return answer["rows"]
    except ValueError:
        pass
    return [json.loads(line, parse_constant=not_json) for line in text.splitlines() if line]


def key_of(schema, row):
    def rank(value):
        return (value is not None,
                value.encode("utf-8") if isinstance(value, str) else value)
    return [rank(row.get(field)) for field in schema["x-key"]]


def check_rows(name, folder="views"):
    path = ROOT / "schemas" / folder / (name.replace("/", "-") + ".schema.json")
    if not path.exists():
        print(f"no such table: {name}", file=sys.stderr)
        return 64
    schema, report, before = load(path), Report(), None
    check, columns = validator(schema), list(schema["properties"])
    try:
        rows = rows_of(sys.stdin.read())
    except ValueError as error:
        print(f"the rows are not JSON: {error}", file=sys.stderr)
        return 1
    for number, row in enumerate(rows):
        report.check(check, row, name, f"row {number}")
        if not isinstance(row, dict):
            continue
        if list(row) != columns:
            report.fail(f"row {number}: its fields are not in the order of the schema")
        if "x-key" not in schema:
            continue
        key = key_of(schema, row)
        if before is not None and key <= before:
            report.fail(f"row {number}: not in the order of {', '.join(schema['x-key'])}")
        before = key
    return report.end() if rows else (print(f"{name}: no rows") or 0)


def main(arguments):
    if arguments[:1] == ["events"]:
        return check_events(arguments[1:])
    if arguments[:1] == ["view"] and len(arguments) == 2:
        return check_rows(arguments[1])
    if arguments[:1] == ["question"] and len(arguments) == 2:
        return check_rows(arguments[1], "questions")
    print(__doc__.split("\n\n")[1], file=sys.stderr)
    return 64


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
