"""Points and money are conserved over any pair of policies and any migration: nothing comes or goes without its line.

Launch morning of a quiet world with random accounts; every expected figure is worked out here, from the rule alone.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from memberlab.policies import Policy, load_policy
from memberlab.sim import MEMBER, Snapshot, World, fees_not_earned

from .worlds import LAUNCH_MONTH, quiet_snapshot

OLD = load_policy("four-tiers-simple").with_({
    "membership": {"fee": 120}, "points.expiry.months": 24,
    "migration": {"points": {"rule": "keep"}},  # so that cards are kept, on which points can be pending
})  # fmt: skip
MEMBERS = 4


@cache
def launch() -> Snapshot:
    """Return launch morning of members who own nothing yet."""
    return quiet_snapshot(OLD, MEMBERS)


tier_rules = st.sampled_from([
    None, {"rule": "reassess"}, {"rule": "keep until review"}, {"rule": "keep for good"},
    {"rule": "grandfather", "months": 4},
])  # fmt: skip
rates = st.tuples(st.integers(1, 1_000), st.integers(1, 1_000), st.sampled_from(["down", "nearest", "up"]))
point_rules: Any = st.one_of(
    st.just(None), st.just({"rule": "keep"}), st.just({"rule": "forfeit"}),
    st.just({"rule": "forfeit", "notice_months": 2}), st.just({"rule": "keep", "old_expiry_months": 3}),
    rates.map(lambda rate: {"rule": "convert", "old": rate[0], "new": rate[1], "rounding": rate[2]}),
)  # fmt: skip
term_rules = st.sampled_from([
    None, {"rule": "keep"}, {"rule": "refund"}, {"rule": "convert"}, {"rule": "convert", "time": "pro rata"},
])  # fmt: skip
accounts = st.lists(
    st.tuples(
        st.lists(st.integers(0, 50_000), min_size=5, max_size=5), st.integers(0, 3_000), st.integers(0, 900),
        st.integers(0, 365), st.integers(0, 3),
    ), min_size=MEMBERS, max_size=MEMBERS,
)  # fmt: skip


def with_accounts(drawn: list[tuple[list[int], int, int, int, int]]) -> Snapshot:
    """Return launch morning with these lots, pending points, debts, days left of a paid term (0: none) and tiers."""
    quiet = launch()
    shoppers, cards, market = quiet.shoppers.copy(), quiet.cards.copy(), quiet.market.copy()
    for place, (lots, pending, debt, days, tier) in enumerate(drawn):
        for age, points in zip((1, 2, 7, 13, 24), lots, strict=True):
            shoppers["lots"][place, (LAUNCH_MONTH - age) % 25] = points
        shoppers["points_balance"][place] = sum(lots)
        cards["pending_points"][place] = cards["pending_parts"][place, 0] = pending
        cards["pending_days"][place, 0] = cards["office_day"][place] = quiet.day + 50
        cards["points_debt"][place] = debt
        shoppers["tier"][place] = tier
        if days:
            shoppers["status"][place] |= MEMBER
            shoppers["term_end"][place], shoppers["fee_paid"][place] = quiet.day + days, 12_000
    market["fees_until"] = quiet.day
    return replace(quiet, shoppers=shoppers, cards=cards, market=market)


def exchanged(points: int, rule: dict[str, Any]) -> int:
    exact = Fraction(points * rule["new"], rule["old"])
    if rule["rounding"] == "up":
        return -(-exact.numerator // exact.denominator)
    half = Fraction(1, 2) if rule["rounding"] == "nearest" else Fraction(0)
    return (exact + half).__floor__()


def candidate(
    tiers: Any, points: Any, terms: Any, months: int, has_points: bool, has_membership: bool
) -> Policy:  # fmt: skip
    """Return a policy with these rules, as far as it has something to apply them to."""
    sections = {"tiers": tiers}
    if has_points or (points is not None and points.get("rule") == "forfeit" and "notice_months" not in points):
        sections["points"] = points
    if has_membership or (terms is not None and terms["rule"] == "refund"):
        sections["memberships"] = terms
    said = {name: rule for name, rule in sections.items() if rule is not None}
    return OLD.with_({
        "migration": said or None, "member_discount": "1 %", "membership.fee": 155, "points.expiry.months": months,
        **({} if has_points else {"points": None}), **({} if has_membership else {"membership": None}),
    })  # fmt: skip


@settings(max_examples=25, derandomize=True)
@given(accounts, tier_rules, point_rules, term_rules, st.integers(1, 24), st.booleans(), st.booleans())
def test_points_and_money_are_conserved(
    drawn: Any, tiers: Any, points: Any, terms: Any, months: int, has_points: bool, has_membership: bool
) -> None:
    policy = candidate(tiers, points, terms, months, has_points, has_membership)
    snapshot = with_accounts(drawn)
    outcome = World.resume(snapshot, policy).run(snapshot.day + 1)  # identities are checked there
    shoppers, cards = outcome.shoppers, outcome.cards
    rule = None if policy.migration is None or policy.migration.points is None else points
    for place, (lots, pending, debt, *_) in enumerate(drawn):
        owed = int(shoppers["points_balance"][place]) + int(cards["pending_points"][place])
        if rule is not None and rule["rule"] == "convert":
            kept = exchanged(sum(lots) + pending, rule)
            live = sum(lot for age, lot in zip((1, 2, 7, 13, 24), lots, strict=True) if age <= months)
            assert owed <= kept
            assert abs(owed - exchanged(live + pending, rule)) <= 1 + (live != sum(lots))
        elif not has_points or (rule is not None and rule["rule"] == "forfeit" and "notice_months" not in rule):
            assert owed == cards["points_debt"][place] == 0
        else:
            protected = rule is not None and "old_expiry_months" in rule
            live = sum(lot for age, lot in zip((1, 2, 7, 13, 24), lots, strict=True) if protected or age <= months)
            assert (owed, cards["points_debt"][place]) == (live + pending, debt)
    before = fees_not_earned(snapshot.shoppers, snapshot.cards, snapshot.day)
    after = fees_not_earned(shoppers, cards, snapshot.day)
    assert before.sum() == after.sum() + outcome.total("fees_refunded")
    is_paid = np.array([days > 0 for _, _, _, days, _ in drawn])
    stays = has_membership and not (terms is not None and terms["rule"] == "refund")
    assert ((shoppers["status"] & MEMBER != 0) == (is_paid & stays)).all()
    assert outcome.closing.points == (
        outcome.opening.points + outcome.total("points_converted") - outcome.total("points_expired")
    )
