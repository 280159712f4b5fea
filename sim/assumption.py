"""One assumption about shoppers: what is assumed, in which unit and range, on what evidence, and what could tell it.

Serves the registry (`assumptions.py`), its reference page, the ensemble and whoever asks where a number comes from.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Literal, get_args

Grade = Literal["A", "B", "C", "D", "prior"]
"""Evidence: A experiment, B quasi-experiment or structural model, C correlation or survey, D laboratory or scenario;
`prior` stands for no evidence of the size.
"""

LearntFrom = Literal["order log", "log with points or coupons", "change of policy", "nothing"]
"""What could tell the value: an ordinary order log; one with points or coupons in it; only a change of policy or an
experiment; or nothing that a shop has (behaviour reference, 2.11).
"""

Mechanism = Literal[
    "", "price", "points pressure", "goal", "tier", "goodwill", "attrition effect", "sunk cost", "top-up", "contact"
]
"""The mechanism whose strength an assumption is; empty for what has a value in any world, such as a share or a time."""

MECHANISMS: tuple[str, ...] = tuple(name for name in get_args(Mechanism) if name)
"""Ways in which a programme changes what shoppers do, each of which can be switched off."""


@dataclass(frozen=True, slots=True)
class Bell:
    """A normal distribution, cut to the range of the assumption."""

    mean: float
    deviation: float

    def __str__(self) -> str:
        """Return `normal, mean 0.15, deviation 0.2, cut to the range`."""
        return f"normal, mean {self.mean:g}, deviation {self.deviation:g}, cut to the range"


Prior = Literal["triangular", "uniform"] | Bell
"""How plausible the values of a range are: most at the default and none at the ends, all alike, or as a normal."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """One behavioural parameter; `low` to `high` is its plausible range, and 0 switches it off."""

    name: str
    _: KW_ONLY
    unit: str
    default: float
    low: float
    high: float
    grade: Grade
    learnt_from: LearntFrom
    meaning: str
    """What it is, without its unit."""
    source: str
    """Author and year, the section of the behaviour reference, or that there is no evidence."""
    symbol: str = "-"
    """As in the behaviour reference."""
    prior: Prior = "triangular"
    mechanism: Mechanism = ""
    facts: tuple[int, ...] = ()
    """Numbers of the facts in the behaviour reference that it answers for."""

    def is_plausible(self, value: float) -> bool:
        """Return whether `value` may stand for it: within the range, or 0 where it does not divide (times)."""
        switched_off = value == 0.0 and self.unit not in {"days", "minutes"}
        return switched_off or self.low <= value <= self.high

    def quantile(self, share: float) -> float:
        """Return the value below which `share` (0 to 1) of the prior lies."""
        from scipy import stats  # here, because scipy.stats takes half a second to load and most runs draw nothing

        width = self.high - self.low
        if self.prior == "uniform":
            return self.low + share * width
        if self.prior == "triangular":
            mode = (self.default - self.low) / width
            return float(stats.triang.ppf(share, mode, loc=self.low, scale=width))
        bounds = [(end - self.prior.mean) / self.prior.deviation for end in (self.low, self.high)]
        return float(stats.truncnorm.ppf(share, *bounds, loc=self.prior.mean, scale=self.prior.deviation))
