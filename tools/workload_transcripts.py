"""The third shape of the workload: transcripts as coding agents leave them, several at once.

The lines have the form of Claude Code's. Their mean is 3.7 KB, most have about 1 KB, and one line with a
tool's result of 3,000 has 1 MB. As on a disk, most bytes are results of tools, which hold files and outputs
of commands, and many are there twice: for the model, and as the tool gave them.
"""

import json
from datetime import datetime, timezone

import workload_text as text

MILLISECONDS = 1_000
START = 1_767_225_600 * MILLISECONDS  # 2026-01-01T00:00:00Z
MODELS = ["claude-sonnet-4-5-20250929", "claude-opus-4-5-20251101", "claude-haiku-4-5-20251001"]
AT_ONCE = 8
#: The greatest result of a tool, which lies twice in its line, and the share of results that have it.
BYTES_MAX, SHARE_MAX = 500_000, 1 / 3_000
#: Answers that a session's results are cut from: making each anew takes most of the time.
POOL = 512


class Transcripts:
    def __init__(self, random, texts):
        self.random, self.draw, self.texts = random, random.random, texts
        self.now = START
        self.pool = [json.loads(f'"{text.answer(self.draw)}"') for _ in range(POOL)]

    def hex(self, digits):
        return f"{self.random.getrandbits(4 * digits):0{digits}x}"

    def between(self, low, high):
        return low + int(self.draw() * (high - low + 1))

    def uuid(self):
        h = self.hex(32)
        return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"

    def output(self, length):
        """A tool's result of about so many bytes."""
        parts, size = [], 0
        while size < length:
            parts.append(text.pick(self.draw, self.pool))
            size += len(parts[-1]) + 1
        return "\n".join(parts)[:length]

    def output_length(self):
        """Most results are short; a tenth makes up nine tenths of the bytes."""
        draw = self.draw()
        if draw < SHARE_MAX:
            return BYTES_MAX
        return int(60 * 1.5 ** (self.draw() ** 1.6 * 16)) if draw < 0.98 else self.between(9_000, 40_000)

    def session(self):
        """The lines of one session, in their order."""
        project = text.pick(self.draw, text.PARTS)
        head = {"userType": "external", "cwd": f"/home/dev/{project}", "sessionId": self.uuid(),
                "version": f"2.1.{self.between(20, 60)}", "gitBranch": "main", "isSidechain": False}
        model, parent = text.pick(self.draw, MODELS), None

        def line(kind, **members):
            nonlocal parent
            self.now += int(self.draw() * 3_000)
            moment = datetime.fromtimestamp(self.now / MILLISECONDS, timezone.utc)
            body = {"parentUuid": parent, **head, "type": kind, **members}
            body["uuid"] = parent = self.uuid()
            body["timestamp"] = moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{self.now % 1_000:03d}Z"
            return json.dumps(body, ensure_ascii=False, separators=(",", ":"))

        def said(call, blocks, stop=None):
            message = {"model": model, "id": f"msg_{call}", "type": "message", "role": "assistant",
                       "content": blocks, "stop_reason": stop, "usage": usage}
            return line("assistant", requestId=f"req_{call}", message=message)

        for _ in range(self.between(1, 8)):
            prompt = json.loads(f'"{self.texts.prompt()}"')
            if self.draw() < 0.3:
                yield json.dumps({"type": "file-history-snapshot", "messageId": self.uuid(),
                                  "snapshot": {"trackedFileBackups": {}}, "isSnapshotUpdate": False})
            yield line("user", message={"role": "user", "content": prompt}, permissionMode="default")
            for _ in range(self.between(1, 12)):
                call, tool = self.hex(20), f"toolu_{self.hex(20)}"
                usage = {"input_tokens": self.between(2, 60),
                         "cache_creation_input_tokens": self.between(100, 6_000),
                         "cache_read_input_tokens": self.between(10_000, 90_000),
                         "output_tokens": self.between(40, 900), "service_tier": "standard"}
                if self.draw() < 0.6:
                    thought = self.output(self.between(100, 2_000))
                    yield said(call, [{"type": "thinking", "thinking": thought,
                                       "signature": self.hex(200)}])
                name, given = self.tool_use()
                yield said(call, [{"type": "tool_use", "id": tool, "name": name, "input": given}],
                           "tool_use")
                failed = self.draw() < 0.12
                result = self.failure() if failed else self.output(self.output_length())
                content = {"type": "tool_result", "tool_use_id": tool, "content": result}
                if failed:
                    content["is_error"] = True
                yield line("user", message={"role": "user", "content": [content]},
                           toolUseResult=f"Error: {result}" if failed else {"stdout": result})
                if self.draw() < 0.3:
                    yield line("progress", toolUseID=tool, data={
                        "type": "bash_progress", "output": self.output(self.between(20, 9_000))})
            yield said(self.hex(20), [{"type": "text", "text": text.pick(self.draw, self.pool)}],
                       "end_turn")

    def tool_use(self):
        draw = self.draw
        if draw() < 0.4:
            command = text.pick(draw, ["pytest -q", "npm test", "git status", "cargo build", "ls -la"])
            return "Bash", {"command": f"{command} {text.path(draw)}", "description": "Look at it"}
        if draw() < 0.5:
            return "Read", {"file_path": f"/home/dev/{text.path(draw)}"}
        return "Edit", {"file_path": f"/home/dev/{text.path(draw)}",
                        "old_string": self.output(self.between(20, 400)),
                        "new_string": self.output(self.between(20, 600))}

    def failure(self):
        message = json.loads(f'"{self.texts.error()[1]}"')
        return f"Exit code 1\n{self.output(self.between(0, 600))}\n{message}"

    def lines(self, count):
        sessions = [self.session() for _ in range(AT_ONCE)]
        for _ in range(count):
            self.texts.events += 1
            at = int(self.draw() * AT_ONCE)
            for out in sessions[at]:
                yield out
                break
            else:
                sessions[at] = self.session()
                yield next(sessions[at])
