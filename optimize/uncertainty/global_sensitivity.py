"""Global sensitivity of a recommendation: which assumption or lever moves the difference between two policies, and
which one decides between them.

Serves the strategist. The outcome is the paired difference of one key figure, candidate against the other, so that what
moves both policies alike does not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy
from memberlab.results import KPIS, Uplift, written

from ..execution import Progress
from ..study import Quantity
from .factor import Factor
from .indices import CHANCE, Design, Index, Method
from .information import Worth, worth_of_all, worth_of_each
from .pairs import live_pairs, pair_of
from .spread import Even
from .uncertain import Case, UncertainWorld

if TYPE_CHECKING:
    import pandas as pd

By = Literal["factor", "group"]

CHANCE_FACTOR = Factor(CHANCE, Even(Quantity(Decimal(0)), Quantity(Decimal(1)), Decimal("0.001")), CHANCE)


@dataclass(frozen=True)
class GlobalSensitivity:
    """The indices of a design, and what knowing each factor would be worth where the design has a plain sample."""

    policy: Policy
    against: Policy
    world: UncertainWorld
    kpi: str
    by: By
    replications: int
    design: Design
    cases: tuple[Case, ...]
    uplifts: tuple[Uplift, ...]
    """Of the KPI, in every case."""
    indices: tuple[Index, ...]
    worths: tuple[Worth, ...]
    """By factor, chance the last; empty for Morris, whose cases are no sample of what is plausible."""

    @property
    def differences(self) -> NDArray[np.float64]:
        """Return the KPI's difference in every case of the design (shape: runs)."""
        return np.asarray([one.difference for one in self.uplifts])

    @property
    def worth_of_all(self) -> float:
        """Return what knowing everything would be worth, chance included."""
        return worth_of_all(self.differences[self.design.independent]) if self.worths else 0.0

    @property
    def case_table(self) -> pd.DataFrame:
        """Return the cases: world, digest, every factor by its address, the population's number, the KPI's difference
        and its 95 % interval (cents, or shares 0 to 1).
        """
        import pandas as pd

        table = pd.DataFrame(self.world.table(self.cases))
        table["population"] = self.design.populations
        for column in ("baseline", "value", "difference", "low", "high"):
            table[column] = [getattr(one, column) for one in self.uplifts]
        return table

    @property
    def index_table(self) -> pd.DataFrame:
        """Return the indices, largest first: a row for each factor or group; columns as in `Index`."""
        import pandas as pd

        columns = ["name", "index", "low", "high", "first", "spread", "flips", "is_above_chance"]
        rows = [{column: getattr(one, column) for column in columns} for one in self.ranked]
        return pd.DataFrame(rows, columns=columns)

    @property
    def worth_table(self) -> pd.DataFrame:
        """Return what knowing each factor is worth, largest first; columns as in `Worth`."""
        import pandas as pd

        columns = ["name", "value", "low", "high", "explained", "turns"]
        rows = [{**{column: getattr(one, column) for column in columns}, "turns": "; ".join(one.turns)}
                for one in sorted(self.worths, key=lambda one: -one.value)]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    @property
    def ranked(self) -> list[Index]:
        """Return the indices, largest first."""
        return sorted(self.indices, key=lambda one: -one.index)

    @property
    def told(self) -> list[str]:
        """Return in words what moves the difference, what decides, and what chance alone would have given."""
        figure = KPIS[self.kpi]
        name = figure.title if figure.title.isupper() else figure.title.lower()
        differences = self.differences
        losing = float((differences < 0).mean())
        head = (f"{self.policy.name} has less {name} than {self.against.name} in {losing:.0%} of the "
                f"{len(differences)} cases.")  # fmt: skip
        floor = self.indices[-1]
        above = [one.name for one in self.ranked if one.is_above_chance]
        size = written(floor.index, figure.unit) if self.design.method == "morris" else f"{floor.index:.2f}"
        moves = f"What moves the difference, above what chance alone gives ({size}): {', '.join(above)}."
        if not above:
            moves = f"No index stands above what chance alone gives ({size}); take more shoppers or replications."
        return [head, moves, *(self._decides_by_worth() if self.worths else self._decides_by_flips())]

    def _decides_by_flips(self) -> list[str]:
        chance = self.indices[-1].flips
        best = max(self.indices[:-1], key=lambda one: one.flips, default=None)
        if best is None or best.flips <= chance:
            return [f"None decides alone: no single step changes which policy is better more often than chance does "
                    f"({chance:.0%} of its steps)."]  # fmt: skip
        return [f"What decides is {best.name}: {best.flips:.0%} of the steps along it alone change which policy is "
                f"better (chance: {chance:.0%}). Sobol' cases also tell what knowing it is worth."]  # fmt: skip

    def _decides_by_worth(self) -> list[str]:
        return decided_by(self.worths[:-1], self.worths[-1], self.worth_of_all, self.kpi, self.world)


def decided_by(
    worths: Sequence[Worth], chance: Worth | None, everything: float, kpi: str, world: UncertainWorld
) -> list[str]:
    """Return in words which factor decides between two policies: the one that is worth most to know."""
    unit = KPIS[kpi].unit
    currency = f" {world.scenarios[0].currency}" if unit == "money" else ""
    best = max(worths, key=lambda one: one.value, default=None)
    least = 0.0 if chance is None else chance.high
    if best is None or best.value <= least:
        if everything == 0:
            return ["Nothing decides: the same policy is better in every case drawn from what is plausible."]
        return ["None decides alone: knowing any single one would not change which policy is better on average "
                f"(knowing everything would be worth {written(everything, unit)}{currency})."]  # fmt: skip
    turns = f"; on average the better policy changes at {' and '.join(best.turns)}" if best.turns else ""
    part = f" of the {written(everything, unit)} that knowing everything is worth" if everything else ""
    sure = "What decides" if best.low > 0 else "What decides, as far as these cases can tell,"
    return [f"{sure} is {best.name}: knowing it before deciding would be worth {written(best.value, unit)}"
            f"{currency} ({written(best.low, unit)} to {written(best.high, unit)}){part}{turns}."]  # fmt: skip


def global_sensitivity(
    policy: Policy,
    world: UncertainWorld,
    *,
    against: Policy,
    method: Method = "morris",
    by: By = "factor",
    samples: int = 10,
    kpi: str = "margin",
    replications: int = 1,
    seed: int | None = None,
    executor: Executor | None = None,
    incumbent: Policy | None = None,
    progress: Progress | None = None,
) -> GlobalSensitivity:
    """Return the sensitivity of a KPI's difference, `policy` against the other, to every factor of an uncertain world.

    `samples` are Morris' trajectories or Sobol's base samples, a power of 2; the runs are that times the factors or
    groups and one or two more. Raises DocumentError when a case of the design cannot be, ValueError for impossible
    numbers.
    """
    if samples < 2 or replications < 1:
        raise ValueError(f"samples ({samples}) must be at least 2 and replications ({replications}) at least 1")
    if method == "sobol" and samples & (samples - 1):
        raise ValueError(f"samples ({samples}) must be a power of 2 for Sobol' indices")
    factors = (*world.factors, CHANCE_FACTOR)
    names = tuple(one.address for one in factors)
    start = world.document.seed if seed is None else seed
    groups = tuple(one.group for one in factors) if by == "group" else names
    design = Design(method, names, groups, samples, start)
    shares = design.shares
    cases = tuple(world.case(number, row[:-1]) for number, row in enumerate(shares, 1))
    pairs = [
        pair_of(case, policy, against, world.levers, first=int(people) * replications)
        for case, people in zip(cases, design.populations, strict=True)
    ]
    outcomes = live_pairs(pairs, replications=replications, executor=executor, incumbent=incumbent, progress=progress)
    uplifts = tuple(one[kpi] for one in outcomes)
    differences = np.asarray([one.difference for one in uplifts])
    plain = design.independent
    worths = worth_of_each(factors, shares[plain], differences[plain], seed=start) if len(plain) else ()
    return GlobalSensitivity(policy, against, world, kpi, by, replications, design, cases, uplifts,
                             design.analyse(differences), worths)  # fmt: skip
