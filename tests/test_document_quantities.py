"""Money, shares, multipliers, counts, numbers, names and days: what is read, what is refused, and with which mend."""

import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from memberlab.policies import (
    CountNotation,
    Currency,
    Day,
    DecimalNotation,
    Discount,
    Label,
    Money,
    MoneyNotation,
    Multiplier,
    MultiplierNotation,
    Number,
    NumberNotation,
    OrNever,
    Percent,
    PercentNotation,
    PositiveMoney,
    Slug,
)


def read(kind: Any, written: object) -> object:
    return TypeAdapter(kind).validate_python(written)


def refusal(kind: Any, written: object) -> str:
    with pytest.raises(ValidationError) as caught:
        read(kind, written)
    return str(caught.value.errors()[0]["msg"])


@pytest.mark.parametrize(
    ("kind", "written", "inside"),
    [
        (Money, 149, 14900),
        (Money, Decimal("149.50"), 14950),
        (Money, Decimal("149.500"), 14950),
        (Money, 149.5, 14950),
        (Money, np.int64(3), 300),
        (Money, np.float64(2.25), 225),
        (Money, 1_000_000_000, 100_000_000_000),
        (PositiveMoney, Decimal("0.01"), 1),
        (Percent, "5 %", 500),
        (Percent, "5%", 500),
        (Percent, " 0.5  % ", 50),
        (Percent, "100.00 %", 10_000),
        (Percent, "0 %", 0),
        (Discount, "99.99 %", 9_999),
        (Multiplier, Decimal("1.5"), 150),
        (Multiplier, 0, 0),
        (CountNotation("months", 1, 24).read, Decimal("12.0"), 12),
        (Number, Decimal("0.1"), 0.1),
        (Number, -3, -3.0),
        (Slug, "gold-plan-2", "gold-plan-2"),
        (Label, "金卡", "金卡"),
        (Label, "V1", "V1"),
        (Currency, "CNY", "CNY"),
        (Day, "2026-02-28", datetime.date(2026, 2, 28)),
        (Day, datetime.date(2026, 2, 28), datetime.date(2026, 2, 28)),
    ],
)
def test_what_is_read(kind: Any, written: object, inside: object) -> None:
    value = kind(written) if callable(kind) and not hasattr(kind, "__metadata__") else read(kind, written)
    assert (value, type(value)) == (inside, type(inside))


@pytest.mark.parametrize(
    ("kind", "written", "message"),
    [
        (Money, Decimal("149.005"), "149.005 has a fraction of a cent; write 149.00 or 149.01"),
        (Money, 0.1 + 0.2, "0.30000000000000004 has a fraction of a cent; write 0.30 or 0.31"),
        (Money, -3, "-3 is negative; write 0 or more"),
        (Money, "149", "'149' is not a number; write 149 without quotes"),
        (Money, "149 yuan", "'149 yuan' is not a number; write for example 149 or 149.50"),
        (Money, "1,000", "'1,000' is not a number; write for example 149 or 149.50"),
        (Money, "true", "'true' is not a number; write for example 149 or 149.50"),
        (Money, True, "true is not a number; write for example 149 or 149.50"),
        (Money, None, "nothing is not a number; write for example 149 or 149.50"),
        (Money, [], "a list is not a number; write for example 149 or 149.50"),
        (Money, float("nan"), "nan is not a finite number; write for example 149 or 149.50"),
        (Money, float("-inf"), "-inf is not a finite number; write for example 149 or 149.50"),
        (Money, 10**9 + 1, "1000000001 is above 1000000000; write 1000000000 or less"),
        pytest.param(Money, 10**5000, "a number of about 5001 digits is out of any range; write for", id="huge"),
        (Money, Decimal("1e-99999"), "1E-99999 is out of any range; write for example 149 or 149.50"),
        (PositiveMoney, 0, "0 is below 0.01; write 0.01 or more"),
        (Percent, 5, "5 has no unit; write 5 %"),
        (Percent, Decimal("0.05"), "0.05 has no unit; write 0.05 % or 5 %"),
        (Percent, 1, "1 has no unit; write 1 % or 100 %"),
        (Percent, 0, "0 has no unit; write 0 %"),
        (Percent, "5", "'5' is not a percentage; write for example 5 %"),
        (Percent, "five %", "'five %' is not a percentage; write for example 5 %"),
        (Percent, "5 % %", "'5 % %' is not a percentage; write for example 5 %"),
        (Percent, "٥ %", "'٥ %' is not a percentage; write for example 5 %"),
        (Percent, {}, "a mapping is not a number; write for example 5 %"),
        (Percent, "0.125 %", "0.125 % is finer than 0.01 %; write 0.12 % or 0.13 %"),
        (Percent, "-5 %", "-5 % is negative; write 0 % or more"),
        (Percent, "120 %", "120 % is above 100 %; write 100 % or less"),
        (Discount, "100 %", "100 % is above 99.99 %; write 99.99 % or less"),
        (Multiplier, Decimal("1.555"), "1.555 has more than two decimals; write 1.55 or 1.56"),
        (Multiplier, 101, "101 is above 100; write 100 or less"),
        (Number, "1e-5", "'1e-5' is not a number; write for example 1.25"),
        (
            Number,
            Decimal("9" * 400),
            f"{'9' * 60}… is out of the range of floating-point numbers; write for example 1.25",
        ),
        (Slug, "Gold", "'Gold' is not a name; write small letters, digits and hyphens, such as gold-plan, 64 char"),
        (Slug, "金卡", "'金卡' is not a name; write small letters"),
        (Slug, "a" * 65, f"'{'a' * 59}… is not a name; write small letters"),
        (Slug, "../etc", "'../etc' is not a name; write small letters"),
        (Slug, 1, "1 is not text; write a name such as gold-plan"),
        (
            Label,
            "a.b",
            "'a.b' is not a label; write 1 to 40 printable characters that begin with a letter, without dots",
        ),
        (Label, "a b", "'a b' is not a label"),
        (Label, "1", "'1' is not a label"),
        (Label, "", "'' is not a label"),
        (Label, "a\u200bb", "'a\\u200bb' is not a label"),
        (Label, 1, "1 is not text; write a label such as gold"),
        (Currency, "yuan", "'yuan' is not a currency; write its three capital letters, such as CNY"),
        (Currency, "CNY\n", "'CNY\\n' is not a currency"),
        (Day, "2026-02-29", "'2026-02-29' is not a day (day is out of range for month); write year-month-day, such as"),
        (Day, "2026-W05-1", "'2026-W05-1' is not a day; write year-month-day, such as 2026-01-31"),
        (Day, 20260131, "20260131 is not a day; write year-month-day, such as 2026-01-31"),
    ],
)
def test_what_is_refused(kind: Any, written: object, message: str) -> None:
    assert refusal(kind, written).startswith(message)


def test_limits_of_counts_and_decimals() -> None:
    with pytest.raises(ValueError, match=r"^25 is above 24; write 24 or less$"):
        CountNotation("months", 1, 24).read(25)
    with pytest.raises(ValueError, match=r"^0 is not above 0; write a larger number$"):
        DecimalNotation(above=0).read(0)
    with pytest.raises(ValueError, match=r"^10\.5 is above 10; write 10 or less$"):
        DecimalNotation(maximum=10).read(Decimal("10.5"))


def test_never() -> None:
    free_from = OrNever(MoneyNotation())
    assert free_from.read("never") is None
    assert free_from.write(None) == "never"
    assert free_from.read(59) == 5900
    with pytest.raises(ValueError, match=r"^nothing is given; write a value, or 'never'$"):
        free_from.read(None)


@given(st.integers(0, 100_000_000_000))
def test_money_and_multipliers_come_back(hundredths: int) -> None:
    assert MoneyNotation().read(MoneyNotation().write(hundredths)) == hundredths
    assert MultiplierNotation().read(MultiplierNotation().write(hundredths % 10_001)) == hundredths % 10_001


@given(st.integers(0, 10_000))
def test_shares_come_back(basis_points: int) -> None:
    assert PercentNotation().read(PercentNotation().write(basis_points)) == basis_points


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_come_back(number: float) -> None:
    assert NumberNotation().read(NumberNotation().write(number)) == number


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_decimals_come_back(number: Decimal) -> None:
    if number and number.adjusted() < -400:
        return
    assert DecimalNotation().read(DecimalNotation().write(number)) == number


@given(st.decimals(min_value=0, max_value=1000, places=4))
def test_money_is_never_rounded(amount: Decimal) -> None:
    try:
        cents = MoneyNotation().read(amount)
    except ValueError as error:
        assert "fraction of a cent" in str(error)
    else:
        assert Decimal(cents) / 100 == amount
