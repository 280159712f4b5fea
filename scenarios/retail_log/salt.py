"""The salt that hides customers: kept apart from the imported log, readable by its owner alone.

Serves the import. The same salt gives the same customers the same names, so that a later log or a member file can be
joined; without it nobody can try ids until one fits.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from memberlab.policies import DocumentError, Problem

from .database import HASH_LENGTH

FEWEST_CHARACTERS = 16


def read_salt(path: Path) -> str:
    """Return the salt in a file; raise DocumentError where it cannot be read or holds under 16 characters."""
    try:
        salt = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        message = f"cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8 text'}"
        raise DocumentError([Problem(str(path), None, "--salt-file", message)]) from None
    if len(salt) < FEWEST_CHARACTERS:
        message = f"holds {len(salt)} characters; a salt needs {FEWEST_CHARACTERS} or more, best random ones"
        raise DocumentError([Problem(str(path), None, "--salt-file", message)])
    return salt


def salt_beside(out: Path) -> tuple[Path, str, bool]:
    """Return the file beside an imported log, its salt, and whether that is new: a salt that stands there is used
    again.
    """
    path = out.with_name(f"{out.name}.salt")
    if path.is_file():
        return path, read_salt(path), False
    return path, secrets.token_hex(32), True


def write_salt(path: Path, salt: str) -> None:
    """Write a new salt so that only its owner can read it."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(f"{salt}\n")


def hashed(identifier: str, salt: str) -> str:
    """Return how an imported log calls a customer: the first 20 hexadecimal digits of SHA-256 of salt and id.

    `identifier` is the id as in the source, without spaces around it. Source: FIPS 180-4 (SHA-256).
    """
    return hashlib.sha256(f"{salt}{identifier}".encode()).hexdigest()[:HASH_LENGTH]
