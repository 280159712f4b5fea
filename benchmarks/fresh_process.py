"""What only a fresh process shows: the memory of a world, and the first result with an empty and a filled cache.

Serves the marks on bytes a shopper and on the first result. Run as a script, with the number of shoppers, it is the
process whose memory is measured.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from statistics import median
from typing import Any

from figures import Figures, Mark, Table
from measuring import resident_bytes
from reference_world import full_scenario

from memberlab.policies import load_policy
from memberlab.sim import BYTES_PER_SHOPPER, World

MOST_BYTES, MOST_SECONDS_WARM, MOST_SECONDS_COLD = 256, 1.0, 30.0
FIRST_RESULT = """
from memberlab.scenarios import load_scenario
from memberlab.sim import World, warm_up
scenario = load_scenario("baseline").with_({"population.shoppers": 1000, "regions": 1})
world = World.resume(warm_up(scenario))
print(world.run(world.end).total("gmv"))
"""


def measure_memory(figures: Figures, shoppers: int) -> None:
    """Add bytes a shopper, by the arrays and by what the system says of a process that holds a world."""
    done = subprocess.run([sys.executable, __file__, str(shoppers)], capture_output=True, text=True, check=True)
    held = json.loads(done.stdout)
    rows = [
        ["record and due day of a shopper", BYTES_PER_SHOPPER],
        ["resident, a world at rest", held["rest"]],
        ["resident, a world and the outcome of its warm-up", held["lived"]],
        ["at most, while drawing and living", held["most"]],
    ]
    base = held["base"] / 1e6
    note = (
        f"Full rule set, {shoppers:,} shoppers, one region, in a process of its own. The {base:.0f} MB that it "
        "held before, libraries and compiled rules, are taken off."
    )
    figures.tables.append(Table("Memory", note, ("", "bytes a shopper"), rows))
    figures.marks.append(Mark("bytes a shopper", float(BYTES_PER_SHOPPER), MOST_BYTES, "bytes"))


def memory_of_a_world(shoppers: int) -> dict[str, Any]:
    """Return resident bytes a shopper: of a world at rest, after living, and at most; `base`: the process before."""
    small = _world(1_000)
    small.run(small.launch)  # compiled
    base = resident_bytes()
    world = _world(shoppers)
    rest = resident_bytes()
    outcome = world.run(world.launch)
    lived, most = resident_bytes(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    assert len(outcome.shoppers) == shoppers
    return {"base": base, **{name: round((size - base) / shoppers) for name, size in
                             {"rest": rest, "lived": lived, "most": most}.items()}}  # fmt: skip


def _world(shoppers: int) -> World:
    scenario = full_scenario(shoppers)
    return World(load_policy(scenario.incumbent), scenario)


def measure_first_result(figures: Figures, rounds: int) -> None:
    """Add the time from the start of Python to the first result, with an empty compile cache and with a filled one."""
    with tempfile.TemporaryDirectory() as cache:
        cold = first_result(cache)
        warm = [first_result(cache) for _ in range(rounds)]
    rows = [
        ["empty cache", cold["cpu"], cold["wall"]],
        ["filled cache", *(median(one[kind] for one in warm) for kind in ("cpu", "wall"))],
    ]
    note = f"Scenario baseline, 1,000 shoppers, 3 years, from the start of Python; filled cache: median of {rounds}."
    figures.tables.append(Table("First result in a fresh process", note, ("", "CPU s", "wall s"), rows))
    figures.marks.append(Mark("first result, filled compile cache", rows[1][1], MOST_SECONDS_WARM, "CPU s"))
    figures.marks.append(Mark("first result, empty compile cache", rows[0][1], MOST_SECONDS_COLD, "CPU s"))


def first_result(cache: str) -> dict[str, float]:
    """Return the CPU and wall seconds of a process that simulates a small world, with its compiled rules in `cache`."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = {**os.environ, "MEMBERLAB_CACHE": cache}
    subprocess.run([sys.executable, "-c", FIRST_RESULT], capture_output=True, check=True, env=environment)
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - start
    return {"cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, "wall": wall}


if __name__ == "__main__":
    print(json.dumps(memory_of_a_world(int(sys.argv[1]))))
