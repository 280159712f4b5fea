"""Whether a world's members are those of their file: points by expiry, tiers, paid terms and spend, to the cent.

Serves the opening of a world, which fails loudly on a difference, and the table of `memberlab members`. One side is
worked out from the file and the policy's promise, the other from the records that the rules will live with.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy
from memberlab.scenarios import Members
from memberlab.scenarios import members as member_files

from .calendar import Calendar
from .card import are_kept
from .day_lots import LOTS
from .identities import IdentityError
from .member_membership import Terms
from .membership_term import YEAR
from .points_table import BY_DAY, BY_INACTIVITY, BY_MONTH, BY_PERIOD, FOREVER, NO_EXPIRY, ON_DATES
from .programme_table import ProgrammeTable
from .shopper import LOT_MONTHS, MEMBER, NEVER


@dataclass(frozen=True, slots=True)
class Tie:
    """One figure by file and world: points, members, or cents as `unit` says; `of` is the month or tier it is of."""

    figure: str
    of: str
    unit: str
    file: int
    world: int

    @property
    def holds(self) -> bool:
        """Return whether both are equal."""
        return self.file == self.world


Sums = Counter[str]


def ties_of(
    members: Members, terms: Terms, policy: Policy, calendar: Calendar, table: ProgrammeTable,
    shoppers: NDArray[np.void], cards: NDArray[np.void],
) -> tuple[Tie, ...]:  # fmt: skip
    """Return every figure of `members` beside that of their records (shape: members), on the as-of morning."""
    tiers = list(policy.tiers)
    found: list[Tie] = [
        Tie("members", "", "members", len(members), len(shoppers)),
        Tie("points", "", "points", int(members.points.sum()), int(shoppers["points_balance"].sum(dtype=np.int64))),
    ]
    if members.has_lots and policy.points is not None:
        found += _compared("points to", "points", _points_of_file(members, policy),
                           _points_of_world(table, calendar, shoppers, cards))  # fmt: skip
    given = members.tier != ""
    in_tiers = Counter(tiers[level] for level in shoppers["tier"][given].tolist())
    found += _compared("tier", "members", Counter(members.tier[given].tolist()), in_tiers)
    paid = shoppers["status"] & MEMBER != 0
    ends = [_month(members.as_of.toordinal() + int(day) - calendar.launch - 1) for day in shoppers["term_end"][paid]]
    found += _compared("paid members to", "members",
                       Counter(_month(int(end) - 1) for end in terms.end[terms.runs]), Counter(ends))  # fmt: skip
    found += _compared("deferred fees to", "cents", _deferred_of_file(members, terms),
                       _summed(ends, _deferred_of_world(calendar, shoppers, cards)[paid].tolist()))  # fmt: skip
    known = members.spend_last_12_months >= 0
    found.append(Tie("spend of 12 months", "", "cents", int(members.spend_last_12_months[known].sum()),
                     int(shoppers["month_spend"][known].sum(dtype=np.int64))))  # fmt: skip
    return tuple(found)


def fail_if_not_tied_out(ties: Iterable[Tie]) -> None:
    """Raise IdentityError with every figure that differs between file and world."""
    wrong = [f"{tie.figure} {tie.of}".strip() + f": {tie.file} in the file, {tie.world} in the world"
             for tie in ties if not tie.holds]  # fmt: skip
    if wrong:
        raise IdentityError("members do not tie out with their file: " + "; ".join(wrong))


def merge_ties(parts: Iterable[tuple[Tie, ...]]) -> tuple[Tie, ...]:
    """Return the sums of ties of several regions, figure by figure."""
    sums: dict[tuple[str, str, str], list[int]] = {}
    for tie in (tie for part in parts for tie in part):
        both = sums.setdefault((tie.figure, tie.of, tie.unit), [0, 0])
        both[0] += tie.file
        both[1] += tie.world
    figures = list(dict.fromkeys(figure for figure, _, _ in sums))
    ordered = sorted(sums, key=lambda key: (figures.index(key[0]), key[1] if key[0] != "tier" else ""))
    return tuple(Tie(*key, *sums[key]) for key in ordered)


def _compared(figure: str, unit: str, file: Sums, world: Sums) -> list[Tie]:
    return [Tie(figure, of, unit, file[of], world[of]) for of in sorted(file.keys() | world.keys())]


def _summed(of: Iterable[str], values: Iterable[int]) -> Sums:
    sums: Sums = Counter()
    for one, value in zip(of, values, strict=True):
        sums[one] += value
    return sums


def _month(ordinal: int) -> str:
    """Return the month of a day, as `2026-03`; `never` beyond any calendar."""
    return "never" if ordinal >= member_files.NEVER_GONE - 1 else datetime.date.fromordinal(ordinal).isoformat()[:7]


def _points_of_file(members: Members, policy: Policy) -> Sums:
    """Return points by the month in which they can last be used."""
    gone = member_files.dated_lots(members, policy).gone
    assert policy.points is not None
    if policy.points.expiry is not None and policy.points.expiry.dates:
        return Counter({"the next date": int(members.lot_points.sum())})
    days, place = np.unique(_joined(members, policy, gone), return_inverse=True)
    sums = np.zeros(len(days), np.int64)
    np.add.at(sums, place, members.lot_points)
    return _summed((_month(int(day) - 1) for day in days), sums.tolist())


def _joined(members: Members, policy: Policy, gone: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return when lots go, with those beyond a card's 12 places put to the member's latest where lots are kept to the
    day.
    """
    activities, expiry = policy.points and policy.points.activities, policy.points and policy.points.expiry
    to_the_day = (activities and activities.expire_after_days) or (expiry and (expiry.days or expiry.end_of == "day"))
    if not to_the_day:
        return gone
    joined = gone.copy()
    for owner in np.flatnonzero(np.bincount(members.lot_member, minlength=len(members)) > LOTS):
        own = members.lot_member == owner
        days = np.unique(gone[own])
        if len(days) > LOTS:
            joined[own & (gone >= days[LOTS - 1])] = days[-1]
    return joined


def _points_of_world(
    table: ProgrammeTable, calendar: Calendar, shoppers: NDArray[np.void], cards: NDArray[np.void]
) -> Sums:
    """Return points by the month in which they can last be used, from the ring and the cards as the rules read them."""
    p, first = table.programme[0], calendar.start.toordinal()
    kind, launch = int(p["expiry_kind"]), calendar.launch_month
    sums: Sums = Counter()
    if kind == BY_DAY:
        days, points = cards["lot_days"].ravel().tolist(), cards["lot_points"].ravel().tolist()
        for day, held in zip(days, points, strict=True):
            sums["never" if day == NEVER else _month(first + day - 1)] += held
        return +sums
    if kind == BY_INACTIVITY:
        forever = p["expiry_extension"][shoppers["tier"]] >= FOREVER
        last = np.where(forever | (cards["idle_until"] == NEVER), member_files.NEVER_GONE, first + cards["idle_until"])
        return +_summed((_month(int(day) - 1) for day in last), shoppers["points_balance"].tolist())
    for age in range(1, LOT_MONTHS):
        held = shoppers["lots"][:, (launch - age) % LOT_MONTHS].astype(np.int64)
        for tier in np.unique(shoppers["tier"]):
            total = int(held[shoppers["tier"] == tier].sum())
            sums[_last_month(p, calendar, launch - age, int(tier), kind)] += total
    return +sums


def _last_month(p: np.void, calendar: Calendar, earned: int, tier: int, kind: int) -> str:
    """Return the month in which points earned in a month of the world can last be used by a member of `tier`."""
    if kind == NO_EXPIRY:
        return "never"
    if kind == ON_DATES:
        return "the next date"
    months = int(p["expiry_months"]) + (int(p["expiry_extension"][tier]) if kind == BY_PERIOD else 0)
    if months >= FOREVER:
        return "never"
    gone, period = earned + months + 1, 1 if kind == BY_MONTH else int(p["expiry_period"])
    while (gone + calendar.start.month - 1) % period:
        gone += 1
    return _month(calendar.date_of(calendar.month_starts[gone]).toordinal() - 1)


def _deferred_of_file(members: Members, terms: Terms) -> Sums:
    """Return the part of each fee not yet earned, by the month of the term's last day: by days, in whole cents."""
    sums: Sums = Counter()
    for row in np.flatnonzero(terms.runs):
        fee, begin, end = int(terms.fee[row]), int(terms.begin[row]), int(terms.end[row])
        sums[_month(end - 1)] += fee - fee * (members.as_of.toordinal() - begin) // (end - begin)
    return sums


def _deferred_of_world(calendar: Calendar, shoppers: NDArray[np.void], cards: NDArray[np.void]) -> NDArray[np.int64]:
    """Return the part of each fee not yet earned, from the records."""
    days = np.full(len(shoppers), YEAR, np.int64)
    if are_kept(cards):
        days = np.where(cards["term_days"] > 0, cards["term_days"], YEAR).astype(np.int64)
    passed = np.clip(calendar.launch - (shoppers["term_end"].astype(np.int64) - days), 0, days)
    fees = shoppers["fee_paid"].astype(np.int64)
    return np.asarray(fees - fees * passed // days)
