"""What a study may spend, by name: `quick`, `standard` or `thorough`, instead of the numbers in its file;
shares.py gives the same for a number of simulations.

Serves `memberlab optimize --budget`. Policies and replications keep to what docs/search-quality.md found: few
replications in the search, a shortlist on fresh seeds, a hold-out that spans the front.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .study import Study

BudgetName = Literal["quick", "standard", "thorough"]
"""Name of a budget."""


@dataclass(frozen=True, slots=True)
class Preset:
    """Policies and replications of each stage; the incumbent lives in race and hold-out besides."""

    policies: int
    replications: int
    raced: int
    race_start: int
    race_replications: int
    held_out: int
    held_out_replications: int

    def applied(self, study: Study) -> Study:
        """Return the study with this budget."""
        return study.with_({
            "search.policies": self.policies,
            "search.replications": self.replications,
            "race.shortlist": self.raced,
            "race.start": self.race_start,
            "race.replications": self.race_replications,
            "confirmation.shortlist": self.held_out,
            "confirmation.replications": self.held_out_replications,
        })  # fmt: skip

    @property
    def simulations(self) -> int:
        """Return policies times replications in each scenario, at most, without the tests of break-evens."""
        race = (self.raced + 1) * self.race_replications
        return self.policies * self.replications + race + (self.held_out + 1) * self.held_out_replications

    def told(self) -> str:
        """Return what is spent, in words."""
        race = f"{self.raced} raced on {self.race_start}"
        race += f" to {self.race_replications}" if self.race_replications > self.race_start else ""
        return (
            f"{self.policies} policies on {self.replications} populations a scenario, {race}, {self.held_out} held out "
            f"on {self.held_out_replications}"
        )


PRESETS: dict[BudgetName, Preset] = {
    "quick": Preset(200, 2, 20, 4, 4, 8, 8),
    "standard": Preset(320, 2, 32, 4, 8, 12, 16),
    "thorough": Preset(600, 3, 48, 8, 16, 16, 32),
}
"""Budgets by name."""
