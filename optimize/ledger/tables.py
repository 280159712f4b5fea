"""The tables of an evaluation ledger, the same in a file and on a server, and how a record is known to be whole.

Serves the ledger and whoever checks one. A record is a key, a content as JSON and a checksum over both; it is written
once and never changed.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping

FORMAT = "2"
"""Version of these tables."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "proposal": ("study", "model", "wave"),
    "evaluation": ("policy", "scenario", "assumptions", "seed", "model"),
    "confirmation": ("policy", "scenario", "assumptions", "replication", "model"),
}
"""Tables of records, and the columns by which each record is known."""

NUMBERS = {"wave", "seed", "replication"}
LIKE = 1e-9
"""Relative difference below which two figures are the same, rounded by different mathematical libraries."""


def _record_table(key: tuple[str, ...]) -> str:
    columns = [f"{name} {'BIGINT' if name in NUMBERS else 'TEXT'} NOT NULL" for name in key]
    return ", ".join([*columns, "content TEXT NOT NULL", "checksum TEXT NOT NULL", f"PRIMARY KEY ({', '.join(key)})"])


TABLES: Mapping[str, str] = {
    "identity": "key TEXT PRIMARY KEY, value TEXT NOT NULL",
    "study": "study TEXT NOT NULL, model TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (study, model)",
    **{table: _record_table(key) for table, key in KEYS.items()},
}
"""All tables, with what stands between the brackets of CREATE TABLE."""


def checksum(key: tuple[object, ...], content: str) -> str:
    """Return the checksum of a record (64 bits of BLAKE2b, as 16 hexadecimal digits)."""
    text = "\n".join([*map(str, key), content])
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def agree(one: str, other: str) -> bool:
    """Return whether two contents say the same; figures may differ in their last digits."""
    return one == other or _alike(json.loads(one), json.loads(other))


def _alike(one: object, other: object) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=LIKE) or (math.isnan(one) and math.isnan(other))
    return type(one) is type(other) and one == other
