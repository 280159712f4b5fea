"""The same parts for several scenarios: those of the first are shown, those of the others are behind their names.

Serves every section of a comparison.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .parts import Chart, DataTable, Fragment, Group, Part
from .wording import Wording


def by_scenario(parts: Mapping[str, Sequence[DataTable | Chart | Fragment]], wording: Wording) -> list[Part]:
    """Return the parts of the first scenario as they are, and a group for each other one; those without any fall out.

    Where there is one scenario, its name is not said.
    """
    filled = {scenario: own for scenario, own in parts.items() if own}
    if len(parts) == 1 or not filled:
        return [part for own in filled.values() for part in own]
    first, *others = filled
    title = wording.text("Scenario: {scenario}", scenario=first)
    shown: list[Part] = [Fragment("heading.html.j2", {"title": title}), *filled[first]]
    return shown + [Group(wording.text("Scenario: {scenario}", scenario=name), filled[name]) for name in others]
