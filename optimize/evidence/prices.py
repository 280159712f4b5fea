"""Facts 8 and 9: what a price cut sells, and where the extra sales come from.

Serves the evidence suite. A sale of 20 % for everybody runs for 28 days in the marketplace; the twin has none.
"""

from __future__ import annotations

import math

from .fact import Fact, Measured, Setting, Values
from .market import Life, Market, programme

SALE_DAYS, AFTER_DAYS, DEPTH = 28, 182, 0.2


def _sale(setting: Setting) -> tuple[Life, Life]:
    """Return the market with the sale and without."""
    market = Market(setting, shoppers=6000, changes={"horizon.months": 8})
    sale = programme("sale", {"campaigns": {"sale": {"when": "2027-01-01..2027-01-28", "discount": "20 %"}}})
    until = [SALE_DAYS + AFTER_DAYS]
    return market.live(sale, stops=until), market.live(stops=until)


def elasticity(setting: Setting) -> Values:
    """Return the log change of units, list value, by the log change of the price in the weeks of the sale."""
    with_sale, twin = (life.total("list_value", 0, SALE_DAYS) for life in _sale(setting))
    return {"elasticity": math.log(with_sale / twin) / math.log(1 - DEPTH)}


def after_the_sale(setting: Setting) -> Values:
    """Return the units missing in the half year after the sale as a share of those gained in it."""
    with_sale, twin = _sale(setting)
    gain = with_sale.total("list_value", 0, SALE_DAYS) - twin.total("list_value", 0, SALE_DAYS)
    loss = twin.total("list_value", SALE_DAYS) - with_sale.total("list_value", SALE_DAYS)
    return {"other periods": loss / gain}


FACTS = (
    Fact(
        8,
        "Elasticity of a temporary price cut",
        source="Bijmolt, van Heerde and Pieters 2005, 1,851 estimates; Sethuraman",
        grade="B",
        use="C",
        how="20 % off everything for 28 days against the twin, in units",
        measured=(Measured("elasticity", "-2.62, and -3.63 for promotions", -3.6, -1.8),),
        protocol=elasticity,
        remark="Brand-level, mostly packaged goods: an upper bound for the price level of a whole store.",
    ),
    Fact(
        9,
        "A promotion borrows a third from other periods",
        source="van Heerde, Leeflang and Wittink 2004, four store panels",
        grade="B",
        use="C",
        how="Loss of units in the 182 days after the sale of fact 8, by its gain",
        measured=(Measured("other periods", "about a third", 0.25, 0.42, is_share=True),),
        protocol=after_the_sale,
    ),
)
"""Facts of this file by number."""
