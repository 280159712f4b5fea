"""Hashing of member ids: what stands in the retailer's file never goes further than the reading.

Serves the reading. Ids are hashed as `memberlab import` hashes customers, so that with the same salt file a member and
the customer of an imported log have the same name. Without a salt file the salt is drawn and forgotten.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from pathlib import Path

from ..retail_log import hashed, read_salt


def salt_of(path: Path | None) -> str:
    """Return the salt in a file, or one that is forgotten after use; raise DocumentError for a file that holds none."""
    return secrets.token_hex(32) if path is None else read_salt(path)


def hashed_ids(ids: Iterable[str], salt: str) -> list[str]:
    """Return the name of each id, equal for equal ids."""
    return [hashed(one, salt) for one in ids]
