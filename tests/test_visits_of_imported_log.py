"""What a calibration reads of an imported log beside its receipts: redemptions as coupons, segments as sets."""

from __future__ import annotations

from pathlib import Path

from memberlab.scenarios import RetailLog, calibration, importing, open_retail_log

MANIFEST = "currency: CNY\ntime_zone: Asia/Shanghai\n"
TRIPS = """\
customer_id,trip_id,timestamp,net_amount
a,t1,2024-01-01 10:00,10.50
a,t2,2024-01-05 18:30,4
b,t3,2024-01-02 12:15,7.25
b,t4,2024-01-03 09:00,20
"""
OFFERS = """\
offer_id,kind,value,value_unit,start,end
o1,coupon,1,currency,2024-01-01,2024-01-31
"""
REDEMPTIONS = """\
customer_id,offer_id,trip_id,redeemed_at,amount
a,o1,t2,2024-01-05 18:30,1
b,o1,t3,2024-01-02 12:15,1
"""
CUSTOMERS = "customer_id,segment\na,fit\nb,test\n"
EXPOSURES = """\
customer_id,offer_id,sent_at,assigned_by,control
a,o1,2024-01-01,rule,false
x,o1,2024-01-01,rule,true
"""


def imported(place: Path, **tables: str) -> RetailLog:
    """Return the log of these tables, imported."""
    source = place / "source"
    source.mkdir()
    (source / "manifest.yaml").write_text(MANIFEST, encoding="utf-8")
    (source / "trips.csv").write_text(TRIPS, encoding="utf-8")
    for name, text in tables.items():
        (source / f"{name}.csv").write_text(text, encoding="utf-8")
    with importing(source, place / "log"):
        pass
    return open_retail_log(place / "log")


def test_a_redemption_is_a_coupon_where_receipts_do_not_tell(tmp_path: Path) -> None:
    read = calibration.visits_of_retail_log(imported(tmp_path, offers=OFFERS, redemptions=REDEMPTIONS))
    assert read.log.coupon is not None
    days = [(float(paid), float(coupon)) for paid, coupon in zip(read.log.paid, read.log.coupon, strict=True)]
    assert sorted(days) == [(4, 1), (7.25, 1), (10.5, 0), (20, 0)]


def test_without_redemptions_nothing_is_known_of_coupons(tmp_path: Path) -> None:
    assert calibration.visits_of_retail_log(imported(tmp_path)).log.coupon is None


def test_receipts_that_tell_of_coupons_go_before_redemptions(tmp_path: Path) -> None:
    log = imported(tmp_path, offers=OFFERS, redemptions=REDEMPTIONS, trips="""\
customer_id,trip_id,timestamp,net_amount,coupon_amount
a,t1,2024-01-01 10:00,10.50,3
a,t2,2024-01-05 18:30,4,0
b,t3,2024-01-02 12:15,7.25,0
""")  # fmt: skip
    read = calibration.visits_of_retail_log(log)
    assert read.log.coupon is not None
    assert sorted(read.log.coupon) == [0, 0, 3]


def test_segments_are_the_sets_of_customers(tmp_path: Path) -> None:
    read = calibration.visits_of_retail_log(imported(tmp_path, customers=CUSTOMERS), segments=True)
    assert read.sets is not None
    spent = [float(read.log.paid[read.log.customer == place].sum()) for place in range(2)]
    assert sorted(zip(read.sets, spent, strict=True)) == [("fit", 14.5), ("test", 27.25)]


def test_who_was_sent_an_offer_and_never_bought_is_noticed(tmp_path: Path) -> None:
    log = imported(tmp_path, offers=OFFERS, exposures=EXPOSURES)
    assert any(str(notice).startswith("1 exposed customer without a sale") for notice in log.record.notices)
