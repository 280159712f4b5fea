"""Exposed customers beside unexposed ones who bought alike before: difference-in-differences of matched customers.

Serves the answers that the lab shows in order not to believe them. Customers matched on the weeks just before a
campaign are no equals: among the unexposed those weeks were unusually good for those who match heavy buyers, and they
fall back to their own mean afterwards. On a fake date, when nobody was sent anything, the same shows.
"""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Windows:
    """Weeks of a matched comparison, each from and before: those matched on, those before and those after the start."""

    matched: tuple[int, int]
    before: tuple[int, int]
    after: tuple[int, int]


def matched_differences(
    outcome: Floats, traits: Floats, exposed: Flags, unexposed: Flags, windows: Windows
) -> tuple[Estimate, int, int]:
    """Return the matched difference-in-differences as a share, and the customers exposed and to choose from.

    Each of the `exposed` (flags of customers) meets the 5 of the `unexposed` who are nearest in `traits` (customers by
    kinds by weeks: their means over the matched weeks, in standard deviations). Standard errors allow for controls that
    serve several (Abadie and Imbens, 2006, for the effect on the treated).
    """
    places = traits[:, :, slice(*windows.matched)].mean(axis=2)
    taken = np.flatnonzero(exposed), np.flatnonzero(unexposed)
    scale = places[np.concatenate(taken)].std(axis=0)
    places = places / np.where(scale > 0, scale, 1.0)
    change = outcome[:, slice(*windows.after)].mean(axis=1) - outcome[:, slice(*windows.before)].mean(axis=1)
    tree = cKDTree(places[taken[1]])
    _, nearest = tree.query(places[taken[0]], k=NEIGHBOURS)
    differences = change[taken[0]] - change[taken[1]][nearest].mean(axis=1)
    effect = Estimate(float(differences.mean()), _standard_error(differences, nearest, tree, change[taken[1]]))
    after = float(outcome[taken[0], slice(*windows.after)].mean())
    return relative(effect, after), len(taken[0]), len(taken[1])


def _standard_error(differences: Floats, nearest: NDArray[np.intp], tree: cKDTree, change: Floats) -> float:
    """Return the standard error of the mean difference; `change` is that of the controls."""
    used = np.bincount(nearest.ravel(), minlength=len(change)).astype(np.float64)
    weight = used**2 / NEIGHBOURS**2 - used / NEIGHBOURS**2
    _, alike = tree.query(tree.data, k=NEIGHBOURS + 1)
    variance = (change - change[alike[:, 1:]].mean(axis=1)) ** 2 * NEIGHBOURS / (NEIGHBOURS + 1)
    total = ((differences - differences.mean()) ** 2).sum() + (weight * variance).sum()
    return float(np.sqrt(total)) / len(differences)
