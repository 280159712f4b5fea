"""How often a whole check is wrong: repeated runs of the decision rule on normal draws and on outcomes of the lab.

Serves the slow suite, and docs/check.md, whose tables this prints: `python -m tests.error_rates_of_checks`.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memberlab.optimize import (
    CheckVerdict,
    LifeAsked,
    Tolerance,
    decide_in_looks,
    live_population,
    plan_checks,
)
from memberlab.results import KPIS
from memberlab.sim import replication_seed

LOOKS = (8, 16, 32, 64)
REPETITIONS = 300
SHIFTS = (0.0, 0.5, 1.0, 1.5, 2.0)
CELLS = 24
TOGETHER = 4
"""Populations of 500 shoppers that are taken for one of 2,000, the default."""

Pool = list[tuple[NDArray[np.float64], NDArray[np.float64], float]]
"""For each cell new and old figures of many populations, and the margin."""


@dataclass(frozen=True)
class Rates:
    """What came of repeated runs: verdicts of all cells, runs that raised a false alarm, and mean replications."""

    verdicts: Counter[CheckVerdict]
    alarms: int
    runs: int
    replications: float

    def share(self, verdict: CheckVerdict) -> float:
        return self.verdicts[verdict] / sum(self.verdicts.values())

    @property
    def alarm_rate(self) -> float:
        """Share of runs with a cell that fails."""
        return self.alarms / self.runs


def repeat(draw, margins: list[float], repetitions: int = REPETITIONS) -> Rates:  # type: ignore[no-untyped-def]
    """Judge runs of cells; `draw` gives new and old figures (cells x 64) of one run."""
    verdicts: Counter[CheckVerdict] = Counter()
    alarms, taken = 0, 0
    for _ in range(repetitions):
        new, old = draw()
        found = [
            decide_in_looks(lambda size, n=n, o=o: (n[:size], o[:size]), margin, LOOKS, cells=len(margins))  # type: ignore[misc]
            for n, o, margin in zip(new, old, margins, strict=True)
        ]
        verdicts.update(one.verdict for one in found)
        alarms += any(one.verdict is CheckVerdict.FAIL for one in found)
        taken += sum(one.replications for one in found)
    return Rates(verdicts, alarms, repetitions, taken / repetitions / len(margins))


def normal_rates(correlation: float, shift: float, repetitions: int = REPETITIONS, seed: int = 1) -> Rates:
    """Judge normal draws: figures of 100 with a standard deviation of 1, a margin of 0.5; shift in margins."""
    source, margin = np.random.default_rng(seed), 0.5

    def draw() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        common, own, other = source.normal(size=(3, CELLS, LOOKS[-1]))
        weights = np.sqrt(correlation), np.sqrt(1 - correlation)
        return (
            100 + shift * margin + weights[0] * common + weights[1] * own,
            100 + weights[0] * common + weights[1] * other,
        )

    return repeat(draw, [margin] * CELLS, repetitions)


def lived_pool(populations: int = LOOKS[-1], shoppers: int = 500) -> Pool:
    """Live three policies in two scenarios; each of their pairs is an old and a new policy, which makes 24 cells.

    Margins are the defaults, of the old policy's figures.
    """
    text = f"policies: [four-tiers-simple, no-programme]\nscenarios: [baseline, recession]\nshoppers: {shoppers}\n"
    plan = plan_checks(_file(text))
    first, none = plan.policies
    raised = first.with_({"name": "raised", "tiers.gold.threshold": 5000, "tiers.diamond.threshold": 8000})
    asked = [LifeAsked(policy) for policy in (first, raised, none)]
    pool: Pool = []
    for world in plan.worlds:
        lived = [
            live_population(world, asked, replication_seed(world.scenario.seed, number))
            for number in range(populations)
        ]
        for kpi, tolerance in plan.checks.margins.items():
            figures = [np.array([KPIS[kpi].value(row[place].sums) for row in lived]) for place in range(3)]
            pool += pairs_of(figures, kpi, tolerance)
    return pool


def pairs_of(figures: list[NDArray[np.float64]], kpi: str, tolerance: Tolerance) -> Pool:
    """Return every pair of policies as new and old, with the margin of the old one's figure."""
    return [(new, old, tolerance.size(KPIS[kpi], float(old.mean()))) for old, new in combinations(figures, 2)]


def _file(text: str) -> Path:
    path = Path(tempfile.mkdtemp()) / "checks.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def lived_rates(
    pool: Pool, shift: float, *, paired: bool = True, repetitions: int = REPETITIONS, seed: int = 2
) -> Rates:
    """Judge outcomes of the lab, drawn from the pool with replacement, four together, and moved so that the true shift
    is `shift` margins.

    With `paired` new and old are of the same populations; without, of others, as when a change breaks the pairing.
    """
    source = np.random.default_rng(seed)
    size = len(pool[0][0])

    def draw() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        here, there = source.integers(size, size=(2, TOGETHER, LOOKS[-1]))
        there = here if paired else there
        new = np.array([n[here].mean(axis=0) - n.mean() + o.mean() + shift * margin for n, o, margin in pool])
        return new, np.array([o[there].mean(axis=0) for _, o, _ in pool])

    return repeat(draw, [margin for *_, margin in pool], repetitions)


def by_figure(pool: Pool) -> list[tuple[float, float]]:
    """Return for each cell the correlation and the standard deviation of differences in margins."""
    return [(float(np.corrcoef(new, old)[0, 1]), float((new - old).std(ddof=1)) / margin) for new, old, margin in pool]


def _row(name: str, rates: list[Rates]) -> str:
    cells = []
    for one in rates:
        parts = [f"{verdict} {one.share(verdict):.1%}" for verdict in CheckVerdict if one.verdicts[verdict]]
        cells.append(", ".join(parts))
    return f"| {name} | {' | '.join(cells)} | {rates[0].replications:.0f} / {rates[-1].replications:.0f} |"


def main() -> None:
    """Print the tables of docs/check.md."""
    print("| | " + " | ".join(f"{shift:g} x margin" for shift in SHIFTS) + " | populations at 0 / 2 |")
    print("|---" * (len(SHIFTS) + 2) + "|")
    for correlation in (0.0, 0.8, 0.95, 0.99):
        print(_row(f"normal, correlation {correlation:g}", [normal_rates(correlation, s) for s in SHIFTS]), flush=True)
    pool = lived_pool()
    print("correlation and sd of differences in margins by cell:", [f"{c:.3f} {s:.2f}" for c, s in by_figure(pool)])
    print(_row("lived, paired", [lived_rates(pool, s) for s in SHIFTS]), flush=True)
    print(_row("lived, pairing lost", [lived_rates(pool, s, paired=False) for s in SHIFTS]), flush=True)
    for name, rates in (("lived", lived_rates(pool, 0.0)), ("lost", lived_rates(pool, 0.0, paired=False))):
        print(name, "A/A runs with a false alarm:", rates.alarms, "of", rates.runs)


if __name__ == "__main__":
    main()
