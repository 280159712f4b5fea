"""The calendar of campaigns: every form of a day, the days it means, and what is refused."""

from __future__ import annotations

import datetime

import pytest

from memberlab.policies import Campaign, DocumentError, day_ranges, load_model_text

FIRST, LAST = datetime.date(2026, 1, 1), datetime.date(2027, 12, 31)


def campaign(when: str) -> Campaign:
    return load_model_text(Campaign, f"when: {when}\ndiscount: 5 %\n", "campaign.yaml")


def days(when: str, first: datetime.date = FIRST, last: datetime.date = LAST) -> list[str]:
    ranges = day_ranges(campaign(when).when, first, last)
    return [f"{start}" if start == end else f"{start}..{end}" for start, end in ranges]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("11-11", ["2026-11-11", "2027-11-11"]),
        ("06-01..06-20", ["2026-06-01..2026-06-20", "2027-06-01..2027-06-20"]),
        ("12-25..01-05", ["2025-12-25..2026-01-05", "2026-12-25..2027-01-05", "2027-12-25..2028-01-05"]),
        ("last friday of november", ["2026-11-27", "2027-11-26"]),
        ("lunar 8-15", ["2026-09-25", "2027-09-15"]),  # Mid-Autumn
        ("lunar 9-9 and 7 days before", ["2026-10-11..2026-10-18", "2027-10-01..2027-10-08"]),  # Double Ninth
        ("lunar 1-1", ["2026-02-17", "2027-02-06"]),  # New Year
        ("lunar 12-8", ["2026-01-26", "2027-01-15"]),  # Laba falls into the next solar year
        ("2026-05-01..2026-05-07", ["2026-05-01..2026-05-07"]),
        ("2026-05-01", ["2026-05-01"]),
        (
            "06-18, 11-11 and 1 day before",
            ["2026-06-18", "2026-11-10..2026-11-11", "2027-06-18", "2027-11-10..2027-11-11"],
        ),
        ("06-01..06-20, 06-18 and 5 days after", ["2026-06-01..2026-06-23", "2027-06-01..2027-06-23"]),
        ("always", ["2026-01-01..2026-12-31", "2027-01-01..2027-12-31"]),  # a year is an occasion
        ("birthday", []),  # the calendar does not know it
    ],
)  # fmt: skip
def test_what_is_written_means_these_days(when: str, expected: list[str]) -> None:
    assert days(when) == expected


def test_days_of_the_month_and_nth_weekdays() -> None:
    assert days("12..14 monthly")[:2] == ["2026-01-12..2026-01-14", "2026-02-12..2026-02-14"]
    assert len(days("12..14 monthly")) == 24
    assert days("31 monthly")[:3] == ["2026-01-31", "2026-02-28", "2026-03-31"]
    assert days("second tuesday")[:3] == ["2026-01-13", "2026-02-10", "2026-03-10"]
    assert days("first monday of september") == ["2026-09-07", "2027-09-06"]


def test_29_february_is_a_day_of_leap_years_only() -> None:
    assert days("02-29", FIRST, datetime.date(2028, 12, 31)) == ["2028-02-29"]


def test_a_lunar_day_or_leap_month_that_a_year_lacks_is_left_out() -> None:
    assert days("lunar leap 6-1", datetime.date(2025, 1, 1), LAST) == ["2025-07-25"]
    years = [date[:4] for date in days("lunar 8-30", datetime.date(2024, 1, 1), LAST)]
    assert "2026" not in years and years


@pytest.mark.parametrize(
    "when",
    [
        "11-11", "06-01..06-20", "12..14 monthly", "second tuesday", "last friday of november", "always",
        "lunar 8-15 and 7 days before", "lunar leap 6-1", "lunar 2026-8-15", "2026-05-01..2026-05-07",
        "birthday and 6 days before", "birthday month", "joining anniversary and 6 days after",
        "first order and 7 days after",
        "tier upgrade and 7 days after", "every 100 orders and 7 days after", "90 silent days and 14 days after",
        "challenge reached and 3 days after", "06-18, 11-11 and 1 day before and 2 days after",
    ],
)  # fmt: skip
def test_it_is_written_back_as_it_was_read(when: str) -> None:
    read = campaign(when)
    assert read.model_dump()["when"] == when
    assert campaign(when.upper().replace(" ", "   ")).when == read.when


@pytest.mark.parametrize(
    ("when", "wrong"),
    [
        ("13-01", "there is no month 13"),
        ("02-30", "february has 29 days; write 02-29 or less"),
        ("2026-02-29", "february has 28 days"),
        ("lunar 13-1", "the lunar year has no month 13"),
        ("lunar 2-31", "no lunar month has a day 31"),
        ("lunar leap 12-1", "there is no leap month 12"),
        ("lunar 2026-leap 6-1", "does not exist in the lunar year 2026"),
        ("lunar 2026-8-30", "no day 30 in month 8"),
        ("lunar 2200-1-1", "write 1900 to 2100"),
        ("14..12 monthly", "is empty; write 12..14 monthly"),
        ("32 monthly", "there is no day 32"),
        ("2026-05-07..2026-05-01", "is empty; write 2026-05-01..2026-05-07"),
        ("first order", "has an empty window"),
        ("every 100 orders", "has an empty window"),
        ("first order and 2 days before", "nobody knows 'first order' before it happens"),
        ("always and 2 days before", "has no days around it"),
        ("11-11 and 93 days before", "93 days around a day are too many"),
        ("birthday, 11-11", "write two campaigns"),
        ("fifth tuesday", "is no time"),
        ("every 0 orders and 7 days after", "write 1 to 10000"),
        ("''", "is no time"),
        ("7", "is no time"),
    ],
)
def test_what_means_no_day_is_refused_with_file_and_line(when: str, wrong: str) -> None:
    with pytest.raises(DocumentError) as error:
        campaign(when)
    assert str(error.value).startswith("campaign.yaml:1 when: ")
    assert wrong in str(error.value)
