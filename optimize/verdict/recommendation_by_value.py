"""How the recommendation changes with what nobody knows: the attrition effect, and how the rival reacts.

Serves whoever takes the recommendation. Under each value the rule chooses anew among the confirmed policies; where two
neighbouring values choose differently, the recommendation flips between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..break_even import DECISIVE_ASSUMPTION
from ..search import Goals
from .confirm import Confirmed
from .other_values import Tested
from .recommend import Recommendation, Standing, Verdict, recommend
from .rival_reaction import RIVAL_REACTION, Reacted


@dataclass(frozen=True)
class ChoiceByValue:
    """What the rule chooses under several values of one thing that nobody knows."""

    name: str
    """`attrition_effect` or `rival_reaction`."""
    own: float | None
    """The value that the study assumes; None where its scenarios differ."""
    choices: Mapping[float, Recommendation]
    """By value in rising order. At the study's own it is the recommendation itself, with all populations held out;
    at the others there may be fewer."""

    def chosen(self, value: float) -> Standing:
        """Return what the rule chooses at a value: the incumbent where nothing beats it."""
        return self.choices[value].chosen

    @property
    def flips(self) -> tuple[tuple[float, float, str, str], ...]:
        """Return between which values the choice changes, and from which policy to which."""
        return tuple(
            (left, right, _name(self.choices[left]), _name(self.choices[right]))
            for left, right in pairwise(self.choices)
            if _name(self.choices[left]) != _name(self.choices[right])
        )

    @property
    def told(self) -> str:
        """Return the outcome as a sentence."""
        if not self.flips:
            values = ", ".join(f"{value:g}" for value in self.choices)
            first = next(iter(self.choices.values()))
            same = f"{'keep ' if first.verdict is Verdict.KEEP else ''}{_name(first)}"
            return f"The recommendation is the same at every {self.name} tried ({values}): {same}."
        parts = []
        for left, right, before, after in self.flips:
            parts.append(f"between {left:g} and {right:g} from {before} to {after}")
        return f"The recommendation changes with {self.name}: {'; '.join(parts)}."


def choices_by_value(
    found: Recommendation, tested: Tested, reacted: Reacted, goals: Goals
) -> tuple[ChoiceByValue, ...]:
    """Return the choices under every attrition effect and, where a scenario has a rival, under every reaction."""
    sources: list[tuple[str, float | None, Mapping[float, Sequence[Confirmed]]]] = [
        (DECISIVE_ASSUMPTION, tested.own, tested.by_value),
        (RIVAL_REACTION, reacted.own, reacted.by_value),
    ]
    return tuple(
        ChoiceByValue(
            name, own,
            {value: found if value == own else recommend(confirmed, goals) for value, confirmed in by_value.items()},
        )
        for name, own, by_value in sources
        if by_value
    )  # fmt: skip


def _name(found: Recommendation) -> str:
    return found.chosen.confirmed.policy.name
