"""The log's map, a setting, used up; and raised."""

import os

from .world import Failure, World, is_short


def set_map(world, size_mib):
    with open(f"{world.data}/foldlog.toml", "w") as file:
        file.write(f'[log]\nmap_size = {size_mib << 20}\n')


def run(seed, counts):
    world = World(seed, counts)
    try:
        os.mkdir(world.data)
        size_mib = 1 if is_short() else world.draw.randrange(1, 4)
        set_map(world, size_mib)
        path = f"{world.files}/aidb-f.jsonl"
        lines = world.write_lines(path, 8_000 if is_short() else 30_000)
        result = world.run("ingest", "--no-project", path)
        if result.returncode != 74 or "map is full" not in result.errors:
            raise Failure(f"a full map: {result.returncode} {result.errors}")
        child = world.start("ingest", "--follow", path)
        world.wait_until("the follower says that the map is full",
                         lambda: "map is full" in world.messages(child))
        set_map(world, 256)
        wanted = set(lines)
        world.wait_until("a follower goes on once the setting is raised",
                         lambda: wanted <= set(world.exported()))
        child.terminate()
        if child.wait(20) != 0:
            raise Failure(f"the follower: {child.returncode} {world.messages(child)}")
        world.check(dict.fromkeys(lines), deep=True)
        counts["full maps"] += 1
    finally:
        world.remove()
