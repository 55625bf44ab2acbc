"""Polars as a peer of tools/compare."""

from .fields import CLOSING, FACTORS, FLAGS, METRICS, NESTED, REALS, TEXTS, TRAFFIC, WHOLE


class Polars:
    """The same five tables, in its own words; it keeps nothing but what it writes as Parquet."""

    def __init__(self, lines, directory):
        import polars
        self.pl, self.lines, self.directory = polars, lines, directory
        self.tables = {}

    def load(self):
        pl = self.pl
        schema = {**dict.fromkeys(TEXTS, pl.String), **dict.fromkeys(FLAGS, pl.Boolean),
                  **dict.fromkeys(WHOLE, pl.Int64), **dict.fromkeys(REALS, pl.Float64),
                  **dict.fromkeys(NESTED, pl.String)}
        frame = pl.read_ndjson(self.lines, schema=schema).with_row_index("o")
        frame.write_parquet(self.directory / "events.parquet", compression="zstd")
        self.tables["events"] = frame

    def statements(self):
        yield from [self.interactions, self.errors, self.correlations, self.datasets,
                    self.deployments]

    def run(self, statement):
        statement()

    def named(self):
        pl = self.pl
        col, either = pl.col, pl.coalesce
        closing = col("kind").is_in(CLOSING) | (
            (col("kind") == "error") & (col("id").is_not_null() | col("prompt").is_not_null()))
        verdict = (
            pl.when(col("kind").is_in(["feedback", "learning_feedback"]))
            .then(pl.when(col("accepted")).then(61).when(~col("accepted")).then(60))
            .when(~col("closes")).then(None)
            .when(col("accepted")).then(61).when(~col("accepted")).then(60)
            .when(col("tests_passed")).then(51).when(~col("tests_passed")).then(50)
            .when(col("exit_code") == 0).then(41).when(col("exit_code") != 0).then(40)
            .when(col("success")).then(31).when(~col("success")).then(30)
            .when(col("status").is_in(["completed", "success", "ok", "done"])).then(21)
            .when(col("status").is_in(["stopped", "cancelled"])).then(25)
            .when(col("status").is_in(["failed", "rejected", "error", "timeout"])).then(20)
            .when((col("kind") == "error") | col("kind").str.ends_with("_failed")).then(10)
            .otherwise(11))
        rating = (pl.when(col("rating") <= 2).then(-1).when(col("rating") >= 4).then(1)
                  .when(col("rating") == 3).then(0))
        said = col("error")
        said = pl.when(~said.is_in(["true", "false"]) & ~said.str.starts_with("{")).then(said)
        return self.tables["events"].lazy().with_columns(
            kind=either("event", "event_type"),
            id=either("interaction_id", "task_id", "query_id", "completion_id"),
            prompt=either("prompt", "query"), model=either("model", "model_used"),
            success=either("success", "passed"),
            latency_ms=either("latency_ms", "execution_time_ms", col("duration_s") * 1000),
            tokens_input=either("tokens_input", "tokens_in"),
            tokens_output=either("tokens_output", "tokens_out"),
            feedback=either("user_feedback", rating),
            iterations=either("total_iterations", "iteration"),
            error_message=either("error_message", said.str.strip_chars('"')),
        ).with_columns(closes=closing).with_columns(
            verdict=verdict, key=either("id", "line " + col("o").cast(pl.String)))

    def interactions(self):
        pl = self.pl
        col = pl.col

        first = lambda name: col(name).drop_nulls().first()
        last = lambda name: col(name).drop_nulls().last()
        frame = self.named().filter(
            (col("kind") != "ab_result") & (col("id").is_not_null() | col("closes"))
        ).group_by("stream", "key").agg(
            col("o").filter(col("closes")).min(), col("closes").any(), col("kind").filter(col("closes")).drop_nulls().first(),
            first("session_id"), first("prompt"),
            col("response").filter(col("closes")).drop_nulls().last(),
            *[first(name) for name in FACTORS[:-2]], col("verdict").max(), last("feedback"),
            col("iterations").max(), *[last(name) for name in METRICS[1:]],
        ).filter(col("closes")).sort("o")
        times = lambda name: pl.when(col(name).is_not_null()).then(pl.len().over(name))
        kind = col("verdict") % 10
        by_kind = lambda one, five, other: (
            pl.when(kind == 1).then(one).when(kind == 5).then(five).otherwise(other))
        self.keep("scored", frame.with_columns(
            success=kind, outcome=by_kind(pl.lit("success"), pl.lit("partial"), pl.lit("failure")),
            score=0.4 * by_kind(1.0, 0.4, 0.1) + 0.1 * (col("feedback").fill_null(0) + 1)
            + 0.2 * (times("prompt").fill_null(0) / 10).clip(0, 1) + 0.05
            + pl.when(times("response") > 1).then(0.0).otherwise(0.1)).collect())

    def errors(self):
        col = self.pl.col
        template = col("error_message").str.replace_all(
            "[0-9]+|'[^']*'|\"[^\"]*\"|[^ ]*/[^ ]*", "<*>")
        lines = self.named().filter(col("error_message").is_not_null()).with_columns(
            template=template, mended=col("kind").is_in(["error_resolved", "error_resolution"]))
        self.keep("errors", lines.filter(~col("mended")).group_by("template").agg(
            times=self.pl.len(), first=col("o").min(), last=col("o").max(),
            sessions=col("session_id").n_unique(), error_type=col("error_type").min()).collect())
        self.keep("fixes", lines.filter("mended").group_by("template").agg(
            times=self.pl.len(), o=col("o").min()).collect())

    def correlations(self):
        pl = self.pl
        col = pl.col
        scored = self.tables["scored"].lazy().with_columns(success=(col("success") == 1) * 1.0)
        parts = []
        for factor in FACTORS:
            of = scored.filter(col(factor).is_not_null()).with_columns(
                level=col(factor).cast(pl.String))
            for metric in METRICS:
                value = col(metric).cast(pl.Float64)
                parts.append(of.group_by("level").agg(
                    n=value.count(), mean=value.mean(), variance=value.var(), total=value.sum(),
                    squares=(value * value).sum(),
                ).with_columns(
                    n_all=col("n").sum(), sum_all=col("total").sum(),
                    squares_all=col("squares").sum(), factor=pl.lit(factor),
                    metric=pl.lit(metric)))
        rest = col("n_all") - col("n")
        others = col("sum_all") - col("total")
        spread = (col("squares_all") - col("squares") - others * others / rest) / (rest - 1)
        self.keep("correlations", pl.concat(parts).filter((col("n") >= 2) & (rest >= 2)).with_columns(
            mean_without=others / rest,
            t=(col("mean") - others / rest) / (col("variance") / col("n") + spread / rest).sqrt(),
        ).collect())

    def datasets(self):
        col = self.pl.col
        self.keep("datasets", self.tables["scored"].lazy().filter(
            (col("score") >= 0.7) & col("prompt").is_not_null() & col("response").is_not_null()
            & ~col("prompt").str.starts_with("sha256:")
        ).group_by("prompt").agg(col("score").max(), col("response").last(), col("o").min()).collect())

    def deployments(self):
        col = self.pl.col
        kind = self.pl.coalesce("event", "event_type")
        # Results count afresh after each change of the traffic.
        since = col("o").filter(kind.is_in(TRAFFIC)).max()
        arm = lambda name: (col("arm") == name) & (col("o") > since)
        self.keep("deployments", self.tables["events"].lazy().filter(
            col("deployment_id").is_not_null()).group_by("deployment_id").agg(
            status=kind.last(), model=col("model").min(),
            samples=arm("deployment").sum(), baseline_samples=arm("baseline").sum(),
            quality=col("quality_score").filter(arm("deployment")).mean(),
            baseline_quality=col("quality_score").filter(arm("baseline")).mean(),
            latency_ms=col("latency_ms").filter(arm("deployment")).mean()).collect())

    def keep(self, name, frame):
        frame.write_parquet(self.directory / f"{name}.parquet", compression="zstd")
        self.tables[name] = frame

    def rows(self, query):
        """The questions of `answers` are SQL; over these tables Polars understands it."""
        return self.pl.SQLContext(self.tables, eager=True).execute(query).rows()

    def close(self):
        pass
