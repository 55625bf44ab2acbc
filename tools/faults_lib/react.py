"""`foldlog react` killed at every system call, against a server that counts, for webhooks and for skills
that a model writes: no answer is lost, none counted twice, and what was asked for is counted in the
budget of the day, killed or not."""

import collections
import http.server
import json
import os
import shutil
import threading

from . import tracing
from .world import Failure, Skipped, World, binary, is_short

WANTS = 5
#: As many requests may be on their way, and held back in the budget, when a run is killed.
IN_FLIGHT = 4
PROMPTS = [
    "Mend the yaml of the nightly build before the orchard is shipped",
    "Add a page to the lantern importer that lists rows without a currency",
    "Explain why the tide gauge reads twice its height after midnight",
    "Move the euro signs of the checkout into a formatter with Swiss francs",
    "Write a test for the reducer of the basket that removes a row",
]


class CountingServer(http.server.ThreadingHTTPServer):
    """Answers each request with 200, and every seventh with 503; remembers what it answered well."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = collections.Counter()
        self.answered = collections.Counter()
        self.lock = threading.Lock()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, request, address):
        """A client that was killed is no fault."""

    def stop(self):
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 20

    def do_POST(self):
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        identity = self.headers["webhook-id"] or self.prompt(asked)
        with self.server.lock:
            self.server.asked[identity] += 1
            is_well = sum(self.server.asked.values()) % 7 != 0
            if is_well:
                self.server.answered[identity] += 1
        answer = b"" if self.headers["webhook-id"] or not is_well else self.skill(identity)
        self.send_response(200 if is_well else 503)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    @staticmethod
    def prompt(asked):
        """Which of the prompts a model is asked about."""
        question = json.loads(asked)["messages"][-1]["content"]
        return next(prompt for prompt in PROMPTS if prompt in question)

    @staticmethod
    def skill(prompt):
        written = {"name": prompt[:40], "description": f"How to {prompt}.", "prerequisites": [],
                   "steps": [f"Look at what `{prompt[5:30]}` is about.", "Do it."],
                   "tags": ["made"], "example": ""}
        return json.dumps({
            "model": "stub", "usage": {"prompt_tokens": 1_000, "completion_tokens": 100},
            "choices": [{"message": {"role": "assistant", "content": json.dumps(written)},
                         "finish_reason": "stop"}]}).encode()

    def log_message(self, *words):
        pass


def trial():
    path = f"{os.path.dirname(binary())}/ReactTrial"
    if os.access(path, os.X_OK):
        return path
    raise Skipped("ReactTrial is not built beside foldlog: swift build --product ReactTrial")


class Webhooks:
    """Each query is to be told, by a view of the trial program."""

    answer = "alert_sent"
    subjects = None

    def __init__(self):
        self.program = trial()
        self.words = []

    @staticmethod
    def settings(port):
        return f'[react]\nwebhook_url = "http://127.0.0.1:{port}/"\n'

    @staticmethod
    def line(number):
        return {"event": "query", "query_id": f"q{number}", "prompt": f"prompt {number}"}


class Skills:
    """Of each interaction a skill is to be written, by a model at a price."""

    answer = "skill_extracted"
    program = None
    words = ["react"]

    @staticmethod
    def settings(port):
        return (f'[react]\nchat_url = "http://127.0.0.1:{port}/v1"\nchat_model = "stub"\n'
                '[[prices]]\nmodel = "stub"\ninput = 1\noutput = 10\n'
                '[values.thresholds]\nhigh_value = 0.5\n')

    @staticmethod
    def line(number):
        return {"event": "task_completed", "stream": "ralph", "interaction_id": f"i{number}",
                "prompt": PROMPTS[number], "success": True, "tests_passed": True,
                "accepted": True, "rating": 5,
                "response": "Quote it.\n\n```yaml\nname: \"a: b\"\n```\nThen run it again."}


def run(seed, counts):
    tracing.require_strace()
    for scene in (Webhooks(), Skills()):
        run_scene(scene, seed, counts)


def run_scene(scene, seed, counts):
    world = World(seed, counts, "/dev/shm" if os.path.isdir("/dev/shm") else None)
    server = CountingServer()
    try:
        lines = [json.dumps({**scene.line(number), "file": "aidb-r", "generation": 0,
                             "number": number, "ts": 1_767_225_600 + number})
                 for number in range(WANTS)]
        path = f"{world.files}/aidb-r.jsonl"
        with open(path, "w") as file:
            file.write("\n".join(lines) + "\n")
        os.makedirs(world.data, mode=0o700, exist_ok=True)
        with open(f"{world.data}/foldlog.toml", "w") as file:
            file.write(scene.settings(server.server_port))
        world.must("ingest", path)
        shutil.copytree(world.data, f"{world.folder}/prepared")
        points = tracing.points(world, scene.words, program=scene.program)
        if is_short():
            points = world.draw.sample(points, 4)
        else:
            counts[f"runs over all calls of react, for {scene.answer}"] += 1
        for name, number in points:
            restore(world)
            server.asked.clear()
            server.answered.clear()
            kill_at(scene, world, server, name, number, lines)
    finally:
        server.stop()
        world.remove()


def restore(world):
    shutil.rmtree(world.data, ignore_errors=True)
    shutil.copytree(f"{world.folder}/prepared", world.data)


def kill_at(scene, world, server, name, number, lines):
    def must():
        return world.must(*scene.words, program=scene.program, variables=tracing.ONE_THREAD)

    killed = world.run(*scene.words, program=scene.program,
                       prefix=tracing.inject(name, number, "signal=KILL"),
                       variables=tracing.ONE_THREAD)
    is_killed = killed.returncode not in (0, 1, 64, 65, 66, 74, 75)
    world.counts["kills" if is_killed else "calls not reached"] += 1
    world.counts["calls"] += is_killed
    try:
        # Twice: what is done is not done again.
        must()
        asked = sum(server.asked.values())
        must()
        if sum(server.asked.values()) != asked:
            raise Failure("a want was done again that is answered")
        answers = collections.Counter(
            json.loads(text)["request_id"]
            for text in world.must("log", "export", "--kind", scene.answer).stdout.splitlines())
        if len(answers) != WANTS or len(server.answered) != WANTS:
            raise Failure(f"asked well {dict(server.answered)}, written down {dict(answers)}")
        if scene.program and set(answers) != set(server.answered):
            raise Failure(f"asked well {dict(server.answered)}, written down {dict(answers)}")
        if any(count != 1 for count in answers.values()):
            raise Failure(f"written down more than once: {dict(answers)}")
        check_budget(scene, world, server)
        world.check(dict.fromkeys(lines))
        world.must("log", "verify")
    except Failure as failure:
        raise Failure(
            f"react, {scene.answer}, killed at {name} number {number}: {failure}") from failure


def check_budget(scene, world, server):
    """What was asked for is counted, and no more than what a killed run may have held back."""
    report = json.loads(world.must("react", "--format", "json", "--limit", "1").stdout)
    asked = sum(server.asked.values())
    calls, cost = report["calls_today"], report["cost_today_usd"]
    if not asked <= calls <= asked + IN_FLIGHT:
        raise Failure(f"asked {asked} times, and {calls} calls are counted in the budget")
    # 1,000 tokens at 1 USD a million, 100 at 10: 0.002 each.
    least = 0.002 * sum(server.answered.values()) if scene.program is None else 0
    if cost < least - 1e-9:
        raise Failure(f"answers of {least} USD, and {cost} USD are counted in the budget")
