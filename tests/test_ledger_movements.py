"""Money and points over random policies, orders, returns, expiries and changes of mind: 0 cents and 0 points off.

A machine lives a small market by random steps: on for some days, on under another policy, from a saved morning.
Whatever it does, every identity holds (a run that breaks one raises), books tie out, and what one run leaves is what
the next begins with. The slow test lives ten million movements.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from memberlab.policies import Policy
from memberlab.results import books_of, lived_books, statements_of
from memberlab.sim import Outcome, Snapshot, World, warm_up

from .finance_worlds import busy_scenario
from .worlds import brisk_population, full_policy

EXPIRY = st.sampled_from([
    "never", {"months": 1}, {"months": 3}, {"months": 24}, {"days": 20}, {"days": 200}, {"dates": ["03-31", "10-15"]},
    {"inactivity": {"days": 45}}, {"months": 3, "end_of": "quarter"}, {"months": 2, "extension": {"gold": "never"}},
])  # fmt: skip
CHANGES = st.fixed_dictionaries(
    {"points.expiry": EXPIRY},
    optional={
        "points.earn": st.sampled_from([{"points": 7, "per": 2}, {"points": 1, "per": 3}, {"points": 1, "per": 1}]),
        "points.redeem": st.sampled_from([{"points": 300, "value": 1}, {"points": 7000, "value": 33.33}]),
        "points.minimum": st.sampled_from([0, 50, 2_000]),
        "points.maximum_share": st.sampled_from(["5 %", "50 %", "100 %"]),
        "points.expected_redemption": st.sampled_from(["3 %", "77.77 %", "100 %"]),
        "points.returns": st.fixed_dictionaries(
            {"claw_back": st.sampled_from(["pending_only", "within_balance", "may_go_negative"])},
            optional={"pending_days": st.integers(1, 60), "points_paid": st.sampled_from(["given_back", "lost"])},
        ),
        "member_discount": st.sampled_from(["0 %", "3.33 %", "20 %"]),
        "shipping": st.sampled_from([{"fee": 7.77, "free_from": 49.99}, {"fee": 3}]),
        "membership.months": st.sampled_from([1, 6, 12, 24]),
        "membership.fee": st.sampled_from([0.99, 99.01]),
        "membership.cancellation": st.sampled_from([{"refund": "pro-rata"}, {"money_back_days": 20}]),
        "membership.perks": st.just({"video": {"cost": 0.33, "perceived_value": 2, "sponsor_share": "33.33 %"}}),
        "coupons": st.just({"value": 5, "minimum_spend": 50, "a_month": 1}),
    },
)  # fmt: skip


def policy_of(changes: Mapping[str, object]) -> Policy:
    """Return the full policy with the changes that go with each other."""
    changed = dict(changes)
    if changed["points.expiry"] == {"days": 20}:
        changed.pop("points.returns", None)  # pending longer than they live
    return full_policy().with_(changed)


@lru_cache
def launch(shoppers: int, number: int = 0) -> Snapshot:
    scenario = busy_scenario(
        population__shoppers=shoppers, warm_up={"months": 3}, horizon={"months": 18}, seed=100 + number
    )
    return warm_up(scenario, incumbent=full_policy(), population=brisk_population())


def movements(outcome: Outcome) -> int:
    """Return how often money or points were posted, at the least: five lines an order, three a return, and so on."""
    orders, returns = outcome.total("orders"), outcome.total("returns")
    more = ("joins", "renewals", "cancellations", "coupons_redeemed", "vouchers_used")
    return 5 * orders + 3 * returns + sum(outcome.total(name) for name in more)


def ties_out(outcome: Outcome) -> None:
    """Fail unless every identity of the run and every check of its statements holds."""
    checks = statements_of(books_of(lived_books(outcome)))["checks"]
    assert checks["holds"].all(), checks[~checks["holds"]].to_string()


class Market(RuleBasedStateMachine):
    """A small market that goes on, changes its policy, and is saved and taken up again."""

    @initialize(number=st.integers(0, 2), changes=CHANGES)
    def open(self, number: int, changes: Mapping[str, object]) -> None:
        self.world = World.resume(launch(40, number), policy_of(changes))
        self.outcome = self.world.run(self.world.day)

    @rule(days=st.integers(1, 70))
    def go_on(self, days: int) -> None:
        self.outcome = self.world.run(min(self.world.day + days, self.world.end))

    @rule(changes=CHANGES)
    def change_policy(self, changes: Mapping[str, object]) -> None:
        starts = self.world.calendar.month_starts
        following = next(day for day in starts if day >= self.world.day)
        if following >= self.world.end:
            return
        before = self.world.run(following)
        self.world = World.resume(self.world.snapshot(), policy_of(changes))
        self.world.keep_books()
        self.outcome = self.world.run(following)
        assert self.outcome.opening.points == before.closing.points
        assert self.outcome.opening.deferred_fees == before.closing.deferred_fees
        assert self.outcome.opening.credits == before.closing.credits

    @rule()
    def tell_statements(self) -> None:
        if self.outcome.books is None or self.world.day not in self.world.calendar.month_starts:
            return
        if len(self.outcome.ledger):
            ties_out(self.outcome)

    @invariant()
    def identities_hold(self) -> None:
        assert all(result.holds for result in self.outcome.identities())


TestMarket = Market.TestCase
TestMarket.settings = settings(
    max_examples=12, stateful_step_count=10, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


@settings(max_examples=6, deadline=None, derandomize=True)
@given(CHANGES)
def test_random_policies_tie_out(changes: Mapping[str, object]) -> None:
    live_under(changes, 400)


def live_under(changes: Mapping[str, object], shoppers: int) -> Outcome:
    """Return a run of a whole horizon that has been told to tie out."""
    world = World.resume(launch(shoppers), policy_of(changes))
    world.keep_books()
    outcome = world.run(world.end)
    ties_out(outcome)
    return outcome


@pytest.mark.slow
def test_ten_million_movements_leave_nothing_astray() -> None:
    moved, runs = [0], [0]

    @seed(20261130)
    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(CHANGES)
    def live(changes: Mapping[str, object]) -> None:
        moved[0] += movements(live_under(changes, 20_000))
        runs[0] += 1

    live()
    print(f"{moved[0]:,} movements in {runs[0]} runs")
    assert moved[0] >= 10_000_000
