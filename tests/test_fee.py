"""The fee finder: which fee is best, which are as good by pairs, where the margin is today's; and one small world."""

from __future__ import annotations

import math
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from click.testing import CliRunner, Result

from memberlab.cli import main
from memberlab.optimize import (
    FeeFound,
    FeeOutcome,
    FeePoint,
    compare,
    fee_grid,
    fee_shortfall,
    fees_between,
    find_fee,
    members_judged,
)
from memberlab.policies import DocumentError, load_policy
from memberlab.results import KPIS, Uplift
from memberlab.scenarios import load_scenario
from memberlab.sim import MEMBER
from tests.studies import SCENARIO


def point(fee: int, margins: list[float], today: float = 100.0) -> FeePoint:
    """Return a fee with these margins of four shoppers in cents, and an interval of 10 to each side."""
    total = sum(margins)
    uplift = Uplift("margin", today, total, total - today, total - today - 10, total - today + 10)
    uplifts = dict.fromkeys(KPIS, uplift)
    return FeePoint(Decimal(fee), (FeeOutcome(uplifts, 5.0, 0.5, (np.array(margins),)),))


POINTS = (
    point(50, [20.0, 20, 20, 20]), point(100, [40.0, 40, 30, 30]), point(150, [40.0, 40, 40, 26]),
    point(200, [20.0, 20, 20, 10]),
)  # fmt: skip
FOUND = FeeFound(load_policy("jd-plus"), (load_policy("no-programme"),), (load_scenario("baseline"),), 1, POINTS)


class TestWhichFee:
    def test_the_largest_margin(self) -> None:
        assert FOUND.best().fee == 150

    def test_as_good_is_by_pairs(self) -> None:
        gap, error = fee_shortfall(POINTS[2], POINTS[1], None)
        assert gap == pytest.approx(6)
        assert error == pytest.approx(math.sqrt(4 * np.var([0, 0, 10, -4], ddof=1)))
        assert list(map(float, FOUND.as_good())) == [100, 150]

    def test_break_evens_are_read_between_fees(self) -> None:
        found = FOUND.break_evens()
        assert [one.rising for one in found] == [True, False]
        assert [one.value for one in found] == pytest.approx([66.67, 180.26], abs=0.01)

    def test_fees_half_way_to_the_neighbours_of_the_best(self) -> None:
        assert fees_between(POINTS, Decimal(1)) == [125, 175]
        assert fees_between(POINTS, Decimal(10)) == [130, 180]
        assert fees_between(POINTS, Decimal(50)) == []
        assert fees_between(POINTS[2:], Decimal(1)) == [175]
        assert fees_between(POINTS[2:], Decimal(1), beyond=True) == [75, 175]
        assert fees_between(POINTS[:3], Decimal(1), beyond=True) == [125, 225]

    def test_the_grid_holds_the_own_fee(self) -> None:
        grid = [float(one) for one in fee_grid(load_policy("jd-plus"))]
        assert grid == [30, 60, 89, 119, 149, 186, 224, 298, 373, 447]


def test_a_membership_has_paid_off_when_it_saved_more_than_the_fee_so_far() -> None:
    """Four members and one without: 180 of 365 days of a fee of 100.00 are 49.31."""
    kind = np.dtype([("status", "i1"), ("term_end", "i2"), ("fee_paid", "i4"), ("term_saving", "i4")])
    shoppers = np.zeros(5, kind)
    shoppers["status"] = [MEMBER, MEMBER, MEMBER, MEMBER, 0]
    shoppers["term_end"] = [685, 685, 1400, 685, 685]  # the third began 10 days ago in a term of two years
    shoppers["fee_paid"], shoppers["term_saving"] = 10_000, [4_931, 4_932, 9_000, 0, 9_000]
    cards = np.zeros(5, [("term_days", "i2")])
    cards["term_days"] = [365, 0, 730, 365, 365]
    shoppers["term_end"][2] = 500 + 720
    outcome = SimpleNamespace(shoppers=shoppers, cards=cards, last_day=500)
    assert members_judged(cast("Any", outcome)) == (3, 1)


def fee(*words: object) -> Result:
    return CliRunner().invoke(main, ["fee", *(str(word) for word in words)])


class TestOneWorld:
    def test_it_is_a_comparison_at_every_fee(self, tmp_path: Path) -> None:
        (tmp_path / "steady.yaml").write_text(SCENARIO.format(name="steady", visits=1))
        world = load_scenario(tmp_path / "steady.yaml")
        policy, today = load_policy("jd-plus"), load_policy("four-tiers-simple")
        found = find_fee(policy, [world], against=[today], fees=[Decimal(20), Decimal(149), Decimal(600)], rounds=1)
        arm = compare([today, policy], [world], replications=2).arm("jd-plus", "steady")
        own = next(one for one in found.points if one.fee == 149)
        for expected in arm.uplifts:
            assert own.outcomes[0].uplifts[expected.kpi] == expected
        assert own.fees_earned == pytest.approx(arm.bridge["fees_earned"], abs=1)
        members = [one.uplift("paid_members").value for one in found.lived]
        assert members[0] > members[-1]
        assert len(found.points) > 3
        assert found.best() in found.lived
        table = found.table
        assert list(table["fee"]) == sorted(table["fee"])
        assert table.loc[table["fee"] == float(found.best().fee), "below_best"].item() == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("four-tiers-simple",), "four-tiers-simple membership: has no paid membership, so there is no fee to find"),
        (("jd-plus", "recesion"), "did you mean 'recession'?"),
        (("jd-plus", "baseline", "baseline"), "SCENARIO baseline: is there twice"),
        (("jd-plus", "--fees", "49:299:40"), "--fees: 40 does not lead from 49 to 299"),
        (("jd-plus", "--fees", "49,x"), "--fees: 'x' is no amount above 0"),
        (("jd-plus", "--step", "0"), "--step: '0' is no amount above 0"),
        (("jd-plus", "--against", "jd-pluss"), "did you mean 'jd-plus'?"),
    ],
)
def test_what_cannot_be_asked(words: tuple[str, ...], told: str) -> None:
    answer = fee(*words)
    assert answer.exit_code == 2
    assert told in answer.output
    assert "Traceback" not in answer.output


def test_a_policy_without_a_membership_has_no_grid() -> None:
    with pytest.raises(DocumentError, match="has no paid membership"):
        fee_grid(load_policy("four-tiers-simple"))
