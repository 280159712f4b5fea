"""The scenario of a market without a programme, on any calendar: where a fitted population is watched.

Serves the validation, of panels and of cohorts. Costs and margin are there because a scenario needs them; no order
depends on them.
"""

from __future__ import annotations

import datetime

from memberlab.policies import load_model_text
from memberlab.scenarios import Population, Scenario

SCENARIO = """
name: validation
currency: {currency}
start: {start}
incumbent: no-programme
warm_up: {{months: 1}}
horizon: {{months: {months}}}
population: {{source: cd-retailer, shoppers: {shoppers}, established: 100 %, price_level: {price_level}}}
gross_margin: 40 %
shipping_cost: 0
"""

SHORTEST_MONTH = 28


def bare_market(
    population: Population, shoppers: int, start: datetime.date, days: int, price_level: int = 1
) -> Scenario:
    """Return a scenario whose horizon opens on `start`, the first of a month, and lasts `days` days or more.

    The world is given `population` itself; the source named in the scenario is not read.
    """
    text = SCENARIO.format(
        currency=population.currency, start=start, months=days // SHORTEST_MONTH + 2, shoppers=shoppers,
        price_level=price_level,
    )  # fmt: skip
    return load_model_text(Scenario, text, "validation")
