"""A ledger on a PostgreSQL server, which a team fills together; a server that goes away is waited for.

Serves teams. Tables stand in a schema `memberlab` of the database. Every statement is one transaction and writes
nothing twice, so it can be tried again when it is not known whether it arrived.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from memberlab.policies import DocumentError, Problem

from .database import PATIENCE, Database, LostLedgerError
from .tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine
    from tenacity import RetryCallState

Result = TypeVar("Result")

SCHEMA = "memberlab"
DRIVER = "postgresql+psycopg"
DRIVERS = {"postgresql", "postgres", DRIVER}
SECRETS = ("password", "sslpassword")
FIRST_WAIT, LONGEST_WAIT = 0.5, 15.0
"""Seconds between two attempts to reach a server that went away; each wait doubles the one before."""
LOCK = 5_274_816_310_204_771
"""Number of the lock under which the tables are made, so that two drivers do not make them at once."""
CONNECTION = {"connect_timeout": 10, "tcp_user_timeout": 30_000, "keepalives_idle": 30, "prepare_threshold": None}
"""A server that falls silent is noticed within a minute; no statement is kept, as connection poolers want it."""


class ServerDatabase(Database):
    """The tables on a server; any number of processes may write at once."""

    schema = f"{SCHEMA}."

    def __init__(
        self,
        address: str,
        identity: Mapping[str, str],
        *,
        patience: float = PATIENCE,
        tell: Callable[[str], object] | None = None,
    ) -> None:
        """Connect to `address` (`postgresql://user@host/database`) and make the tables unless they are there.

        A server that goes away later is tried again for `patience` seconds, which `tell` is told. Raises DocumentError
        when the server cannot be reached, or refuses, or holds tables of another identity.
        """
        url = _url_of(address)
        self.name = server_name(address)
        self._patience, self._tell = patience, tell or (lambda message: None)
        engine = _engine(url, self.name)
        super().__init__(engine)
        try:
            self._prepare(engine, identity)
        except BaseException:
            engine.dispose()
            raise

    def _prepare(self, engine: Engine, identity: Mapping[str, str]) -> None:
        """Make schema and tables where they are missing, and hold the identity against the one found."""
        from sqlalchemy.exc import DBAPIError

        try:
            with engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
                connection.execute(self._text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
                if connection.execute(self._text("SELECT to_regnamespace(:name)"), {"name": SCHEMA}).scalar() is None:
                    connection.execute(self._text(f"CREATE SCHEMA {SCHEMA}"))
                for table, columns in TABLES.items():
                    full = f"{self.schema}{table}"
                    if connection.execute(self._text("SELECT to_regclass(:name)"), {"name": full}).scalar() is None:
                        connection.execute(self._text(f"CREATE TABLE {full} ({columns})"))
                for key, value in identity.items():
                    statement = "INSERT INTO {schema}identity VALUES (:key, :value) ON CONFLICT DO NOTHING"
                    connection.execute(self._text(statement), {"key": key, "value": value})
                rows = connection.execute(self._text("SELECT key, value FROM {schema}identity")).all()
        except DBAPIError as error:
            raise _refusal(self.name, f"cannot be used as a ledger: {_reason(error)}") from None
        found = {str(row[0]): str(row[1]) for row in rows}
        for key, value in identity.items():
            if found[key] != value:
                told = f"holds a ledger of {key} {found[key]}, and this memberlab writes {key} {value}"
                raise _refusal(self.name, f"{told}; name another database")

    def _attempt(self, work: Callable[[Connection], Result]) -> Result:
        from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
        from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_exponential

        waited = False

        def say_that_it_waits(state: RetryCallState) -> None:
            nonlocal waited
            if not waited and state.outcome is not None:
                reason = _reason(state.outcome.exception())
                self._tell(f"{self.name} is away ({reason}); trying again for {self._patience:g} s")
            waited = True

        def once() -> Result:
            with self._turn, self._engine.connect() as connection:
                return work(connection)

        attempts = Retrying(
            retry=retry_if_exception_type((OperationalError, InterfaceError)),
            wait=wait_exponential(multiplier=FIRST_WAIT, max=LONGEST_WAIT),
            stop=stop_after_delay(self._patience),
            before_sleep=say_that_it_waits,
            reraise=True,
        )
        try:
            found = attempts(once)
        except (OperationalError, InterfaceError) as error:
            raise LostLedgerError(
                f"{self.name} was away for more than {self._patience:g} s ({_reason(error)})"
            ) from None
        except DBAPIError as error:
            raise _refusal(self.name, f"refuses: {_reason(error)}") from None
        if waited:
            self._tell(f"{self.name} is back")
        return found


def server_name(address: str) -> str:
    """Return the address of a server as it may be shown and kept: without a password.

    Raises DocumentError for what is no address of a PostgreSQL server.
    """
    from sqlalchemy import URL

    url = _url_of(address)
    open_query = {key: value for key, value in url.query.items() if key not in SECRETS}
    shown = URL.create("postgresql", url.username, None, url.host, url.port, url.database, open_query)
    return shown.render_as_string(hide_password=False)


def _url_of(address: str) -> URL:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    known = address.partition("://")[0] in DRIVERS
    try:
        url = make_url(address) if known else None
    except (ArgumentError, ValueError):
        url = None
    if url is None:
        shown = address if "@" not in address else f"…@{address.rpartition('@')[2]}"
        told = "is no ledger: write postgresql://user@host/database, or leave it out to keep evaluations in the folder"
        raise _refusal(shown, told)
    return url.set(drivername=DRIVER)


def _engine(url: URL, name: str) -> Engine:
    from sqlalchemy import create_engine

    given = {key: value for key, value in CONNECTION.items() if key not in url.query}
    try:
        return create_engine(
            url,
            pool_size=1,
            max_overflow=0,
            pool_reset_on_return=None,
            isolation_level="AUTOCOMMIT",
            connect_args=given,
        )
    except ModuleNotFoundError:
        told = "needs psycopg, which is not installed: pip install 'memberlab[postgres]'"
        raise _refusal(name, told) from None


def _reason(fault: BaseException | None) -> str:
    """Return the first line of what a server or its driver says."""
    lines = str(getattr(fault, "orig", fault)).strip().splitlines()
    return lines[0].removesuffix(".") if lines else "no reason given"


def _refusal(name: str, message: str) -> DocumentError:
    return DocumentError([Problem(name, None, "", message)])
