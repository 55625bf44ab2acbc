"""`foldlog react` killed at every system call, against a server that counts: no answer is lost, none
counted twice."""

import collections
import http.server
import json
import os
import shutil
import threading

from . import tracing
from .world import Failure, Skipped, World, binary, is_short

WANTS = 5


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
        self.rfile.read(int(self.headers["Content-Length"]))
        identity = self.headers["webhook-id"]
        with self.server.lock:
            self.server.asked[identity] += 1
            is_well = sum(self.server.asked.values()) % 7 != 0
            if is_well:
                self.server.answered[identity] += 1
        self.send_response(200 if is_well else 503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass


def trial():
    path = f"{os.path.dirname(binary())}/ReactTrial"
    if os.access(path, os.X_OK):
        return path
    raise Skipped("ReactTrial is not built beside foldlog: swift build --product ReactTrial")


def run(seed, counts):
    tracing.require_strace()
    world = World(seed, counts, "/dev/shm" if os.path.isdir("/dev/shm") else None)
    server = CountingServer()
    try:
        lines = [json.dumps({"event": "query", "query_id": f"q{number}", "prompt": f"prompt {number}",
                             "file": "aidb-r", "generation": 0, "number": number,
                             "ts": 1_767_225_600 + number}) for number in range(WANTS)]
        path = f"{world.files}/aidb-r.jsonl"
        with open(path, "w") as file:
            file.write("\n".join(lines) + "\n")
        world.must("ingest", path)
        with open(f"{world.data}/foldlog.toml", "w") as file:
            file.write(f'[react]\nwebhook_url = "http://127.0.0.1:{server.server_port}/"\n')
        shutil.copytree(world.data, f"{world.folder}/prepared")
        points = tracing.points(world, [], program=trial())
        if is_short():
            points = world.draw.sample(points, 4)
        else:
            counts["runs over all calls of react"] += 1
        for name, number in points:
            restore(world)
            server.asked.clear()
            server.answered.clear()
            kill_at(world, server, name, number, lines)
    finally:
        server.stop()
        world.remove()


def restore(world):
    shutil.rmtree(world.data, ignore_errors=True)
    shutil.copytree(f"{world.folder}/prepared", world.data)


def kill_at(world, server, name, number, lines):
    killed = world.run(program=trial(), prefix=tracing.inject(name, number, "signal=KILL"),
                       variables=tracing.ONE_THREAD)
    if killed.returncode in (0, 1, 64, 65, 66, 74, 75):
        world.counts["calls not reached"] += 1
    else:
        world.counts["kills"] += 1
        world.counts["calls"] += 1
    try:
        # Twice: what is done is not done again.
        world.must(program=trial(), variables=tracing.ONE_THREAD)
        asked = sum(server.asked.values())
        world.must(program=trial(), variables=tracing.ONE_THREAD)
        if sum(server.asked.values()) != asked:
            raise Failure("a want was done again that is answered")
        answers = collections.Counter(
            json.loads(text)["request_id"]
            for text in world.must("log", "export", "--kind", "alert_sent").stdout.splitlines())
        if set(answers) != set(server.answered) or len(answers) != WANTS:
            raise Failure(f"asked well {dict(server.answered)}, written down {dict(answers)}")
        if any(count != 1 for count in answers.values()):
            raise Failure(f"written down more than once: {dict(answers)}")
        world.check(dict.fromkeys(lines))
        world.must("log", "verify")
    except Failure as failure:
        raise Failure(f"react, killed at {name} number {number}: {failure}") from failure
