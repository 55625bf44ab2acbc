"""Lists and calls every tool of `foldlog mcp` with the official client, and says what came of it.

usage: mcp_client.py FOLDLOG DATA [ERROR]        prints an object of JSON
"""

import asyncio
import json
import os
import sys
import time

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


def memory_kb():
    """The greatest memory of the server, a child of this process, in KiB."""
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            status = open(f"/proc/{name}/status", encoding="utf-8").read()
        except OSError:
            continue
        fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        if fields.get("PPid", "").strip() == str(os.getpid()):
            return int(fields["VmHWM"].split()[0])
    return None


async def main(binary, data, error):
    server = StdioServerParameters(command=binary, args=["mcp", "--data", data, "--project", "/home/dev/web"])
    calls = [
        ("fix", {"error": error}),
        ("context", {"prompt": "Build the web application", "file": "src/cart.ts"}),
        ("query", {"view": "errors/fixes", "where": ["successes > 0"], "sort": ["successes:desc"]}),
        ("explain", {"view": "errors", "key": ["0"]}),
        ("explain", {"key": ["0"]}),
        ("note", {"text": "Use bun, not npm.", "section": "decision"}),
        ("query", {"view": "knowledge"}),
        ("query", {"view": "errors", "where": ["no_such_column = 1"]}),
        ("fix", {"error": error, "surprise": 1}),
    ]
    told = []
    async with stdio_client(server) as (read, write):
        async with ClientSession(read, write) as session:
            hello = (await session.initialize()).model_dump(by_alias=True)
            await session.send_ping()
            tools = (await session.list_tools()).tools
            listed = json.dumps({"tools": [t.model_dump(by_alias=True, exclude_none=True, exclude_unset=True)
                                           for t in tools]},
                                separators=(",", ":"))
            for name, arguments in calls:
                await session.call_tool(name, arguments)
                start = time.monotonic()
                answer = await session.call_tool(name, arguments)
                took = time.monotonic() - start
                # By the protocol's own names: those of Python differ between versions of the client.
                answer = answer.model_dump(by_alias=True, exclude_none=True, exclude_unset=True)
                raw = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
                told.append({
                    "tool": name, "error": answer.get("isError", False), "bytes": len(raw.encode()),
                    "ms": round(took * 1e3, 2), "text": answer["content"][0]["text"],
                    "structured": answer.get("structuredContent")})
            try:
                await session.call_tool("no_such_tool", {})
                unknown = "answered"
            except Exception as refusal:  # the client's own type
                unknown = str(refusal)
            peak = memory_kb()
    print(json.dumps({
        "protocol": hello["protocolVersion"], "server": hello["serverInfo"]["name"],
        "tools": [t.name for t in tools], "list_chars": len(listed), "unknown": unknown,
        "calls": told, "peak_kb": peak}))


asyncio.run(main(sys.argv[1], sys.argv[2],
                 sys.argv[3] if len(sys.argv) > 3 else "sh: line 7: tsc: command not found"))
