"""SQL on a ledger's database, with every fault told plainly; here for a file that one process has to itself.

Serves the evaluation ledger. SQLAlchemy speaks to SQLite and PostgreSQL alike, so that every statement is written once;
it is imported when a ledger is opened, since most commands need none.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from ..execution import refusal, sole_connection

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

Result = TypeVar("Result")

PATIENCE = 60.0
"""Seconds for which a server that went away is tried again."""


class LostLedgerError(ConnectionError):
    """The ledger's server went away and did not come back; what was recorded stands there."""


class Database(ABC):
    """A ledger's database, open; `{schema}` in a statement stands for what its tables' names begin with."""

    name: str
    """What it is called in messages."""
    schema = ""

    def __init__(self, engine: Engine) -> None:
        """Speak through `engine`, each of whose statements is a transaction of its own."""
        self._engine = engine
        self._turn = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        with self._turn:
            self._engine.dispose()

    def first(self, question: str, **values: object) -> tuple[Any, ...] | None:
        """Return the first row that a question finds, None if there is none."""
        row = self._attempt(lambda connection: connection.execute(self._text(question), values).first())
        return None if row is None else tuple(row)

    def write(self, statement: str, **values: object) -> int:
        """Write, and return how many rows were written."""
        return self._attempt(lambda connection: int(connection.execute(self._text(statement), values).rowcount))

    def _text(self, statement: str) -> Any:
        from sqlalchemy import text

        return text(statement.replace("{schema}", self.schema))

    @abstractmethod
    def _attempt(self, work: Callable[[Connection], Result]) -> Result:
        """Return what comes of some work on a connection, or say what is wrong with the database."""


class FileDatabase(Database):
    """The tables in one SQLite file (WAL), which other processes are kept out of until it is closed."""

    def __init__(self, path: Path) -> None:
        """Open the file at `path`. Raises DocumentError when it is in use."""
        from sqlalchemy import StaticPool, create_engine

        self.path, self.name = path, str(path)
        connection = sole_connection(path)
        super().__init__(
            create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool, isolation_level="AUTOCOMMIT")
        )
        self._connection = connection

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        super().__exit__(kind, fault, at)
        self._connection.close()

    def _attempt(self, work: Callable[[Connection], Result]) -> Result:
        from sqlalchemy.exc import DatabaseError, OperationalError

        try:
            with self._turn, self._engine.connect() as connection:
                return work(connection)
        except OperationalError as error:
            raise refusal(self.path, f"cannot be written ({error.orig}); run the same command again to go on") from None
        except DatabaseError as error:
            raise refusal(self.path, f"is damaged ({error.orig}); move it away to search anew") from None


def made(tables: Mapping[str, str]) -> str:
    """Return the statements that make tables."""
    return "".join(f"CREATE TABLE {name} ({columns});\n" for name, columns in tables.items())
