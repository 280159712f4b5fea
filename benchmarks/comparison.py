"""How long a large comparison takes with two workers, and by how much pairing cuts the variance of a difference.

Serves the marks of comparisons: 4 policies x 3 scenarios x 8 replications of 20,000 shoppers x 2 years in 60 s or less
on two quiet cores, and pairing at least 50-fold against independent seeds. Run alone, it prints both:
`python benchmarks/comparison.py [--tables]`.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from figures import Cell, Figures, Mark, Table
from numpy.typing import NDArray

from memberlab.optimize import (
    SerialExecutor,
    compare,
    merge_arms,
    open_executor,
    prepare_warm_ups,
    replication_seeds,
    simulate_arm,
)
from memberlab.policies import Policy, load_policy
from memberlab.results import KPIS
from memberlab.scenarios import Scenario, load_scenario

SCENARIOS = ("baseline", "recession", "rival-launch")
WORKERS, MOST_SECONDS, LEAST_CUT = 2, 60.0, 50.0
CUT_KPIS = ("gmv", "orders", "average_order_value", "retention", "margin")


def four_policies() -> list[Policy]:
    """Return the incumbent, a changed lever, a delivery promise and no programme."""
    four = load_policy("four-tiers-simple")
    lever = four.with_({"tiers.gold.threshold": 1000}).model_copy(update={"name": "gold-from-1000"})
    return [four, lever, load_policy("china-delivery-only"), load_policy("no-programme")]


def scenarios(shoppers: int) -> list[Scenario]:
    """Return the three scenarios, two years each."""
    return [load_scenario(name).with_({"population.shoppers": shoppers, "horizon.months": 24}) for name in SCENARIOS]


def seconds_of(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds by the clock, and those of CPU in this process and its finished children."""
    clock, before = time.perf_counter(), cpu()
    work()
    return time.perf_counter() - clock, cpu() - before


def cpu() -> float:
    """Return CPU seconds of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def measure_comparison(figures: Figures, shoppers: int, replications: int, *, tables: bool = True) -> None:
    """Add the time of a comparison with two workers, started from nothing, and its mark where it has the full size."""
    policies, worlds = four_policies(), scenarios(shoppers)

    def run(with_tables: bool) -> None:
        with open_executor(WORKERS) as executor:
            compare(policies, worlds, replications=replications, executor=executor, tables=with_tables)

    run_small(policies, worlds)  # so that the compile cache is filled
    rows: list[list[Cell]] = []
    plain = 0.0
    for title, with_tables in (("figures", False), ("figures and all tables", True))[: 1 + tables]:
        clock, used = seconds_of(lambda asked=with_tables: run(asked))  # type: ignore[misc]
        plain = plain or clock
        rows.append([title, clock, used, used / WORKERS])
    note = (
        f"{len(policies)} policies x {len(worlds)} scenarios x {replications} replications of {shoppers:,} shoppers x "
        f"2 years, {WORKERS} worker processes, which start and load inside the time; one warm-up a scenario and "
        "replication. The last column is what two cores with nothing else to do would need at least."
    )
    figures.tables.append(Table("Comparison", note, ("", "s by the clock", "CPU s", "CPU s a core"), rows))
    is_whole = shoppers >= 20_000 and replications >= 8
    name = "comparison, 4 x 3 x 8 x 20,000 shoppers x 2 years, 2 workers"
    figures.marks.append(Mark(name, plain if is_whole else None, MOST_SECONDS, "s"))


def run_small(policies: list[Policy], worlds: list[Scenario]) -> None:
    """Compare a handful of shoppers with the same rules."""
    compare(policies, [world.with_({"population.shoppers": 200}) for world in worlds], tables=True)


def measure_pairing(figures: Figures, shoppers: int) -> None:
    """Add by how many times pairing cuts the variance of a difference, and the mark for the changed lever.

    With independent seeds the variance of a difference is the sum of both arms' variances; all are taken over shoppers.
    """
    first, lever, *others = four_policies()
    deeper = first.with_({"tiers.gold.discount": "6 %"}).model_copy(update={"name": "gold discount 6 %"})
    lives = measures_of([first, lever, deeper, *others], shoppers)
    rows: list[list[Cell]] = []
    for name, table in lives.items():
        if name != first.name:
            rows.append([name, *(variance_cut(lives[first.name], table, kpi) for kpi in CUT_KPIS)])
    note = (
        f"Variance of a policy's difference from {first.name} with independent seeds, over that of shopper pairs; "
        f"{shoppers:,} shoppers, baseline, 2 years. The mark is for one changed lever, the least of five figures; a "
        "whole programme taken away changes more lives, and leaves less in common."
    )
    columns = ("", *(KPIS[kpi].title for kpi in CUT_KPIS))
    figures.tables.append(Table("Variance cut by pairing", note, columns, rows))
    least = min(cell for row in rows[:2] for cell in row[1:] if isinstance(cell, float))
    figures.marks.append(
        Mark("pairing cuts the variance of a lever's difference", least, LEAST_CUT, "times", at_least=True)
    )


def measures_of(policies: list[Policy], shoppers: int) -> dict[str, NDArray[np.float64]]:
    """Return each policy's measures by its name, all from one warm-up."""
    scenario = scenarios(shoppers)[0]
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        (warm,) = prepare_warm_ups(SerialExecutor(), Path(folder), scenario, replication_seeds(scenario, 1))
        for policy in policies:
            merged = merge_arms([simulate_arm(path, policy, True) for path in warm.snapshots])
            assert merged.measures is not None
            found[policy.name] = merged.measures
    return found


def variance_cut(left: NDArray[np.float64], right: NDArray[np.float64], kpi: str) -> float:
    """Return the variance of a difference between independent arms over that between paired ones."""
    one, two = KPIS[kpi].influence(left), KPIS[kpi].influence(right)
    return float((one.var() + two.var()) / (two - one).var())


def main() -> None:
    """Print both measurements."""
    from measuring import machine
    from report import show
    from rich.console import Console

    figures = Figures(machine(), "python benchmarks/comparison.py")
    measure_pairing(figures, 20_000)
    measure_comparison(figures, 20_000, 8, tables="--tables" in sys.argv)
    show(figures, Console())


if __name__ == "__main__":
    main()
