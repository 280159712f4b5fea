"""From what stands in a column to its values: one function for each kind of column, with the fault of a bad value.

Serves the import. Values come as arrays; where a value cannot be read the result is null, and `FAULTS` says why in the
words of whoever wrote the file. Money becomes int64 cents.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .manifest import LogManifest
from .moments import MICROSECOND, ZONED, local_moments
from .schema import Column, Kind

NUMBER = r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,2})?$"
WHOLE = r"^[-+]?\d{1,18}(\.0*)?$"
MOST_MONEY = 1e11
"""Largest amount that is believed, currency units."""

FIRST_YEAR, LAST_YEAR = 1900, 2200
TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


@dataclass(frozen=True, slots=True)
class Values:
    """A column as values: null where the source is empty or `bad` holds; `fractions` of a cent were rounded away."""

    array: pa.Array
    bad: pa.Array
    fractions: int = 0


def read_values(column: Column, written: pa.Array, manifest: LogManifest) -> Values:
    """Return a column of a source as values of its kind."""
    plain = _plain(written)
    return _READERS[column.kind](column, plain, manifest)


def _plain(written: pa.Array) -> pa.Array:
    """Return text trimmed, empty text as null; other types as they are."""
    if pa.types.is_dictionary(written.type):
        written = written.dictionary_decode()
    if pa.types.is_large_string(written.type) or pa.types.is_string_view(written.type):
        written = written.cast(pa.string())
    if not pa.types.is_string(written.type):
        return written
    trimmed = pc.utf8_trim_whitespace(written)
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)


def as_text(written: pa.Array) -> pa.Array:
    """Return any values as text, whole floats without `.0`."""
    if pa.types.is_string(written.type):
        return written
    if pa.types.is_floating(written.type):
        whole = pc.cast(written, pa.int64(), safe=False)
        same = pc.equal(pc.cast(whole, pa.float64()), pc.cast(written, pa.float64()))
        return pc.if_else(same, pc.cast(whole, pa.string()), pc.cast(written, pa.string()))
    return pc.cast(written, pa.string())


def _good(array: pa.Array) -> Values:
    return Values(array, pa.array(np.zeros(len(array), dtype=bool)))


def _lost(values: pa.Array, written: pa.Array) -> pa.Array:
    """Return where something is written and nothing was read."""
    return pc.and_(pc.is_valid(written), pc.is_null(values))


def _text(_: Column, written: pa.Array, __: LogManifest) -> Values:
    return _good(as_text(written))


def _floats(written: pa.Array) -> pa.Array:
    if pa.types.is_string(written.type):
        return pc.if_else(pc.match_substring_regex(written, NUMBER), written, None).cast(pa.float64())
    if pa.types.is_boolean(written.type) or pa.types.is_temporal(written.type):
        return pa.nulls(len(written), pa.float64())
    numbers = written.cast(pa.float64())
    return pc.if_else(pc.is_finite(numbers), numbers, None)


def _numbers(_: Column, written: pa.Array, __: LogManifest) -> Values:
    numbers = _floats(written)
    return Values(numbers, _lost(numbers, written))


def _money(_: Column, written: pa.Array, __: LogManifest) -> Values:
    amounts = _floats(written)
    amounts = pc.if_else(pc.less_equal(pc.abs(amounts), MOST_MONEY), amounts, None)
    hundredths = np.asarray(amounts.fill_null(0.0)) * 100.0
    cents = np.rint(hundredths)
    fractions = int(np.count_nonzero(np.abs(hundredths - cents) > 1e-6 * np.maximum(1.0, np.abs(cents) / 1e6)))
    array = pa.array(cents.astype(np.int64), mask=np.asarray(amounts.is_null()))
    return Values(array, _lost(array, written), fractions)


def _counts(_: Column, written: pa.Array, __: LogManifest) -> Values:
    if pa.types.is_string(written.type):
        fits = pc.if_else(pc.match_substring_regex(written, WHOLE), written, None)
        whole = pc.replace_substring_regex(fits, r"^\+|\.0*$", "").cast(pa.int64())
    else:
        numbers = _floats(written)
        whole = pc.if_else(pc.equal(pc.round(numbers), numbers), numbers, None).cast(pa.int64())
    return Values(whole, _lost(whole, written))


def _flags(_: Column, written: pa.Array, __: LogManifest) -> Values:
    if pa.types.is_boolean(written.type):
        return _good(written)
    words = pc.utf8_lower(as_text(written))
    yes, no = (pa.array([word for word, truth in TRUTH.items() if truth is value]) for value in (True, False))
    flags = pc.if_else(pc.is_in(words, yes), True, pc.if_else(pc.is_in(words, no), False, None))
    return Values(flags, _lost(flags, written))


def _choices(column: Column, written: pa.Array, _: LogManifest) -> Values:
    words = pc.utf8_lower(as_text(written))
    known = pc.if_else(pc.is_in(words, pa.array(column.choices)), words, None)
    return Values(known, _lost(known, written))


def _currencies(_: Column, written: pa.Array, __: LogManifest) -> Values:
    codes = pc.utf8_upper(as_text(written))
    known = pc.if_else(pc.match_substring_regex(codes, "^[A-Z]{3}$"), codes, None)
    return Values(known, _lost(known, written))


def _moments(_: Column, written: pa.Array, manifest: LogManifest) -> Values:
    if not (pa.types.is_string(written.type) or pa.types.is_temporal(written.type)):
        written = as_text(written)
    moments = local_moments(written, manifest.time_zone, naive_is_utc=manifest.timestamps == "utc")
    year = pc.year(moments)
    believed = pc.and_(pc.greater_equal(year, FIRST_YEAR), pc.less_equal(year, LAST_YEAR))
    moments = pc.if_else(believed, moments, pa.scalar(None, MICROSECOND))
    return Values(moments, _lost(moments, written))


def _days(column: Column, written: pa.Array, manifest: LogManifest) -> Values:
    moments = _moments(column, written, manifest)
    return Values(pc.floor_temporal(moments.array, unit="day").cast(pa.date32()), moments.bad)


_READERS: dict[Kind, Callable[[Column, pa.Array, LogManifest], Values]] = {
    "customer": _text,
    "text": _text,
    "money": _money,
    "number": _numbers,
    "count": _counts,
    "flag": _flags,
    "choice": _choices,
    "currency": _currencies,
    "moment": _moments,
    "day": _days,
}


def fault_of(column: Column, value: Any) -> str:
    """Return what is wrong with a value that could not be read, and what would be right."""
    shown = f"'{value}'"
    if column.kind == "money":
        return f"{shown} is not an amount; write a decimal number with a point, such as 29.33"
    if column.kind == "number":
        return f"{shown} is not a number; write a decimal number with a point, such as 0.35"
    if column.kind == "count":
        return f"{shown} is not a whole number; write one such as 120 or -50"
    if column.kind == "flag":
        return f"{shown} is neither true nor false; write one of them"
    if column.kind == "choice":
        return f"{shown} is none of {', '.join(column.choices)}; write one of them"
    if column.kind == "currency":
        return f"{shown} is not a currency; write its three capital letters, such as CNY"
    if column.kind == "moment" and re.match(ZONED, str(value)):
        return f"{shown} has a time zone; write the shop's own into the manifest (time_zone), or give --time-zone"
    if column.kind == "moment":
        return f"{shown} is not a time; write year-month-day and the hour, such as 2026-01-31 or 2026-01-31 14:05"
    return f"{shown} is not a day; write year-month-day, such as 2026-01-31"


def empty_fault_of(column: Column) -> str:
    """Return what is wrong with a value that is missing where one must stand."""
    example = {"money": "the amount, such as 29.33", "moment": "the day, such as 2026-01-31"}
    return f"is empty; write {example.get(column.kind, 'a value')}"
