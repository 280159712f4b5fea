"""The morning on which promises change within an arm: points that lose value, or a law about their expiry.

Serves the world. What holds from today is compiled like any policy, and what differs is put into the table that the
rules read; everything else in it stays as the arm was launched.
"""

from __future__ import annotations

import datetime

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy
from memberlab.scenarios import Scenario

from .keyed_random import Purpose, trait_uniforms
from .points_table import BY_DAY, BY_INACTIVITY
from .programme_table import ProgrammeTable, compile_policy


def loses_value(policy: Policy, day: datetime.date) -> bool:
    """Return whether the points of `policy` lose value on the morning of `day`."""
    points = policy.points
    return points is not None and points.devaluation is not None and points.devaluation.on == day


def loses_expiry(before: Policy, after: Policy) -> bool:
    """Return whether points that would have expired by `before` do not by `after`, or by another rule."""
    if before.points is None or after.points is None:
        return False
    return before.points.expiry != after.points.expiry or before.points.activities != after.points.activities


def take_over_changes(
    table: ProgrammeTable, before: Policy, after: Policy, scenario: Scenario, behaviour: NDArray[np.void]
) -> None:
    """Write into `table` what `after` promises otherwise than `before`."""
    old, new = (compile_policy(policy, scenario, behaviour) for policy in (before, after))
    for mine, was, will in ((table.programme, old.programme, new.programme), (table.terms, old.terms, new.terms)):
        for field in mine.dtype.names or ():
            if not np.array_equal(was[field], will[field]):
                mine[field] = will[field]


def forget_expiry(cards: NDArray[np.void], table: ProgrammeTable, here: NDArray[np.bool_]) -> None:
    """Forget the days on which the points of those `here` (shape: shoppers) would have been gone, where a law has taken
    their kind of expiry away.
    """
    kind = int(table.programme["expiry_kind"][0])
    if kind != BY_DAY:
        cards["lot_points"][here] = 0
    if kind != BY_INACTIVITY:
        cards["idle_until"][here] = 0
    cards["reminded_of"][here] = 0


def note_hunters(cards: NDArray[np.void], scenario: Scenario, hashed_seed: np.uint64, first: int) -> None:
    """Note on the cards who hunts for bonuses: a lifelong draw of each shopper, from number `first` on."""
    if scenario.bonus_hunters is not None:
        draws = trait_uniforms(hashed_seed, first, len(cards), Purpose.BONUS_HUNTER)
        cards["hunts"] = draws * 10_000.0 < scenario.bonus_hunters.share
