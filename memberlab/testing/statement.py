"""One statistical statement of a test: what was asserted about a figure, and what each look at the replications saw.

Serves the fixture, which makes them, and the end of the run, which decides them all at once. A statement crosses from a
worker of pytest-xdist to its controller as plain data.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any


class Verdict(Enum):
    """What is known about a statement when the run's error budget has been shared out."""

    HOLDS = "holds"
    FAILS = "fails"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Look:
    """Paired differences after so many seeds: their mean and standard deviation between seeds, in the KPI's unit."""

    seeds: int
    mean: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Statement:
    """That the mean difference of a KPI between two policies lies within bounds; cents, pieces, or shares 0 to 1."""

    kpi: str
    scenario: str
    policy: str
    against: str
    lower: float | None
    """The difference must not be below this; None where less is no harm."""
    upper: float | None
    """The difference must not be above this; None where more is no harm."""
    allowed: str
    """The margin as the test wrote it."""
    level: float
    """Mean of the KPI under `against`, at the last look."""
    looks: tuple[Look, ...]
    planned_looks: int
    """Looks that the test was ready to take: the error budget is shared among them."""
    correlation: float | None
    """Of both policies' figures over seeds; None where one of them does not vary."""
    replay: str = ""
    """A command that shows both figures again."""
    test: str = field(default="")
    """Node id of the test, filled in when it ends."""

    def as_data(self) -> dict[str, Any]:
        """Return the statement as plain data for JSON."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Statement:
        """Return the statement of `as_data`."""
        return cls(**{**data, "looks": tuple(Look(**look) for look in data["looks"])})
