"""The five tables of a peer of tools/compare as SQL."""

from .fields import CLOSING, FACTORS, METRICS, TRAFFIC


def quoted(words):
    return ", ".join(f"'{word}'" for word in words)


class SQL:
    """The five tables as statements; what an engine spells otherwise it says itself."""

    first, last, real, text = "arg_min", "arg_max", "double", "varchar"

    def template(self, of):
        """The message without numbers, quoted texts and paths."""
        return (f"regexp_replace({of}, '[0-9]+|''[^'']*''|\"[^\"]*\"|[^ ]*/[^ ]*', '<*>', 'g')")

    def error_text(self):
        """What the member `error` says, where it is a text."""
        return "json_extract_string(error, '$')"

    def error_kind(self):
        return "json_type(error) = 'VARCHAR'"

    def create(self, name, select):
        return f"create table {name} as {select}"

    def first_of(self, what, condition="true"):
        return f"{self.first}({what}, o) filter (where {what} is not null and {condition})"

    def last_of(self, what, condition="true"):
        return f"{self.last}({what}, o) filter (where {what} is not null and {condition})"

    def count_of(self, condition):
        return f"count(*) filter (where {condition})"

    def mean_of(self, what, condition):
        return f"avg({what}) filter (where {condition})"

    def number(self, value):
        return value

    def key(self):
        return f"coalesce(id, 'line ' || cast(o as {self.text}))"

    def statements(self):
        closes = f"(kind in ({quoted(CLOSING)}) or (kind = 'error' and (id is not null or prompt is not null)))"
        yield self.create("named", f"""
            select o, stream, coalesce(event, event_type) as kind,
              coalesce(interaction_id, task_id, query_id, completion_id) as id,
              session_id, coalesce(prompt, query) as prompt, response,
              coalesce(model, model_used) as model, llm_used, is_local, backend, extension,
              profile, agent_type, task_type, cache_hit, exit_code, tests_passed, accepted,
              coalesce(success, passed) as success, status, cost_usd,
              coalesce(latency_ms, execution_time_ms, duration_s * 1000) as latency_ms,
              coalesce(tokens_input, tokens_in) as tokens_input,
              coalesce(tokens_output, tokens_out) as tokens_output,
              coalesce(user_feedback, case when rating <= 2 then -1 when rating >= 4 then 1
                when rating = 3 then 0 end) as feedback,
              coalesce(total_iterations, iteration) as iterations,
              coalesce(error_message, case when {self.error_kind()} then {self.error_text()} end)
                as error_message, error_type
            from events""")
        # A person's word, then tests, exit codes, the tool's own word, and its status.
        verdict = f"""case
              when kind in ('feedback', 'learning_feedback') then
                case when accepted then 61 when not accepted then 60 end
              when not {closes} then null
              when accepted then 61 when not accepted then 60
              when tests_passed then 51 when not tests_passed then 50
              when exit_code = 0 then 41 when exit_code <> 0 then 40
              when success then 31 when not success then 30
              when status in ('completed', 'success', 'ok', 'done') then 21
              when status in ('stopped', 'cancelled') then 25
              when status in ('failed', 'rejected', 'error', 'timeout') then 20
              when kind = 'error' or kind like '%_failed' then 10 else 11 end"""
        # Feedback may name a completion by an id that nothing else has.
        yield self.create("interactions", f"""
            select stream, key as id, min(case when closes then o end) as o,
              {self.first_of("kind", "closes")} as kind,
              {self.first_of("session_id")} as session_id,
              {self.first_of("prompt")} as prompt, {self.last_of("response", "closes")} as response,
              {", ".join(f"{self.first_of(name)} as {name}" for name in FACTORS[:-2])},
              max(verdict) as verdict, {self.number(self.last_of("feedback"))} as feedback,
              max(iterations) as iterations,
              {", ".join(f"{self.number(self.last_of(name))} as {name}" for name in METRICS[1:])}
            from (select *, {self.key()} as key, {closes} as closes, {verdict} as verdict
              from named where kind <> 'ab_result' and (id is not null or {closes})) as lines
            group by stream, key having max(case when closes then 1 else 0 end) = 1""")
        yield self.create("scored", """
            select i.*, verdict % 10 as success,
              case verdict % 10 when 1 then 'success' when 5 then 'partial' else 'failure' end
                as outcome,
              0.4 * case verdict % 10 when 1 then 1 when 5 then 0.4 else 0.1 end
                + 0.2 * (coalesce(feedback, 0) + 1) / 2
                + 0.2 * case when prompts > 10 then 1 else coalesce(prompts, 0) / 10.0 end
                + 0.1 * 0.5 + 0.1 * case when responses > 1 then 0 else 1 end as score
            from interactions i
            left join (select prompt as asked, count(*) as prompts from interactions group by 1) p
              on asked = i.prompt
            left join (select response as answered, count(*) as responses from interactions
              group by 1) r on answered = i.response""")
        yield self.create("errors", f"""
            select {self.template("error_message")} as template, count(*) as times, min(o) as first,
              max(o) as last, count(distinct session_id) as sessions, min(error_type) as error_type
            from named where error_message is not null and kind not in ('error_resolved',
              'error_resolution') group by 1""")
        yield self.create("fixes", f"""
            select {self.template("n.error_message")} as template, count(*) as times, min(n.o) as o
            from named n where kind in ('error_resolved', 'error_resolution') group by 1""")
        parts = []
        for factor in FACTORS:
            for metric in METRICS:
                value = "case when success = 1 then 1.0 else 0.0 end" if metric == "success" else metric
                parts.append(f"""
                  select '{factor}' as factor, cast({factor} as {self.text}) as level,
                    '{metric}' as metric, count({value}) as n, avg({value}) as mean,
                    var_samp({value}) as variance, sum(count({value})) over () as n_all,
                    sum(sum({value})) over () as sum_all,
                    sum(sum({value} * cast({value} as {self.real}))) over () as squares_all,
                    sum({value}) as total, sum({value} * cast({value} as {self.real})) as squares
                  from scored where {factor} is not null group by {factor}""")
        yield self.create("sums", " union all ".join(parts))
        rest = "(squares_all - squares - (sum_all - total) * (sum_all - total) / (n_all - n)) / (n_all - n - 1)"
        yield self.create("correlations", f"""
            select factor, level, metric, n, n_all - n as n_without, mean,
              (sum_all - total) / (n_all - n) as mean_without,
              (mean - (sum_all - total) / (n_all - n))
                / nullif(sqrt(abs(variance / n + {rest} / (n_all - n))), 0) as t
            from sums where n >= 2 and n_all - n >= 2""")
        yield self.create("datasets", f"""
            select prompt, max(score) as score, {self.last_of("response")} as response, min(o) as o
            from scored where score >= 0.7 and prompt is not null and response is not null
              and prompt not like 'sha256:%' group by prompt""")
        # Results count afresh after each change of the traffic.
        yield self.create("deployments", f"""
            select e.deployment_id, {self.last_of("kind")} as status, min(e.model) as model,
              {self.count_of("e.arm = 'deployment' and e.o > since")} as samples,
              {self.count_of("e.arm = 'baseline' and e.o > since")} as baseline_samples,
              {self.mean_of("e.quality_score", "e.arm = 'deployment' and e.o > since")} as quality,
              {self.mean_of("e.quality_score", "e.arm = 'baseline' and e.o > since")} as baseline_quality,
              {self.mean_of("e.latency_ms", "e.arm = 'deployment' and e.o > since")} as latency_ms
            from (select *, coalesce(event, event_type) as kind from events
              where deployment_id is not null) as e
            left join (select deployment_id as changed, max(o) as since from events
              where coalesce(event, event_type) in ({quoted(TRAFFIC)}) group by 1) as c
              on changed = e.deployment_id
            group by e.deployment_id""")
