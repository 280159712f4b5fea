"""The manifest of a retailer's log: currency, time zone, and what no table says. Written by people, kept by the import.

Serves whoever exports a log; `memberlab schema log --page` prints it beside the tables.
"""

from __future__ import annotations

import zoneinfo
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from memberlab.policies import (
    CountNotation,
    Currency,
    Day,
    DecimalNotation,
    RuleDocument,
    Section,
    Slug,
    closest,
    fault,
)

Rows = Annotated[int, CountNotation("rows", maximum=1_000_000_000_000)]
Rate = Annotated[Decimal, DecimalNotation(above=0)]
PointValue = Annotated[Decimal, DecimalNotation(minimum=0, unit="currency units a point")]
Words = Annotated[tuple[str, ...], Field(strict=False)]
Selection = Literal["all", "sample", "new", "active", "members"]

SELECTIONS: dict[str, str] = {
    "all": "every customer of the time",
    "sample": "a random sample of them",
    "new": "customers whose first purchase ever falls into the log",
    "active": "customers who were still active at its end",
    "members": "members of a programme only",
}
"""What each word for the choice of customers means."""


class Outage(Section):
    """A time in which sales are missing from the log though the shop was open, or in which it was closed."""

    start: Day
    """First day."""
    end: Day
    """Last day."""
    reason: Annotated[str, Field(max_length=200)] = ""
    """What happened."""

    @field_validator("end")
    @classmethod
    def _not_before_start(cls, end: Day, info: ValidationInfo) -> Day:
        if "start" in info.data and end < info.data["start"]:
            raise fault(f"{end} is before the start, {info.data['start']}; write the last day of the outage")
        return end


class TableRecord(Section):
    """What the import made of one table."""

    source: str
    """File name of the source."""
    sha256: str
    """SHA-256 of the source file."""
    rows: Rows
    """Rows in the source."""
    kept: Rows
    """Rows in the imported table."""
    columns: Words = ()
    """Columns of the imported table."""
    dropped: Words = ()
    """Columns that were not kept: personal ones, and those that no table of a log has."""


class ImportRecord(Section):
    """What an import did; written by `memberlab import`."""

    command: str = ""
    """The command as typed."""
    adapter: str = "none"
    """What translated the source, if it was not in the form of a log."""
    first_day: Day
    """First day of the log: the manifest's start, or the first sale."""
    last_day: Day
    """Last day of the log: the manifest's end, or the last sale."""
    customers: Rows
    """Customers with a purchase."""
    anonymous: Rows = 0
    """Sales without a customer."""
    returns: Rows = 0
    """Rows that are returns."""
    has_times: bool = False
    """Whether trips have a time of day."""
    tables: Annotated[dict[str, TableRecord], Field(strict=False)]
    """The imported tables by name."""
    notices: Words = ()
    """What was left out, or is worth knowing."""


class LogManifest(RuleDocument):
    """What a log's tables do not say, version 1. It stands as `manifest.yaml` beside them."""

    HEAD: ClassVar[frozenset[str]] = RuleDocument.HEAD | {"record"}

    name: Slug = "log"
    """Short name, used in tables and as a file name."""
    currency: Currency
    """Currency of every amount after import."""
    time_zone: str | None = None
    """Time zone of the shop's days, by its IANA name, such as Asia/Shanghai; absent = unknown, and then no time may
    have one.
    """
    timestamps: Literal["local", "utc"] = "local"
    """What times without a zone mean: the shop's own time, or UTC."""
    tax_included: bool | None = None
    """Whether amounts include sales tax; absent = unknown."""
    start: Day | None = None
    """First day that the log covers; absent = the day of the first sale."""
    end: Day | None = None
    """Last day that the log covers; absent = the day of the last sale."""
    points_value: PointValue | None = None
    """What a point is worth when it is redeemed. Unit: currency units a point."""
    customers: Selection | None = None
    """How customers were chosen: all, sample, new (first purchase ever in the log), active (at the end), members;
    absent = unknown.
    """
    quantity_unit: Annotated[str, Field(max_length=40)] = ""
    """Unit of `quantity` in lines."""
    outages: Annotated[tuple[Outage, ...], Field(strict=False, max_length=1_000)] = ()
    """Times in which sales are missing."""
    rates: Annotated[dict[Currency, Rate], Field(strict=False, default_factory=dict)]
    """Exchange rates by currency: what one unit of it is in the log's currency; for logs in several currencies."""
    record: ImportRecord | None = None
    """What the import did; written by `memberlab import`, not by people."""

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, zone: str | None) -> str | None:
        if zone is None:
            return None
        known = zoneinfo.available_timezones()
        if zone in known:
            return zone
        guess = closest(zone, sorted(known))
        mend = f", did you mean '{guess}'?" if guess else "; write an IANA name, such as Asia/Shanghai"
        raise fault(f"'{zone}' is not a time zone{mend}")

    @field_validator("timestamps")
    @classmethod
    def _utc_needs_a_zone(cls, timestamps: str, info: ValidationInfo) -> str:
        if timestamps == "utc" and info.data.get("time_zone", "") is None:
            raise fault("utc needs the shop's own time zone to become its days; write time_zone as well")
        return timestamps

    @field_validator("end")
    @classmethod
    def _not_before_start(cls, end: Day | None, info: ValidationInfo) -> Day | None:
        start = info.data.get("start")
        if end is not None and start is not None and end < start:
            raise fault(f"{end} is before the start, {start}; write the last day of the log")
        return end
