"""The frames of a cut-over beside the members: tier flows, memberships, losers, distribution, worst kinds, checks.

Serves the report. Each is a sum over the member frame, but for the checks, which hold it against the world.
"""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pandas as pd

from memberlab.sim import MEMBER, old_fees

from ..finance.rows import rows_of
from .catalogue import COLUMNS
from .launch_day import FATES, LaunchDay
from .points_steps import Step

CHANGE_STEPS = (-1.0, -0.8, -0.6, -0.4, -0.2, -0.1, -0.02, 0.02, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, float("inf"))
"""Ends of the steps of change; a step holds its lower end, the first all below."""

KINDS_TOLD = 10
FEWEST_OF_A_KIND = 0.001
"""A kind is told of if it is this share of the members at least, and 5 members."""


def tier_flows(members: pd.DataFrame, launch: LaunchDay) -> pd.DataFrame:
    """Return how many members go from which tier to which."""
    keys = ["old_tier", "new_tier", "move"]
    table = members.groupby(keys, sort=False, as_index=False).agg(
        members=("member", "size"), spend=("spend", "sum"), moved_anyway=("moved_anyway", "sum")
    )
    table["share"] = table["members"] / table.groupby("old_tier")["members"].transform("sum")
    old, new = list(launch.incumbent.tiers) or ["-"], list(launch.candidate.tiers) or ["-"]
    order = [old.index(row.old_tier) * len(new) + new.index(row.new_tier) for row in rows_of(table)]
    table = table.assign(place=order).sort_values("place", ignore_index=True)
    return table[list(COLUMNS["tier_flows"])]


def points_frame(steps: list[Step]) -> pd.DataFrame:
    """Return the steps of the points liability."""
    return pd.DataFrame([asdict(step) for step in steps], columns=list(COLUMNS["points_steps"]))


def memberships(members: pd.DataFrame, launch: LaunchDay) -> pd.DataFrame:
    """Return what becomes of paid memberships."""
    grouped = members.assign(old_fee=_keeps_old_fee(members, launch)).groupby("paid_membership", as_index=False)
    table: pd.DataFrame = grouped.agg(
        members=("member", "size"), refunded=("refund", "sum"), deferred_before=("deferred_before", "sum"),
        deferred_after=("deferred_after", "sum"), old_fee=("old_fee", "sum"),
    )  # fmt: skip
    table = table[table["paid_membership"] != "none"]
    table = table.assign(place=[FATES.index(fate) for fate in table["paid_membership"]]).sort_values("place")
    return table[list(COLUMNS["memberships"])].reset_index(drop=True)


def _keeps_old_fee(members: pd.DataFrame, launch: LaunchDay) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return who renews at the old fee for a while because it is lower than the new one."""
    promised = None if launch.candidate.migration is None else launch.candidate.migration.memberships
    new, old = launch.candidate.membership, launch.incumbent.membership
    nobody = np.zeros(len(members), bool)
    if promised is None or promised.old_fee_months is None or new is None or old is None:
        return nobody
    plans = zip(new.all_plans, old_fees(new, old), strict=True)
    lower = np.array([fee is not None and fee < plan.fee for plan, fee in plans])
    cards = launch.launched.cards
    plan = cards["plan"][launch.members] if len(cards) == len(launch.shoppers) else nobody.astype(int)
    plan = np.where(plan < len(lower), plan, 0)
    return np.asarray(lower[plan] & members["paid_membership"].isin(["runs on", "converted"]).to_numpy())


def losers(members: pd.DataFrame, launch: LaunchDay) -> pd.DataFrame:
    """Return whose give-back falls by more than the threshold, by the tier of the old review and tenth by spend."""
    had = members[(members["give_back_before"] > 0) & (members["tenth"] > 0)]
    falling = had[had["falls"]]
    keys = ["usual_tier", "tenth"]
    table = had.groupby(keys).agg(members=("member", "size"), falling=("falls", "sum"))
    sums = falling.groupby(keys)[["give_back_before", "give_back_after", "change"]].sum()
    table = table.join(sums).fillna(0).astype("int64").reset_index()
    table["share"] = table["falling"] / table["members"]
    table["lost"] = -table["change"]
    names = list(launch.incumbent.tiers) or ["-"]
    table = table.assign(place=[names.index(tier) for tier in table["usual_tier"]])
    return table.sort_values(["place", "tenth"], ignore_index=True)[list(COLUMNS["losers"])]


def changes(members: pd.DataFrame) -> pd.DataFrame:
    """Return how many members' give-back changes by how much, as a share of what it was."""
    had = members[members["give_back_before"] > 0]
    share = (had["change"] / had["give_back_before"]).to_numpy()
    place = np.clip(np.searchsorted(np.array(CHANGE_STEPS), share, side="right") - 1, 0, len(CHANGE_STEPS) - 2)
    return pd.DataFrame({
        "from_share": CHANGE_STEPS[:-1], "to_share": CHANGE_STEPS[1:],
        "members": np.bincount(place, minlength=len(CHANGE_STEPS) - 1),
        "change": np.bincount(place, had["change"].to_numpy(), len(CHANGE_STEPS) - 1).astype(np.int64),
    })  # fmt: skip


def worst_kinds(members: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Return the kinds of member of whom one loses most: give-back of a year, and points on launch day."""
    keys = ["usual_tier", "new_tier", "paid_membership", "tenth"]
    parts = [name.removesuffix("_before") for name in COLUMNS["members"] if name.endswith("_before")]
    parts = [part for part in parts if part not in ("points", "deferred", "give_back")]
    columns = [f"{part}_{when}" for part in (*parts, "give_back") for when in ("before", "after")]
    grouped = members.groupby(keys, sort=False)
    table = grouped[[*columns, "points_worth_lost"]].mean()
    table["members"] = grouped.size()
    table["lost_each"] = table["give_back_before"] - table["give_back_after"] + table["points_worth_lost"]
    table = table[table["members"] >= max(5, FEWEST_OF_A_KIND * len(members))]
    table = table[table["lost_each"] > 0].sort_values("lost_each", ascending=False, kind="stable").head(KINDS_TOLD)
    table = table.reset_index()
    table["kind"] = [_in_words(row, parts, currency) for row in rows_of(table)]
    table["lost"] = table["lost_each"] * table["members"]
    money = ["give_back_before", "give_back_after", "points_worth_lost", "lost_each", "lost"]
    table[money] = table[money].round().astype("int64")
    return table[list(COLUMNS["worst_kinds"])]


TITLES = {
    "discount": "discounts", "points_give_back": "points", "delivery": "free delivery", "vouchers": "delivery vouchers",
    "coupons": "coupons",
}  # fmt: skip


def _in_words(row: object, parts: list[str], currency: str) -> str:
    """Return one kind of member in words: who they are, what they lose, and what most of it is."""

    def of(name: str) -> float:
        return float(getattr(row, name))

    old, new, fate, tenth = (getattr(row, name) for name in ("usual_tier", "new_tier", "paid_membership", "tenth"))
    who = f"{of('members'):,.0f} members"
    if old != "-":
        now = "" if old == new else ", now without a tier" if new == "-" else f", now {new}"
        who += f" of {old}{now}"
    who += _by_spend(int(tenth))
    if fate != "none":
        who += f", whose paid membership {'is ' if fate in ('converted', 'refunded') else ''}{fate}"
    before, after = of("give_back_before") / 100, of("give_back_after") / 100
    told = []
    if before > after:
        share = f" (-{1 - after / before:.0%})" if before > 0 else ""
        most = max(parts, key=lambda part: of(f"{part}_before") - of(f"{part}_after"))
        told.append(f"their give-back falls from {before:,.2f} to {after:,.2f} {currency} a year{share}, most of it "
                    f"{TITLES[most]}")  # fmt: skip
    if of("points_worth_lost") > 0.5:
        told.append(f"points worth {of('points_worth_lost') / 100:,.2f} {currency} are lost on launch day")
    return f"{who}: {', and '.join(told)}"


def _by_spend(tenth: int) -> str:
    if tenth == 0:
        return " without an order in the year"
    names = {1: "the lowest tenth", 10: "the highest tenth"}
    return f" in {names.get(tenth, f'tenth {tenth} of 10')} by spend"


def checks(members: pd.DataFrame, steps: list[Step], launch: LaunchDay) -> pd.DataFrame:
    """Return figures of the frames beside those of the world after its first morning."""
    world, at = launch.launched, launch.launched.shoppers[launch.members]
    converted = members["points_converted"].sum() - members["points_before"].sum()
    gone = members[["points_expired_anyway", "points_forced", "points_forfeited"]].sum().sum()
    figures: dict[str, tuple[int, int]] = {
        f"members in {name}": (int((members["new_tier"] == name).sum()), int(np.count_nonzero(at["tier"] == level)))
        for level, name in enumerate(launch.candidate.tiers)
    }
    figures |= {
        "points owed": (steps[-1].points, world.closing.points),
        "points liability, cents": (steps[-1].liability + world.closing.credits, world.closing_liability),
        "points converted": (int(converted), world.total("points_converted")),
        "points expired and forfeited": (int(gone), world.total("points_expired")),
        "fees refunded, cents": (int(members["refund"].sum()), world.total("fees_refunded")),
        "paid members": (
            int((~members["paid_membership"].isin(["none", "refunded", "ends that day"])).sum()),
            int(np.count_nonzero(at["status"] & MEMBER)),
        ),
    }
    return pd.DataFrame(
        [(figure, told, found, told == found) for figure, (told, found) in figures.items()],
        columns=list(COLUMNS["checks"]),
    )
