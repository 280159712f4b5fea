"""A handful of members, followed from the file through the first weeks of their world: every figure by hand."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pytest

from memberlab.policies import Policy, load_policy
from memberlab.sim import (
    ENROLLED,
    LAPSED,
    MEMBER,
    IdentityError,
    Outcome,
    Tie,
    World,
    calendar_of,
    fail_if_not_tied_out,
    merge_regions,
    merge_ties,
    no_pilot,
    warm_up,
)

from .member_worlds import opened, quiet, scenario_with, write_file
from .worlds import brisk_population, days_with

ANNA = {"member_id": "anna", "last_order_on": "2025-12-20", "orders_last_12_months": 4, "lifetime_orders": 9,
        "spend_last_12_months": "1812.35", "first_order_on": "2024-03-01", "tier": "gold"}  # fmt: skip
BORIS = {"member_id": "boris", "last_order_on": "2025-02-03", "orders_last_12_months": 1, "spend_last_12_months": "20",
         "first_order_on": "2025-02-03", "lifetime_orders": 1, "tier": "silver"}  # fmt: skip
CLARA = {"member_id": "clara", "last_order_on": "2023-06-01", "orders_last_12_months": 0, "spend_last_12_months": 0,
         "first_order_on": "2021-02-28", "lifetime_orders": 60, "tier": "ordinary"}  # fmt: skip
LOTS = [
    ("anna", 501, "2026-01-31"),
    ("anna", 200, "2026-03-10"),
    ("clara", 77, "2026-01-31"),
    ("clara", 5, "2026-12-31"),
]


def tiers(**changes: object) -> Policy:
    base = load_policy("four-tiers-simple").with_({"points.expiry": {"months": 12}})
    return base.with_({address.replace("__", "."): value for address, value in changes.items()})


def paid(**changes: object) -> Policy:
    membership = {"fee": 99, "months": 12, "discount": "5 %", **changes}
    return load_policy("no-programme").with_({"currency": "CNY", "membership": membership})


def day_of(world: World, date: str) -> int:
    return (datetime.date.fromisoformat(date) - calendar_of(world.scenario).start).days


def lived(world: World, until: str, *, belief: float = 0.0) -> Outcome:
    """Return what came of the quiet world by the morning of a date; `belief` is what a membership is thought worth."""
    snapshot = quiet(world)
    snapshot.shoppers["expected_benefit"] = belief
    return World.resume(snapshot).run(day_of(world, until))


def dates(outcome: Outcome, measure: str) -> dict[str, int]:
    """Return the sums of a measure by date."""
    start = calendar_of(outcome.scenario).start
    return {(start + datetime.timedelta(days=day)).isoformat(): value
            for day, value in days_with(outcome, measure).items()}  # fmt: skip


class TestOpening:
    def test_the_state_is_that_of_the_file(self, tmp_path: Path) -> None:
        world = opened(tmp_path, tiers(), [ANNA, BORIS, CLARA], LOTS)
        assert world.day == world.launch
        assert world.shoppers["tier"].tolist() == [2, 1, 0]
        assert world.shoppers["points_balance"].tolist() == [701, 0, 82]
        assert world.shoppers["window_spend"].tolist() == [181_235, 2_000, 0]
        assert world.shoppers["month_spend"].sum(axis=1).tolist() == [181_235, 2_000, 0]
        last = [day_of(world, day) for day in ("2025-12-20", "2025-02-03", "2023-06-01")]
        assert world.shoppers["last_order_day"].tolist() == last
        assert world.shoppers["first_order_day"].tolist() == [
            day_of(world, day) for day in ("2024-03-01", "2025-02-03", "2021-02-28")
        ]
        assert (world.shoppers["status"] & ENROLLED != 0).all()

    def test_the_month_of_the_only_order_holds_the_years_spend(self, tmp_path: Path) -> None:
        world = opened(tmp_path, tiers(), [BORIS])
        month = calendar_of(world.scenario).month_of(day_of(world, "2025-02-03"))
        assert world.shoppers["month_spend"][0][month % 12] == 2_000

    def test_a_first_order_older_than_the_calendar_keeps_its_day(self, tmp_path: Path) -> None:
        world = opened(tmp_path, tiers(), [{**CLARA, "first_order_on": "2009-06-17"}])
        first = calendar_of(world.scenario).date_of(int(world.shoppers["first_order_day"][0]))
        assert (first.month, first.day) == (6, 17)

    def test_lots_are_earned_so_long_before_their_expiry(self, tmp_path: Path) -> None:
        world = opened(tmp_path, tiers(), [ANNA, BORIS, CLARA], LOTS)
        launch = calendar_of(world.scenario).launch_month
        ring = world.shoppers["lots"][0]
        assert {age: int(ring[(launch - age) % 25]) for age in range(1, 25) if ring[(launch - age) % 25]} == {
            12: 501,
            10: 200,
        }

    def test_a_balance_without_lots_is_the_newest_that_can_have_been_earned(self, tmp_path: Path) -> None:
        row = {
            **BORIS,
            "last_order_on": "2025-11-30",
            "first_order_on": "2025-11-30",
            "spend_last_12_months": "300",
            "points_balance": 130,
        }
        policy = tiers(points__earn={"points": 1, "per": 3})
        world = opened(tmp_path, policy, [row])
        launch = calendar_of(world.scenario).launch_month
        ring = world.shoppers["lots"][0]
        by_age = [int(ring[(launch - age) % 25]) for age in range(1, 13)]
        assert by_age[1] == 100 + 3
        assert sum(by_age) == 130
        assert sorted(by_age) == [2] * 6 + [3] * 5 + [103]


class TestTieOut:
    def test_every_figure_is_that_of_the_file(self, tmp_path: Path) -> None:
        rows = [ANNA, {**BORIS, "fee_paid": "99.99", "started_on": "2025-02-03", "ends_on": "2026-02-03"}, CLARA]
        world = opened(tmp_path, tiers(membership={"fee": 99, "months": 12}), rows, LOTS)
        ties = {(tie.figure, tie.of): tie for tie in world.ties}
        assert all(tie.holds for tie in world.ties)
        assert ties["points", ""].world == 783
        assert {of: tie.world for (figure, of), tie in ties.items() if figure == "points to"} == {
            "2026-01": 578, "2026-03": 200, "2026-12": 5,
        }  # fmt: skip
        # a term of 366 days, 332 of them passed: 9999 - 9999 * 332 // 366
        assert ties["deferred fees to", "2026-02"].world == 9_999 - 9_070
        assert ties["paid members to", "2026-02"].world == 1
        assert {of: tie.world for (figure, of), tie in ties.items() if figure == "tier"} == {
            "gold": 1,
            "silver": 1,
            "ordinary": 1,
        }
        assert ties["spend of 12 months", ""].world == 183_235

    def test_a_difference_stops_the_world(self) -> None:
        with pytest.raises(IdentityError, match="points to 2026-03: 200 in the file, 199 in the world"):
            fail_if_not_tied_out([Tie("points", "", "points", 5, 5), Tie("points to", "2026-03", "points", 200, 199)])


class TestTheFirstWeeks:
    def test_a_lot_goes_on_the_day_after_its_last(self, tmp_path: Path) -> None:
        outcome = lived(opened(tmp_path, tiers(), [ANNA, BORIS, CLARA], LOTS), "2026-04-02")
        assert dates(outcome, "points_expired") == {"2026-02-01": 578, "2026-04-01": 200}

    def test_a_lot_to_the_day_goes_on_that_day(self, tmp_path: Path) -> None:
        policy = tiers(points__expiry={"days": 400})
        outcome = lived(opened(tmp_path, policy, [ANNA, BORIS, CLARA], LOTS), "2026-04-02")
        assert dates(outcome, "points_expired") == {"2026-02-01": 578, "2026-03-11": 200}

    def test_more_lots_than_a_card_holds_join_the_last_and_tie_out(self, tmp_path: Path) -> None:
        lots = [("anna", 10 + day, f"2026-01-{day + 1:02d}") for day in range(15)]
        world = opened(tmp_path, tiers(points__expiry={"days": 400}), [ANNA], lots)
        outcome = lived(world, "2026-02-01")
        gone = dates(outcome, "points_expired")
        assert gone["2026-01-02"] == 10
        assert gone["2026-01-16"] == sum(10 + day for day in range(11, 15))
        assert sum(gone.values()) == sum(points for _, points, _ in lots)

    def test_a_tier_that_was_not_earned_is_lost_at_the_first_review(self, tmp_path: Path) -> None:
        outcome = lived(opened(tmp_path, tiers(), [ANNA, BORIS, CLARA]), "2026-01-02")
        assert outcome.shoppers["tier"].tolist() == [2, 0, 0]
        assert dates(outcome, "demotions") == {"2026-01-01": 1}

    def test_a_tier_is_held_until_the_day_of_the_file(self, tmp_path: Path) -> None:
        policy = tiers(qualification={"kept_months": 12})
        rows = [{**BORIS, "tier_until": "2026-02-28"}, {**BORIS, "member_id": "dora", "tier_since": "2025-03-15"}]
        outcome = lived(opened(tmp_path, policy, rows), "2026-05-02")
        assert dates(outcome, "demotions") == {"2026-03-01": 1, "2026-04-01": 1}

    @pytest.mark.parametrize("renews", [True, False])
    def test_a_term_ends_on_its_day_and_is_renewed_or_not(self, renews: bool, tmp_path: Path) -> None:
        row = {**ANNA, "tier": "", "started_on": "2025-01-15", "ends_on": "2026-01-14", "fee_paid": "99.00"}
        outcome = lived(opened(tmp_path, paid(), [row]), "2026-02-01", belief=1e9 if renews else -1e9)
        assert dates(outcome, "renewals" if renews else "cancellations") == {"2026-01-15": 1}
        # 14 days of the old term, and 17 of the new one
        earned = 9_900 - 9_900 * 351 // 365 + (9_900 * 17 // 365 if renews else 0)
        assert outcome.total("fees_earned") == earned
        assert dates(outcome, "fees_billed") == ({"2026-01-15": 9_900} if renews else {})
        assert all(identity.holds for identity in outcome.identities())


QUANTILES = {"model": "quantiles", "level": 3.0, "between": [-0.8, -0.2, 0.2, 0.8], "within": [-0.5, 0.0, 0.5]}
SUNDAYS_OFF = {"weekdays": [7 / 6] * 6 + [0]}


class TestOtherPopulations:
    def test_amounts_by_quantiles_are_learnt_from_what_was_spent(self, tmp_path: Path) -> None:
        """Twenty members with 300 orders each of 300 yuan on average: the level is that of 300, within its grid of 1 in
        40 of a standard deviation and the spread of 300 amounts.
        """
        row = {**ANNA, "orders_last_12_months": 300, "spend_last_12_months": 90_000, "lifetime_orders": 300,
               "first_order_on": "2025-01-02"}  # fmt: skip
        rows = [{**row, "member_id": f"m{n}"} for n in range(20)]
        population = brisk_population().with_({"spend": QUANTILES})
        path = write_file(tmp_path, rows)
        world = World(tiers(), scenario_with(path, tiers(), shoppers=20), population=population, pilot=no_pilot())
        mean = world.shoppers["basket_scale"].astype(float) * population.spend.shape
        assert mean == pytest.approx(30_000, rel=0.12)
        assert mean.mean() == pytest.approx(30_000, rel=0.03)

    def test_members_come_by_the_rhythm_of_their_population(self, tmp_path: Path) -> None:
        rows = [{**ANNA, "member_id": f"m{n}"} for n in range(60)]
        population = brisk_population().with_({"rhythm": SUNDAYS_OFF})
        path = write_file(tmp_path, rows)
        world = World(tiers(), scenario_with(path, tiers(), shoppers=60), population=population, pilot=no_pilot())
        coming = world.shoppers["next_visit"]
        calendar = calendar_of(world.scenario)
        weekdays = [calendar.date_of(int(day)).weekday() for day in coming[coming < world.end]]
        assert len(weekdays) > 40
        assert 6 not in weekdays
        assert set(range(5)) <= set(weekdays)


class TestLives:
    def test_who_fell_silent_long_ago_has_left_and_who_was_here_last_week_has_not(self, tmp_path: Path) -> None:
        regular = {"last_order_on": "2025-12-29", "orders_last_12_months": 52, "spend_last_12_months": 10_400,
                   "first_order_on": "2023-01-02", "lifetime_orders": 156}  # fmt: skip
        silent = {**regular, "last_order_on": "2024-12-29", "orders_last_12_months": 0, "spend_last_12_months": 0,
                  "lifetime_orders": 104}  # fmt: skip
        rows = [{"member_id": f"r{n}", **regular} for n in range(20)] + [
            {"member_id": f"s{n}", **silent} for n in range(20)
        ]
        world = opened(tmp_path, tiers(), rows)
        lapsed = world.shoppers["status"] & LAPSED != 0
        assert not lapsed[:20].any()
        assert lapsed[20:].all()
        outcome = world.run(day_of(world, "2026-04-01"))
        assert (outcome.shoppers["orders"][20:] == 0).all()
        # one a week, 0.2 % of whom leave in a week: 13 weeks of 20 members are 256 orders, within 5 standard errors
        assert 176 < outcome.shoppers["orders"][:20].sum() < 336
        assert all(identity.holds for identity in outcome.identities())

    def test_a_members_life_does_not_hang_on_regions_or_on_the_policys_name(self, tmp_path: Path) -> None:
        rows = [{**row, "member_id": f"{row['member_id']}{n}"} for n in range(4) for row in (ANNA, BORIS, CLARA)]
        policy = tiers()
        path = write_file(tmp_path, rows)
        outcomes = []
        for regions in (1, 3):
            scenario = scenario_with(path, policy, shoppers=20, regions=regions)
            worlds = [World(policy, scenario, region=region, population=brisk_population(), pilot=no_pilot())
                      for region in range(regions)]  # fmt: skip
            ties = merge_ties(world.ties for world in worlds)
            assert all(tie.holds for tie in ties)
            outcomes.append(merge_regions([world.run(day_of(world, "2026-02-15")) for world in worlds]))
            assert len(ties) == len(worlds[0].ties) or regions == 3
        assert np.array_equal(outcomes[0].shoppers, outcomes[1].shoppers)
        assert outcomes[0].digest() == outcomes[1].digest()
        world = World(policy, scenario_with(path, policy, shoppers=20), population=brisk_population(), pilot=no_pilot())
        placebo = World.resume(world.snapshot(), policy.with_({"name": "another-name"}))
        assert placebo.run(day_of(world, "2026-02-15")).digest() == outcomes[0].digest()

    def test_newcomers_come_over_the_horizon_among_the_members(self, tmp_path: Path) -> None:
        path = write_file(tmp_path, [ANNA, BORIS, CLARA])
        policy = tiers()
        world = World(policy, scenario_with(path, policy, shoppers=9), population=brisk_population(), pilot=no_pilot())
        members = np.flatnonzero(world.shoppers["status"] & ENROLLED)
        assert len(members) == 3
        assert (np.diff(members) == 3).all()
        others = np.setdiff1d(np.arange(9), members)
        assert (world.shoppers["next_visit"][others] >= world.launch).all()
        assert (world.shoppers["points_balance"][others] == 0).all()


def test_the_warm_up_is_the_opening_morning_and_knows_the_life_before(tmp_path: Path) -> None:
    row = {**ANNA, "lifetime_spend": "2500.50"}
    path = write_file(tmp_path, [row])
    policy = tiers()
    scenario = scenario_with(path, policy, shoppers=1)
    world = World(policy, scenario, population=brisk_population(), pilot=no_pilot())
    world.run(world.launch)
    snapshot = world.snapshot()
    world.recall_accounts(snapshot)
    assert snapshot.day == world.launch
    assert snapshot.shoppers["gmv"].tolist() == [250_050]
    assert snapshot.shoppers["orders"].tolist() == [9]
    assert snapshot.shoppers["status"][0] & MEMBER == 0
    assert callable(warm_up)
