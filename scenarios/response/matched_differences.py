"""Exposed customers beside unexposed ones who bought alike before: difference-in-differences of matched customers.

Serves the answers that the lab shows in order not to believe them. Customers matched on the weeks just before a
campaign are no equals: among the unexposed those weeks were unusually good for those who match heavy buyers, and they
fall back to their own mean afterwards. On a fake date, when nobody was sent anything, the same shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from .estimate import Estimate
from .exposed_weeks import relative

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NEIGHBOURS = 5
WEEKS_BEFORE = 8
MATCHED_ON = ("spend", "visits")


@dataclass(frozen=True, slots=True)
class Windows:
    """Weeks of a matched comparison, each from and before: those matched on, those before and those after the start."""

    matched: tuple[int, int]
    before: tuple[int, int]
    after: tuple[int, int]


def matched_differences(
    outcomes: Mapping[str, Floats], exposed: Flags, unexposed: Flags, windows: Windows
) -> tuple[dict[str, Estimate], int, int]:
    """Return matched differences-in-differences as shares by outcome, and the customers exposed and to choose from.

    `outcomes` by name are customers by weeks. Each of the `exposed` (flags of customers) meets the 5 of the `unexposed`
    who are nearest in mean spend and visits of the matched weeks, both in standard deviations. Standard errors allow
    for controls that serve several (Abadie and Imbens, 2006, for the effect on the treated).
    """
    places = np.column_stack([outcomes[name][:, slice(*windows.matched)].mean(axis=1) for name in MATCHED_ON])
    taken = np.flatnonzero(exposed), np.flatnonzero(unexposed)
    scale = places[np.concatenate(taken)].std(axis=0)
    places = places / np.where(scale > 0, scale, 1.0)
    tree = cKDTree(places[taken[1]])
    nearest = np.asarray(tree.query(places[taken[0]], k=NEIGHBOURS)[1])
    alike = np.asarray(tree.query(places[taken[1]], k=NEIGHBOURS + 1)[1])
    found = {}
    for name, outcome in outcomes.items():
        change = outcome[:, slice(*windows.after)].mean(axis=1) - outcome[:, slice(*windows.before)].mean(axis=1)
        control = change[taken[1]]
        differences = change[taken[0]] - control[nearest].mean(axis=1)
        effect = Estimate(float(differences.mean()), _standard_error(differences, nearest, control, alike[:, 1:]))
        found[name] = relative(effect, float(outcome[taken[0], slice(*windows.after)].mean()))
    return found, len(taken[0]), len(taken[1])


def _standard_error(differences: Floats, nearest: NDArray[np.intp], change: Floats, alike: NDArray[np.intp]) -> float:
    """Return the standard error of the mean difference; `change` is that of the controls, `alike` their own nearest."""
    used = np.bincount(nearest.ravel(), minlength=len(change)).astype(np.float64)
    weight = used**2 / NEIGHBOURS**2 - used / NEIGHBOURS**2
    variance = (change - change[alike].mean(axis=1)) ** 2 * NEIGHBOURS / (NEIGHBOURS + 1)
    total = ((differences - differences.mean()) ** 2).sum() + (weight * variance).sum()
    return float(np.sqrt(total)) / len(differences)
