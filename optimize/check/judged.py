"""What a check found: cell by cell, and as one exit code.

Serves the terminal, JUnit, Markdown and JSON, which all show the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from memberlab.results import BridgeLine

from .checks_plan import ChecksPlan, ClaimCell
from .decision import CheckVerdict, Decision
from .tolerance import Tolerance

CheckTier = Literal["invariants", "digest", "paired", "claims", "full"]
"""How much is checked."""
TIERS: tuple[CheckTier, ...] = ("invariants", "digest", "paired", "claims", "full")


class Exit(IntEnum):
    """How `memberlab check` ends."""

    PASSED = 0
    CHANGED = 1  # an outcome has moved beyond its margin, or a claim does not hold
    USAGE = 2
    INCONCLUSIVE = 3  # with --strict only
    NO_BASELINE = 4  # missing, or of another version of the model
    BROKEN = 5  # an accounting identity


@dataclass(frozen=True, slots=True)
class BrokenLife:
    """An identity that does not hold: a fault of the lab, never of the user's files."""

    policy: str
    world: str
    replication: int
    fault: str
    is_small: bool
    """Whether it was in a small world, as the digests use them."""

    @property
    def name(self) -> str:
        """Return how it is asked for again."""
        return f"{self.policy}/{self.world}"


@dataclass(frozen=True, slots=True)
class DigestCell:
    """Whether the small worlds of a policy and scenario gave the same ledgers, to the cent."""

    policy: str
    world: str
    verdict: Literal["equal", "changed", "new"]
    same_documents: bool
    """Whether policy and scenario say what they said in the baseline."""
    now: tuple[str, ...]
    before: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return how it is asked for again."""
        return f"{self.policy}/{self.world}"


@dataclass(frozen=True, slots=True)
class PairedCell:
    """One key figure of one policy in one scenario, held against the baseline; money is in cents, shares are of 1."""

    policy: str
    world: str
    kpi: str
    tolerance: Tolerance
    decision: Decision | None
    """None where it was not lived: both documents and the model are what they were."""
    before: float
    """Mean of the baseline over the replications that decided."""
    pairs: tuple[NDArray[np.float64], NDArray[np.float64]] = field(default=(np.zeros(0), np.zeros(0)), repr=False)
    """New and old figure of each replication."""

    @property
    def name(self) -> str:
        """Return how it is asked for again."""
        return f"{self.policy}/{self.world}/{self.kpi}"

    @property
    def verdict(self) -> CheckVerdict:
        """Return the verdict; what cannot have changed passes."""
        return CheckVerdict.PASS if self.decision is None else self.decision.verdict

    @property
    def has_moved(self) -> bool:
        """Return whether any seed's figure is another one."""
        return self.decision is not None and not self.decision.is_unchanged


@dataclass(frozen=True, slots=True)
class ClaimFound:
    """What became of one statement of a claim in one world; figures are in the unit of the key figure."""

    cell: ClaimCell
    verdict: CheckVerdict
    figure: float
    """Mean of the figure, or of its difference from that of `against`."""
    bound: float
    """What it must be, as the statement says: at least, or at most."""
    low: float
    high: float
    """Interval of the figure at the budget's level; with a probability, of the value that so many worlds keep."""
    share: float | None
    """With a probability: in what share of the worlds it held."""
    replications: int
    correlation: float | None = None

    @property
    def name(self) -> str:
        """Return how it is asked for again."""
        return self.cell.name


@dataclass(frozen=True, slots=True)
class BridgeShift:
    """The margin bridge of a policy that has changed: then and now, over the same populations, an average of one."""

    policy: str
    world: str
    before: tuple[BridgeLine, ...]
    now: tuple[BridgeLine, ...]
    replications: int


@dataclass
class Checked:
    """All that a check found."""

    plan: ChecksPlan
    tier: CheckTier
    strict: bool = False
    identities: int = 0
    """Identities that held, over all lives."""
    lives: int = 0
    broken: list[BrokenLife] = field(default_factory=list)
    digests: list[DigestCell] = field(default_factory=list)
    paired: list[PairedCell] = field(default_factory=list)
    claims: list[ClaimFound] = field(default_factory=list)
    bridges: list[BridgeShift] = field(default_factory=list)
    differences: Mapping[str, list[str]] = field(default_factory=dict)
    """Policies that say something else than in the baseline, by name: each difference in words."""
    missing: list[str] = field(default_factory=list)
    """Policies and scenarios of which the baseline knows nothing."""
    notices: list[str] = field(default_factory=list)
    reason: str = ""
    """Why the baseline was accepted."""
    seconds: float = 0.0

    def open_names(self) -> Iterator[str]:
        """Give the names of all cells that are inconclusive."""
        yield from (one.name for one in self.paired if one.verdict is CheckVerdict.INCONCLUSIVE)
        yield from (one.name for one in self.claims if one.verdict is CheckVerdict.INCONCLUSIVE)

    def failed_names(self) -> Iterator[str]:
        """Give the names of all cells that fail."""
        if self.tier == "digest":
            yield from (one.name for one in self.digests if one.verdict == "changed")
        yield from (one.name for one in self.paired if one.verdict is CheckVerdict.FAIL)
        yield from (one.name for one in self.claims if one.verdict is CheckVerdict.FAIL)

    @property
    def exit(self) -> Exit:
        """Return how the command ends; the worst that was found."""
        if self.broken:
            return Exit.BROKEN
        if any(self.failed_names()):
            return Exit.CHANGED
        if self.missing:
            return Exit.NO_BASELINE
        if self.strict and any(self.open_names()):
            return Exit.INCONCLUSIVE
        return Exit.PASSED

    @property
    def worst_correlation(self) -> float | None:
        """Return the least pairing correlation among figures that have moved."""
        found = [
            one.decision.correlation
            for one in self.paired
            if one.decision is not None and one.has_moved and one.decision.correlation is not None
        ]
        return min(found, default=None)
