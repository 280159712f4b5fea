"""The blast radius of launch morning: its figures are those of the world after its first day, and by hand.

`warm_up` and the report simulate the same world; the first day is then lived with its visits, as any run does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from memberlab.cli import main
from memberlab.optimize import find_blast_radius
from memberlab.policies import Policy, load_policy
from memberlab.results import (
    CHANGE_STEPS,
    FRAMES,
    BlastRadius,
    YearOrders,
    books_of,
    give_back_by_member,
    list_values,
    lived_books,
    statements_of,
)
from memberlab.sim import ENROLLED, MEMBER, Outcome, Snapshot, World, launch_morning, points_liability, warm_up

from .worlds import brisk_population, full_policy, small_scenario

SCENARIO = small_scenario(population__shoppers=300)
INCUMBENT = full_policy().with_({"points.expiry.months": 6})
HIGHER = {"tiers.diamond.threshold": 9000, "tiers.gold.threshold": 4000, "tiers.silver.threshold": 1500}
CONVERT = {"rule": "convert", "old": 7, "new": 5, "rounding": "up"}
CANDIDATES: Mapping[str, Policy] = {
    "silent": INCUMBENT.with_({**HIGHER, "points.expiry.months": 4}),
    "converted": INCUMBENT.with_({
        **HIGHER, "points.expiry.months": 4, "points.redeem.value": 9, "membership.fee": 149,
        "migration": {"tiers": {"rule": "grandfather", "months": 3}, "points": CONVERT,
                      "memberships": {"rule": "convert", "time": "pro rata"}},
    }),
    "refunded": INCUMBENT.with_({
        "points.expected_redemption": "60 %",
        "migration": {"points": {"rule": "forfeit"}, "memberships": {"rule": "refund"}},
    }),
    "ended": load_policy("no-programme"),
    "by orders": INCUMBENT.with_({
        "qualification": {"basis": "orders", "window": "lifetime"}, "tiers.silver.threshold": 3,
        "tiers.gold.threshold": 6, "tiers.diamond.threshold": 12, "points.expiry": {"days": 100},
        "migration": {"tiers": {"rule": "reassess"}, "memberships": {"rule": "keep", "old_fee_months": 6}},
    }),
}  # fmt: skip


@pytest.fixture(scope="module")
def launch() -> Snapshot:
    return warm_up(SCENARIO, incumbent=INCUMBENT, population=brisk_population())


@pytest.fixture(scope="module", params=list(CANDIDATES))
def told_and_lived(request: pytest.FixtureRequest, launch: Snapshot) -> tuple[BlastRadius, Outcome, Snapshot]:
    candidate = CANDIDATES[request.param]
    told = find_blast_radius(INCUMBENT, candidate, SCENARIO, population=brisk_population())
    return told, World.resume(launch, candidate).run(launch.day + 1), launch


def test_the_figures_are_those_of_the_world_after_its_first_day(
    told_and_lived: tuple[BlastRadius, Outcome, Snapshot],
) -> None:
    told, lived, launch = told_and_lived
    members, steps = told.frames["members"], told.frames["points_steps"].set_index("step")
    places = members["member"].to_numpy()
    assert places.tolist() == np.flatnonzero(launch.shoppers["status"] & ENROLLED).tolist()
    names = list(told.candidate.tiers) or ["-"]
    at = lived.shoppers[places]
    assert members["new_tier"].tolist() == [names[level] for level in at["tier"]]
    flows = told.frames["tier_flows"].groupby("new_tier")["members"].sum()
    assert flows.to_dict() == pd.Series([names[level] for level in at["tier"]]).value_counts().to_dict()
    visits = lived.total("points_issued") + lived.total("points_given_back") - lived.total("points_redeemed")
    assert steps.at["launch morning", "points"] == lived.closing.points - visits
    assert steps.at["evening before", "liability"] == lived.opening_liability
    assert steps.at["launch morning", "liability"] == points_liability(told.candidate, lived.closing.points - visits)
    assert members["refund"].sum() == lived.total("fees_refunded")
    gone = members[["points_expired_anyway", "points_forced", "points_forfeited"]].sum().sum()
    assert gone == lived.total("points_expired")
    assert (members["points_converted"] - members["points_before"]).sum() == lived.total("points_converted")
    if told.candidate.migration is None or told.candidate.migration.points is None:
        assert members["points_expired_anyway"].sum() == launch_morning(launch).total("points_expired") > 0
    stayed_away = at["last_order_day"] < launch.day
    assert (members["points_after"][stayed_away] == at["points_balance"][stayed_away]).all()
    raised = members["move"].value_counts()
    if told.candidate.migration is not None and told.candidate.migration.tiers is not None:
        assert raised.get("up", 0) == lived.total("raised_at_cutover")
        assert raised.get("down", 0) == lived.total("lowered_at_cutover")


def test_steps_and_frames_add_up(told_and_lived: tuple[BlastRadius, Outcome, Snapshot]) -> None:
    told, _, launch = told_and_lived
    steps, members = told.frames["points_steps"], told.frames["members"]
    for column in ("points", "liability"):
        values = steps[column].tolist()
        assert sum(values[:-1]) == values[-1]
    assert [tuple(told.frames[frame.name].columns) for frame in FRAMES] == [tuple(frame.columns) for frame in FRAMES]
    had = members[members["give_back_before"] > 0]
    assert told.frames["changes"]["members"].sum() == len(had)
    assert told.frames["changes"]["change"].sum() == had["change"].sum()
    losing = had[had["change"] < -0.2 * had["give_back_before"]]
    assert told.frames["losers"]["falling"].sum() == len(losing)
    assert told.frames["losers"]["lost"].sum() == -losing["change"].sum()
    paid = told.frames["memberships"]
    before = launch.shoppers["status"] & MEMBER != 0
    assert paid[paid["paid_membership"] != "begins that day"]["members"].sum() == before.sum() > 10
    assert paid["deferred_before"].sum() == members["deferred_before"].sum()
    if told.candidate.membership is not None and not paid["refunded"].any():
        assert paid["deferred_after"].sum() == paid["deferred_before"].sum()
    assert told.frames["checks"]["holds"].all()
    assert len(told.verdict) == 2


def test_a_candidate_that_changes_nothing_does_nothing() -> None:
    same = INCUMBENT.with_({"name": "again"})
    told = find_blast_radius(INCUMBENT, same, SCENARIO, population=brisk_population())
    members = told.frames["members"]
    assert not members[["change", "points_forced", "points_forfeited", "refund"]].any().any()
    assert (members["move"] == "same").sum() + members["moved_anyway"].sum() == len(members)
    assert "nobody would have got more than 20% less" in told.verdict[1]


@pytest.mark.parametrize("name", ["converted", "refunded"])
def test_statements_of_finance_tie_out_over_a_cut_over(name: str, launch: Snapshot) -> None:
    world = World.resume(launch, CANDIDATES[name])
    world.keep_books()
    tables = statements_of(books_of(lived_books(world.run(world.end))))
    assert tables["checks"]["holds"].all()
    first = tables["points"].iloc[0]
    moved = world.run(world.end).total("points_converted")
    assert first["converted"] == moved
    assert (moved != 0) == (name == "converted")


# the give-back of a year, order by order


def orders(*entries: tuple[int, int, int]) -> YearOrders:
    shopper, month, goods = (np.array(column) for column in zip(*entries, strict=True))
    return YearOrders(shopper, month, goods, are_estimated=False)


def test_what_orders_give_back_is_counted_order_by_order() -> None:
    """Shopper 0 is in gold (4 %), shopper 1 in the lowest tier; delivery costs 10 and is free from 199."""
    policy = load_policy("four-tiers-simple")
    year, state = orders((0, 0, 9_600), (0, 3, 24_000), (1, 3, 10_050), (1, 4, 30_000)), np.array([4, 0])
    values = list_values(year, policy, state)
    assert values.tolist() == [10_000, 25_000, 10_050, 30_000]
    given = give_back_by_member(policy, year, values, state, 1_000)
    parts = {name: amounts.tolist() for name, amounts in given.items()}
    assert parts == {
        "discount": [400 + 1_000, 0],
        "points": [96 * 150 // 100 + 240 * 150 // 100, 100 + 300],  # a point is worth a cent
        "delivery": [2_000, 1_000],
        "vouchers": [0, 0],
        "coupons": [0, 0],
    }


def test_vouchers_and_coupons_are_used_as_far_as_orders_of_their_month_go() -> None:
    policy = load_policy("four-tiers-simple").with_({
        "shipping.free_from": "never", "coupons": {"value": 20, "minimum_spend": 100, "a_month": 2},
        "tiers.ordinary.free_shipping_vouchers": {"count": 1, "per": "month"},
        "tiers.silver.free_shipping": False, "tiers.silver.free_shipping_vouchers": {"count": 3, "per": "year"},
    })  # fmt: skip
    year = orders(*[(0, 2, 15_000)] * 3, (0, 5, 5_000), *[(1, month, 15_000) for month in range(5)])
    state = np.array([0, 2])
    parts = give_back_by_member(policy, year, year.goods, state, 1_000)
    assert parts["vouchers"].tolist() == [2 * 1_000, 3 * 1_000]
    assert parts["coupons"].tolist() == [2 * 2_000, 5 * 2_000]  # an order of 50 is below the minimum
    assert parts["delivery"].tolist() == [0, 0]
    dearer = policy.with_({"shipping.fee": 12})
    assert give_back_by_member(dearer, year, year.goods, state, 1_000)["delivery"].tolist() == [-4 * 200, -5 * 200]


# at the command line


def test_the_command_tells_and_writes_the_same(tmp_path: Path) -> None:
    candidate = tmp_path / "mine.yaml"
    candidate.write_text(CANDIDATES["converted"].with_({"name": "mine"}).to_yaml(), encoding="utf-8")
    incumbent = tmp_path / "old.yaml"
    incumbent.write_text(INCUMBENT.to_yaml(), encoding="utf-8")
    world = tmp_path / "world.yaml"
    world.write_text(SCENARIO.with_({"incumbent": "old.yaml"}).to_yaml(), encoding="utf-8")
    out = tmp_path / "out"
    arguments = ["cutover", str(incumbent), str(candidate), "--scenario", str(world), "--threshold", "10 %"]
    result = CliRunner().invoke(main, [*arguments, "--json", "--out", str(out)])
    assert result.exit_code == 0, result.output
    said = json.loads(result.output)
    assert said["threshold"] == 0.1
    assert said["members"] == len(pd.read_parquet(out / "members.parquet"))
    for frame in FRAMES:
        table = pd.read_parquet(out / f"{frame.name.replace('_', '-')}.parquet")
        assert list(table.columns) == list(frame.columns)
        assert len(pd.read_csv(out / f"{frame.name.replace('_', '-')}.csv")) == len(table)
        if frame.name != "members":
            assert len(said[frame.name]) == len(table)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == "cutover"
    assert (out / "cutover.png").read_bytes()[:4] == b"\x89PNG"
    printed = CliRunner().invoke(main, arguments)
    assert printed.exit_code == 0
    assert "Points liability, cause by cause" in printed.output
    assert "figures tie out with the world's own" in printed.output
    assert CHANGE_STEPS[-1] == float("inf")
    assert said["changes"][-1]["to_share"] is None
