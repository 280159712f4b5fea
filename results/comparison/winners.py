"""Winners and losers: who gains and who loses when one policy takes the place of another, in value to us and to them.

Serves strategists. A shopper's difference is what came of this life against the same life under the first policy, with
the same random numbers; it holds that life's chance too, so shares are of lives, not of characters, and the profile in
words is what many of them have in common.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..measures import COLUMNS
from .cells import BEFORE_FIRST, BREAKDOWNS, Sorting, cell_labels, cells_of
from .compared_arm import ComparedScenario

VALUES = {"margin": "value to us", "benefit_cost": "give-back to them"}
"""The measures by which shoppers gain or lose, and whose value each is."""

GROUPS = ("gain", "lose", "same")
PROFILED = ("tier", "decile", "stage", "segment")
LEAST_SHARE = 0.10
"""Share of a group that a cell must hold to stand in its profile."""
LEAST_LIFT = 1.15
"""How many times more often than among all a cell must occur in a group to stand in its profile."""
WHOLE_CENT = 0.5
"""Differences below half a cent, which liabilities spread over shoppers leave, are none."""


def winners_table(scenarios: Sequence[ComparedScenario]) -> pd.DataFrame:
    """Return for each scenario, policy and measure how many shoppers gain, lose and stay, and who they are."""
    rows = []
    for scenario in scenarios:
        base, sorting = scenario.baseline, scenario.sorting
        launch = np.concatenate([history.launch for history in base.histories])
        cells = {
            name: np.concatenate([
                cells_of(BREAKDOWNS[name], history.launch, sorting) for history in base.histories
            ])
            for name in PROFILED
        }  # fmt: skip
        replications = len(base.measures)
        for arm in scenario.arms[1:]:
            for measure in VALUES:
                column = COLUMNS.index(measure)
                differences = np.concatenate([
                    after[:, column] - before[:, column]
                    for before, after in zip(base.measures, arm.measures, strict=True)
                ])  # fmt: skip
                members = (differences > WHOLE_CENT, differences < -WHOLE_CENT, np.abs(differences) <= WHOLE_CENT)
                for group, which in zip(GROUPS, members, strict=True):
                    own = differences[which]
                    rows.append({
                        **arm.key, "measure": measure, "group": group,
                        "shoppers": which.sum() / replications, "share": which.mean(),
                        "total": own.sum() / replications, "mean": own.mean() if len(own) else 0.0,
                        "mean_prior_spend": launch["prior_spend"][which].mean() if len(own) else np.nan,
                        "profile": profile(which, cells, sorting),
                    })  # fmt: skip
    return pd.DataFrame(rows)


def profile(which: NDArray[np.bool_], cells: dict[str, NDArray[np.int64]], sorting: Sorting) -> str:
    """Return in words which cells occur more often among the shoppers `which` than among all, the most telling of each
    breakdown.
    """
    if not which.any() or which.all():
        return "everybody" if which.any() else "nobody"
    told: list[str] = []
    for name, place in cells.items():
        labels = cell_labels(BREAKDOWNS[name], sorting)
        among = np.bincount(place[which], minlength=len(labels)) / which.sum()
        everywhere = np.bincount(place, minlength=len(labels)) / len(place)
        lift = np.divide(among, everywhere, out=np.zeros(len(labels)), where=everywhere > 0)
        lift[among < LEAST_SHARE] = 0
        if told and BEFORE_FIRST in told[0]:
            lift[-1] = 0  # who had no order yet has none in any breakdown; once is enough
        best = int(lift.argmax())
        if lift[best] >= LEAST_LIFT:
            cell = labels[best] if labels[best] == BEFORE_FIRST else f"{name} {labels[best]}"
            told.append(f"{cell} ({among[best]:.0%} of them, {everywhere[best]:.0%} of all)")
    return "; ".join(told) or "much like everybody"
