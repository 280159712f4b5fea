"""Statements of a run: they tie out, tell what is there, and do not depend on how the work was split."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from memberlab.policies import DocumentError, Policy
from memberlab.results import (
    CHECKS,
    STATEMENTS,
    Period,
    RunBooks,
    books_of,
    lived_books,
    statements_of,
)
from memberlab.sim import IDENTITIES, LOT_MONTHS, STATES, World

from .finance_worlds import both, launch, lived, short_lived, without_programme
from .memberships import members


@pytest.fixture(scope="module")
def books() -> RunBooks:
    return books_of(*both())


@pytest.fixture(scope="module")
def tables(books: RunBooks) -> dict[str, pd.DataFrame]:
    return statements_of(books)


def test_every_statement_has_the_columns_of_the_catalogue(tables: Mapping[str, pd.DataFrame]) -> None:
    assert list(tables) == list(STATEMENTS)
    for name, table in tables.items():
        assert list(table.columns) == list(STATEMENTS[name].columns), name
    assert [name for name, table in tables.items() if table.empty] == ["sponsors"]


def test_every_check_holds(tables: Mapping[str, pd.DataFrame]) -> None:
    checks = tables["checks"]
    assert len(checks) == len(IDENTITIES) + len(CHECKS)
    assert checks["holds"].all(), checks[~checks["holds"]]
    assert (checks["rule"].str.len() > 20).all()


def test_keeping_books_changes_no_life() -> None:
    world = World.resume(launch(), short_lived())
    plain = world.run(world.end)
    kept = lived(launch(), short_lived(), lived(launch(), without_programme()))
    assert kept.digest() == plain.digest()


@pytest.mark.parametrize("regions", [2, 5])
def test_regions_change_no_figure(books: RunBooks, tables: Mapping[str, pd.DataFrame], regions: int) -> None:
    split = statements_of(books_of(*both(regions)))
    for name, table in tables.items():
        assert_frame_equal(split[name], table, obj=name)


def test_a_twin_that_lives_the_same_life_has_paid_everything_anyway() -> None:
    twin = lived(launch(), short_lived())
    own = lived(launch(), short_lived(), twin)
    told = statements_of(books_of(lived_books(own), lived_books(twin)))
    benefits = told["benefits_by_month"]
    assert benefits["incremental"].sum() == 0
    assert benefits["anyway"].sum() > 0
    assert (told["deciles"]["incremental_margin"] == 0).all()


def test_what_is_paid_anyway_is_what_single_days_tell() -> None:
    """Both worlds are lived a day at a time: what a shopper got on a day on which both ordered was paid anyway."""
    start = launch()
    twin, own = World.resume(start, without_programme()), World.resume(start, short_lived())
    twin.keep_books()
    anyway = 0
    before = [world.shoppers["orders"].copy() for world in (twin, own)]
    cost = own.shoppers["benefit_cost"].copy()
    days = range(start.day, start.day + 31)
    for day in days:
        outcomes = [world.run(day + 1) for world in (twin, own)]
        orders = [outcome.shoppers["orders"] for outcome in outcomes]
        shared = (orders[0] > before[0]) & (orders[1] > before[1])
        anyway += int((outcomes[1].shoppers["benefit_cost"] - cost)[shared].sum())
        before = [one.copy() for one in orders]
        cost = outcomes[1].shoppers["benefit_cost"].copy()
    benefits = statements_of(books_of(*both()), Period(last="2026-01"))["benefits_by_month"]
    # on such a day nothing else moves a shopper's benefit cost, unless goods of an earlier order come back
    returned = -int(benefits.loc[benefits["benefit"] == "points_paid_back", "cost"].sum())
    assert 0 <= int(benefits["anyway"].sum()) - anyway <= returned
    assert anyway > 0


def test_without_a_twin_what_it_would_tell_is_empty() -> None:
    told = statements_of(books_of(both()[0]))
    assert told["benefits"]["anyway"].isna().all()
    assert told["deciles"]["incremental_margin"].isna().all()
    assert told["checks"]["holds"].all()


def test_redemption_by_cohort_is_what_single_days_tell(tables: Mapping[str, pd.DataFrame]) -> None:
    """What leaves the lots of the three months before was redeemed or taken back, since older ones expire; a day at a
    time.
    """
    world = World.resume(launch(), short_lived())
    opening = world.calendar.month_of(world.day)
    used: dict[tuple[int, int], int] = {}
    lots = world.shoppers["lots"].copy()
    while world.day < world.calendar.month_starts[opening + 5]:
        month = world.calendar.month_of(world.day)
        now = world.run(world.day + 1).shoppers["lots"].copy()
        for age in range(1, 4):
            place = (month - age) % LOT_MONTHS
            used[month, age] = used.get((month, age), 0) + int((lots[:, place].astype(int) - now[:, place]).sum())
        lots = now
    for (month, age), points in used.items():
        number = month - opening
        told = tables["triangle"]
        rows = told[(told["month"] == pd.Timestamp("2026-01-01") + pd.DateOffset(months=number)) & (told["age"] == age)]
        assert int((rows["redeemed"] + rows["clawed_back"]).sum()) == points, (number, age)
    assert sum(used.values()) > 10_000


# one cent or point astray is found


def moved(measure: str) -> Callable[[RunBooks], RunBooks]:
    """Return a change of the books by one in the first row of a measure."""

    def change(books: RunBooks) -> RunBooks:
        ledger = books.ledger.copy()
        ledger.loc[ledger.index[ledger["measure"] == measure][0], "value"] += 1
        return replace(books, ledger=ledger)

    return change


def cell(table: str, column: str, row: int = 0) -> Callable[[RunBooks], RunBooks]:
    """Return a change of the books by one in a column of a table."""

    def change(books: RunBooks) -> RunBooks:
        changed: pd.DataFrame = getattr(books, table).copy()
        changed.loc[changed.index[row], column] += 1
        told: Any = {table: changed}
        return replace(books, **told)

    return change


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (moved("list_value"), "bridge_ties_to_gmv"),
        (moved("cost_of_goods"), "margin_of_accounts"),
        (moved("shipping_waived_by_threshold"), "benefits_of_accounts"),
        (moved("points_issued"), "points_come_to_what_is_owed"),
        (moved("points_issued"), "points_roll_forward_each_month"),
        (moved("points_expired"), "provision_rolls_forward"),
        (moved("fees_earned"), "fees_are_deferred"),
        (cell("balances", "deferred", -1), "fees_are_deferred"),
        (cell("balances", "points", -1), "points_come_to_what_is_owed"),
        (cell("ageing", "points"), "ageing_holds_all_points"),
        (cell("lots", "points", -1), "points_entered"),
        (cell("accounts", "margin"), "margin_of_accounts"),
        (cell("accounts", "benefit_cost"), "benefits_of_accounts"),
    ],
)  # fmt: skip
def test_one_astray_breaks_its_check(books: RunBooks, change: Callable[[RunBooks], RunBooks], check: str) -> None:
    checks = statements_of(change(books))["checks"]
    assert check in set(checks.loc[~checks["holds"], "name"])


def test_a_negative_redemption_is_found(books: RunBooks) -> None:
    lots = books.lots.copy()
    older = lots.index[(lots["month"] == books.months[4]) & (lots["cohort"] == books.months[2])]
    lots.loc[older, "points"] += 10**7
    checks = statements_of(replace(books, lots=lots))["checks"]
    assert "triangle_has_no_negative" in set(checks.loc[~checks["holds"], "name"])


# single statements


def test_a_month_earns_its_own_fees(tables: Mapping[str, pd.DataFrame]) -> None:
    fees = tables["fees"]
    moves = fees["opening"] + fees["billed"] - fees["earned"] - fees["refunded"]
    assert (moves == fees["closing"]).all()
    assert (fees["current"] + fees["non_current"] == fees["closing"]).all()
    assert (fees["earned"] > 0).all()


def test_deferred_fees_of_a_listed_retailer(books: RunBooks) -> None:
    """The reference's figures: 559 + 1,133 - 1,117 = 575."""
    month, keys = books.months[0], {"tier": "gold", "paid_membership": True}
    rows = [{"month": month, **keys, "on_twin_order_day": False, "measure": name, "value": value}
            for name, value in (("fees_billed", 1_133), ("fees_earned", 1_117))]  # fmt: skip
    balances = pd.DataFrame([
        {"month": end, **keys, "shoppers": 1, "points": 0, "credits": 0, "deferred": cents, "deferred_later": 0}
        for end, cents in ((books.opening_month, 559), (month, 575))
    ])  # fmt: skip
    small = replace(books, months=(month,), ledger=pd.DataFrame(rows), balances=balances, lots=books.lots.head(0),
                    ageing=books.ageing.head(0), suspense=books.suspense.head(2).assign(pending=0, debt=0),
                    opening_liability=0, accounts=books.accounts.head(0))  # fmt: skip
    told = statements_of(small)
    assert told["fees"][["opening", "billed", "earned", "closing"]].to_numpy().tolist() == [[559, 1_133, 1_117, 575]]
    held = told["checks"].set_index("name")["holds"]
    assert held["fees_are_deferred"]
    assert held["journal_defers_the_fees"]


def test_terms_beyond_a_year_are_not_all_current() -> None:
    policy = short_lived(**{"membership.months": 24})
    fees = statements_of(books_of(lived_books(lived(launch(), policy))))["fees"]
    assert (fees["non_current"].iloc[3:] > 0).all()
    assert (fees["non_current"] < fees["closing"]).all()


def test_sponsors_bear_their_share() -> None:
    perks = {"video": {"cost": 2, "perceived_value": 5, "sponsor_share": "25 %"}, "music": {"cost": 1}}
    policy = short_lived(**{"membership.perks": perks})
    told = statements_of(books_of(lived_books(lived(launch(), policy))))
    sponsors = told["sponsors"]
    assert (sponsors["gross"] == 6 * sponsors["sponsored"]).all()  # 0.50 of 3.00
    assert (sponsors["gross"] - sponsors["sponsored"] == sponsors["net"]).all()
    bridge = told["bridge"]
    assert sponsors["net"].sum() == -bridge.loc[bridge["line"] == "partner_content", "amount"].sum() > 0


def test_the_whole_of_tiers_and_members_is_told(tables: Mapping[str, pd.DataFrame], books: RunBooks) -> None:
    units = tables["unit_economics"].set_index("tier")
    assert units.loc["all", "shoppers"] == 600
    assert {"ordinary", "silver", "gold", "diamond", "paid"} <= set(units.index)
    benefits = tables["benefits"]
    whole = benefits[benefits["tier"] == "all"]
    assert whole["cost"].sum() == benefits.loc[benefits["tier"] != "all", "cost"].sum()
    heavy = tables["heavy_users"]
    assert heavy["use_decile"].tolist() == list(range(1, 11))
    assert heavy["fee_less_benefits"].iloc[-1] < 0 < heavy["fee_less_benefits"].iloc[0]
    assert heavy["orders"].is_monotonic_increasing
    assert len(books.total("gmv")) == 18


def test_contract_liability_begins_at_the_provision_and_rolls_forward(tables: Mapping[str, pd.DataFrame]) -> None:
    contract = tables["contract_liability"]
    assert contract["opening"].iloc[0] == tables["points"]["opening_value"].iloc[0]
    assert (contract["opening"] + contract["allocated"] - contract["revenue"] == contract["closing"]).all()
    assert (contract["current"] + contract["non_current"] == contract["closing"]).all()
    assert (contract["closing"].diff().iloc[1:] == (contract["closing"] - contract["opening"]).iloc[1:]).all()
    assert (tables["contract_cohorts"]["liability"] >= 0).all()
    ended = tables["contract_cohorts"].groupby("cohort").last()
    assert (ended.loc[ended.index < pd.Timestamp("2027-01-01"), "liability"] == 0).all()


@pytest.mark.parametrize(
    "changes",
    [
        {"points.expiry": {"days": 60}},
        {"points.expiry": {"dates": ["03-31", "09-30"]}},
        {"points.expiry": {"inactivity": {"days": 90}},
         "points.returns": {"claw_back": "may_go_negative", "pending_days": 9}},
        {"points.expiry": {"months": 3, "end_of": "quarter", "extension": {"gold": 6, "diamond": "never"}}},
        {"points.expiry": "never", "points.automatic": {"points": 300, "credit": 3}},
    ],
)  # fmt: skip
def test_every_kind_of_expiry_ties_out(changes: Mapping[str, object]) -> None:
    policy: Policy = short_lived(**changes)
    told = statements_of(books_of(lived_books(lived(launch(), policy))))
    checks = told["checks"]
    assert checks["holds"].all(), checks[~checks["holds"]]
    kinds = set(told["ageing"]["kind"])
    assert ("never" in kinds) == ("never" in str(changes))


# periods


def test_a_period_holds_its_months(books: RunBooks, tables: Mapping[str, pd.DataFrame]) -> None:
    told = statements_of(books, Period("2026-03", "2026-05"))
    assert told["bridge"]["month"].nunique() == told["points"]["month"].nunique() == 3
    points = tables["points"].set_index("month")
    assert told["points"]["opening"].iloc[0] == points.loc["2026-02-01", "closing"]
    months = told["benefits_by_month"]["month"]
    assert months.min() == pd.Timestamp("2026-03-01")
    assert told["benefits"]["cost"].sum() == 2 * told["benefits_by_month"]["cost"].sum()
    assert told["checks"]["holds"].all()


@pytest.mark.parametrize(
    ("period", "message"),
    [
        (Period("2025-12", None), "2025-12 is outside the books; the run has 2026-01 to 2027-06"),
        (Period(None, "2027-07"), "2027-07 is outside the books"),
        (Period("2026-05", "2026-04"), "2026-04 is before 2026-05"),
        (Period("May 2026", None), "May 2026: is no month; write for example 2026-03"),
    ],
)
def test_a_period_that_is_none_is_named(books: RunBooks, period: Period, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        statements_of(books, period)


def test_books_are_kept_from_the_start_of_a_month_only() -> None:
    world = World.resume(launch())
    world.run(world.day + 3)
    with pytest.raises(ValueError, match="books can be kept from an opening at the start of a month on"):
        world.keep_books()
    other = World.resume(launch())
    with pytest.raises(ValueError, match="the twin's order days have the shape"):
        other.keep_books(np.zeros((3, 3), np.uint8))
    assert STATES == 17
    with pytest.raises(ValueError, match="the world kept no books"):
        lived_books(other.run(other.day))


def test_terms_paid_by_quiet_members_are_deferred_day_by_day() -> None:
    """One member who paid 365.00 on the day before launch: 31, 28 and 31 days' fees in the first three months."""
    policy = short_lived(**{"membership.fee": 365})
    world = World.resume(members(policy, [0], 1e8, horizon={"months": 3}, returns={"share": "1 %"}))
    world.keep_books()
    fees = statements_of(books_of(lived_books(world.run(world.end))))["fees"]
    assert fees["earned"].tolist() == [3_100, 2_800, 3_100]
    assert fees["closing"].tolist() == [33_400, 30_600, 27_500]
