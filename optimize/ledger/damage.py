"""Whether a ledger's file is whole: its pages, its tables, and every record against its checksum.

Serves whoever opens one. It is looked at in a copy, with what its write-ahead log holds, so that a damaged file stays
as it was found.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from ..execution import refusal
from .tables import KEYS, TABLES, checksum

LOOKS = 3
"""Times that a file is copied and looked at before it is called damaged: another process may write to it meanwhile."""
REMEDY = "put a copy of it back, or move it away and search anew"


def fail_if_damaged(path: Path) -> None:
    """Raise DocumentError when the ledger at `path` is damaged; nothing is written."""
    for look in range(LOOKS):
        fault = damage_of(path)
        if fault is None:
            return
        time.sleep(0.1 if look + 1 < LOOKS else 0)
    raise refusal(path, f"is damaged: {fault}; {REMEDY}")


def damage_of(path: Path) -> str | None:
    """Return what is wrong with the ledger at `path`, None for nothing."""
    try:
        with copied(path) as copy, closing(sqlite3.connect(copy)) as connection:
            return _damage_in(connection)
    except sqlite3.Error as error:
        return str(error)


@contextmanager
def copied(path: Path) -> Iterator[Path]:
    """Give a copy of a ledger's file and of its write-ahead log, for reading. Raises DocumentError where it fails."""
    with tempfile.TemporaryDirectory(prefix="memberlab-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / path.name
        try:
            shutil.copyfile(path, copy)
            with suppress(FileNotFoundError):
                shutil.copyfile(f"{path}-wal", f"{copy}-wal")
        except OSError as error:
            raise refusal(path, f"cannot be read: {error.strerror or error}") from None
        yield copy


def _damage_in(connection: sqlite3.Connection) -> str | None:
    connection.text_factory = bytes  # a torn text need not be UTF-8
    (first, *_) = connection.execute("PRAGMA integrity_check").fetchone()
    if first != b"ok":
        return str(first.decode(errors="replace")).replace("\n", " ").removeprefix("*** ")
    names = {row[0].decode(errors="replace") for row in connection.execute("SELECT name FROM sqlite_master")}
    if missing := [table for table in TABLES if table not in names]:
        return f"the table {missing[0]} is missing"
    return next((fault for table, key in KEYS.items() if (fault := _torn_record(connection, table, key))), None)


def _torn_record(connection: sqlite3.Connection, table: str, key: tuple[str, ...]) -> str | None:
    """Return which record of a table its checksum does not fit, None if there is none."""
    for *values, content, known in connection.execute(f"SELECT {', '.join(key)}, content, checksum FROM {table}"):
        texts = [value.decode(errors="replace") if isinstance(value, bytes) else str(value) for value in values]
        found = content.decode(errors="replace") if isinstance(content, bytes) else str(content)
        if checksum(tuple(texts), found).encode() != known:
            told = ", ".join(f"{name} {text[:12]}" for name, text in zip(key, texts, strict=True))
            return f"the {table} of {told} is not as it was written"
    return None
