"""Transaction logs: what is read, what is merged, and every kind of bad input told at its place with the mend."""

from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from memberlab.policies import DocumentError
from memberlab.scenarios import read_transaction_log, transaction_log_of

CDNOW = Path(__file__).parents[1].parent / "shared" / "data" / "cdnow_sample.csv"

GOOD = """\
customer_id,date,net_amount
a,2024-01-01,10.50
a,2024-01-05,4
b,2024-01-02,7.25
"""


def write(folder: Path, text: str | bytes, name: str = "trips.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refusal(folder: Path, text: str | bytes, name: str = "trips.csv") -> list[str]:
    """Return the problems of a log as lines, with the folder cut off."""
    with pytest.raises(DocumentError) as caught:
        read_transaction_log(write(folder, text, name))
    return [line.replace(f"{folder}/", "") for line in str(caught.value).splitlines()]


class TestReading:
    def test_a_csv_of_days(self, tmp_path: Path) -> None:
        log = read_transaction_log(write(tmp_path, GOOD))
        assert (log.customers, log.rows, log.days) == (2, 3, 5)
        assert log.customer.tolist() == [0, 0, 1]
        assert log.day.tolist() == [0, 4, 1]
        assert log.amount.tolist() == [10.5, 4.0, 7.25]
        assert log.notices == ()

    def test_purchases_of_one_day_are_one(self, tmp_path: Path) -> None:
        log = read_transaction_log(write(tmp_path, GOOD + "b,2024-01-02,1.25\n"))
        assert log.day.tolist() == [0, 4, 1]
        assert log.amount.tolist() == [10.5, 4.0, 8.5]

    def test_timestamps_count_by_local_day(self, tmp_path: Path) -> None:
        text = "customer_id,timestamp,net_amount\na,2024-01-01 23:59:59,1\na,2024-01-02T00:01,2\n"
        assert read_transaction_log(write(tmp_path, text)).day.tolist() == [0, 1]

    def test_a_byte_order_mark_windows_lines_and_blank_lines(self, tmp_path: Path) -> None:
        text = b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode() + b"\r\n\r\n"
        assert read_transaction_log(write(tmp_path, text)).customers == 2

    def test_columns_in_any_order_and_others_beside(self, tmp_path: Path) -> None:
        text = 'net_amount,note,date,customer_id\n3,"a, quoted",2024-01-01,x\n4,,2024-01-03,x\n'
        assert read_transaction_log(write(tmp_path, text)).amount.tolist() == [3.0, 4.0]

    @pytest.mark.parametrize("kind", ["text", "date", "timestamp", "zoned"])
    def test_parquet(self, tmp_path: Path, kind: str) -> None:
        days = pd.Series(["2024-01-01", "2024-01-05", "2024-01-02"])
        stamps = pd.to_datetime(days)
        column = {
            "text": days,
            "date": stamps.dt.date,
            "timestamp": stamps,
            "zoned": stamps.dt.tz_localize("Asia/Shanghai"),
        }
        frame = pd.DataFrame({"customer_id": [7, 7, 8], "date": column[kind], "net_amount": [1, 2, 3]})
        frame.to_parquet(tmp_path / "trips.parquet")
        log = read_transaction_log(tmp_path / "trips.parquet")
        assert log.day.tolist() == [0, 4, 1]

    def test_time_order_is_as_good_as_customer_order(self, tmp_path: Path) -> None:
        text = "customer_id,date,net_amount\na,2024-01-01,1\nb,2024-01-02,1\na,2024-01-03,1\nb,2024-01-09,1\n"
        assert read_transaction_log(write(tmp_path, text)).customer.tolist() == [0, 0, 1, 1]

    def test_sort_accepts_any_order_with_the_same_result(self) -> None:
        frame = pd.read_csv(CDNOW) if CDNOW.exists() else pytest.skip(f"{CDNOW} is absent")
        shuffled = frame.sample(frac=1, random_state=1)
        first, second = transaction_log_of(frame), transaction_log_of(shuffled, sort=True)
        assert np.array_equal(first.customer, second.customer)
        assert np.array_equal(first.day, second.day)
        assert np.allclose(first.amount, second.amount)

    def test_what_is_left_out_is_told(self, tmp_path: Path) -> None:
        text = (
            "customer_id,date,net_amount,is_return\na,2024-01-01,5,\n,2024-01-01,9,\na,2024-01-02,0,false\n"
            "a,2024-01-03,-5,true\nb,2024-01-02,5,0\n"
        )
        log = read_transaction_log(write(tmp_path, text))
        assert log.amount.tolist() == [5.0, 0.0, 5.0]
        assert any(notice.startswith("1 rows without a customer_id") for notice in log.notices)
        assert any(notice.startswith("1 rows marked is_return") for notice in log.notices)
        assert any(notice.startswith("1 purchases of amount 0 count as visits") for notice in log.notices)

    @pytest.mark.skipif(not CDNOW.exists(), reason=f"{CDNOW} is absent: the CDNOW sample is not part of the repository")
    def test_cdnow_loads_with_its_equal_receipts(self) -> None:
        log = read_transaction_log(CDNOW)
        assert (log.customers, log.rows, log.days) == (2357, 6919, 546)
        assert any("21 rows are identical to another" in notice for notice in log.notices)


class TestBadFiles:
    def test_missing(self, tmp_path: Path) -> None:
        with pytest.raises(DocumentError, match=r"none\.csv: no such file; give the path of a transaction log"):
            read_transaction_log(tmp_path / "none.csv")

    def test_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(DocumentError, match="is a folder"):
            read_transaction_log(tmp_path)

    def test_another_kind_of_file(self, tmp_path: Path) -> None:
        assert refusal(tmp_path, "x", "trips.xlsx") == [
            "trips.xlsx: '.xlsx' is not a kind of log that is read; save it as .csv or .parquet"
        ]

    def test_empty(self, tmp_path: Path) -> None:
        assert refusal(tmp_path, "") == ["trips.csv: the file is empty; write a header and one row a purchase"]

    @pytest.mark.parametrize("text", ["\n", "\n\n\n", "  \n"])
    def test_blank(self, tmp_path: Path, text: str) -> None:
        (line,) = refusal(tmp_path, text)
        assert line.startswith("trips.csv:1: the first line is empty")

    def test_a_header_alone(self, tmp_path: Path) -> None:
        (line,) = refusal(tmp_path, "customer_id,date,net_amount\n")
        assert line == "trips.csv: there is a header but no row; write one row a purchase"

    def test_not_parquet(self, tmp_path: Path) -> None:
        (line,) = refusal(tmp_path, GOOD, "trips.parquet")
        assert line.startswith("trips.parquet: is not a Parquet file that can be read")

    def test_not_utf8(self, tmp_path: Path) -> None:
        (line,) = refusal(tmp_path, GOOD.encode() + b"caf\xe9,2024-01-01,1\n")
        assert line == "trips.csv:5: byte 0xE9 is not UTF-8 text; save the file as UTF-8"

    def test_utf16(self, tmp_path: Path) -> None:
        assert refusal(tmp_path, GOOD.encode("utf-16")) == ["trips.csv:1: the text is UTF-16; save it as UTF-8"]

    def test_semicolons(self, tmp_path: Path) -> None:
        (line,) = refusal(tmp_path, GOOD.replace(",", ";"))
        assert line == "trips.csv:1: the columns are separated by ';'; save the file with commas"

    def test_one_column_twice(self, tmp_path: Path) -> None:
        (line,) = refusal(tmp_path, "customer_id,date,date,net_amount\n")
        assert line == "trips.csv:1: the header names 'date' twice; keep one column of each name"

    def test_rows_of_another_width(self, tmp_path: Path) -> None:
        lines = refusal(tmp_path, GOOD + "c,2024-01-03\nd,2024-01-04,1,2\n")
        assert lines[0].startswith("trips.csv:5: has 2 columns where the header has 3; write one value a column")
        assert lines[1].startswith("trips.csv:6: has 4 columns where the header has 3")


class TestBadColumns:
    def test_all_missing_columns_at_once_with_what_may_be_meant(self, tmp_path: Path) -> None:
        assert refusal(tmp_path, "Customer_ID,day,net_amout\na,2024-01-01,1\n") == [
            "trips.csv:1 customer_id: the column 'customer_id' is missing; rename 'Customer_ID'",
            "trips.csv:1 date: the column 'date' or 'timestamp' is missing; rename 'day'",
            "trips.csv:1 net_amount: the column 'net_amount' is missing; rename 'net_amout'",
        ]

    def test_nothing_alike(self, tmp_path: Path) -> None:
        (line,) = refusal(tmp_path, "customer_id,date,qqq\na,2024-01-01,1\n")
        assert line.endswith("the column 'net_amount' is missing; the columns are customer_id, date, qqq")


class TestBadRows:
    @pytest.mark.parametrize("value", ["abc", "12.50 EUR", "nan", "inf", "1;5"])
    def test_no_number(self, tmp_path: Path, value: str) -> None:
        (line,) = refusal(tmp_path, GOOD + f"c,2024-01-03,{value}\n")
        mend = "write a decimal number with a point, such as 29.33"
        assert line == f"trips.csv:5 net_amount: '{value}' is not an amount; {mend}"

    def test_a_decimal_comma(self, tmp_path: Path) -> None:
        (line,) = refusal(tmp_path, GOOD + 'c,2024-01-03,"12,50"\n')
        assert line.startswith("trips.csv:5 net_amount: '12,50' is not an amount")

    def test_an_empty_amount_and_an_empty_day(self, tmp_path: Path) -> None:
        assert refusal(tmp_path, GOOD + "c,,\n") == [
            "trips.csv:5 date: is empty; write the day as year-month-day, such as 1997-01-31",
            "trips.csv:5 net_amount: is empty; write the amount paid, such as 29.33",
        ]

    @pytest.mark.parametrize("value", ["2024-13-01", "2024-02-30", "01/02/2024", "20240102", "yesterday", "0024-01-01"])
    def test_no_day(self, tmp_path: Path, value: str) -> None:
        (line,) = refusal(tmp_path, GOOD + f"c,{value},1\n")
        assert line == f"trips.csv:5 date: '{value}' is not a day; write year-month-day, such as 1997-01-31"

    def test_a_time_zone_is_refused(self, tmp_path: Path) -> None:
        (line,) = refusal(tmp_path, GOOD + "c,2024-01-03T23:30:00Z,1\n")
        assert "has a time zone; convert to the shop's local time" in line

    def test_utc_in_parquet_is_refused(self, tmp_path: Path) -> None:
        stamps = pd.to_datetime(pd.Series(["2024-01-01"]), utc=True)
        pd.DataFrame({"customer_id": ["a"], "timestamp": stamps, "net_amount": [1.0]}).to_parquet(
            tmp_path / "t.parquet"
        )
        with pytest.raises(DocumentError, match="timestamp: the times are in UTC; convert to the shop's local time"):
            read_transaction_log(tmp_path / "t.parquet")

    def test_negative_amounts_name_the_row_and_what_to_do_with_returns(self, tmp_path: Path) -> None:
        (line,) = refusal(tmp_path, GOOD + "c,2024-01-03,-4.5\n")
        assert line.startswith("trips.csv:5 net_amount: -4.5 is negative; returns are not part of the fit")
        assert "is_return" in line

    def test_is_return_must_be_true_or_false(self, tmp_path: Path) -> None:
        (line,) = refusal(tmp_path, "customer_id,date,net_amount,is_return\na,2024-01-01,1,maybe\n")
        assert line == "trips.csv:2 is_return: 'maybe' is neither true nor false; write one of them"

    def test_unsorted(self, tmp_path: Path) -> None:
        (line,) = refusal(tmp_path, GOOD + "a,2024-01-03,1\n")
        assert line.startswith("trips.csv:5 date: 2024-01-03 of customer 'a' stands after 2024-01-05")
        assert line.endswith("sort the file by customer_id and date, or give --sort")

    def test_a_trip_twice(self, tmp_path: Path) -> None:
        text = "trip_id,customer_id,date,net_amount\nT1,a,2024-01-01,1\nT2,a,2024-01-02,1\nT1,a,2024-01-03,1\n"
        (line,) = refusal(tmp_path, text)
        assert line == "trips.csv:4 trip_id: 'T1' is already on line 2; keep one row a receipt"

    def test_equal_rows_with_different_trips_are_fine(self, tmp_path: Path) -> None:
        text = "trip_id,customer_id,date,net_amount\nT1,a,2024-01-01,1\nT2,a,2024-01-01,1\n"
        assert read_transaction_log(write(tmp_path, text)).amount.tolist() == [2.0]

    def test_a_row_twice(self, tmp_path: Path) -> None:
        (line,) = refusal(tmp_path, GOOD + "b,2024-01-02,7.25\n")
        assert line.startswith("trips.csv:5: the row stands twice (100% of the 1 further rows")
        assert line.endswith("remove it, add a trip_id column, or give --identical-rows keep or drop")

    def test_a_row_twice_with_its_time(self, tmp_path: Path) -> None:
        rows = "".join(f"a,2024-01-{day:02} 10:{minute:02},{minute}\n" for day in range(1, 29) for minute in range(9))
        (line,) = refusal(tmp_path, "customer_id,timestamp,net_amount\n" + rows + "a,2024-01-28 10:08,8\n")
        assert "the row stands twice (the same customer, time and amount)" in line

    def test_equal_anonymous_sales_are_no_sign(self, tmp_path: Path) -> None:
        text = GOOD + ",2024-01-02,5\n,2024-01-02,5\n"
        assert read_transaction_log(write(tmp_path, text)).customers == 2

    @pytest.mark.parametrize(("what", "amount"), [("keep", 14.5), ("drop", 7.25)])
    def test_a_row_twice_on_demand(self, tmp_path: Path, what: str, amount: float) -> None:
        path = write(tmp_path, GOOD + "b,2024-01-02,7.25\n")
        assert read_transaction_log(path, identical=what).amount[-1] == amount  # type: ignore[arg-type]

    @pytest.mark.skipif(not CDNOW.exists(), reason=f"{CDNOW} is absent: the CDNOW sample is not part of the repository")
    def test_cdnow_with_further_rows_doubled_is_refused(self) -> None:
        frame = pd.read_csv(CDNOW)
        doubled = pd.concat([frame, frame.iloc[::100]]).sort_values(["customer_id", "date"], kind="stable")
        with pytest.raises(DocumentError, match="the row stands twice"):
            transaction_log_of(doubled)

    def test_everything_is_told_at_once_in_the_order_of_the_file(self, tmp_path: Path) -> None:
        lines = refusal(tmp_path, GOOD + "c,2024-01-03,x\nc,later,1\nc,2024-01-04,-1\nb,2024-01-01,1\nd\n")
        assert [line.split()[0] for line in lines] == [f"trips.csv:{row}" for row in (5, 6, 7, 8)] + ["trips.csv:9:"]

    def test_at_most_twenty_examples_and_the_count(self, tmp_path: Path) -> None:
        lines = refusal(tmp_path, GOOD + "c,2024-01-03,x\n" * 1 + "".join(f"c,2024-01-03,x{n}\n" for n in range(999)))
        assert lines[0] == "trips.csv net_amount: 1,000 rows hold no number; the first 20 are shown"
        assert len(lines) == 21

    def test_blank_lines_do_not_shift_the_line_numbers(self, tmp_path: Path) -> None:
        (line,) = refusal(tmp_path, GOOD + "\n\nc,2024-01-03,x\n")
        assert line.startswith("trips.csv:7 net_amount")

    def test_line_breaks_inside_values_do_not_shift_the_line_numbers(self, tmp_path: Path) -> None:
        text = 'customer_id,date,net_amount,note\na,2024-01-01,1,"two\nlines"\na,2024-01-02,x,\n'
        (line,) = refusal(tmp_path, text)
        assert line.startswith("trips.csv:4 net_amount: 'x' is not an amount")

    def test_exact_decimals_and_categories_in_parquet(self, tmp_path: Path) -> None:
        frame = pd.DataFrame(
            {
                "customer_id": pd.Categorical(["a", "b"]),
                "date": pd.to_datetime(["2024-01-01", "2024-01-02"]),
                "net_amount": [Decimal("1.25"), Decimal("2.50")],
            }
        )
        frame.to_parquet(tmp_path / "t.parquet")
        assert read_transaction_log(tmp_path / "t.parquet").amount.tolist() == [1.25, 2.5]

    def test_missing_values_in_parquet(self, tmp_path: Path) -> None:
        frame = pd.DataFrame({"customer_id": ["a", "b"], "date": ["2024-01-01", None], "net_amount": [None, 1.0]})
        frame.to_parquet(tmp_path / "t.parquet")
        with pytest.raises(DocumentError, match=r"net_amount \(row 0\): is empty") as caught:
            read_transaction_log(tmp_path / "t.parquet")
        assert "date (row 1): is empty" in str(caught.value)

    def test_rows_of_a_data_frame_are_named_by_number(self) -> None:
        frame = pd.DataFrame(
            {"customer_id": ["a", "a"], "date": ["2024-01-01", "2024-01-02"], "net_amount": [1.0, -1.0]}
        )
        with pytest.raises(DocumentError, match=r"my purchases net_amount \(row 1\): -1 is negative"):
            transaction_log_of(frame, "my purchases")

    def test_nobody_is_known(self, tmp_path: Path) -> None:
        (line,) = refusal(tmp_path, "customer_id,date,net_amount\n,2024-01-01,1\n")
        assert line.startswith("trips.csv: no row has a customer_id and is a purchase")
