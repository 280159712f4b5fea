"""Price response from an imported log with lines: product-weeks and baskets as the database makes them."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from memberlab.cli import main
from memberlab.scenarios import open_retail_log, response

from .campaign_logs import FIRST_DAY, WEEK, chosen_by, dates, exposures_of, names, offers_of, write_imported

HOUSEHOLDS, PRODUCTS, WEEKS, ELASTICITY = 150, 25, 30, -2.0
LAST_DAY = FIRST_DAY + datetime.timedelta(days=WEEKS * WEEK - 1)


def lines_and_trips() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return receipts, one a household and week, and their lines; deals of 30 % on a fifth of products and weeks."""
    rng = np.random.default_rng(31)
    depth = np.where(rng.random((PRODUCTS, WEEKS)) < 0.2, 0.3, 0.0)
    likes = rng.gamma(1.0, 1.0, (HOUSEHOLDS, PRODUCTS))
    expected = likes[:, :, None] * np.exp(ELASTICITY * np.log(1 - depth))
    quantity = rng.poisson(expected)
    household, product, week = np.nonzero(quantity)
    bought = quantity[household, product, week]
    shelf = bought * (200 + 40 * product)
    net = np.rint(shelf * (1 - depth[product, week])).astype(np.int64)
    receipt = household * WEEKS + week
    lines = pd.DataFrame({"receipt": receipt, "product_id": [f"p{one}" for one in product],
                          "quantity": bought.astype(float), "net_amount": net, "gross_amount": shelf})  # fmt: skip
    paid = lines.groupby("receipt", as_index=False)["net_amount"].sum()
    trips = pd.DataFrame({
        "customer_id": names(paid["receipt"].to_numpy() // WEEKS),
        "day": dates(paid["receipt"].to_numpy() % WEEKS * WEEK + 3),
        "spend": paid["net_amount"] / 100.0, "receipts": 1,
    })  # fmt: skip
    place = pd.Series(np.arange(len(paid)), index=paid["receipt"])
    lines["trip_id"] = "t" + lines.pop("receipt").map(place).astype(str)
    return lines, trips


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lines, trips = lines_and_trips()
    sent = exposures_of(np.flatnonzero(chosen_by(np.random.default_rng(1), np.arange(150.0), 0.4)), "o", 70, "rule")
    place = tmp_path_factory.mktemp("logs") / "shop"
    return write_imported(place, trips, LAST_DAY, offers=offers_of(("o", 70, 97)), exposures=sent, lines=lines)


def test_product_weeks_add_up_to_the_lines(folder: Path) -> None:
    table = response.product_weeks_of(open_retail_log(folder))
    lines, trips = lines_and_trips()
    assert table is not None
    assert table["units"].sum() == lines["quantity"].sum()
    assert table["paid"].sum() == pytest.approx(trips["spend"].sum())
    assert table["shelf"].sum() == pytest.approx(lines["gross_amount"].sum() / 100)
    assert (table["week"].min(), table["week"].max()) == (0, WEEKS - 1)


def test_the_elasticity_of_deals_is_the_one_put_in(folder: Path) -> None:
    """Within 3 standard errors (false alarm rate 0.3 %); shelf prices never move, so no effect of theirs is told."""
    table = response.product_weeks_of(open_retail_log(folder))
    assert table is not None
    found = response.price_response(table)
    assert found is not None
    assert abs(found.own_price.value - ELASTICITY) < 3 * found.own_price.standard_error + 0.02
    assert found.deal is not None
    assert abs(found.deal.value - ELASTICITY) < 3 * found.deal.standard_error + 0.02
    assert found.shelf_price is None


def test_prices_that_never_move_tell_nothing(folder: Path) -> None:
    table = response.product_weeks_of(open_retail_log(folder))
    assert table is not None
    list_price = (table["shelf"] / table["units"]).groupby(table["product_id"]).transform("max")
    assert response.price_response(table.assign(paid=list_price * table["units"])) is None


def test_the_basket_index_is_made_from_lines(folder: Path) -> None:
    """Every household comes each week, whatever is on deal: visits do not answer."""
    log = open_retail_log(folder)
    campaigns = response.campaign_log(log)
    panel = response.weekly_panel(campaigns, ("o",))
    lines = response.basket_lines_of(log, campaigns, panel.first_day)
    assert lines is not None
    assert lines["shelf"].sum() == pytest.approx(lines_and_trips()[0]["gross_amount"].sum() / 100)
    found = response.basket_deals(lines, panel)
    assert found is not None
    assert (found.customers, found.weeks) == (HOUSEHOLDS, WEEKS - 14)
    assert abs(found.visits.value) < 3 * found.visits.standard_error + 1e-6
    assert 0.01 < found.spread < 0.15


def test_the_command_tells_prices_and_baskets_of_a_log_with_lines(folder: Path) -> None:
    page = CliRunner().invoke(main, ["lift", str(folder), "--page"])
    assert page.exit_code == 0, page.output
    assert "## Price response" in page.stdout
    assert "## Deals on what one usually buys" in page.stdout
    content = json.loads(CliRunner().invoke(main, ["lift", str(folder), "--json"]).stdout)
    price = content["response"]["price"]["own_price"]
    assert price["low"] < price["estimate"] < price["high"]
