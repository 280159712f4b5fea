"""One statistical statement of a test: what was asserted about a figure, and what the replications said.

Serves the fixture, which makes them, and the end of the run, which decides them all at once. A statement crosses from a
worker of pytest-xdist to its controller as plain data.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Statement:
    """That a policy's figure differs by less than a margin from another's, or is not worse by more, on average.

    Money is in cents, shares are 0 to 1.
    """

    kpi: str
    scenario: str
    policy: str
    against: str
    sides: str
    """`both`, `below` or `above`: on which side of the margin the difference must not lie."""
    margin: float
    """The margin in the KPI's unit, above 0."""
    allowed: str
    """The margin as the test wrote it."""
    level: float
    """Mean of the KPI under `against`."""
    differences: tuple[float, ...]
    """Policy less `against`, one for each seed, in the order of the seeds."""
    looks: tuple[int, ...]
    """Numbers of seeds at which was looked, in order."""
    planned_looks: int
    """Looks that the test was ready to take: the error budget is shared among them."""
    correlation: float | None
    """Of both policies' figures over seeds; None where one of them does not vary."""
    replay: str = ""
    """A command that shows both figures again."""
    test: str = ""
    """Node id of the test, filled in when it ends."""

    def as_data(self) -> dict[str, Any]:
        """Return the statement as plain data for JSON."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Statement:
        """Return the statement of `as_data`."""
        return cls(**{**data, "differences": tuple(data["differences"]), "looks": tuple(data["looks"])})
