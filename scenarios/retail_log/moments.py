"""Times as the shop's clock showed them: from local time, UTC or any zone, by the rules of the time zone database.

Serves the import. Days decide everything in a log, and a day begins at the shop's midnight: 18 % of an American
grocer's baskets fall on another day in UTC.
"""

from __future__ import annotations

import datetime
import zoneinfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

MICROSECOND = pa.timestamp("us")
UTC = pa.timestamp("us", tz="UTC")
QUARTER = 900_000_000
"""Microseconds in a quarter of an hour: no zone changes its clock between two of them."""

DAY = r"\d{4}-\d{2}-\d{2}"
CLOCK = r"\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?"
NAIVE = rf"^{DAY}[T ]{CLOCK}$"
ZONED = rf"^{DAY}[T ]{CLOCK} ?(Z|[+-]\d{{2}}(:?\d{{2}})?)$"


def local_moments(written: pa.Array, zone: str | None, *, naive_is_utc: bool) -> pa.Array:
    """Return times of the shop's clock (timestamp[us] without zone), null where a value is no time, or has a zone
    while that of the shop is unknown.

    `written` is trimmed text, or times or days as Parquet keeps them. A day alone is that day, whatever the zone.
    """
    kind = written.type
    if pa.types.is_date(kind):
        return written.cast(MICROSECOND)
    if pa.types.is_timestamp(kind):
        if kind.tz is not None:
            return shifted(written.cast(UTC).cast(MICROSECOND), zone)
        moments = written.cast(MICROSECOND, safe=False)
        return shifted(moments, zone) if naive_is_utc else moments
    days = _read(written, rf"^{DAY}$", MICROSECOND)
    naive = _read(written, NAIVE, MICROSECOND)
    if naive_is_utc:
        naive = shifted(naive, zone)
    zoned = shifted(_read(written, ZONED, UTC).cast(MICROSECOND), zone)
    return pc.coalesce(days, naive, zoned)


def shifted(moments: pa.Array, zone: str | None) -> pa.Array:
    """Return times in UTC as the clock of `zone` showed them; null where that is unknown."""
    if zone is None:
        return pa.nulls(len(moments), MICROSECOND)
    if moments.null_count == len(moments):
        return moments
    values = np.asarray(moments.cast(pa.int64()).fill_null(0))
    quarters, place = np.unique(values // QUARTER, return_inverse=True)
    offsets = _offsets(quarters, zoneinfo.ZoneInfo(zone))
    local = pa.array(values + offsets[place], mask=np.asarray(moments.is_null()))
    return local.cast(MICROSECOND)


def _offsets(quarters: NDArray[np.int64], zone: zoneinfo.ZoneInfo) -> NDArray[np.int64]:
    """Return by how many microseconds the zone's clock was ahead of UTC at quarters of an hour since 1970."""
    start = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    found = np.zeros(len(quarters), dtype=np.int64)
    for place, quarter in enumerate(quarters.tolist()):
        try:
            offset = (start + datetime.timedelta(minutes=15 * quarter)).astimezone(zone).utcoffset()
        except (OverflowError, ValueError):  # a year that no calendar has: refused as a day later
            continue
        assert offset is not None
        found[place] = offset // datetime.timedelta(microseconds=1)
    return found


def _read(written: pa.Array, pattern: str, kind: pa.DataType) -> pa.Array:
    """Return the values that have the form of `pattern` as times; null for others, and for days that do not exist."""
    fits = pc.match_substring_regex(written, pattern)
    chosen = pc.if_else(fits, written, None)
    if chosen.null_count == len(chosen):
        return pa.nulls(len(chosen), kind)
    plain = pc.replace_substring_regex(chosen, r" ?([Z+-][\d:]*)$", r"\1") if kind == UTC else chosen
    try:
        return plain.cast(kind)
    except pa.ArrowInvalid:  # some day such as 2026-02-30: one by one
        return pa.array([_one(value, kind) for value in plain.to_pylist()], kind)


def _one(value: str | None, kind: pa.DataType) -> object:
    try:
        return None if value is None else pa.scalar(value).cast(kind).as_py()
    except pa.ArrowInvalid:
        return None
