"""One SQLite file that one process fills and any later one reads: opened alone, made whole, faults told plainly.

Serves the evaluation ledger of a search and the finished work of an interrupted run.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from memberlab.policies import DocumentError, Problem

IDENTITY = "CREATE TABLE identity (key TEXT PRIMARY KEY, value TEXT NOT NULL);\n"
"""The table that says what a ledger belongs to; every ledger has it."""


class LedgerFile:
    """A ledger, open for one process; others are kept out until it is closed or its process ends.

    Threads of the process take turns.
    """

    def __init__(self, path: Path) -> None:
        """Open the ledger at `path`. Raises DocumentError when it is in use."""
        self.path = path
        self._turn = threading.Lock()
        self._connection = sole_connection(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        with self._turn:
            self._connection.close()

    def value(self, question: str, *values: object) -> Any:
        """Return the first value that a question finds, None if there is none."""
        try:
            with self._turn:
                row = self._connection.execute(question, values).fetchone()
        except sqlite3.DatabaseError as error:
            raise refusal(self.path, f"is damaged ({error}); move it away to begin anew") from None
        return None if row is None else row[0]

    def write(self, statement: str, *values: object) -> None:
        """Write, or raise DocumentError that says how to go on."""
        try:
            with self._turn:
                self._connection.execute(statement, values)
        except sqlite3.OperationalError as error:
            raise refusal(self.path, f"cannot be written ({error}); run the same command again to go on") from None


def sole_connection(path: Path) -> sqlite3.Connection:
    """Return a connection to the file at `path` that keeps all other processes out; every statement stands alone.

    What is written survives the death of the process at any moment. Raises DocumentError when the file is in use.
    """
    try:
        connection = sqlite3.connect(path, timeout=1.0, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise refusal(path, f"cannot be written ({error})") from None
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        connection.close()
        raise refusal(path, f"is in use by another process, or cannot be written ({error})") from None
    return connection


def identity_of(path: Path) -> dict[str, str]:
    """Return what the ledger at `path` belongs to, without touching the file. Raises DocumentError for other files."""
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            return dict(connection.execute("SELECT key, value FROM identity").fetchall())
        finally:
            connection.close()
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_IOERR):
            raise refusal(path, f"is damaged ({error}); put a copy of it back, or name another folder") from None
        raise refusal(path, "is no ledger of memberlab; name another folder") from None


def make_ledger(path: Path, tables: str, identity: Mapping[str, str]) -> None:
    """Make an empty ledger at `path`, whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    try:
        connection = sqlite3.connect(temporary)
        connection.executescript(IDENTITY + tables)
        connection.executemany("INSERT INTO identity VALUES (?, ?)", identity.items())
        connection.commit()
        connection.close()
        temporary.replace(path)
    except (sqlite3.Error, OSError) as error:
        temporary.unlink(missing_ok=True)
        raise refusal(path, f"cannot be written ({error})") from None


def refusal(path: Path, message: str) -> DocumentError:
    """Return the fault of a ledger's file or folder."""
    return DocumentError([Problem(str(path), None, "", message)])
