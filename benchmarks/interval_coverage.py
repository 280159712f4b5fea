"""How often a comparison's intervals hold the truth: where there is no effect (A/A), and where the effect is known.

Serves the mark of 93 to 97 % for nominal 95 %. Run it by hand: `python benchmarks/interval_coverage.py [REPETITIONS]`;
it prints the tables of docs/comparison.md.

- **A/A**: the shoppers of one world under one policy are split at random, and the halves are taken for two arms. Both
  are exchangeable, so the true difference of every figure is exactly 0. (Two runs of one policy with the same random
  numbers differ by nothing at all, and would test no interval.)
- **Known effect**: policies are compared as always, paired by shopper; the truth is the same comparison over 400,000
  other shoppers, whose own error is a fourteenth of a repetition's.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy, load_policy
from memberlab.results import KPIS, JointErrors, Uplift, joint_errors, paired_uplift, shopper_measures
from memberlab.scenarios import load_scenario
from memberlab.sim import World, replication_seed, warm_up

Measures = NDArray[np.float64]

SHOPPERS, TRUTH_SHOPPERS, TRUTHS = 2_000, 4_000, 100
"""Shoppers of a repetition, of one world behind the truth, and how many such worlds there are."""

WORLD = "world"


def policies() -> list[Policy]:
    """Return the first policy, one with a changed lever, and none at all."""
    four = load_policy("four-tiers-simple")
    lever = four.with_({"tiers.gold.threshold": 1000}).model_copy(update={"name": "gold-from-1000"})
    return [four, lever, load_policy("no-programme")]


def lived(seed: int, shoppers: int, arms: Sequence[Policy]) -> list[Measures]:
    """Return the measures of every arm after a year, from one warm-up."""
    scenario = load_scenario("baseline").with_({"population.shoppers": shoppers, "horizon.months": 12, "regions": 1})
    start = warm_up(scenario, incumbent=policies()[0], seed=seed)
    tables = []
    for policy in arms:
        world = World.resume(start, policy)
        tables.append(shopper_measures(world.run(world.end), start.policy))
    return tables


@dataclass(slots=True)
class Coverage:
    """How often the truth was inside: by KPI in `alone`, in all intervals at once in `together` (pointwise ones) and
    `simultaneous`.
    """

    alone: dict[str, int] = field(default_factory=dict)
    together: int = 0
    simultaneous: int = 0
    repetitions: int = 0

    def count(self, uplifts: Sequence[tuple[str, Uplift, float]], errors: JointErrors) -> None:
        """Count one repetition: a name, an uplift and the truth of each figure."""
        wider = errors.critical_value() / errors.pointwise_value()
        misses = wide_misses = 0
        for name, uplift, truth in uplifts:
            off = abs(uplift.difference - truth)
            self.alone[name] = self.alone.get(name, 0) + int(off <= uplift.half_width)
            misses += off > uplift.half_width
            wide_misses += off > uplift.half_width * wider
        self.together += misses == 0
        self.simultaneous += wide_misses == 0
        self.repetitions += 1


def errors_of(arms: Sequence[tuple[str, Measures]], first: Measures, uplifts: Sequence[Uplift]) -> JointErrors:
    """Return the joint errors of arms against the first, with the variances of their own intervals."""
    errors = joint_errors([(WORLD, name) for name, _ in arms], {WORLD: [first]}, [[table] for _, table in arms])
    value = errors.pointwise_value()
    return errors.with_variances(np.array([(one.half_width / value) ** 2 for one in uplifts]))


def figures() -> list[str]:
    """Return the KPIs that the policies move; none of them has a paid membership."""
    return [name for name in KPIS if name != "paid_members"]


def split_at_random(repetitions: int) -> Coverage:
    """Return the coverage of A/A: random halves of a world under one policy."""
    coverage, four = Coverage(), policies()[0]
    for number in range(repetitions):
        (everybody,) = lived(replication_seed(11, number), 2 * SHOPPERS, [four])
        order = np.random.default_rng([11, number]).permutation(len(everybody))
        left, right = everybody[order[:SHOPPERS]], everybody[order[SHOPPERS:]]
        uplifts = [paired_uplift(kpi, [left], [right]) for kpi in KPIS.values()]
        told = [(one.kpi, one, 0.0) for one in uplifts if one.kpi in figures()]
        coverage.count(told, errors_of([("other half", right)], left, uplifts))
    return coverage


def known_effect(repetitions: int) -> Coverage:
    """Return the coverage of paired comparisons against the effect on very many other shoppers."""
    coverage, arms = Coverage(), policies()
    names = [policy.name for policy in arms[1:]]
    many = [lived(replication_seed(99, number), TRUTH_SHOPPERS, arms) for number in range(TRUTHS)]
    pooled = [np.concatenate([one[place] for one in many]) for place in range(len(arms))]
    share = SHOPPERS / (TRUTHS * TRUTH_SHOPPERS)
    truth = {
        (name, kpi.name): paired_uplift(kpi, [pooled[0]], [pooled[place]]).difference
        * (share if kpi.denominator is None else 1.0)
        for place, name in enumerate(names, start=1) for kpi in KPIS.values()
    }  # fmt: skip
    for number in range(repetitions):
        first, *others = lived(replication_seed(12, number), SHOPPERS, arms)
        uplifts = [paired_uplift(kpi, [first], [other]) for other in others for kpi in KPIS.values()]
        places = [(name, kpi) for name in names for kpi in KPIS]
        told = [
            (f"{name}: {kpi}", uplift, truth[name, kpi])
            for (name, kpi), uplift in zip(places, uplifts, strict=True) if kpi in figures()
        ]  # fmt: skip
        coverage.count(told, errors_of(list(zip(names, others, strict=True)), first, uplifts))
    return coverage


def show(title: str, coverage: Coverage) -> None:
    """Print a coverage as a Markdown table."""
    count = coverage.repetitions
    print(f"\n{title}, {count} repetitions\n\n| interval | holds the truth |\n| --- | ---: |")
    for name, inside in coverage.alone.items():
        print(f"| {name} | {inside / count:.1%} |")
    mean = sum(coverage.alone.values()) / len(coverage.alone) / count
    print(f"| mean of these | {mean:.1%} |")
    print(f"| all of these at once, 95 % each | {coverage.together / count:.1%} |")
    print(f"| all of these at once, simultaneous | {coverage.simultaneous / count:.1%} |", flush=True)


def main() -> None:
    """Print both studies."""
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    show("A/A: random halves under one policy", split_at_random(repetitions))
    show("Known effect, paired by shopper", known_effect(repetitions))


if __name__ == "__main__":
    main()
