"""The blast radius of a cut-over: its frames, the verdict in two sentences, and what is left out.

Serves `memberlab cutover` and whoever asks in Python. Money is cents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from memberlab.policies import Policy, worth_kept
from memberlab.scenarios import Scenario
from memberlab.sim import IdentityError

from ..finance.rows import rows_of
from .frames import changes, checks, losers, memberships, points_frame, tier_flows, worst_kinds
from .give_back_by_member import LEFT_OUT
from .launch_day import LaunchDay
from .member_frame import member_frame
from .points_steps import liability_steps, points_of_members


@dataclass(frozen=True)
class BlastRadius:
    """What launch morning does: `frames` by name as documented in `FRAMES`, `verdict` in two sentences, `notes`."""

    incumbent: Policy
    candidate: Policy
    scenario: Scenario
    threshold: float
    """Share of the give-back by which it must fall at least to be told."""
    frames: Mapping[str, pd.DataFrame]
    verdict: tuple[str, str]
    notes: tuple[str, ...]


def blast_radius(launch: LaunchDay, threshold: float) -> BlastRadius:
    """Return what launch morning does to the members, and whose give-back falls by more than `threshold` (0.2 is 20 %).

    Raises IdentityError when a figure differs from the world's own.
    """
    points = points_of_members(launch)
    steps = liability_steps(launch, points)
    members = member_frame(launch, points, threshold)
    currency = launch.scenario.currency
    frames = {
        "members": members,
        "tier_flows": tier_flows(members, launch),
        "points_steps": points_frame(steps),
        "memberships": memberships(members, launch),
        "losers": losers(members, launch),
        "changes": changes(members),
        "worst_kinds": worst_kinds(members, currency),
        "checks": checks(members, steps, launch),
    }
    broken = frames["checks"][~frames["checks"]["holds"]]
    if len(broken):
        told = "; ".join(f"{row.figure}: {row.told} told, {row.world} in the world" for row in rows_of(broken))
        raise IdentityError(f"the report differs from the world after its first morning: {told}")
    verdict = (launch_in_words(members, frames, currency), give_back_in_words(members, frames, threshold, currency))
    return BlastRadius(
        launch.incumbent, launch.candidate, launch.scenario, threshold, frames, verdict, notes_of(launch)
    )


def launch_in_words(members: pd.DataFrame, frames: Mapping[str, pd.DataFrame], currency: str) -> str:
    """Return what happens on launch day: tiers, points and their liability, memberships."""
    moves = [
        f"{counted(moved, members)} go {way}{of_them(moved & members['moved_anyway'], moved)}"
        for way, moved in (("down a tier", members["move"] == "down"), ("up", members["move"] == "up"))
    ]
    told = [f"On launch day {' and '.join(moves)}"]
    steps: Any = frames["points_steps"].set_index("step")
    lost = [
        f"{-int(steps.at[step, 'points']):,} points of {int(steps.at[step, 'members']):,} members {what}"
        for step, what in (("forced expiry", "expire because they are too old for the new rule"),
                           ("forfeited", "are forfeited"))
        if steps.at[step, "points"]
    ]  # fmt: skip
    moved = int(steps.at["conversion and value of a point", "points"])
    if moved:
        lost.append(f"the conversion {'adds' if moved > 0 else 'takes'} {abs(moved):,} points")
    if lost:
        told.append(" and ".join(lost))
    before, after = (int(steps.at[step, "liability"]) for step in ("evening before", "launch morning"))
    told.append(
        f"the points liability {rises(before, after)} from {money(before)} to {money(after, currency)}"
        if before != after else f"the points liability stays at {money(before, currency)}"
    )  # fmt: skip
    paid: Any = frames["memberships"].set_index("paid_membership")
    if "refunded" in paid.index:
        row = paid.loc["refunded"]
        told.append(f"{int(row['members']):,} paid memberships end with refunds of {money(row['refunded'], currency)}")
    if "converted" in paid.index:
        told.append(f"{int(paid.at['converted', 'members']):,} paid memberships are converted")
    return f"{'; '.join(told)}."


def give_back_in_words(
    members: pd.DataFrame, frames: Mapping[str, pd.DataFrame], threshold: float, currency: str
) -> str:
    """Return whose give-back falls by more than the threshold, and who is hit hardest."""
    had = members[members["give_back_before"] > 0]
    falling = had[had["falls"]]
    net = int(had["change"].sum())
    if not len(had):
        return "Nobody got anything back for the orders of the year before."
    if not len(falling):
        return (
            f"For the orders of the year before nobody would have got more than {threshold:.0%} less; "
            f"all members together would have got {money(abs(net), currency)} {'more' if net >= 0 else 'less'}."
        )
    lost = -int(falling["change"].sum())
    told = (
        f"For the orders of the year before, {len(falling):,} members ({len(falling) / len(had):.1%} of those who got "
        f"something back) would have got more than {threshold:.0%} less, {money(lost, currency)} together, while all "
        f"members together would have got {money(abs(net), currency)} {'more' if net >= 0 else 'less'}"
    )
    kinds = frames["worst_kinds"]
    return f"{told}; hit hardest are {kinds['kind'].iloc[0]}." if len(kinds) else f"{told}."


def counted(chosen: pd.Series[bool], members: pd.DataFrame) -> str:
    """Return how many members are chosen, and the share."""
    count = int(np.count_nonzero(chosen))
    return f"{count:,} of {len(members):,} members ({count / max(1, len(members)):.1%})"


def of_them(chosen: pd.Series[bool], moved: pd.Series[bool]) -> str:
    """Return how many of those who are moved would have been by the old rules as well; empty for nobody."""
    anyway, all_moved = int(np.count_nonzero(chosen)), int(np.count_nonzero(moved))
    if not anyway:
        return ""
    return f" ({'all' if anyway == all_moved else f'{anyway:,}'} of them by the old rules as well)"


def rises(before: int, after: int) -> str:
    """Return whether something rises or falls."""
    return "rises" if after > before else "falls"


def money(cents: float, currency: str = "") -> str:
    """Return an amount in currency units."""
    return f"{cents / 100:,.2f} {currency}".rstrip()


def notes_of(launch: LaunchDay) -> tuple[str, ...]:
    """Return what the figures rest on and leave out."""
    notes = [
        "Nothing is simulated beyond launch morning: who comes less or leaves because of it is the business of "
        "memberlab compare.",
        "Give-back: each member's orders of the 12 calendar months before launch under the terms of the tier and "
        "membership that the old policy's own morning and the new one's leave, with nobody reacting; list values are "
        "goods before the standing discount; delivery is held against the old fee of "
        f"{money(launch.incumbent.shipping.fee)} an order.",
        f"Left out of it: {LEFT_OUT}.",
        "Tiers of those whose give-back falls are the ones that the old policy's own review gives on that morning.",
    ]
    kept = worth_kept(launch.candidate, launch.incumbent)
    if kept is not None and kept != 1:
        notes.append(
            f"What a member's points were worth at face value on the evening before is worth {float(kept):.1%} of it "
            "after the exchange, by rate and value of a point and before anything expires."
        )
    if launch.orders.are_estimated:
        notes.append(
            "The member file knows spend by month and not single orders: each month's spend is shared among orders of "
            "the member's usual size, as unlike as the population's baskets."
        )
    if launch.candidate.migration is None:
        notes.append(
            f"{launch.candidate.name} has no migration section: tiers are reassessed, points keep their number, and "
            "the simulation lets nobody be hurt by it on launch day."
        )
    return tuple(notes)
