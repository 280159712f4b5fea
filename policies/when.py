"""When a campaign is on, as people write it: `11-11`, `12..14 monthly`, `lunar 8-15 and 7 days before`, `birthday`.

Serves campaigns. Several occasions stand on one line with commas between them.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from pydantic.json_schema import JsonSchemaValue

from .notation import Notation, fault, shown
from .occasions import (
    FIRST_LUNAR_YEAR,
    LAST_LUNAR_YEAR,
    LEAP_YEAR,
    Always,
    Lunar,
    MonthDay,
    Occasion,
    OneOff,
    OwnDay,
    Personal,
    Weekday,
    YearDay,
    leap_month_occurs,
    personal_occasion,
    widened,
)

MOST_DAYS_AROUND = 92
LONGEST_LUNAR_MONTH = 30
EXAMPLES = (
    "11-11; 06-01..06-20; 12..14 monthly; second tuesday; last friday of november; lunar 8-15 and 7 days before; "
    "2026-05-01..2026-05-07; birthday and 6 days before; every 100 orders and 7 days after; "
    "every 100 reviews and 7 days after; 90 silent days and 14 days after; always"
)
DATES = "11-11; 06-01..06-20; 12..14 monthly; last friday of november; 2026-05-01..2026-05-07; always"
NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
WEEKDAYS = [name.lower() for name in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")]
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
OWN_DAYS = {
    "birthday": Personal.BIRTHDAY,
    "birthday month": Personal.BIRTHDAY_MONTH,
    "joining anniversary": Personal.JOINING,
    "tier upgrade": Personal.TIER_UPGRADE,
    "first order": Personal.FIRST_ORDER,
    "challenge reached": Personal.CHALLENGE,
}
ONLY_AFTER = {
    Personal.TIER_UPGRADE, Personal.ORDERS, Personal.REVIEWS, Personal.FIRST_ORDER, Personal.SILENCE,
    Personal.CHALLENGE,
}  # fmt: skip
"""Occasions that nobody can know before they happen."""

BEGUN_BY_ORDER = {Personal.ORDERS, Personal.REVIEWS, Personal.FIRST_ORDER, Personal.CHALLENGE}
"""Occasions that an order starts; their first day is the day after."""

_AROUND = re.compile(r"^(.*?)((?: and [0-9]{1,4} days? (?:before|after))*)$", re.ASCII)
_PART = re.compile(r"and ([0-9]{1,4}) days? (before|after)", re.ASCII)


@dataclass(frozen=True, slots=True)
class WhenNotation(Notation[tuple[Occasion, ...]]):
    """The occasions of a campaign, or of what is open to all members on the same days."""

    has_own_days: bool = True
    """Whether a member's own day can be written."""

    def read(self, written: object) -> tuple[Occasion, ...]:
        """Return the occasions of a text such as `06-18, 11-11`; a member's own day stands alone."""
        if isinstance(written, tuple) and written and all(isinstance(one, Occasion) for one in written):
            return written
        if isinstance(written, datetime.date):
            written = written.isoformat()
        if not isinstance(written, str) or not written.strip():
            raise fault(f"{shown(written)} is no time; write for example {self._examples}")
        occasions = tuple(_occasion(" ".join(part.split()).lower()) for part in written.split(","))
        if personal_occasion(occasions) is not None and len(occasions) > 1:
            raise fault(f"{shown(written)} mixes a member's own day with other days; write two campaigns")
        if personal_occasion(occasions) is not None and not self.has_own_days:
            raise fault(
                f"{shown(written)} is a member's own day, and this is open to all on the same days; write dates"
            )
        return occasions

    def write(self, value: tuple[Occasion, ...]) -> str:
        """Return the occasions as text."""
        return ", ".join(occasion_in_words(one) for one in value)

    def json_schema(self) -> JsonSchemaValue:
        """Return a string schema with examples."""
        return {"type": "string", "examples": self._examples.split("; "), "x-unit": f"days such as `{self._examples}`"}

    @property
    def _examples(self) -> str:
        return EXAMPLES if self.has_own_days else DATES


When = Annotated[tuple[Occasion, ...], WhenNotation()]
"""The days on which a campaign is on."""

CalendarDays = Annotated[tuple[Occasion, ...], WhenNotation(has_own_days=False)]
"""Days that are the same for all members."""


def _occasion(text: str) -> Occasion:
    match = _AROUND.fullmatch(text)
    assert match is not None  # the pattern takes any text
    core, around = match[1].strip(), {"before": 0, "after": 0}
    for days, side in _PART.findall(match[2]):
        around[side] = int(days)
    if max(around.values()) > MOST_DAYS_AROUND:
        most = max(around.values())
        raise fault(f"{most} days around a day are too many; write {MOST_DAYS_AROUND} or less, or a range of dates")
    for pattern, build in _FORMS:
        if (found := pattern.fullmatch(core)) is not None:
            return _surrounded(build(found), around["before"], around["after"], core)
    raise fault(f"'{core}' is no time; write for example {EXAMPLES}")


def _surrounded(occasion: Occasion, before: int, after: int, core: str) -> Occasion:
    """Return the occasion with the days around it, refused where they make no sense."""
    if isinstance(occasion, OwnDay) and before and occasion.kind in ONLY_AFTER:
        raise fault(f"nobody knows '{core}' before it happens; write 'and {before} days after'")
    if isinstance(occasion, OwnDay) and occasion.kind in BEGUN_BY_ORDER and not after:
        raise fault(f"'{core}' has an empty window: it begins the day after; write '{core} and 7 days after'")
    if (before or after) and (isinstance(occasion, Always) or _is_birthday_month(occasion)):
        raise fault(f"'{core}' has no days around it; leave out 'and {before or after} days'")
    return widened(occasion, before, after)


def _is_birthday_month(occasion: Occasion) -> bool:
    return isinstance(occasion, OwnDay) and occasion.kind is Personal.BIRTHDAY_MONTH


def _year_day(found: re.Match[str]) -> Occasion:
    month, day = int(found[1]), int(found[2])
    last_month, last_day = (int(found[3]), int(found[4])) if found[3] else (month, day)
    for one_month, one_day in ((month, day), (last_month, last_day)):
        _fail_if_no_date(LEAP_YEAR, one_month, one_day, f"{one_month:02}-{one_day:02}")
    return YearDay(month=month, day=day, last_month=last_month, last_day=last_day)


def _fail_if_no_date(year: int, month: int, day: int, written: str) -> datetime.date:
    if not 1 <= month <= 12:
        raise fault(f"{written}: there is no month {month}; write 01 to 12")
    length = calendar.monthrange(year, month)[1] if year >= 1 else 0
    if not 1 <= day <= length:
        raise fault(
            f"{written} is no date: {MONTHS[month - 1]} has {length} days; write {month:02}-{length:02} or less"
        )
    return datetime.date(year, month, day)


def _month_day(found: re.Match[str]) -> Occasion:
    day, last = int(found[1]), int(found[2] or found[1])
    for one in (day, last):
        if not 1 <= one <= 31:
            raise fault(f"there is no day {one} of a month; write 1 to 31")
    if last < day:
        raise fault(f"{day}..{last} monthly is empty; write {last}..{day} monthly")
    return MonthDay(day=day, last_day=last)


def _weekday(found: re.Match[str]) -> Occasion:
    month = MONTHS.index(found[3]) + 1 if found[3] else 0
    return Weekday(nth=NTH[found[1]], weekday=WEEKDAYS.index(found[2]), month=month)


def _lunar(found: re.Match[str]) -> Occasion:
    year, is_leap, month, day = int(found[1] or 0), bool(found[2]), int(found[3]), int(found[4])
    written = f"lunar {'leap ' if is_leap else ''}{month}-{day}"
    if not 1 <= month <= 12:
        raise fault(f"{written}: the lunar year has no month {month}; write 1 to 12, and 'leap' for a leap month")
    if not 1 <= day <= LONGEST_LUNAR_MONTH:
        raise fault(f"{written}: no lunar month has a day {day}; write 1 to {LONGEST_LUNAR_MONTH}")
    occasion = Lunar(month=month, day=day, is_leap=is_leap, year=year)
    if year and not FIRST_LUNAR_YEAR <= year <= LAST_LUNAR_YEAR:
        raise fault(f"lunar {year} is outside the calendar's tables; write {FIRST_LUNAR_YEAR} to {LAST_LUNAR_YEAR}")
    if year and occasion.solar(year) is None:
        lacks = "no such leap month" if is_leap else f"no day {day} in month {month}"
        raise fault(f"{written} does not exist in the lunar year {year}, which has {lacks}; write another date")
    if is_leap and not leap_month_occurs(month):
        raise fault(f"{written}: there is no leap month {month} between 1900 and 2100; write it without 'leap'")
    return occasion


def _one_off(found: re.Match[str]) -> Occasion:
    first = last = _date(found, 1)
    if found[4]:
        last = _date(found, 4)
    if last < first:
        raise fault(f"{first}..{last} is empty; write {last}..{first}")
    return OneOff(first=first, last=last)


def _date(found: re.Match[str], place: int) -> datetime.date:
    """Return the date whose year, month and day stand in three groups from `place` on."""
    year, month, day = int(found[place]), int(found[place + 1]), int(found[place + 2])
    return _fail_if_no_date(year, month, day, f"{year:04}-{month:02}-{day:02}")


def _counted(kind: Personal) -> Callable[[re.Match[str]], Occasion]:
    def build(found: re.Match[str]) -> Occasion:
        count = int(found[1])
        if not 1 <= count <= 10_000:
            raise fault(f"{count} is out of range; write 1 to 10000")
        return OwnDay(kind=kind, count=count)

    return build


_DATE = r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Occasion]], ...] = (
    (re.compile("always"), lambda found: Always()),
    (re.compile("|".join(OWN_DAYS)), lambda found: OwnDay(kind=OWN_DAYS[found[0]])),
    (re.compile(r"every ([0-9]{1,6}) orders?"), _counted(Personal.ORDERS)),
    (re.compile(r"every ([0-9]{1,6}) reviews?"), _counted(Personal.REVIEWS)),
    (re.compile(r"([0-9]{1,6}) silent days?"), _counted(Personal.SILENCE)),
    (re.compile(r"([0-9]{1,2})-([0-9]{1,2})(?:\.\.([0-9]{1,2})-([0-9]{1,2}))?"), _year_day),
    (re.compile(r"([0-9]{1,2})(?:\.\.([0-9]{1,2}))? monthly"), _month_day),
    (re.compile(rf"({'|'.join(NTH)}) ({'|'.join(WEEKDAYS)})(?: of ({'|'.join(MONTHS)}))?"), _weekday),
    (re.compile(r"lunar (?:([0-9]{4})-)?(leap )?([0-9]{1,3})-([0-9]{1,3})"), _lunar),
    (re.compile(rf"{_DATE}(?:\.\.{_DATE})?"), _one_off),
)
"""Every form of a day, and what it means."""


def occasion_in_words(occasion: Occasion) -> str:
    """Return an occasion as files write it."""
    around = [
        f"and {days} {'day' if days == 1 else 'days'} {side}"
        for days, side in ((occasion.before, "before"), (occasion.after, "after"))
        if days
    ]
    return " ".join([_core(occasion), *around])


def _core(occasion: Occasion) -> str:
    match occasion:
        case YearDay(month=month, day=day, last_month=last_month, last_day=last_day):
            first, last = f"{month:02}-{day:02}", f"{last_month:02}-{last_day:02}"
            return first if first == last else f"{first}..{last}"
        case MonthDay(day=day, last_day=last_day):
            return f"{day} monthly" if day == last_day else f"{day}..{last_day} monthly"
        case Weekday(nth=nth, weekday=weekday, month=month):
            name = next(word for word, number in NTH.items() if number == nth)
            return f"{name} {WEEKDAYS[weekday]}" + (f" of {MONTHS[month - 1]}" if month else "")
        case Lunar(month=month, day=day, is_leap=is_leap, year=year):
            return f"lunar {f'{year}-' if year else ''}{'leap ' if is_leap else ''}{month}-{day}"
        case OneOff(first=first_day, last=final_day):
            return f"{first_day}" if first_day == final_day else f"{first_day}..{final_day}"
        case OwnDay(kind=Personal.ORDERS, count=count):
            return f"every {count} orders"
        case OwnDay(kind=Personal.REVIEWS, count=count):
            return f"every {count} reviews"
        case OwnDay(kind=Personal.SILENCE, count=count):
            return f"{count} silent days"
        case OwnDay(kind=kind):
            return next(word for word, one in OWN_DAYS.items() if one is kind)
        case _:
            return "always"
