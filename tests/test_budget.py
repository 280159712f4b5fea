"""The budget check: what a file can have wrong, days and verdicts by hand, and a small world held against a budget."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from scipy import stats

from memberlab.cli import main
from memberlab.optimize import live_budget
from memberlab.policies import DocumentError, Policy, load_model_text, load_policy
from memberlab.results import (
    CAPPED_BENEFITS,
    Budget,
    BudgetCheck,
    CeilingCheck,
    DailyCosts,
    Verdict,
    check_budget,
    daily_costs,
    fail_if_budget_does_not_fit,
    is_promised,
    load_budget,
    merge_costs,
)
from memberlab.sim import BENEFIT_ACCOUNTS, MONEY_LINES, World, replication_seed, warm_up

from .worlds import EVERYTHING, brisk_population, small_scenario

CLUB = load_policy("four-tiers-simple")
HEAD = "name: plan\ncurrency: CNY\n"
START = datetime.date(2026, 1, 1)


def budget_of(text: str) -> Budget:
    return load_model_text(Budget, HEAD + text, "plan.yaml")


def faults(text: str, head: str = HEAD) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        load_model_text(Budget, head + text, "plan.yaml")
    return str(caught.value).splitlines()


# the file


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ceilings: {coupon_discont: {quarter: 1}}",
         "plan.yaml:3 ceilings.coupon_discont: there is no benefit 'coupon_discont', did you mean 'coupon_discount'?"),
        ("ceilings: {points_paid: {quarter: -3}}", "-3 is negative; write 0 or more"),
        ("ceilings: {points_paid: {}}", "the ceiling has no amount; write one of month, quarter, year, horizon and"),
        ("ceilings: {points_paid: {quartr: 3}}", "unknown key 'quartr', did you mean 'quarter'?"),
        ("ceilings: {points_paid: {by_period: {2026-Q5: 3}}}", "'2026-Q5' is no period; write 2026-11 for a month"),
        ("ceilings: {}", "the budget has no ceiling; write ceilings, points_liability or both"),
        ("points_liability: {}", "the ceiling has no amount; write year_end, any_day or both"),
        ("fiscal_year_starts: 13\npoints_liability: {any_day: 1}", "13 is above 12; write 12 or less"),
    ],
)  # fmt: skip
def test_a_fault_of_the_file_is_told_at_its_place(text: str, told: str) -> None:
    assert any(told in line for line in faults(text)), faults(text)


def test_every_fault_is_told_at_once() -> None:
    told = faults("ceilings:\n  coupon_discont: {quarter: 1}\n  points_paid: {month: x}\n  member_discount: {}")
    assert [line.split(" ")[0] for line in told] == ["plan.yaml:4", "plan.yaml:5", "plan.yaml:6"]


MISFITS = """currency: USD
ceilings:
  coupon_discount: {quarter: 1}
  points_paid: {by_period: {2031-Q1: 4, 2026-Q1: 4}}
points_liability: {year_end: 1}
"""


def test_what_does_not_fit_the_run_is_told_at_its_line(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text("name: plan\n" + MISFITS, encoding="utf-8")
    scenario = small_scenario(horizon__months=6)
    with pytest.raises(DocumentError) as caught:
        fail_if_budget_does_not_fit(load_budget(file), file, CLUB, scenario)
    told = [line.removeprefix(f"{file}:") for line in str(caught.value).splitlines()]
    assert told[0] == "2 currency: the budget is in USD, scenario small-world in CNY"
    assert told[1].startswith("4 ceilings.coupon_discount: policy four-tiers-simple has no such benefit (Coupons)")
    assert told[2].startswith(
        "5 ceilings.points_paid.by_period.2031-Q1: lies outside the horizon, 2026-01-01 to 2026-0"
    )
    assert told[3].startswith("6 points_liability.year_end: the horizon, 2026-01-01 to 2026-06-30, has no end of a")
    assert len(told) == 4


def test_every_benefit_of_the_ledger_can_be_capped_and_is_promised_by_some_rule() -> None:
    lines = {line.name for line in MONEY_LINES if line.account in BENEFIT_ACCOUNTS} - {"points_paid_back"}
    assert set(CAPPED_BENEFITS) == lines | {"benefit_cost", "service_labour"}
    bare = Policy(name="bare")
    assert [name for name in CAPPED_BENEFITS if is_promised(name, bare)] == ["benefit_cost"]


@pytest.mark.parametrize(
    ("policy", "promised"),
    [
        (CLUB, {"tier_discount", "points_paid", "shipping_waived_by_status", "shipping_waived_by_threshold"}),
        (load_policy("jd-plus"), {"points_paid", "shipping_waived_by_status", "shipping_waived_by_threshold"}),
    ],
)
def test_a_policy_promises_what_its_rules_say(policy: Policy, promised: set[str]) -> None:
    assert {name for name in CAPPED_BENEFITS if is_promised(name, policy)} == promised | {"benefit_cost"}


# by hand


def days(*, points_paid: dict[int, int] | None = None, points: dict[int, int] | None = None, length: int = 365,
         start: datetime.date = START) -> DailyCosts:  # fmt: skip
    """Return a run in which so many cents are paid with points on a day, and points outstanding change on a day."""
    costs = {name: np.zeros(length, np.int64) for name in CAPPED_BENEFITS}
    for day, cents in (points_paid or {}).items():
        costs["points_paid"][day] = cents
    change = np.zeros(length, np.int64)
    for day, number in (points or {}).items():
        change[day] = number
    return DailyCosts(start, costs, change.cumsum(), np.zeros(length, np.int64))


def only(check: BudgetCheck) -> CeilingCheck:
    (ceiling,) = check.ceilings
    return ceiling


def test_a_ceiling_breaks_on_the_day_that_goes_beyond_it_and_each_quarter_begins_anew() -> None:
    budget = budget_of("ceilings: {points_paid: {quarter: 100}}")
    run = days(points_paid={10: 10_000, 95: 6_000, 100: 4_000, 101: 1, 180: 1})
    check = only(check_budget(budget, CLUB, [run]))
    assert [part.period for part in check.periods] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert [part.mean for part in check.periods] == [10_000, 10_002, 0, 0]
    assert [part.broken for part in check.periods] == [0, 1, 0, 0]
    assert check.first_day == check.usual_day == START + datetime.timedelta(days=101)
    assert (check.verdict, check.tightest.period) == (Verdict.FAIL, "2026-Q2")


def test_a_single_period_has_its_own_amount() -> None:
    budget = budget_of("ceilings: {points_paid: {quarter: 100, by_period: {2026-Q2: 100.02, 2026-05: 0}}}")
    run = days(points_paid={95: 10_002})
    month, quarter = check_budget(budget, CLUB, [run]).ceilings
    assert [part.limit for part in quarter.periods] == [10_000, 10_002, 10_000, 10_000]
    assert quarter.verdict is Verdict.PASS
    assert (month.ceiling, month.periods[0].period) == ("ceilings.points_paid.by_period.2026-05", "2026-05")


def test_a_fiscal_year_and_its_quarters_are_called_by_the_year_in_which_it_ends() -> None:
    budget = budget_of("fiscal_year_starts: 4\nceilings: {points_paid: {quarter: 1, year: 1}}")
    quarter, year = check_budget(budget, CLUB, [days()]).ceilings
    assert [part.period for part in quarter.periods] == ["2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3"]
    assert [(part.period, part.is_whole) for part in year.periods] == [("FY2026", False), ("FY2027", False)]


def test_the_liability_at_year_end_breaks_on_the_day_since_which_it_is_above() -> None:
    """1,000 points are worth 10 yuan and 80 % are expected to be used: 8 yuan a thousand."""
    budget = budget_of("points_liability: {year_end: 80}")
    kept = days(points={5: 30_000, 300: -20_000})
    broken = days(points={5: 30_000, 300: -20_000, 320: 1})
    check = only(check_budget(budget, CLUB, [kept, broken]))
    assert (check.broken, check.periods[0].most, check.first_day) == (0, 8_000, None)
    check = only(check_budget(budget, CLUB, [kept, days(points={5: 30_000, 300: -20_000, 320: 200})]))
    assert (check.broken, check.first_day) == (1, START + datetime.timedelta(days=320))


def test_the_liability_on_any_day_breaks_on_the_first_evening_above() -> None:
    budget = budget_of("points_liability: {any_day: 80}")
    check = only(check_budget(budget, CLUB, [days(points={5: 10_000, 7: 200, 9: -200})]))
    assert (check.first_day, check.periods[0].most) == (START + datetime.timedelta(days=7), 8_160)


def test_the_probability_is_over_replications_with_its_exact_interval() -> None:
    budget = budget_of("accepted_risk: 30 %\nceilings: {points_paid: {horizon: 1}}")
    runs = [days(points_paid={day: 101} if day else {}) for day in (0, 0, 0, 9, 0, 0, 0, 0, 20, 30)]
    check = only(check_budget(budget, CLUB, runs))
    exact = stats.binomtest(3, 10).proportion_ci(method="exact")
    assert (check.broken, check.probability, check.verdict) == (3, 0.3, Verdict.PASS)
    assert (check.low, check.high) == pytest.approx((exact.low, exact.high), abs=1e-12)
    assert check.first_day == START + datetime.timedelta(days=9)
    assert check.usual_day == START + datetime.timedelta(days=20)
    assert only(check_budget(budget, CLUB, [*runs, runs[3]])).verdict is Verdict.FAIL


@pytest.mark.parametrize(("broken", "count"), [(0, 1), (0, 60), (1, 60), (60, 60)])
def test_the_interval_of_a_rare_break_is_that_of_scipy(broken: int, count: int) -> None:
    budget = budget_of("ceilings: {points_paid: {horizon: 1}}")
    runs = [days(points_paid={3: 101} if run < broken else {}) for run in range(count)]
    check = only(check_budget(budget, CLUB, runs))
    exact = stats.binomtest(broken, count).proportion_ci(method="exact")
    assert (check.low, check.high) == pytest.approx((exact.low, exact.high), abs=1e-12)


# in a small world


def test_daily_costs_are_the_books_of_a_run() -> None:
    policy = CLUB.with_(EVERYTHING)
    start = warm_up(small_scenario(), population=brisk_population())
    world = World.resume(start, policy)
    outcome = world.run(world.end)
    costs = daily_costs(outcome)
    assert int(costs.liability(policy)[-1]) == outcome.closing_liability
    assert int(costs.costs["benefit_cost"].sum()) == outcome.closing.benefit_cost
    assert int(costs.costs["tier_discount"].sum()) == outcome.total("tier_discount") > 0
    both = merge_costs([costs, costs])
    assert int(both.costs["tier_discount"].sum()) == 2 * outcome.total("tier_discount")


def test_whatever_costs_something_is_promised() -> None:
    policy = CLUB.with_(EVERYTHING)
    world = World.resume(warm_up(small_scenario(), population=brisk_population()), policy)
    outcome = world.run(world.end)
    costly = [name for name in CAPPED_BENEFITS if name != "benefit_cost" and outcome.total(name)]
    assert len(costly) == 6
    assert [name for name in costly if not is_promised(name, policy)] == []


def test_replications_are_those_of_a_comparison() -> None:
    budget = budget_of("ceilings: {tier_discount: {horizon: 1}}")
    scenario = small_scenario(regions=2)
    check = only(live_budget(budget, CLUB, scenario, replications=2, population=brisk_population()))
    by_hand = []
    for number in range(2):
        total = 0
        for region in range(2):
            seed = replication_seed(scenario.seed, number)
            start = warm_up(scenario, seed=seed, region=region, population=brisk_population())
            world = World.resume(start, CLUB)
            total += world.run(world.end).total("tier_discount")
        by_hand.append(total)
    assert check.periods[0].mean == sum(by_hand) / 2
    assert (check.periods[0].most, check.broken) == (max(by_hand), 2)


# the command


def ask(*words: str) -> Result:
    return CliRunner().invoke(main, ["budget", *words])


@pytest.fixture
def plan(tmp_path: Path) -> str:
    file = tmp_path / "plan.yaml"
    file.write_text(HEAD + "ceilings: {tier_discount: {month: 1}, points_paid: {year: 1000000}}", encoding="utf-8")
    return str(file)


def test_the_command_tells_pass_and_fail_and_its_exit_code_says_so(plan: str) -> None:
    told = ask(plan, "four-tiers-simple", "--shoppers", "300", "--replications", "2", "--periods")
    assert told.exit_code == 1
    assert "FAIL" in told.output and "1 of 2 ceilings pass" in told.output and "2027-12" in told.output
    again = ask(plan, "four-tiers-simple", "--shoppers", "300", "--replications", "2", "--json")
    data = json.loads(again.output)
    assert [one["verdict"] for one in data["ceilings"]] == ["fail", "pass"]
    assert data["ceilings"][0]["first_day"].startswith("2026-01")
    assert (data["kept"], data["replications"], len(data["ceilings"][0]["periods"])) == (False, 2, 24)


def test_a_stored_run_is_checked_to_the_day_and_the_cent(plan: str, tmp_path: Path) -> None:
    file = tmp_path / "owed.yaml"
    file.write_text(HEAD + "ceilings: {tier_discount: {month: 1}}\npoints_liability: {any_day: 1}", encoding="utf-8")
    words = ["run", "four-tiers-simple", "--shoppers", "300", "--out", str(tmp_path / "run"), "--json"]
    made = json.loads(CliRunner().invoke(main, words).output)
    data = json.loads(ask(str(file), str(tmp_path / "run"), "--json").output)
    months, owed = data["ceilings"]
    assert sum(part["mean"] for part in months["periods"]) == made["bridge"]["tier_discount"]
    assert (data["replications"], months["verdict"], owed["verdict"]) == (1, "fail", "fail")
    again = ask(str(file), "four-tiers-simple", "--shoppers", "300", "--replications", "1", "--json")
    assert owed["first_day"] == "2026-01-01" and again.exit_code == 1
    refused = ask(str(file), str(tmp_path / "run"), "--replications", "3")
    assert refused.exit_code == 2 and "has been lived already; leave out --replications" in refused.output
    missing = ask(str(file), str(tmp_path))
    assert missing.exit_code == 2 and "is no run of memberlab" in missing.output


def test_bad_input_ends_with_2_and_no_traceback(plan: str, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("name: plan\n" + MISFITS, encoding="utf-8")
    told = ask(str(wrong), "four-tiers-simple")
    assert (told.exit_code, told.output.count("\n")) == (2, 3)
    missing = ask(str(tmp_path / "plam.yaml"), "four-tiers-simpel")
    assert missing.exit_code == 2
    assert "no such file, did you mean" in missing.output and "did you mean 'four-tiers-simple'" in missing.output
