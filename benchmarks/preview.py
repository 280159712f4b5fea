"""How long a preview takes: 2,000 shoppers, the whole horizon, with warm caches; and where the time goes.

    python benchmarks/preview.py
    python benchmarks/preview.py --policy taobao-scenes --scenario china-marketplace

Mark of issue 10: under 300 ms for one move of a control, the reading of the changed policy included. Times are CPU
seconds of this process, which other programs on the machine do not lengthen much; the clock's are told beside them.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from memberlab.optimize import Preview, apply_levers, levers_of
from memberlab.policies import DocumentError, Policy, lint, load_policy, policy_path
from memberlab.scenarios import customers_of, load_scenario
from memberlab.sim import World, warm_up

MARK = 0.3


@click.command()
@click.option("--policy", "names", multiple=True, default=("four-tiers-simple", "jd-plus", "four-tier-fashion"))
@click.option("--scenario", "world", default="baseline", show_default=True)
@click.option("--rounds", default=15, show_default=True)
def main(names: tuple[str, ...], world: str, rounds: int) -> None:
    """Measure a move of a control under each policy, and exit with 1 where it misses the mark."""
    scenario = load_scenario(world)
    table = Table(title=f"A move of a control: 2,000 shoppers, {scenario.horizon.months} months of {scenario.name}")
    for title in ("policy", "CPU ms", "clock ms", "of it life", "read the policy", "lint", "of the mark"):
        table.add_column(title, justify="left" if title == "policy" else "right")
    slowest = 0.0
    for name in names:
        today = load_policy(name)
        preview = Preview(today, scenario)
        text = Path(policy_path(name)).read_text(encoding="utf-8")
        moved = variants(today, text, rounds)
        cpu, clock = medians([lambda one=one: preview.of(apply_levers(text, one)[1]) for one in moved])
        policies = [apply_levers(text, one)[1] for one in moved]
        morning = warm_up(scenario.with_({"regions": 5}), incumbent=today)
        life, _ = medians([lambda one=one: live(morning, one) for one in policies])
        read, _ = medians([lambda one=one: apply_levers(text, one) for one in moved])
        customers = customers_of(scenario)
        linted, _ = medians([lambda one=one: lint(one, customers) for one in policies])
        slowest = max(slowest, cpu)
        table.add_row(name, *(f"{1000 * one:.0f}" for one in (cpu, clock, life, read, linted)), f"{cpu / MARK:.0%}")
    Console().print(table)
    raise SystemExit(int(slowest > MARK))


def variants(today: Policy, text: str, rounds: int) -> list[dict[str, object]]:
    """Return moves of the policy's first number that gives a policy at each step."""
    for lever in levers_of(today):
        if lever.low is None or lever.step is None or not lever.is_written:
            continue
        moves: list[dict[str, object]] = [{lever.address: lever.low + lever.step * (n + 1)} for n in range(rounds)]
        try:
            for one in moves:
                apply_levers(text, one)
        except DocumentError:
            continue
        return moves
    raise SystemExit(f"no lever of {today.name} can be moved {rounds} times")


def live(morning, policy) -> None:
    world = World.resume(morning, policy)
    world.run(world.end)


def medians(calls) -> tuple[float, float]:
    """Return the medians of CPU and clock seconds of all calls but the first, which fills caches."""
    calls[0]()
    times = []
    for call in calls[1:]:
        cpu, clock = time.process_time(), time.perf_counter()
        call()
        times.append((time.process_time() - cpu, time.perf_counter() - clock))
    return statistics.median(one for one, _ in times), statistics.median(one for _, one in times)


if __name__ == "__main__":
    main()
