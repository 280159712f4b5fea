"""Breakdowns, curves, flows and cohorts of a comparison: sums that must agree, identities to the member, documented
columns.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from memberlab.optimize import Comparison, compare
from memberlab.policies import load_policy
from memberlab.results import (
    BREAKDOWNS,
    KPIS,
    TABLES,
    cell_uplifts,
    comparison_tables_page,
    decile_picture,
    paired_uplift,
    retention_picture,
    tier_flow_picture,
    weekly_flow,
)

from .worlds import brisk_population, small_scenario

FOUR = load_policy("four-tiers-simple")
HIGHER = FOUR.with_({"tiers.gold.threshold": 1000}).model_copy(update={"name": "higher"})
NONE = load_policy("no-programme")
ACTIVE_DAYS = 90
INTERVAL = ("difference", "worst_difference", "low", "high", "simultaneous_high")


@pytest.fixture(scope="module")
def result() -> Comparison:
    """Return three policies in two scenarios over two replications, with all tables."""
    worlds = [
        small_scenario(population__shoppers=300, horizon__months=12, regions=2).model_copy(update={"name": name})
        for name in ("one", "two")
    ]
    worlds[1] = worlds[1].with_({"shocks": [{"name": "slump", "from_month": 2, "visits": 0.5}]})
    worlds[1] = worlds[1].model_copy(update={"name": "two"})
    return compare(
        [FOUR, HIGHER, NONE], worlds, replications=2, incumbent=FOUR, population=brisk_population(), tables=True,
        weights={"two": 0.25},
    )  # fmt: skip


def test_tables_have_exactly_the_documented_columns(result: Comparison) -> None:
    assert set(result.tables) == set(TABLES) - {"by_preference"}
    for name, table in result.tables.items():
        assert list(table.columns) == list(TABLES[name].columns), name
        assert len(table), name


def test_the_reference_page_is_up_to_date() -> None:
    page = Path(__file__).parent.parent / "docs" / "comparison-tables.md"
    assert page.read_text(encoding="utf-8") == comparison_tables_page()


def test_a_table_that_was_not_asked_for_is_named() -> None:
    with pytest.raises(KeyError, match=r"no table by_tier; there are none; ask for them with compare"):
        _ = Comparison(1, ()).by_tier


# breakdowns


@pytest.mark.parametrize("name", ["tier", "decile", "segment", "stage", "rfm"])
def test_cells_add_up_to_the_whole(result: Comparison, name: str) -> None:
    table = result.breakdown(f"by_{name}")
    for arm in result.arms:
        own = table[(table["scenario"] == arm.scenario.name) & (table["policy"] == arm.policy.name)]
        if arm.policy is FOUR:
            assert own.empty
            continue
        for kpi in ("gmv", "orders", "margin", "benefit_cost"):
            cells = own[own["kpi"] == kpi]
            uplift = arm.uplift(kpi)
            assert cells["shoppers"].sum() == 300
            assert cells["difference"].sum() == pytest.approx(uplift.difference, abs=1e-3)
            assert cells["value"].sum() == pytest.approx(uplift.value, rel=1e-9)
        assert (own["simultaneous_low"].dropna() <= own["low"].dropna() + 1e-9).all()


def test_a_cell_of_everybody_has_the_interval_of_the_whole() -> None:
    generator = np.random.default_rng(1)
    left, right = (np.floor(generator.gamma(2, 3, (400, 11))) for _ in range(2))
    for table in (left, right):
        table[:, [6, 7, 8, 9, 10]] = table[:, [6, 7, 8, 9, 10]] > 4
        table[:, 8] *= table[:, 7]
    for kpi in KPIS.values():
        whole = paired_uplift(kpi, [left], [right])
        one = cell_uplifts(kpi, [np.zeros(400, np.int64)], 1, [left], [right])
        assert one.difference[0] == pytest.approx(whole.difference, rel=1e-9), kpi.name
        assert one.half[0] == pytest.approx(whole.half_width, rel=1e-6), kpi.name


def test_shoppers_stand_in_the_cell_that_the_definition_says(result: Comparison) -> None:
    deciles = result.by_decile[(result.by_decile["kpi"] == "gmv") & (result.by_decile["policy"] == "higher")]
    sizes = deciles[deciles["scenario"] == "one"].set_index("decile")["shoppers"]
    tenth = sizes.drop(["no order yet", "no spend"], errors="ignore")
    assert len(tenth) == 10
    assert tenth.max() - tenth.min() <= 2
    assert set(result.by_tier["tier"]) <= {*FOUR.tiers, "no order yet"}
    assert set(BREAKDOWNS) == {"tier", "decile", "stage", "segment", "rfm", "preference"}


def test_winners_and_losers_are_everybody_and_add_up(result: Comparison) -> None:
    for arm in result.arms:
        if arm.policy is FOUR:
            continue
        own = result.winners[
            (result.winners["scenario"] == arm.scenario.name) & (result.winners["policy"] == arm.policy.name)
        ]
        for measure in ("margin", "benefit_cost"):
            groups = own[own["measure"] == measure].set_index("group")
            assert groups["share"].sum() == pytest.approx(1)
            assert groups["shoppers"].sum() == 300
            assert groups["total"].sum() == pytest.approx(arm.uplift(measure).difference, abs=300)
            assert float(groups["total"]["gain"]) >= 0 >= float(groups["total"]["lose"])


# curves and flows


def test_retention_curves_never_rise_where_orders_are_still_to_come(result: Comparison) -> None:
    table = result.retention
    for _, curve in table[table["curve"] == "still ordering"].groupby(["scenario", "policy"]):
        assert (np.diff(curve["value"]) <= 1e-12).all()
    ordering = table[table["curve"] == "ordering"].reset_index(drop=True)
    later = table[table["curve"] == "still ordering"].reset_index(drop=True)
    assert (ordering["value"] <= later["value"] + 1e-12).all()
    assert (table[table["policy"] == FOUR.name][["difference", "low", "high"]] == 0).all(axis=None)
    last_half = later[later["month"] == 7].set_index(["scenario", "policy"])["value"]
    for arm in result.arms:  # months 7 to 12 hold 184 days, the KPI's half-year 182
        assert last_half[arm.scenario.name, arm.policy.name] == pytest.approx(arm.uplift("retention").value, abs=0.02)


def test_tier_flows_hold_everybody_and_all_goods(result: Comparison) -> None:
    for arm in result.arms:
        flows = result.tier_flows
        own = flows[(flows["scenario"] == arm.scenario.name) & (flows["policy"] == arm.policy.name)]
        assert own["shoppers"].sum() == 300
        assert own["gmv"].sum() == pytest.approx(arm.uplift("gmv").value, rel=1e-12)
        assert own.groupby("opening_tier")["share"].sum().to_numpy() == pytest.approx(1)


def test_the_weekly_flow_holds_in_every_week_to_the_member(result: Comparison) -> None:
    flow = result.weekly_flow
    assert all(dtype.kind == "i" for dtype in flow.drop(columns=["scenario", "policy"]).dtypes)
    assert (flow["new"] + flow["reactivated"] - flow["lost"] == flow["net_change"]).all()
    assert (flow["opening"] + flow["net_change"] == flow["closing"]).all()
    for _, weeks in flow.groupby(["scenario", "policy", "replication"]):
        assert weeks["days"].sum() == 365
        assert (weeks["closing"].to_numpy()[:-1] == weeks["opening"].to_numpy()[1:]).all()
    assert flow["new"].sum() > 0
    assert flow["reactivated"].sum() > 0
    assert flow["lost"].sum() > 0
    openings = flow[flow["week"] == 1].groupby(["scenario", "replication"])["opening"].nunique()
    assert (openings == 1).all()  # all policies begin with the same members


def test_the_weekly_flow_is_that_of_counting_members_each_morning() -> None:
    generator = np.random.default_rng(4)
    first_day, last_day, shoppers = 400, 765, 60
    orders = {i: np.unique(generator.integers(150, last_day, generator.integers(0, 9))) for i in range(shoppers)}
    places, days, first_orders = [], [], np.full(shoppers, -1)
    for place, own in orders.items():
        earlier = own[own < first_day]
        kept = [*earlier[-1:], *own[own >= first_day]]
        places += [place] * len(kept)
        days += kept
        first_orders[place] = own[0] if len(own) else -1
    flow = weekly_flow(np.array(places), np.array(days), first_orders, first_day, last_day)
    mornings = [*range(first_day, last_day, 7), last_day]

    def active(place: int, morning: int) -> bool:
        own = orders[place][orders[place] < morning]
        return bool(len(own) and morning - own[-1] <= ACTIVE_DAYS)

    for week, (start, end) in enumerate(pairwise(mornings)):
        before, after = ({i for i in range(shoppers) if active(i, day)} for day in (start, end))
        new = {i for i in after - before if start <= first_orders[i] < end}
        row = flow[week]
        told = [int(row[name]) for name in ("opening", "new", "reactivated", "lost", "closing")]
        assert told == [len(before), len(new), len(after - before - new), len(before - after), len(after)], week


def test_cohorts_hold_every_customer_once(result: Comparison) -> None:
    cohorts = result.cohorts
    for (_, _), own in cohorts.groupby(["scenario", "policy"]):
        sizes = own.groupby("cohort")["shoppers"].first()
        customers = result.habits.query("figure == 'customers'")["value"]
        assert sizes.sum() == pytest.approx(customers.iloc[0])
        assert (own["active"] <= own["shoppers"]).all()
        assert own["age"].min() == 0
        entering = own[own["age"] == 0]
        assert (entering["active_share"] == 1).all()  # the month of the first order has an order


def test_habits_agree_with_kpis_and_flows(result: Comparison) -> None:
    habits = result.habits.set_index(["scenario", "policy", "figure"])["value"]
    for arm in result.arms:
        key = (arm.scenario.name, arm.policy.name)
        assert habits[(*key, "churn")] == pytest.approx(1 - arm.uplift("retention").value, abs=0.02)
        flow = result.weekly_flow
        own = flow[(flow["scenario"] == key[0]) & (flow["policy"] == key[1])]
        last = own.groupby("replication")["closing"].last().mean()
        assert habits[(*key, "active_share")] == pytest.approx(last / habits[(*key, "customers")])
        assert 0 < habits[(*key, "repurchase_rate")] < 1
        assert habits[(*key, "repurchase_cycle")] > 1


# over scenarios, and pictures


def test_the_mean_over_scenarios_is_weighted_and_regret_is_none_for_the_best(result: Comparison) -> None:
    table = result.over_scenarios.set_index(["policy", "kpi"])
    for policy in ("higher", NONE.name):
        one, two = (result.arm(policy, name).uplift("gmv") for name in ("one", "two"))
        row = {name: float(table[name][policy, "gmv"]) for name in INTERVAL}
        assert row["difference"] == pytest.approx(0.75 * one.difference + 0.25 * two.difference)
        assert row["worst_difference"] == min(one.difference, two.difference)
        # scenarios share their shoppers, so the mean is no surer than independence would have it
        independent = np.hypot(0.75 * one.half_width, 0.25 * two.half_width)
        perfect = 0.75 * one.half_width + 0.25 * two.half_width
        assert independent < row["high"] - row["difference"] <= perfect * 1.0001
        assert row["simultaneous_high"] > row["high"]
    margins = table.xs("margin", level="kpi")
    assert margins["regret"].min() >= 0
    assert (margins["most_regret"] >= margins["regret"] - 1e-9).all()


def test_pictures_are_drawn_from_the_tables(result: Comparison, tmp_path: Path) -> None:
    def of_one(table: pd.DataFrame) -> pd.DataFrame:
        return table[table["scenario"] == "one"]

    retention_picture(of_one(result.retention), tmp_path / "retention.png")
    tier_flow_picture(of_one(result.tier_flows), tmp_path / "tiers.png")
    decile_picture(of_one(result.by_decile), tmp_path / "deciles.png", "CNY")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["deciles.png", "retention.png", "tiers.png"]
    without = of_one(result.tier_flows).query("policy == 'no-programme'")
    tier_flow_picture(without, tmp_path / "none.png")
    assert not (tmp_path / "none.png").exists()
