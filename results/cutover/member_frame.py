"""One row for each member on file: what launch morning does to them, and what their year's orders would give back.

Serves all other frames of a cut-over, which are sums of this one. Money is cents.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .catalogue import COLUMNS
from .give_back_by_member import PARTS, give_back_by_member, list_values
from .launch_day import LaunchDay, names_of
from .points_steps import PointsOfMembers, face_of

NAMES = {"points": "points_give_back"}
"""Columns of a kind of benefit that are not called as the kind."""


def member_frame(launch: LaunchDay, points: PointsOfMembers, threshold: float) -> pd.DataFrame:
    """Return the members; `threshold` is the share of the give-back by which it must fall at least to be told."""
    members = launch.members
    before, after = launch.level("before"), launch.level("launched")
    move = np.sign(after - launch.counterpart())
    usual = np.sign(launch.level("usual") - before)
    table = pd.DataFrame({
        "member": members,
        "old_tier": names_of(launch.incumbent, before),
        "usual_tier": names_of(launch.incumbent, launch.level("usual")), "new_tier": names_of(launch.candidate, after),
        "move": np.array(["down", "same", "up"], object)[move + 1], "moved_anyway": (move != 0) & (move == usual),
        "paid_membership": launch.fate(),
        "orders": np.bincount(launch.orders.shopper, minlength=len(launch.shoppers))[members],
        "spend": launch.shoppers["window_spend"][members].astype(np.int64),
        "points_before": points.before, "points_converted": points.converted,
        "points_expired_anyway": points.expired_anyway, "points_forced": points.forced,
        "points_forfeited": points.forfeited, "points_after": points.after,
        "points_worth_lost": _worth_lost(launch, points),
        "deferred_before": launch.deferred("before"), "deferred_after": launch.deferred("launched"),
    })  # fmt: skip
    table["tenth"] = tenths(table["spend"].to_numpy())
    table["refund"] = np.where(table["paid_membership"] == "refunded", table["deferred_before"], 0)
    _add_give_back(table, launch)
    was = table["give_back_before"]
    table["change"] = table["give_back_after"] - was
    table["falls"] = (was > 0) & (table["change"] < -threshold * was)
    return table[list(COLUMNS["members"])]


def _worth_lost(launch: LaunchDay, points: PointsOfMembers) -> NDArray[np.int64]:
    """Return what each member's points lose at face value, without what the old rules take on the same morning."""
    usual = np.minimum(launch.points("usual"), points.before)
    old, new = float(face_of(launch.incumbent)), float(face_of(launch.candidate))
    return np.rint(usual * old - points.after * new).astype(np.int64)


def _add_give_back(table: pd.DataFrame, launch: LaunchDay) -> None:
    """Add what the year's orders give back before and after, by kind and all together.

    Before is what the old policy's own morning leaves, so that a tier lost by its review is not laid at the new one.
    """
    members, count = launch.members, len(launch.shoppers)
    fee = launch.incumbent.shipping.fee
    states = {}
    for moment in ("before", "usual", "launched"):
        states[moment] = np.zeros(count, np.int64)
        states[moment][members] = 2 * launch.level(moment) + launch.is_paid(moment)
    values = list_values(launch.orders, launch.incumbent, states["before"])
    for when, moment, policy in (
        ("before", "usual", launch.incumbent), ("after", "launched", launch.candidate),
    ):  # fmt: skip
        parts = give_back_by_member(policy, launch.orders, values, states[moment], fee)
        for part in PARTS:
            table[f"{NAMES.get(part, part)}_{when}"] = parts[part][members]
        table[f"give_back_{when}"] = np.sum([parts[part] for part in PARTS], axis=0)[members]


def tenths(spend: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the tenth of each of `spend` among those above 0: 1 least, 10 most; 0 for none."""
    found = np.zeros(len(spend), np.int64)
    spent = np.flatnonzero(spend > 0)
    order = spent[np.argsort(spend[spent], kind="stable")]
    found[order] = np.arange(len(order)) * 10 // max(1, len(order)) + 1
    return found
