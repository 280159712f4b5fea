"""Pilots planned in small worlds: what a pilot reads, who takes part, what is recommended, and the command."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from memberlab.cli import main
from memberlab.optimize import (
    PILOT_TABLES,
    Effect,
    PilotPlan,
    PilotQuestion,
    fail_if_pilot_does_not_fit,
    interferences,
    pilot_tables,
    pilot_words,
    plan_pilot,
    read_effect,
    simulate_pilot_arm,
)
from memberlab.policies import DocumentError, load_policy
from memberlab.results import COLUMNS, KPIS, paired_uplift, shopper_measures
from memberlab.sim import World, warm_up, write_snapshot

from .member_worlds import write_file
from .worlds import brisk_population, small_scenario

NONE = load_policy("no-programme")
CLUB = load_policy("four-tiers-simple")
SCENARIO = small_scenario(population__shoppers=400, horizon__months=14)


def asked(**changes: object) -> PilotQuestion:
    return PilotQuestion(**{"weeks": (12, 26, 52), "replays": 500, **changes})  # type: ignore[arg-type]


def planned(question: PilotQuestion, *, attrition: bool = False, replications: int = 2) -> PilotPlan:
    return plan_pilot(
        NONE, CLUB, SCENARIO, question, replications=replications, attrition=attrition, peeking=attrition,
        population=brisk_population(),
    )  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> PilotPlan:
    return planned(asked(kpi="gmv"), attrition=True)


# what a pilot reads


def test_a_stop_changes_nothing_of_what_comes_after_it(tmp_path: Path) -> None:
    path = tmp_path / "morning.npz"
    snapshot = warm_up(SCENARIO, incumbent=NONE, seed=3, population=brisk_population())
    write_snapshot(snapshot, path)
    read = simulate_pilot_arm(path, CLUB, (12, 26, 52), ("margin", "retained", "base"))
    world = World.resume(snapshot, CLUB)
    straight = shopper_measures(world.run(world.launch + 52 * 7), NONE)
    places = [COLUMNS.index(name) for name in ("margin", "retained", "base")]
    assert np.array_equal(read.readings[2], straight[:, places].T)
    assert (read.readings[2, 0] != read.readings[0, 0]).any()
    assert 0 < read.known.sum() < len(read.known)


def test_the_truth_is_the_paired_difference_of_those_who_take_part(plan: PilotPlan) -> None:
    lived = plan.outcomes[1]
    tables = []
    for arm in (lived.incumbent, lived.candidate):
        table = np.zeros((len(arm.top), len(COLUMNS)))
        table[:, COLUMNS.index("gmv")] = arm.top
        tables.append(table)
    uplift = paired_uplift(KPIS["gmv"], [tables[0]], [tables[1]])
    assert lived.effect == pytest.approx(uplift.difference / plan.pool)
    assert 1.96 * lived.effect_error == pytest.approx((uplift.high - uplift.low) / 2 / plan.pool, rel=0.01)
    assert 0.5 < plan.pool / 800 < 0.9  # those who had ordered before launch, 70 % of the shoppers and fewer


# the plan


def test_the_shortest_pilot_of_half_a_year_is_recommended(plan: PilotPlan) -> None:
    assert [row.weeks for row in plan.rows if row.is_too_short] == [12] * (len(plan.rows) // 3)
    assert (plan.choice.row.weeks, plan.choice.row.method, plan.choice.row.share) == (26, "adjusted", 0.5)
    assert plan.choice.row.saved > 0
    assert any("12 weeks are shorter than half a year" in one for one in pilot_words(plan).warnings)


def test_replays_of_the_plan_keep_what_it_promises(plan: PilotPlan) -> None:
    """500 replays: three standard errors are 5.4 points at a power of 0.8 and 2.9 at 0.05."""
    adjusted = plan.verified[1]
    assert adjusted.power_at_planned.value == pytest.approx(0.8, abs=0.054)
    assert adjusted.false_alarms.value == pytest.approx(0.05, abs=0.029)
    assert adjusted.coverage.value == pytest.approx(0.95, abs=0.029)
    assert abs(adjusted.bias) < 3 * adjusted.mean_error


def test_only_a_short_pilot_is_planned_with_a_warning() -> None:
    found = planned(asked(kpi="gmv", weeks=(8,)))
    assert found.choice.row.weeks == 8
    assert any("no verdict on a programme or campaign" in one for one in pilot_words(found).warnings)
    assert found.attrition == () and pilot_words(found).attrition == ()


def test_with_too_few_customers_the_best_of_them_is_played_and_said_to_be_weak() -> None:
    found = planned(asked(kpi="margin", effect=Effect(0.02), customers=300, weeks=(26, 52)))
    assert not found.choice.is_powered and found.choice.shoppers == 300
    assert found.replays.candidate_shoppers + found.replays.incumbent_shoppers == 300
    assert found.choice.row.power is not None and found.choice.row.power < 0.3
    words = pilot_words(found)
    assert words.recommendation.startswith("No pilot among these sees an effect of")
    assert found.choice.row.smallest_effect is not None
    assert found.choice.row.smallest_effect > found.choice.row.effect


def test_a_dearer_candidate_gets_fewer_shoppers() -> None:
    found = planned(asked(kpi="gmv", weeks=(26,), cost_ratio=4.0))
    assert found.choice.row.split == "cheapest"
    assert found.choice.row.share == pytest.approx(1 / 3, abs=0.06)


def test_tiers_of_the_incumbent_can_take_part() -> None:
    scenario = SCENARIO.with_({"warm_up.months": 18})
    richer = CLUB.with_({"name": "richer", "member_discount": "5 %"})
    plans = [
        plan_pilot(CLUB, richer, scenario, asked(kpi="gmv", weeks=(26,), segment=segment), replications=2,
                   attrition=False, population=brisk_population())
        for segment in ("known", "active", "silver, gold, diamond")
    ]  # fmt: skip
    known, active, tiers = (found.pool for found in plans)
    assert known > active > tiers > 0
    assert plans[2].rows[0].baseline > plans[0].rows[0].baseline


# attrition


def test_attrition_shows_late_and_the_largest_effect_first(plan: PilotPlan) -> None:
    points = {(one.weeks, one.attrition_effect): one for one in plan.attrition if one.kpi == "retention"}
    assert sorted({value for _, value in points}) == [0.0, 0.05, 0.15, 0.3, 0.85]
    brought = {place: one.from_attrition for place, one in points.items()}
    assert [brought[week, 0.0] for week in (12, 26, 52)] == [0, 0, 0]
    assert brought[52, 0.85] > brought[52, 0.15] > 0 and brought[52, 0.85] > brought[12, 0.85]
    needed = [points[52, value].shoppers_for_attrition for value in (0.3, 0.85)]
    assert needed[0] is not None and needed[1] is not None and needed[1] < needed[0]
    assert len(pilot_words(plan).attrition) == 2


# looking every week


def test_looking_every_week_raises_false_alarms_and_bounds_keep_them(plan: PilotPlan) -> None:
    """500 replays: three standard errors of a rate of 5 % are 2.9 points."""
    looks = plan.looks
    assert looks is not None and looks.weeks == tuple(range(1, 27))
    assert looks.alarms_every_week.value > 0.12
    assert looks.alarms_bounded.value == pytest.approx(0.05, abs=0.03)
    assert looks.alarms_at_the_end.value == pytest.approx(plan.verified[1].false_alarms.value, abs=0.003)  # z, not t
    assert looks.power_at_the_end.value == pytest.approx(plan.verified[1].power_at_planned.value, abs=0.01)
    assert looks.power_at_the_end.value - 0.05 < looks.power_bounded.value
    assert looks.mean_weeks < 26
    assert (np.diff(looks.alarms_by_week) >= 0).all() and np.isinf(looks.bounds[0]) and 1.96 < looks.bounds[-1] < 2.3


# tables


def test_every_column_of_every_table_is_documented(plan: PilotPlan) -> None:
    tables = pilot_tables(plan)
    assert list(tables) == list(PILOT_TABLES)
    for name, table in tables.items():
        assert list(table.columns) == list(PILOT_TABLES[name]), name
        assert len(table) and not table.isna().all().drop(["power", "smallest_effect"], errors="ignore").any(), name
    assert tables["plan"]["recommended"].sum() == 1
    assert len(tables["replays"]) == 500 * 2 * 2


def test_the_page_explains_every_column() -> None:
    page = (Path(__file__).parent.parent / "docs" / "pilot.md").read_text(encoding="utf-8")
    missing = [f"{name}.{column}" for name, columns in PILOT_TABLES.items() for column, meaning in columns.items()
               if f"| `{column}` | {meaning} |" not in page]  # fmt: skip
    assert missing == []


# what shoppers share


def test_shared_mechanics_are_told() -> None:
    assert interferences(SCENARIO, NONE, CLUB) == ()
    campaign = {"when": "11-11", "discount": "10 %", "budget": {"units": 50}}
    ranked = {"when": "06-01..06-20", "discount": "5 %", "to": {"spend": "high"}}
    policy = CLUB.with_({
        "campaigns": {"flash": campaign, "best": ranked},

    })  # fmt: skip
    told = interferences(SCENARIO.with_({"word_of_mouth": {"reserve": 10}}), NONE, policy)
    assert [one.split(",")[0] for one in told] == [
        "four-tiers-simple: the budget of campaign flash", "four-tiers-simple: campaign best",
        "small-world: newcomers come by word of mouth of those who are served well",
    ]  # fmt: skip


# bad input


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"kpi": "profit"}, "there is no KPI 'profit'; write one of gmv, orders"),
        ({"effect": Effect(0.0)}, "an effect of 0 cannot be seen"),
        ({"weeks": ()}, "weeks (none) must be"),
        ({"weeks": (26, 12)}, "in rising order"),
        ({"share": 0.0}, "a share of 0 % leaves the candidate without shoppers"),
        ({"share": 1.0}, "a share of 100 % leaves the hold-out without shoppers"),
        ({"share": 0.99, "customers": 100}, "leave an arm with fewer than two shoppers"),
        ({"customers": 3}, "customers (3) must be 4 or more"),
        ({"cost_ratio": 0.0}, "cost_ratio (0) must be above 0"),
        ({"replays": 10}, "replays (10) must be 100 or more"),
    ],
)
def test_a_question_that_cannot_be_asked_is_named(changes: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError) as fault:
        asked(**changes)
    assert told in str(fault.value)


def test_effects_are_read_in_the_unit_of_the_figure() -> None:
    assert read_effect("2 %", KPIS["margin"]) == Effect(0.02)
    assert read_effect("-3.5%", KPIS["retention"]) == Effect(-0.035)
    assert read_effect("1.5 pp", KPIS["retention"]) == Effect(0.015, relative=False)
    assert read_effect("3.50", KPIS["margin"]) == Effect(350.0, relative=False)
    assert read_effect("0.2", KPIS["orders"]) == Effect(0.2, relative=False)
    for written, kpi, told in (
        ("two", "margin", "is no effect"), ("0 %", "margin", "effect of 0"), ("1 pp", "margin", "an amount a shopper"),
        ("0.1", "retention", "percentage points"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=told):
            read_effect(written, KPIS[kpi])


def test_what_does_not_fit_the_world_is_named() -> None:
    with pytest.raises(ValueError, match="weeks 70 reach beyond the horizon of small-world, which has 60 whole weeks"):
        fail_if_pilot_does_not_fit(asked(weeks=(26, 70)), CLUB, SCENARIO)
    with pytest.raises(ValueError, match="no segment 'platinum'; write known or active, or tiers of four-tiers-simple"):
        fail_if_pilot_does_not_fit(asked(segment="gold, platinum"), CLUB, SCENARIO)
    with pytest.raises(ValueError, match="no-programme has no tiers"):
        fail_if_pilot_does_not_fit(asked(segment="gold"), NONE, SCENARIO)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"kpi": "paid_members"}, "changes the paid members by exactly 0"),
        ({"kpi": "paid_members", "effect": Effect(0.1)}, "is 0, so a share of it is nothing"),
    ],
)
def test_a_figure_that_nobody_moves_is_named(changes: dict[str, object], told: str) -> None:
    with pytest.raises(DocumentError, match=told):
        planned(asked(weeks=(26,), **changes), replications=1)


# the command


def run(*words: str) -> tuple[int, str]:
    told = CliRunner().invoke(main, ["pilot", "no-programme", "four-tiers-simple", *words])
    return told.exit_code, told.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--kpi", "profit"], "there is no KPI 'profit'"),
        (["--power", "1.2"], "power (1.2) must lie between 0 and 1"),
        (["--alpha", "0"], "alpha (0) must lie between 0 and 1"),
        (["--effect", "0 %"], "an effect of 0"),
        (["--effect", "2"  , "--kpi", "retention"], "percentage points, such as 1.5 pp"),
        (["--holdout", "100 %"], "leaves nobody with the candidate"),
        (["--share", "100 %"], "leaves the hold-out without shoppers"),
        (["--holdout", "10"], "write it with its sign"),
        (["--holdout", "10 %", "--share", "50 %"], "give one of them"),
        (["--weeks", "12,200"], "weeks 200 reach beyond the horizon of baseline, which has 104 whole weeks"),
        (["--weeks", "a year"], "are no weeks"),
        (["--segment", "platinum"], "there is no segment 'platinum'"),
        (["--scenario", "nowhere"], "nowhere"),
        (["--shoppers", "10", "--replications", "1", "--no-attrition"], "too few to tell how they vary"),
    ],
)  # fmt: skip
def test_bad_input_ends_with_exit_code_2(words: list[str], told: str) -> None:
    code, output = run(*words)
    assert code == 2 and told in " ".join(output.split()), output
    assert "Traceback" not in output


def test_the_command_writes_a_folder_and_tells_the_same_as_json(tmp_path: Path) -> None:
    words = ["--shoppers", "300", "--replications", "2", "--replays", "200", "--weeks", "12,26", "--kpi", "gmv"]
    code, output = run(*words, "--out", str(tmp_path / "out"))
    assert code == 0, output
    assert (
        "26 weeks with" in output
        and "Told from 0" in output
        and "nobody's outcome depends on" in " ".join(output.split())
    )
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"plan.csv", "plan.parquet", "replays.parquet", "replay-summary.csv", "attrition.csv", "pilot.png",
            "smallest-attrition-effect.csv", "scenario.yaml", "policy-four-tiers-simple.yaml",
            "report.html"} <= names  # fmt: skip
    assert (tmp_path / "out" / "pilot.png").stat().st_size > 10_000
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == "pilot" and manifest["columns"]["plan"]["shoppers"] == "needed in both arms together"
    code, output = run(*words, "--json", "--no-attrition")
    data = json.loads(output)
    table = pd.read_csv(tmp_path / "out" / "plan.csv")
    assert [row["shoppers"] for row in data["plan"]] == table["shoppers"].tolist()
    assert data["told"]["recommendation"] == manifest["told"]["recommendation"]
    code, output = run(*words, "--out", str(tmp_path / "out"))
    assert code == 2 and "holds an earlier run" in output


def test_a_pilot_is_planned_with_real_members(tmp_path: Path) -> None:
    """Everybody in the file has ordered before, so that all of them are in the pool."""
    rows: list[dict[str, object]] = [
        {"member_id": f"m{number}", "last_order_on": f"2025-{1 + number % 12:02}-15",
         "orders_last_12_months": 1 + number % 9, "spend_last_12_months": 120 * (1 + number % 9)}
        for number in range(150)
    ]  # fmt: skip
    members = str(write_file(tmp_path, rows))
    code, output = run(
        "--members", members, "--shoppers", "150", "--replications", "2", "--replays", "100", "--weeks", "26",
        "--kpi", "gmv", "--effect", "20 %", "--no-attrition", "--json",
    )  # fmt: skip
    assert code == 0, output
    assert json.loads(output)["pool"] == 300
