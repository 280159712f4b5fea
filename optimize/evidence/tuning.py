"""Tuning on the calibration facts, and on these only: which values of the assumptions the facts do not rule out.

Serves the ensemble (`ensemble.py`): approximate Bayesian computation by rejection (Pritchard et al., 1999). Values are
drawn from the registry's priors, the facts' protocols are run, and a vector is accepted when every calibration fact is
in band. As a fact speaks of few assumptions, vectors are put together from groups that have passed their own facts
before all facts are asked of the whole; what no calibration fact speaks of keeps its prior. Run it with
`python -m memberlab.optimize.evidence.tuning`; hold-out facts are never looked at.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from memberlab.sim import ASSUMPTIONS, Assumption, replication_seed

from ..execution import open_executor
from .ensemble import ENSEMBLE, Vector
from .fact import Fact, Setting, Values
from .facts import FACTS
from .trial import run_protocol

TUNING_SEED = 20_261_201

GROUPS: Mapping[str, tuple[int, ...]] = {
    "prices": (8, 9),
    "delivery": (36,),
    "coupons": (13,),
    "points": (19, 29, 33, 34),
    "goals": (15, 16),
    "tiers": (23, 24, 25),
    "paid membership": (38, 40, 42),
    "word of mouth": (43,),
}
"""Calibration facts that share assumptions; those of the base process (1, 3, 7) depend on none."""

FIXED = frozenset({"goal_gradient", "rival_attrition"})
"""Assumptions of the facts that a protocol's own world sets or leaves out."""

SMALL = 0.5
"""Shoppers of a protocol while tuning, for one of the suite."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Vectors that passed, and how many were tried for them."""

    vectors: tuple[Vector, ...]
    tried: int


def parameters_of(group: str) -> tuple[Assumption, ...]:
    """Return the assumptions that answer for the facts of a group, unless an earlier group has them."""
    taken: set[str] = set(FIXED)
    for name, numbers in GROUPS.items():
        own = [one for one in ASSUMPTIONS if set(one.facts) & set(numbers) and one.name not in taken]
        if name == group:
            return tuple(own)
        taken.update(one.name for one in own)
    raise KeyError(group)


def untold() -> tuple[Assumption, ...]:
    """Return the assumptions of which no calibration fact speaks; they keep their priors."""
    told = {one.name for group in GROUPS for one in parameters_of(group)}
    return tuple(one for one in ASSUMPTIONS if one.name not in told)


def draws(assumptions: Sequence[Assumption], count: int, seed: int) -> list[Vector]:
    """Return vectors drawn from the priors as a Latin hypercube (McKay, Beckman and Conover, 1979)."""
    from scipy.stats import qmc

    if not assumptions:
        return [{} for _ in range(count)]
    shares = qmc.LatinHypercube(len(assumptions), rng=np.random.default_rng(seed)).random(count)
    return [
        {one.name: one.quantile(float(share)) for one, share in zip(assumptions, row, strict=True)} for row in shares
    ]


def is_in_band(fact: Fact, values: Values) -> bool:
    """Return whether one run lies in the bands; of a published sign only the sign is asked."""
    return all(one.low <= values[one.name] <= one.high for one in fact.measured)


def calibration_facts(numbers: Sequence[int]) -> list[Fact]:
    """Return the facts of these numbers that may be tuned on."""
    return [fact for fact in FACTS if fact.number in numbers and fact.use == "C"]


def passing(executor: Executor, vectors: Sequence[Vector], facts: Sequence[Fact], first: int = 0) -> list[Vector]:
    """Return the vectors under which all `facts` are in band; each has a seed of its own."""
    left = list(enumerate(vectors))
    for fact in facts:  # fact by fact, so that what has failed one is not asked the next
        runs = [
            executor.submit(
                run_protocol, fact.title, Setting(replication_seed(TUNING_SEED, first + place), vector, SMALL)
            )
            for place, vector in left
        ]
        left = [one for one, run in zip(left, runs, strict=True) if is_in_band(fact, run.result())]
    return [vector for _, vector in left]


def group_vectors(executor: Executor, group: str, count: int) -> Accepted:
    """Return the accepted draws of one group, the other assumptions at their defaults."""
    place = list(GROUPS).index(group)
    tried = draws(parameters_of(group), count, TUNING_SEED + place)
    return Accepted(tuple(passing(executor, tried, calibration_facts(GROUPS[group]), 10_000 * (place + 1))), count)


def joined(groups: Mapping[str, Accepted], count: int) -> Iterator[Vector]:
    """Yield vectors put together at random from what each group accepted, and priors for the rest."""
    generator = np.random.default_rng(TUNING_SEED)
    rest = draws(untold(), count, TUNING_SEED - 1)
    for place in range(count):
        vector = dict(rest[place])
        for group, accepted in groups.items():
            if not accepted.vectors:
                raise ValueError(f"no draw of the group {group} passed its facts; draw more, or look at the facts")
            vector.update(accepted.vectors[int(generator.integers(len(accepted.vectors)))])
        yield vector


def write_vectors(path: Path, vectors: Sequence[Vector]) -> None:
    """Write accepted vectors, one a row, assumptions in the registry's order."""
    names = [one.name for one in ASSUMPTIONS if one.name in vectors[0]]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([f"{vector[name]:.4g}" for name in names] for vector in vectors)


def main(each: int = 60, whole: int = 240) -> None:
    """Tune: so many draws for each group and so many joined vectors; write the accepted ones to `ENSEMBLE`."""
    with open_executor(2) as executor:
        groups = {}
        for group in GROUPS:
            groups[group] = group_vectors(executor, group, each)
            print(f"{group}: {len(groups[group].vectors)} of {each} draws in band", flush=True)
        facts = calibration_facts([number for group in GROUPS.values() for number in group])
        accepted = passing(executor, list(joined(groups, whole)), facts)
    print(f"together: {len(accepted)} of {whole} vectors have all {len(facts)} facts in band")
    write_vectors(ENSEMBLE, accepted)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3]))
