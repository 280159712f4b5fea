"""Customers around their first exposure, beside those never exposed: the comparison on which the lab relies most.

Effects of customer and week take out who buys much and what kind of week it was; weeks after later campaigns are left
out, because there the effects of several mix. Customers who had not bought before are left out as well: who enters
late is not yet targeted, and the unexposed would grow by entries alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .estimate import Estimate
from .exposed_weeks import relative
from .two_way_effects import effects_on_each
from .weekly_panel import NEVER

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

WIDTH, NARROW = 8, 6
"""Weeks to either side of the first exposure, and those of the check with a narrower window."""
ENTRY_WEEKS = 4
"""Weeks at the log's beginning in which a customer must have bought to be known; these weeks are not compared."""


@dataclass(frozen=True, slots=True)
class FirstExposure:
    """Effects by outcome, as shares of what the exposed would have had, and on whom they rest."""

    effects: dict[str, Estimate]
    exposed: int
    never: int


def around_first_exposure(
    outcomes: Mapping[str, Floats], first: Integers, *, width: int = WIDTH, known: NDArray[np.bool_] | None = None,
    earlier: int = 0,
) -> FirstExposure:  # fmt: skip
    """Return the effect of the first `width` weeks from the first exposure on (`first` week by customer, or NEVER).

    `outcomes` by name are customers by weeks. With `known` (flags) the others and the entry weeks are left out. With
    `earlier` every first exposure is moved so many weeks back, to a fake date when nobody was sent anything. Raise
    ValueError where nothing is left to compare.
    """
    begin = 0 if known is None else ENTRY_WEEKS
    shape = next(iter(outcomes.values())).shape
    places = np.indices(shape)
    customer, week = places[0], places[1]
    is_never = np.asarray(first == NEVER)
    date: Integers = np.where(is_never, NEVER, first - earlier)
    since: Integers = week - date.reshape(-1, 1)
    never = np.broadcast_to(is_never[:, None], shape)
    kept = (never | ((since >= -width) & (since < width))) & (week >= begin)
    if known is not None:
        kept &= known[:, None]
    on: NDArray[np.bool_] = kept & ~never & (since >= 0)
    both = on.any(axis=1) & (kept & ~on).any(axis=1)
    if not both.any() or not (kept & never).any():
        raise ValueError("no customer has weeks on both sides of a first exposure, or none is unexposed")
    rows = {name: outcome[kept] for name, outcome in outcomes.items()}
    fits = effects_on_each(rows, on[kept].astype(np.float64).reshape(-1, 1), customer[kept], week[kept])
    effects = {name: relative(fit.estimate(), float(outcomes[name][on].mean())) for name, fit in fits.items()}
    count = int((kept & never).any(axis=1).sum())
    return FirstExposure(effects, int(both.sum()), count)


def known_customers(visits: Floats) -> NDArray[np.bool_]:
    """Return who bought in the first weeks of the log (`visits` is customers by weeks)."""
    return np.asarray(visits[:, :ENTRY_WEEKS].sum(axis=1) > 0)
