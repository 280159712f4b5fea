"""The full figures of a variant: the house's comparison with simultaneous intervals, for whoever lets go of a control.

Serves the what-if page. It is `compare`, in a worker process that is shared with others.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import asdict, dataclass, replace
from typing import Any

from memberlab.policies import Policy
from memberlab.scenarios import Population, Scenario

from ..comparison import Comparison, compare
from ..execution import Progress
from .figures import Figure, figure_of
from .shared_workers import SharedWorkers, Told


@dataclass(frozen=True, slots=True)
class FullComparison:
    """A variant beside today's policy, by all shoppers of the scenario and over replications."""

    figures: tuple[Figure, ...]
    """In the order of tables; intervals hold for all of them at once, with 95 %."""
    certain: tuple[str, ...]
    """Names of the figures whose interval excludes zero."""
    verdict: str
    break_even: str
    """At which attrition effects the margin pays, in words; empty where it was not asked for."""
    comparison: Comparison
    """Today's policy first, then the variant: for tables, report and workbook."""

    def as_json(self) -> dict[str, Any]:
        """Return everything but the comparison as plain data for `json.dumps`."""
        return {
            "figures": [asdict(one) for one in self.figures], "certain": list(self.certain), "verdict": self.verdict,
            "break_even": self.break_even, "replications": self.comparison.replications,
        }  # fmt: skip


class FullFigures:
    """Full figures for several people, by worker processes that they share."""

    def __init__(self, workers: SharedWorkers) -> None:
        self._workers = workers

    async def full(
        self,
        person: Hashable,
        incumbent: Policy,
        variant: Policy,
        scenario: Scenario,
        *,
        replications: int = 1,
        break_even: bool = True,
        tables: bool = False,
        books: bool = False,
        population: Population | None = None,
        progress: Told | None = None,
    ) -> FullComparison:
        """Return the full figures of `variant`, in place of what the same person has asked for before.

        The warm-up is lived under `incumbent`. `progress` hears on the event loop how far they are, and whether rules
        are being compiled. A variant of the incumbent's name is compared as `<name>-variant`. Raises Cancelled when the
        person asks again or is let go by `cancel`, and DocumentError as `compare` does.
        """
        if variant.name == incumbent.name:
            variant = variant.with_({"name": f"{variant.name[:56]}-variant"})
        settings = {"replications": replications, "break_even": break_even, "tables": tables, "books": books}
        return await self._workers.do(
            person, compared, incumbent, variant, scenario, population, settings, told=progress
        )

    def cancel(self, person: Hashable) -> None:
        """Let go of what a person has asked, if it is not answered yet."""
        self._workers.cancel(person)


def compared(
    progress: Progress, incumbent: Policy, variant: Policy, scenario: Scenario, population: Population | None,
    settings: dict[str, Any],
) -> FullComparison:  # fmt: skip
    """Return the full figures of a variant; `progress` hears of every arm."""
    comparison = compare(
        [incumbent, variant], [scenario], incumbent=incumbent, population=population, progress=progress, **settings
    )
    return figures_of_comparison(comparison)


def figures_of_comparison(comparison: Comparison) -> FullComparison:
    """Return the figures of a comparison of two policies in one scenario, with intervals that hold at once."""
    arm = comparison.arms[1]
    verdict = comparison.verdict(arm)
    place = arm.scenario.name, arm.policy.name
    figures = []
    for uplift in arm.uplifts:
        low, high = comparison.joint.band(*place, uplift)
        figures.append(replace(figure_of(uplift), low=low, high=high))
    certain = tuple(one.kpi for one in arm.uplifts if comparison.joint.is_certain(*place, one))
    break_even = "" if arm.break_even is None else str(arm.break_even)
    return FullComparison(tuple(figures), certain, str(verdict or ""), break_even, comparison)
