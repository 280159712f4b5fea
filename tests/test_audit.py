"""An independent recomputation of balances, liability and tiers from the events of single lives, which can fail."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from memberlab.policies import Policy
from memberlab.results import Audit, audit
from memberlab.sim import LOT_MONTHS, MEMBER, Life, Snapshot, calendar_of, points_liability, trace, warm_up

from .finance_worlds import short_lived
from .worlds import brisk_population, small_scenario

SHOPPERS = 3


@lru_cache
def launch() -> Snapshot:
    scenario = small_scenario(population__shoppers=150, horizon={"months": 9})
    return warm_up(scenario, incumbent=short_lived(), population=brisk_population())


@lru_cache
def lives() -> dict[int, Life]:
    """Return the lives of paid members who own the most points on launch morning."""
    shoppers = launch().shoppers
    weight = np.where(shoppers["status"] & MEMBER, shoppers["points_balance"], 0)
    chosen = [int(place) for place in np.argsort(weight)[-SHOPPERS:]]
    return {place: trace(launch(), [short_lived()], place)[0] for place in chosen}


def audited(shopper: int, life: Life, policy: Policy | None = None) -> Audit:
    """Return the audit of a life, from what the shopper brought forward."""
    start = launch()
    calendar = calendar_of(start.scenario)
    month, record = calendar.month_of(start.day), start.shoppers[shopper]
    lots = {month - age: int(record["lots"][(month - age) % LOT_MONTHS]) for age in range(1, LOT_MONTHS)}
    spend = {month - age: int(record["month_spend"][(month - age) % 12]) for age in range(1, 13)}
    return audit(life, policy or short_lived(), calendar, lots, spend)


def test_audit_and_books_agree_on_every_moment() -> None:
    told = lives()
    assert sum(len(life.moments) for life in told.values()) > 30
    for shopper, life in told.items():
        result = audited(shopper, life)
        assert result.findings == (), (shopper, result.findings[:3])
        assert result.points == life.closing.points
        assert result.liability == points_liability(short_lived(), life.closing.points)
        assert result.looked_at == len(life.moments)


@pytest.mark.parametrize(("measure", "by", "figure"), [("points_issued", 1, "points"), ("gmv", -(10**7), "tier")])
def test_an_event_astray_is_found(measure: str, by: int, figure: str) -> None:
    shopper, life = next(iter(lives().items()))
    place = next(number for number, one in enumerate(life.moments) if one.posted.get(measure, 0))
    posted = {**life.moments[place].posted, measure: life.moments[place].posted[measure] + by}
    moments = (*life.moments[:place], replace(life.moments[place], posted=posted), *life.moments[place + 1 :])
    findings = audited(shopper, replace(life, moments=moments)).findings
    assert figure in {finding.figure for finding in findings}


def test_promises_that_the_audit_does_not_know_are_refused() -> None:
    shopper, life = next(iter(lives().items()))
    with pytest.raises(ValueError, match="expire by month"):
        audited(shopper, life, short_lived(**{"points.expiry": {"days": 30}}))
    with pytest.raises(ValueError, match="the policy has a qualification"):
        audited(shopper, life, short_lived(**{"qualification": {"basis": "orders"}, "tiers.silver.threshold": 2,
                                              "tiers.gold.threshold": 4, "tiers.diamond.threshold": 8}))  # fmt: skip
