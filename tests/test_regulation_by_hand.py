"""A law about expiry, recomputed by hand for each kind of expiry: the world obeys it, whatever the policy says."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from memberlab.cli import main
from memberlab.policies import DocumentError, Policy, load_policy
from memberlab.scenarios import load_scenario
from memberlab.sim import Outcome, Snapshot, World, scenario_findings, warm_up

from .memberships import FOR_SURE, YEAR, members, membership_policy, stayed
from .worlds import LAUNCH_MONTH, brisk_population, days_with, full_policy, opening, quiet_snapshot, small_scenario

POINTS = {"earn": {"points": 0, "per": 1}, "redeem": {"points": 100, "value": 1}}
BAN = {"since": "2026-03-01", "points_expiry": "forbidden"}


def policy(expiry: object, **changes: object) -> Policy:
    return load_policy("no-programme").with_({"currency": "CNY", "points": {**POINTS, "expiry": expiry, **changes}})


def owner(arm: Policy, regulation: object, old: Policy | None = None) -> Outcome:
    """Return what becomes in ten months of lots of 100 points earned in each of the six months before launch."""
    snapshot = quiet_snapshot(old or arm, 1, regulation=regulation)
    for month in range(1, 7):
        snapshot.shoppers["lots"][0, LAUNCH_MONTH - month] = 100
    snapshot.shoppers["points_balance"] = 600
    return World.resume(snapshot, arm).run(opening(snapshot, LAUNCH_MONTH + 10))


def test_points_that_expire_by_month_stay_from_that_day_on() -> None:
    arm = policy({"months": 6})
    free, bound = owner(arm, None), owner(arm, BAN)
    assert list(days_with(free, "points_expired").values()) == [100] * 6
    days = list(days_with(free, "points_expired"))
    assert days_with(bound, "points_expired") == {days[0]: 100}  # in February; the next was for 1 March
    assert days[1] == bound.first_day + 59
    assert (free.closing_liability, bound.closing_liability) == (0, 4_00)  # 500 points at 80 % expected redemption


@pytest.mark.parametrize("expiry", [{"months": 6, "end_of": "quarter"}, {"days": 180}, {"dates": ["06-30"]}])
def test_no_other_kind_is_left_either(expiry: object) -> None:
    arm, other = policy(expiry), policy("never")
    free, bound = owner(arm, None, other), owner(arm, BAN, other)
    ban = bound.first_day + 59
    assert free.total("points_expired") == 600
    before = {day: points for day, points in days_with(free, "points_expired").items() if day < ban}
    assert days_with(bound, "points_expired") == before
    assert bound.closing.points == 600 - sum(before.values()) > 0


@pytest.mark.parametrize(("law", "left"), [("forbidden", 600), ("by_inactivity_only", 0)])
def test_inactivity_may_end_points_where_the_law_says_so(law: str, left: int) -> None:
    arm = policy({"inactivity": {"days": 200}})
    assert owner(arm, {**BAN, "points_expiry": law}, policy("never")).closing.points == left


def test_points_of_activities_stay_too() -> None:
    arm = policy("never", activities={"review": 10, "expire_after_days": 30})
    assert owner(arm, BAN).total("points_expired") == 0
    assert [finding.address for finding in scenario_findings(arm, small_scenario(regulation=BAN))] == [
        "points.activities.expire_after_days"
    ]


@pytest.mark.parametrize(("months", "expired"), [(12, 300), (10, 500), (6, 600)])
def test_points_live_as_long_as_the_law_demands(months: int, expired: int) -> None:
    """By the law of 1 March a lot that then still lives is gone in as many months more as it demands beyond six."""
    law = {"since": "2026-03-01", "shortest_life_months": months}
    assert owner(policy({"months": 6}), law).total("points_expired") == expired


def test_a_policy_that_obeys_is_left_alone() -> None:
    arm = policy("never")
    assert scenario_findings(arm, small_scenario(regulation=BAN)) == []
    assert owner(arm, BAN).digest() == owner(arm, None).digest()


# a notice before a paid membership renews itself

NOTICE = {"days": 30, "cost": 0.07, "shortest_term_months": 12}
TO_THE_LAW = 59
"""Days from launch, 1 January, to 1 March, the day of the law."""


def plus(**changes: object) -> Policy:
    return membership_policy({"fee": 99, **changes})


def told_of_renewal(arm: Policy, since: str = "2026-03-01", **law: object) -> tuple[Snapshot, Outcome]:
    """Return 150 days of members whose terms end on days 41 to 140, under a law that demands a notice."""
    snapshot = members(arm, [YEAR - day for day in range(41, 141)], FOR_SURE,
                       regulation={"since": since, "renewal_notice": {**NOTICE, **law}})  # fmt: skip
    return snapshot, World.resume(snapshot).run(snapshot.day + 150)


def test_members_are_told_before_a_term_renews_itself_from_that_day_on() -> None:
    """Terms that end by the day of the law renew unseen; those whose 30 days are running are told on its morning."""
    snapshot, outcome = told_of_renewal(plus())
    ban = snapshot.day + TO_THE_LAW
    at_once = sum(TO_THE_LAW < day <= TO_THE_LAW + 30 for day in range(41, 141))
    expected = {ban: at_once, **{ban + day: 1 for day in range(1, 141 - TO_THE_LAW - 30)}}
    assert days_with(outcome, "reminders_sent") == expected
    assert days_with(outcome, "renewal_reminders") == {day: 7 * sent for day, sent in expected.items()}
    assert outcome.total("renewal_reminders") == 7 * (140 - TO_THE_LAW)


def test_a_notice_wakes_members_who_would_have_let_it_run() -> None:
    """`reminder_against_inertia` 0.3: the utility of renewing falls by it, for those alone who were told."""
    arm, worth = plus(), 9_900 * 0.6
    lives = []
    for law in (None, {"since": "2025-12-01", "renewal_notice": NOTICE}):
        snapshot = members(arm, [YEAR - day for day in range(41, 141)] * 6, worth, regulation=law)
        lives.append(np.array(stayed(World.resume(snapshot).run(snapshot.day + 150))))
    free, bound = lives
    assert not (bound & ~free).any()
    assert 0 < (free & ~bound).sum() < 0.1 * len(free)


@pytest.mark.parametrize(
    ("membership", "sent", "cents"),
    [
        ({"auto_renew": False}, 0, 0),  # renews nothing by itself
        (
            {"reminder": {"days": 45, "cost": 0.02}},
            95,
            2,
        ),  # obeys: whose term ends from day 46 on is told by the policy
        (
            {"reminder": {"days": 10, "cost": 0.02}},
            100,
            2,
        ),  # 28 of these before the law, which moves the others forward
        ({"plans": {"monthly": {"fee": 12, "months": 1}}}, 81, 7),
    ],
    ids=["by hand", "early enough", "too late", "shorter plans beside"],
)
def test_what_the_policy_says_of_reminders_counts_as_far_as_it_is_lawful(
    membership: dict[str, object], sent: int, cents: int
) -> None:
    _, outcome = told_of_renewal(plus(**membership))
    assert outcome.total("reminders_sent") == sent
    assert outcome.total("renewal_reminders") == sent * cents


def test_terms_that_are_too_short_for_the_law_renew_unseen() -> None:
    arm = membership_policy({"fee": 12, "months": 1})
    snapshot = members(arm, [30 - day for day in range(1, 21)], FOR_SURE, days=30,
                       regulation={"since": "2025-12-01", "renewal_notice": NOTICE})  # fmt: skip
    assert World.resume(snapshot).run(snapshot.day + 100).total("reminders_sent") == 0


def test_lint_and_explain_tell_of_notices(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(plus().to_yaml(), encoding="utf-8")
    linted = CliRunner().invoke(main, ["lint", str(file), "--scenario", "renewal-notice-rule"])
    assert "warning renewal-against-the-law: terms renew themselves without a reminder, where scenario" in linted.output
    told = CliRunner().invoke(main, ["explain", "renewal-notice-rule"])
    assert "must tell its members 15 days ahead" in " ".join(told.output.split())
    lawful = plus(reminder={"days": 15}).to_yaml()
    file.write_text(lawful, encoding="utf-8")
    assert (
        "against-the-law"
        not in CliRunner().invoke(main, ["lint", str(file), "--scenario", "renewal-notice-rule"]).output
    )


def test_lint_says_so(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(policy({"months": 6}).to_yaml(), encoding="utf-8")
    result = CliRunner().invoke(main, ["lint", str(file), "--scenario", "no-expiry-rule"])
    assert "warning expiry-against-the-law: points expire, which scenario no-expiry-rule forbids" in result.output


@lru_cache
def everything() -> Snapshot:
    """Return the launch morning of a world in which rivals, hunters and a law all work, under other terms."""
    scenario = small_scenario(
        population__shoppers=150, horizon__months=5, returns={"share": "8 %", "days": 40},
        rival={"kind": "paid", "fee": 60, "strength": "6 %", "free_delivery": True, "launch_day": "2026-02-10",
               "multi_homing": "30 %", "reaction": "100 %", "reaction_days": 20},
        bonus_hunters={"share": "30 %", "split_into": 2, "returns": "100 %", "farming": 3},
        regulation={"since": "2026-04-01", "points_expiry": "forbidden"},
    )  # fmt: skip
    return warm_up(scenario, incumbent=load_policy("four-tiers-simple"), population=brisk_population())


def test_a_policy_under_another_name_differs_in_nothing() -> None:
    """The placebo: rival, devaluation, hunters and law at once, one policy under two names, not a bit between them."""
    arm = full_policy().with_({
        "points.activities": {"check_in": 2, "review": 20}, "points.earn.each_order": 20,
        "points.devaluation": {"on": "2026-03-01", "announced_days": 20, "value": 5},
    })  # fmt: skip
    one, other = (World.resume(everything(), each) for each in (arm, arm.with_({"name": "placebo"})))
    first, second = one.run(one.end), other.run(other.end, day_by_day=True)
    assert first.digest() == second.digest()
    for measure in ("orders_split", "farmed", "hunter_returns", "points_devalued", "prompted_visits"):
        assert first.total(measure) > 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rival": {"launch_day": "2029-01-01", "adoption": "5 %"}}, "rival.launch_day: 2029-01-01 is outside"),
        ({"rival": {"launch_day": "2026-02-30", "adoption": "5 %"}}, "rival.launch_day: '2026-02-30' is not a day"),
        ({"rival": {"launch_month": 1}}, "rival: nobody can tell how many join; write adoption: 25 %"),
        ({"rival": {"adoption": "5 %"}}, "rival: no launch is written; write one of launch_month"),
        ({"rival": {"launch_month": 1, "launch_day": "2026-02-01", "adoption": "5 %"}}, "rival: both launch_month and"),
        ({"rival": {"launch_month": 1, "adoption": "105 %"}}, "rival.adoption: 105 % is above 100 %"),
        ({"rival": {"launch_month": 1, "kind": "paid", "strength": "5 %"}}, "rival: a paid membership needs a fee"),
        ({"rival": {"launch_month": 1, "fee": 9, "strength": "5 %"}}, "rival.fee: a free programme has no fee"),
        ({"bonus_hunters": {"share": "120 %", "farming": 3}}, "bonus_hunters.share: 120 % is above 100 %"),
        ({"bonus_hunters": {"share": "3 %"}}, "bonus_hunters: nothing is hunted; write split_into: 3"),
        ({"bonus_hunters": {"share": "3 %", "returns": "10 %"}}, "bonus_hunters: hunters return goods where"),
        ({"bonus_hunters": {"share": "3 %", "split_into": 1}}, "bonus_hunters.split_into: 1 is below 2"),
        ({"regulation": {"since": "2026-01-01"}}, "regulation: nothing is regulated; write points_expiry: forbidden"),
        ({"regulation": {**BAN, "since": "2031-01-01"}}, "regulation.since: 2031-01-01 is after the world's time"),
        ({"regulation": {**BAN, "shortest_life_months": 3}}, "regulation: points that must not expire have"),
        ({"regulation": {**BAN, "points_expiry": "banned"}}, "regulation.points_expiry: 'banned'"),
    ],
)  # fmt: skip
def test_a_scenario_that_cannot_be_is_told(changes: dict[str, object], message: str) -> None:
    with pytest.raises(DocumentError) as error:
        load_scenario("baseline").with_(changes)
    assert any(str(problem).removeprefix("baseline (changed): ").removeprefix("baseline (changed) ").startswith(message)
               for problem in error.value.problems), str(error.value)  # fmt: skip


@pytest.mark.parametrize(
    ("devaluation", "message"),
    [
        ({"on": "2026-03-15", "value": 5}, "devaluation.on: 2026-03-15 is not the first of a month; write 2026-03-01"),
        ({"on": "2026-13-01", "value": 5}, "points.devaluation.on: '2026-13-01' is not a day"),
        ({"on": "2026-03-01", "value": 5, "announced_days": -5}, "announced_days: -5 announces it 5 days after"),
        ({"on": "2026-03-01"}, "points.devaluation: nothing is worth less"),
        ({"on": "2026-03-01", "value": 10}, "points.devaluation.value: 10 is not below the 10"),
        ({"on": "2026-03-01", "reward_prices": 2}, "points.devaluation.reward_prices: there is no catalogue"),
        ({"on": "2026-03-01", "reward_prices": 0.9}, "points.devaluation.reward_prices: 0.9 is below 1.01"),
    ],
)  # fmt: skip
def test_a_devaluation_that_cannot_be_is_told(devaluation: object, message: str, tmp_path: Path) -> None:
    text = load_policy("four-tiers-simple").to_yaml().replace("name: four-tiers-simple", "name: mine")
    lines = "".join(f"    {key}: {value}\n" for key, value in devaluation.items())  # type: ignore[attr-defined]
    file = tmp_path / "mine.yaml"
    file.write_text(text.replace("points:\n", f"points:\n  devaluation:\n{lines}", 1), encoding="utf-8")
    result = CliRunner().invoke(main, ["run", str(file)])
    assert result.exit_code == 2
    assert any(line.startswith(f"{file}:") and message in line for line in result.output.splitlines()), result.output


def test_a_devaluation_of_a_policy_without_points_is_told(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("version: 1\nname: mine\ncurrency: CNY\npoints:\n  devaluation: {on: 2026-03-01, value: 5}\n",
                    encoding="utf-8")  # fmt: skip
    result = CliRunner().invoke(main, ["lint", str(file)])
    assert result.exit_code == 2
    assert f"{file}:4 points.earn: missing; this key is required" in result.output
