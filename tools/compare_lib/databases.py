"""DuckDB, ClickHouse and SQLite as peers of tools/compare, each with its best settings."""

import json
import re

from .fields import FLAGS, NESTED, REALS, TEXTS, WHOLE
from .statements import SQL


class DuckDB(SQL):
    def __init__(self, lines, directory):
        import duckdb
        self.lines, self.path = lines, directory / "duckdb.db"
        self.connection = duckdb.connect(str(self.path))
        self.connection.execute("set threads = 2; set preserve_insertion_order = true")

    def load(self):
        types = {**dict.fromkeys(TEXTS, "VARCHAR"), **dict.fromkeys(FLAGS, "BOOLEAN"),
                 **dict.fromkeys(WHOLE, "BIGINT"), **dict.fromkeys(REALS, "DOUBLE"),
                 **dict.fromkeys(NESTED, "JSON")}
        columns = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
        self.connection.execute(f"""create table events as
            select row_number() over () - 1 as o, * from read_json('{self.lines}',
              format = 'newline_delimited', columns = {{{columns}}})""")

    def run(self, statement):
        self.connection.execute(statement)

    def rows(self, query):
        return self.connection.execute(query).fetchall()

    def close(self):
        self.connection.execute("checkpoint")
        self.connection.close()


class ClickHouse(SQL):
    first, last, real, text = "argMin", "argMax", "Nullable(Float64)", "Nullable(String)"

    def __init__(self, lines, directory):
        from chdb.session import Session
        self.lines, self.path = lines, directory / "clickhouse"
        self.session = Session(str(self.path))
        self.run("create database if not exists d engine = Atomic")
        self.run("use d")
        self.run("set prefer_column_name_to_alias = 1")

    def template(self, of):
        return (f"replaceRegexpAll({of}, '[0-9]+|\\'[^\\']*\\'|\"[^\"]*\"|[^ ]*/[^ ]*', '<*>')")

    def error_text(self):
        return "error"

    def error_kind(self):
        return "error not in ('true', 'false') and error not like '{%'"

    def create(self, name, select):
        return (f"create table {name} engine = MergeTree order by tuple() "
                f"settings allow_nullable_key = 1 as {select}")

    def first_of(self, what, condition="true"):
        return f"argMinIf({what}, o, {what} is not null and {condition})"

    def last_of(self, what, condition="true"):
        return f"argMaxIf({what}, o, {what} is not null and {condition})"

    def count_of(self, condition):
        return f"countIf({condition})"

    def mean_of(self, what, condition):
        return f"avgIf({what}, {condition})"

    def load(self):
        types = {**dict.fromkeys(TEXTS, "Nullable(String)"), **dict.fromkeys(FLAGS, "Nullable(Bool)"),
                 **dict.fromkeys(WHOLE, "Nullable(Int64)"),
                 **dict.fromkeys(REALS, "Nullable(Float64)"),
                 **dict.fromkeys(NESTED, "Nullable(String)")}
        columns = ", ".join(f"`{name}` {kind}" for name, kind in types.items())
        self.run(f"create table events (o UInt64, {columns}) engine = MergeTree order by o")
        self.run(f"""insert into events select rowNumberInAllBlocks(), *
            from file('{self.lines}', JSONEachRow, '{columns}')
            settings input_format_parallel_parsing = 1, input_format_json_read_objects_as_strings = 1,
              input_format_json_read_arrays_as_strings = 1,
              input_format_json_read_bools_as_strings = 1, max_insert_threads = 1""")

    def run(self, statement):
        self.session.query(statement)

    def rows(self, query):
        text = str(self.session.query(query, "JSONCompactEachRow"))
        return [json.loads(line) for line in text.splitlines()]

    def close(self):
        self.session.close()


class Variance:
    """The sample variance, which SQLite does not have."""

    def __init__(self):
        self.n, self.mean, self.squares = 0, 0.0, 0.0

    def step(self, value):
        if value is not None:
            self.n += 1
            away = value - self.mean
            self.mean += away / self.n
            self.squares += away * (value - self.mean)

    def finalize(self):
        return self.squares / (self.n - 1) if self.n > 1 else None


class SQLite(SQL):
    real, text = "real", "text"

    def __init__(self, lines, directory):
        import sqlite3
        self.lines, self.path = lines, directory / "sqlite.db"
        self.connection = sqlite3.connect(self.path)
        varying = re.compile("[0-9]+|'[^']*'|\"[^\"]*\"|[^ ]*/[^ ]*")
        self.connection.create_function(
            "template", 1, lambda text: text and varying.sub("<*>", text), deterministic=True)
        self.connection.create_aggregate("var_samp", 1, Variance)
        self.connection.executescript(
            "pragma journal_mode = wal; pragma synchronous = normal;"
            "pragma cache_size = -1000000; pragma temp_store = memory")

    def template(self, of):
        return f"template({of})"

    def error_text(self):
        return "error"

    def error_kind(self):
        return "typeof(error) = 'text' and error not like '{%'"

    def ordered(self, which, what, condition):
        """What stands first or last: its place before it, as text, which is cut off again."""
        return (f"substr({which}(printf('%012d', o) || {what}) "
                f"filter (where {what} is not null and {condition}), 13)")

    def first_of(self, what, condition="true"):
        return self.ordered("min", what, condition)

    def last_of(self, what, condition="true"):
        return self.ordered("max", what, condition)

    def number(self, value):
        return f"cast({value} as real)"

    def load(self):
        names = TEXTS + FLAGS + WHOLE + REALS + NESTED
        self.connection.execute(f"""create table events (o integer primary key,
            {", ".join(f'"{name}"' for name in names)})""")
        # SQLite reads no files of lines: each is handed over, and taken apart by its own JSON.
        fields = ", ".join(f"json_extract(line, '$.{name}')" for name in names)
        with open(self.lines, encoding="utf-8") as file:
            self.connection.executemany(
                f"insert into events select o, {fields} from (select ? as o, ? as line)",
                enumerate(file))
        self.connection.commit()

    def run(self, statement):
        self.connection.execute(statement)

    def rows(self, query):
        return self.connection.execute(query).fetchall()

    def close(self):
        self.connection.commit()
        self.connection.execute("pragma wal_checkpoint(truncate)")
        self.connection.close()
