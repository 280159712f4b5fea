"""Goods bought ahead are a debt: in the mean as many orders fall away as were bought ahead, and none twice.

With 2,000 shoppers a share of 0.3 has a standard error of 0.0102; the bounds are four of them (false-alarm rate below
1 in 10,000), and the seed is fixed.
"""

from __future__ import annotations

import pytest

from memberlab.policies import load_policy
from memberlab.sim import World

from .worlds import let_buy, quiet_snapshot

SHOPPERS = 2000


@pytest.mark.parametrize(
    ("debt", "first", "second"), [(0.3, 0.7, 1.0), (1.0, 0.0, 1.0), (1.3, 0.0, 0.7), (0.0, 1.0, 1.0)]
)
def test_a_debt_takes_away_as_many_orders_as_it_holds(debt: float, first: float, second: float) -> None:
    """The chance of the first order to fall away is the debt, and what is left of it is that of the second."""
    snapshot = quiet_snapshot(load_policy("no-programme").with_({"currency": "CNY"}), SHOPPERS)
    day = snapshot.day + 5
    for shopper in range(SHOPPERS):
        let_buy(snapshot, shopper, day)
    snapshot.shoppers["purchase_debt"] = debt
    world = World.resume(snapshot)
    outcome = world.run(day + 1)
    assert outcome.total("orders") / SHOPPERS == pytest.approx(first, abs=0.041 if 0 < first < 1 else 0)
    again = world.snapshot()
    for shopper in range(SHOPPERS):
        let_buy(again, shopper, day + 3)
    outcome = World.resume(again).run(day + 4)
    assert outcome.total("orders") / SHOPPERS == pytest.approx(second, abs=0.041 if 0 < second < 1 else 0)
    assert outcome.shoppers["purchase_debt"].max() == pytest.approx(0, abs=1e-6)
