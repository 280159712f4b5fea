"""Hashing of member ids: what stands in the retailer's file never goes further than the reading.

Serves the import. An id becomes the HMAC-SHA256 of its text under a secret salt (RFC 2104), so that nobody without the
salt can try out telephone numbers. Without a salt file the salt is drawn and forgotten.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from pathlib import Path

from memberlab.policies import DocumentError, Problem

FEWEST_BYTES = 16
"""Bytes of a salt below which it could be guessed."""


def salt_of(path: Path | None) -> bytes:
    """Return the salt in a file, or one that is forgotten after use; raise DocumentError for a file that holds none."""
    if path is None:
        return secrets.token_bytes(32)
    try:
        salt = path.read_bytes().strip()
    except OSError as error:
        mend = "make one with: head -c 32 /dev/urandom | base64 > FILE"
        raise DocumentError([Problem(str(path), None, "salt", f"cannot be read ({error.strerror}); {mend}")]) from None
    if len(salt) < FEWEST_BYTES:
        message = f"has {len(salt)} bytes; a salt that nobody can guess has {FEWEST_BYTES} or more"
        raise DocumentError([Problem(str(path), None, "salt", message)])
    return salt


def hashed_ids(ids: Iterable[str], salt: bytes) -> list[str]:
    """Return 32 hexadecimal digits for each id, equal for equal ids."""
    return [hmac.new(salt, one.encode("utf-8"), hashlib.sha256).hexdigest()[:32] for one in ids]
