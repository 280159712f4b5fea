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
from scipy import sparse
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
    spots, group = np.unique(places[taken[1]], axis=0, return_inverse=True)
    weights = _shares(places[taken[0]], spots, np.bincount(group))
    found = {}
    for name, outcome in outcomes.items():
        change = outcome[:, slice(*windows.after)].mean(axis=1) - outcome[:, slice(*windows.before)].mean(axis=1)
        control = change[taken[1]]
        means = np.bincount(group, control) / np.bincount(group)
        differences = change[taken[0]] - weights @ means
        effect = Estimate(float(differences.mean()), _standard_error(differences, weights, spots, group, control))
        found[name] = relative(effect, float(outcome[taken[0], slice(*windows.after)].mean()))
    return found, len(taken[0]), len(taken[1])


def _shares(exposed: Floats, spots: Floats, sizes: NDArray[np.int64]) -> sparse.csr_array:
    """Return what part of its 5 controls each of the `exposed` takes from each spot (rows by columns; rows sum to 1).

    A spot holds the controls who bought exactly alike, `sizes` of them. Of the last spot needed all have an equal part,
    so that no answer hangs on the order of customers.
    """
    most = min(NEIGHBOURS, len(spots))
    nearest = np.asarray(cKDTree(spots).query(exposed, k=most)[1]).reshape(len(exposed), most)
    before = np.cumsum(sizes[nearest], axis=1) - sizes[nearest]
    taken = np.clip(NEIGHBOURS - before, 0, sizes[nearest])
    shares = taken / taken.sum(axis=1, keepdims=True)
    rows = np.repeat(np.arange(len(exposed)), most)
    return sparse.csr_array((shares.ravel(), (rows, nearest.ravel())), shape=(len(exposed), len(spots)))


def _standard_error(
    differences: Floats, weights: sparse.csr_array, spots: Floats, group: NDArray[np.intp], change: Floats
) -> float:
    """Return the standard error of the mean difference; `change` is that of the controls, `group` their spots.

    The variance of a control's change is told by others at its spot, or by those at the nearest spots if it is alone.
    """
    sizes = np.bincount(group)
    means = np.bincount(group, change) / sizes
    within = np.bincount(group, (change - means[group]) ** 2) / np.maximum(sizes - 1, 1)
    most = min(NEIGHBOURS + 1, len(spots))
    others = np.asarray(cKDTree(spots).query(spots, k=most)[1]).reshape(len(spots), most)[:, 1:]
    apart = (means - means[others].mean(axis=1)) ** 2 * NEIGHBOURS / (NEIGHBOURS + 1) if most > 1 else within
    variance = np.where(sizes > 1, within, apart)
    used = np.asarray(weights.sum(axis=0)).ravel() / sizes
    squares = np.asarray(weights.power(2).sum(axis=0)).ravel() / sizes**2
    total = ((differences - differences.mean()) ** 2).sum() + (sizes * (used**2 - squares) * variance).sum()
    return float(np.sqrt(total)) / len(differences)
