"""Scenario discovery: where a policy loses, as a rule that people can read.

Serves the strategist and finance. Cases of a scenario set are lived under the policy and the one it is held against;
half of them teach the rule, the other half say how good it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy
from memberlab.results import KPIS, Uplift

from ..execution import Progress
from .factor import WORLD, Factor
from .global_sensitivity import decided_by
from .information import Worth, worth_of_all, worth_of_each
from .pairs import live_pairs, pair_of
from .prim import Box, Limit, Score, find_box, score
from .sampling import shares_of
from .uncertain import Case, UncertainWorld

if TYPE_CHECKING:
    import pandas as pd

FEWEST_CASES = 40
FEWEST_LOSING = 5
"""Losing cases, and cases that do not lose, that the learning half needs for a rule."""

MOST_LIMITS = 3
"""Figures that a rule names at most, unless told otherwise."""


@dataclass(frozen=True)
class Discovery:
    """The cases, the rule with its scores on both halves, and what knowing each factor would be worth."""

    policy: Policy
    against: Policy
    world: UncertainWorld
    kpi: str
    replications: int
    cases: tuple[Case, ...]
    uplifts: tuple[Uplift, ...]
    learning: NDArray[np.bool_]
    """Which cases taught the rule."""
    box: Box | None
    learnt: Score | None
    held_out: Score | None
    worths: tuple[Worth, ...]

    @property
    def differences(self) -> NDArray[np.float64]:
        """Return the KPI's difference in every case (shape: cases)."""
        return np.asarray([one.difference for one in self.uplifts])

    @property
    def loses(self) -> NDArray[np.bool_]:
        """Return in which cases the policy has less of the KPI than the other."""
        return self.differences < 0

    @property
    def rule(self) -> str:
        """Return the rule in words, such as `gross_margin < 34 % and shipping_cost > 9.5`; empty without one."""
        if self.box is None:
            return ""
        return " and ".join(limit_told(self.world.factors[limit.column], limit) for limit in self.box.limits)

    @property
    def case_table(self) -> pd.DataFrame:
        """Return the cases: world, digest, every factor by its address, the KPI's difference and its 95 % interval
        (cents, or shares 0 to 1), whether it loses, taught the rule, and is inside it.
        """
        import pandas as pd

        table = pd.DataFrame(self.world.table(self.cases))
        for column in ("baseline", "value", "difference", "low", "high"):
            table[column] = [getattr(one, column) for one in self.uplifts]
        table["loses"], table["learning"] = self.loses, self.learning
        table["inside"] = False if self.box is None else self.box.holds(columns_of(self.world.factors, self.cases))
        return table

    @property
    def world_table(self) -> pd.DataFrame:
        """Return a row for each world of the set, and one for all: weight, cases, share that loses, mean difference,
        5 % quantile, worst, and the mean loss where there is one counted as 0 elsewhere (regret of adopting), and the
        mean gain likewise (regret of not adopting).
        """
        import pandas as pd

        bases = np.asarray([case.base.name for case in self.cases])
        rows = [("all", 1.0, np.ones(len(bases), np.bool_))]
        if len(self.world.scenarios) > 1:
            rows += [(one.name, weight, bases == one.name)
                     for one, weight in zip(self.world.scenarios, self.world.weights, strict=True)]  # fmt: skip
        found = []
        for name, weight, mask in rows:
            some = self.differences[mask]
            found.append({
                "world": name, "weight": weight, "cases": int(mask.sum()),
                "loses": float((some < 0).mean()) if len(some) else np.nan,
                "mean": float(some.mean()) if len(some) else np.nan,
                "quantile_5": float(np.quantile(some, 0.05)) if len(some) else np.nan,
                "worst": float(some.min()) if len(some) else np.nan,
                "regret_of_adopting": float(np.maximum(-some, 0).mean()) if len(some) else np.nan,
                "regret_of_not_adopting": float(np.maximum(some, 0).mean()) if len(some) else np.nan,
            })  # fmt: skip
        return pd.DataFrame(found)

    @property
    def limit_table(self) -> pd.DataFrame:
        """Return the rule's limits: address, words, low, high, kept words, and quasi-p-value on both halves."""
        import pandas as pd

        columns = ["address", "limit", "low", "high", "quasi_p_learning", "quasi_p_held_out"]
        rows: list[dict[str, object]] = []
        if self.box is not None and self.learnt is not None and self.held_out is not None:
            for limit, learnt, held in zip(self.box.limits, self.learnt.quasi_p, self.held_out.quasi_p, strict=True):
                factor = self.world.factors[limit.column]
                rows.append({"address": factor.address, "limit": limit_told(factor, limit), "low": limit.low,
                             "high": limit.high, "quasi_p_learning": learnt, "quasi_p_held_out": held})  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    @property
    def told(self) -> list[str]:
        """Return the rule with its scores, or why there is none, and what decides."""
        name = KPIS[self.kpi].title
        name = name if name.isupper() else name.lower()
        losing = int(self.loses.sum())
        if losing in (0, len(self.cases)):
            every = "every case" if losing else "no case"
            first = [f"{self.policy.name} has less {name} than {self.against.name} in {every} of {len(self.cases)}."]
        elif self.box is None or self.held_out is None:
            first = [f"{self.policy.name} has less {name} than {self.against.name} in {losing} of {len(self.cases)} "
                     "cases; no rule of a few limits tells them from the others."]  # fmt: skip
        else:
            held = self.held_out
            first = [
                f"{self.policy.name} has less {name} than {self.against.name} where {self.rule}.",
                f"Of the {held.cases} cases that the rule has not seen it covers {held.coverage:.0%} of those that "
                f"lose, and {held.density:.0%} of the {held.inside} inside lose (of all: {held.base:.0%}).",
            ]
        return [*first, *decided_by(self.worths, None, worth_of_all(self.differences), self.kpi, self.world)]


def discover(
    policy: Policy,
    world: UncertainWorld,
    *,
    against: Policy,
    cases: int = 200,
    kpi: str = "margin",
    most_limits: int = MOST_LIMITS,
    replications: int = 1,
    seed: int | None = None,
    executor: Executor | None = None,
    incumbent: Policy | None = None,
    progress: Progress | None = None,
) -> Discovery:
    """Return where `policy` has less of a KPI than the other, over a Latin hypercube of an uncertain world.

    Raises DocumentError when a case cannot be, ValueError for fewer than 40 cases or impossible numbers.
    """
    if cases < FEWEST_CASES or replications < 1 or most_limits < 1:
        raise ValueError(f"{cases} cases, {replications} replications and {most_limits} limits; give at least "
                         f"{FEWEST_CASES}, 1 and 1")  # fmt: skip
    start = world.document.seed if seed is None else seed
    shares = shares_of(len(world.factors), cases, start)
    drawn = tuple(world.case(number, row) for number, row in enumerate(shares, 1))
    outcomes = live_pairs(
        [pair_of(case, policy, against, world.levers) for case in drawn], replications=replications,
        executor=executor, incumbent=incumbent, progress=progress,
    )  # fmt: skip
    uplifts = tuple(one[kpi] for one in outcomes)
    differences = np.asarray([one.difference for one in uplifts])
    table, loses = columns_of(world.factors, drawn), differences < 0
    learning = np.zeros(cases, np.bool_)
    learning[np.random.default_rng(start).permutation(cases)[: cases // 2]] = True
    box, learnt, held = rule_of(world.factors, table, loses, learning, most_limits)
    worths = worth_of_each(world.factors, shares, differences, seed=start)
    return Discovery(policy, against, world, kpi, replications, drawn, uplifts, learning, box, learnt, held, worths)


def rule_of(
    factors: Sequence[Factor], table: NDArray[np.float64], loses: NDArray[np.bool_], learning: NDArray[np.bool_],
    most_limits: int,
) -> tuple[Box | None, Score | None, Score | None]:  # fmt: skip
    """Return the box that the learning half teaches, and its scores on that half and on the other."""
    taught = int(loses[learning].sum())
    if min(taught, int(learning.sum()) - taught) < FEWEST_LOSING:
        return None, None, None
    box = find_box(table[learning], loses[learning], [one.is_ordered for one in factors], most_limits)
    if box is None:
        return None, None, None
    return box, score(box, table[learning], loses[learning]), score(box, table[~learning], loses[~learning])


def columns_of(factors: Sequence[Factor], cases: Sequence[Case]) -> NDArray[np.float64]:
    """Return the factors' values as numbers (shape: cases x factors); words by their place among the choices."""
    rows = [[factor.number(case.values[factor.address]) for factor in factors] for case in cases]
    return np.asarray(rows, np.float64).reshape(len(cases), len(factors))


def limit_told(factor: Factor, limit: Limit) -> str:
    """Return a limit in words: `gross_margin < 34 %`."""
    if limit.kept is not None:
        name = "the world" if factor.address == WORLD else factor.address
        return f"{name} is {' or '.join(factor.told(one) for one in limit.kept)}"
    low, high = (None if end is None else factor.told(end) for end in (limit.low, limit.high))
    if low is not None and high is not None:
        return f"{low} < {factor.address} < {high}"
    return f"{factor.address} > {low}" if low is not None else f"{factor.address} < {high}"
