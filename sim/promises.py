"""The morning on which promises change within an arm: points that lose value, or a law about expiry and renewals.

Serves the world. What holds from today is compiled like any policy, and what differs is put into the table that the
rules read; everything else in it stays as the arm was launched.
"""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy
from memberlab.scenarios import Scenario

from .at_price import USUAL_PRICE
from .devaluation import states_of
from .keyed_random import Purpose, trait_uniforms
from .membership_term import REMINDED
from .points_table import BY_DAY, BY_INACTIVITY
from .programme_table import ProgrammeTable, compile_policy
from .shopper import MEMBER


def loses_value(policy: Policy, day: datetime.date) -> bool:
    """Return whether the points of `policy` lose value on the morning of `day`."""
    points = policy.points
    return points is not None and points.devaluation is not None and points.devaluation.on == day


def loses_expiry(before: Policy, after: Policy) -> bool:
    """Return whether points that would have expired by `before` do not by `after`, or by another rule."""
    if before.points is None or after.points is None:
        return False
    return before.points.expiry != after.points.expiry or before.points.activities != after.points.activities


def reminds_earlier(before: Policy, after: Policy) -> bool:
    """Return whether members are told of the end of a term by `after` where they were not, or later, by `before`."""
    new = None if after.membership is None else after.membership.reminder
    return new is not None and (before.membership is None or before.membership.reminder != new)


def note_reminders(
    shoppers: NDArray[np.void], cards: NDArray[np.void], due: NDArray[np.int16], programme: Any, market: Any,
    ledger_day: NDArray[np.void], here: NDArray[np.bool_], day: int,
) -> None:  # fmt: skip
    """Let the office remind the members among those `here` (shape: shoppers) of the terms that run on the morning on
    which a law begins to demand it; whose day for that has passed is reminded at once.
    """
    members = here & (shoppers["status"] & MEMBER != 0) & (shoppers["term_end"] > day)
    days = shoppers["term_end"].astype(np.int64) - int(programme["reminder_days"])
    later = members & (days > day)
    cards["office_day"][later] = np.minimum(cards["office_day"], days)[later]
    due[later] = np.minimum(due, days)[later]
    now = members & (days <= day) & (cards["standing"] & REMINDED == 0)
    cost = int(programme["reminder_cost"]) * int(market["message_prices"]) // USUAL_PRICE
    cards["standing"][now] |= REMINDED
    shoppers["margin"][now] -= cost
    shoppers["benefit_cost"][now] += cost
    sent = np.bincount(states_of(shoppers)[now], minlength=ledger_day.shape[0])
    ledger_day["reminders_sent"] += sent
    ledger_day["renewal_reminders"] += sent * cost


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
