"""How long a preview takes: 2,000 shoppers, the whole horizon, with warm caches; and where the time goes.

    python benchmarks/preview.py
    python benchmarks/preview.py --policy taobao-scenes --scenario china-marketplace

Mark of issue 10: under 300 ms for one move of a control, the reading of the changed policy included. Times are CPU
seconds of this process, which other programs on the machine do not lengthen much; the clock's are told beside them.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from memberlab.optimize import Preview, apply_levers, levers_of
from memberlab.policies import DocumentError, Policy, lint, load_policy, policy_path
from memberlab.scenarios import Scenario, customers_of, load_scenario

MARK = 0.3


@click.command()
@click.option("--policy", "names", multiple=True, default=("four-tiers-simple", "jd-plus", "four-tier-fashion"))
@click.option("--scenario", "world", default="baseline", show_default=True)
@click.option("--rounds", default=15, show_default=True)
def main(names: tuple[str, ...], world: str, rounds: int) -> None:
    """Measure a move of a control under each policy, and exit with 1 where it misses the mark."""
    scenario = load_scenario(world)
    table = Table(title=f"A move of a control: {scenario.horizon.months} months of {scenario.name}")
    for title in (
        "policy",
        "shoppers",
        "CPU ms",
        "clock ms",
        "the preview",
        "reading the policy",
        "lint",
        "of the mark",
    ):
        table.add_column(title, justify="left" if title == "policy" else "right")
    slowest = 0.0
    for name in names:
        shoppers, *parts = measured(name, scenario, rounds)
        slowest = max(slowest, parts[0])
        table.add_row(name, f"{shoppers:,}", *(f"{1000 * one:.0f}" for one in parts), f"{parts[0] / MARK:.0%}")
    Console().print(table)
    raise SystemExit(int(slowest > MARK))


def measured(name: str, scenario: Scenario, rounds: int) -> tuple[int, float, float, float, float, float]:
    """Return the shoppers, then seconds of CPU and by the clock of a move, and of CPU of its parts."""
    today, customers = load_policy(name), customers_of(scenario)
    text = Path(policy_path(name)).read_text(encoding="utf-8")
    preview, moves = Preview(today, scenario), variants(today, text, rounds)
    policies = [apply_levers(text, one)[1] for one in moves]
    lived, _ = medians(preview.of, policies)
    read, _ = medians(lambda one: apply_levers(text, one), moves)
    linted, _ = medians(lambda one: lint(one, customers), policies)
    cpu, clock = medians(lambda one: preview.of(apply_levers(text, one)[1]), moves)
    return preview.shoppers, cpu, clock, lived, read, linted


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


def medians(call: Callable[[Any], object], arguments: Sequence[Any]) -> tuple[float, float]:
    """Return the medians of CPU and clock seconds of all calls but the first, which fills caches."""
    call(arguments[0])
    times = []
    for one in arguments[1:]:
        cpu, clock = time.process_time(), time.perf_counter()
        call(one)
        times.append((time.process_time() - cpu, time.perf_counter() - clock))
    return statistics.median(one for one, _ in times), statistics.median(one for _, one in times)


if __name__ == "__main__":
    main()
