"""The ledger of a search: what was proposed, what every evaluation gave, what was confirmed; in a file or on a server.

Serves search and confirmation. Each evaluation is recorded when it is finished and never simulated again, so that a
search can be stopped or killed at any moment and goes on from there. An evaluation is known by its policy, scenario,
assumptions, seed and version of memberlab; a study's file carries its identity and is refused by any other.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import DocumentError, Problem

from ..execution import identity_of, make_ledger, refusal
from .damage import fail_if_damaged
from .database import PATIENCE, Database, FileDatabase, made
from .server import ServerDatabase
from .tables import FORMAT, KEYS, TABLES, agree, checksum

if TYPE_CHECKING:
    from ..study import Point

LEDGER_FILE = "evaluations.sqlite"
"""Name of the ledger in the folder of a study."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose evaluations a ledger holds."""

    name: str
    """Name of the study."""
    study: str
    """Digest of the study and of everything it refers to."""
    model: str
    """Version of memberlab, with a digest of its rules."""

    def content(self) -> dict[str, str]:
        """Return what a file that belongs to it says of itself."""
        return {"format": FORMAT, "name": self.name, "study": self.study, "model": self.model}


class WorldKey(NamedTuple):
    """A world in which policies are evaluated, by digest; a seed makes it one population."""

    scenario: str
    """Digest of the scenario without its assumptions, of its population, and of the incumbent of its warm-up."""
    assumptions: str
    """Digest of the assumptions that it replaces; the values of all others follow from the version of memberlab."""


class EvaluationLedger:
    """The ledger, open; a file is one process's own until it is closed or the process ends, a server anybody's."""

    def __init__(
        self,
        place: Path | str,
        identity: Identity,
        *,
        patience: float = PATIENCE,
        tell: Callable[[str], object] | None = None,
    ) -> None:
        """Open the ledger in the file `place`, or on the server of that address, or make a new one.

        A server that goes away is tried again for `patience` seconds, which `tell` is told. Raises DocumentError when
        the ledger is another study's, damaged, in use or out of reach.
        """
        self._identity = identity
        self._known: dict[tuple[object, ...], str] = {}
        self._database: Database
        if isinstance(place, Path):
            if place.exists():
                fail_if_of_another_study(place, identity)
                fail_if_damaged(place)
            else:
                make_ledger(
                    place, made({name: TABLES[name] for name in TABLES if name != "identity"}), identity.content()
                )
            self._database = FileDatabase(place)
        else:
            self._database = ServerDatabase(place, {"format": FORMAT}, patience=patience, tell=tell)
        try:
            self._sign_in(tell)
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def _sign_in(self, tell: Callable[[str], object] | None) -> None:
        """Note the study, and tell of searches of the same name by other versions, which are never used."""
        own = self._identity
        statement = (
            "INSERT INTO {schema}study (study, model, name) VALUES (:study, :model, :name) ON CONFLICT DO NOTHING"
        )
        self._database.write(statement, study=own.study, model=own.model, name=own.name)
        question = "SELECT model FROM {schema}study WHERE name = :name AND model <> :model ORDER BY model LIMIT 1"
        other = self._database.first(question, name=own.name, model=own.model)
        if other is not None and tell is not None:
            by = f"by {other[0]}; this is {own.model}, which uses none of it"
            tell(f"{self.name} also holds a search of {own.name} {by}")

    @property
    def name(self) -> str:
        """Return the file or server, as it may be shown."""
        return self._database.name

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._database.__exit__(kind, fault, at)

    def points(self, wave: int) -> list[Point] | None:
        """Return the points proposed in a wave, None if there are none yet."""
        text = self._content("proposal", self._identity.study, self._identity.model, wave)
        return None if text is None else [tuple(point) for point in json.loads(text)]

    def record_points(self, wave: int, points: list[Point]) -> None:
        """Record the points proposed in a wave."""
        self._record("proposal", (self._identity.study, self._identity.model, wave), points)

    def sums(self, policy: str, world: WorldKey, seed: int) -> NDArray[np.float64] | None:
        """Return the column sums of an evaluation (as `results.COLUMNS`), None if it was not made yet."""
        text = self._content("evaluation", policy, *world, seed, self._identity.model)
        return None if text is None else np.array(json.loads(text), dtype=np.float64)

    def record_sums(self, policy: str, world: WorldKey, seed: int, sums: NDArray[np.float64]) -> None:
        """Record the column sums of an evaluation, exactly."""
        self._record("evaluation", (policy, *world, seed, self._identity.model), sums.tolist())

    def figures(self, policy: str, world: WorldKey, replication: int) -> dict[str, Any] | None:
        """Return what a confirmation gave, None if it was not made yet."""
        text = self._content("confirmation", policy, *world, replication, self._identity.model)
        return None if text is None else dict(json.loads(text))

    def record_figures(self, policy: str, world: WorldKey, replication: int, figures: dict[str, Any]) -> None:
        """Record what a confirmation gave, exactly."""
        self._record("confirmation", (policy, *world, replication, self._identity.model), figures)

    def _content(self, table: str, *key: object) -> str | None:
        """Return a record's content, None where there is none; it never changes, so it is asked for once.

        Raises DocumentError for a record that is not as it was written.
        """
        if (table, *key) in self._known:
            return self._known[table, *key]
        columns = KEYS[table]
        where = " AND ".join(f"{column} = :{column}" for column in columns)
        question = f"SELECT content, checksum FROM {{schema}}{table} WHERE {where}"
        row = self._database.first(question, **dict(zip(columns, key, strict=True)))
        if row is None:
            return None
        content = str(row[0])
        if checksum(key, content) != row[1]:
            raise self._fault(
                f"is damaged: the {table} of {told(table, key)} is not as it was written; remove that row"
            )
        self._known[table, *key] = content
        return content

    def _record(self, table: str, key: tuple[object, ...], value: object) -> None:
        """Write a record unless it is there. Raises DocumentError where it is there with another content."""
        content, columns = json.dumps(value), KEYS[table]
        names = [*columns, "content", "checksum"]
        statement = (
            f"INSERT INTO {{schema}}{table} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)}) "
            "ON CONFLICT DO NOTHING"
        )
        values = dict(zip(names, [*key, content, checksum(key, content)], strict=True))
        if self._database.write(statement, **values) == 1:
            self._known[table, *key] = content
            return
        found = self._content(table, *key)
        if found is not None and not agree(found, content):
            raise self._fault(
                f"holds another {table} of {told(table, key)} than this search found: equal digests must give equal "
                "figures; look for what differs between the machines, and search in another ledger"
            )

    def _fault(self, message: str) -> DocumentError:
        return DocumentError([Problem(self.name, None, "", message)])


def told(table: str, key: tuple[object, ...]) -> str:
    """Return the key of a record in short."""
    return ", ".join(f"{name} {str(part)[:12]}" for name, part in zip(KEYS[table], key, strict=True) if name != "model")


def fail_if_of_another_study(path: Path, identity: Identity) -> None:
    """Raise DocumentError unless the ledger at `path` is of this study and this version; the file is not touched."""
    fail_if_another(identity_of(path), identity, path)


def fail_if_another(found: dict[str, str], identity: Identity, path: Path) -> None:
    """Raise DocumentError unless what the file at `path` says of itself is this study and this version."""
    if found.get("model") != identity.model:
        by = found.get("model", "an unknown version")
        raise refusal(path, f"was made by {by}, and this is {identity.model}; search again in another folder")
    if found.get("format") != FORMAT:
        raise refusal(path, f"is of the format {found.get('format')}, and this memberlab writes {FORMAT}; "
                      "search again in another folder")  # fmt: skip
    if found.get("study") != identity.study:
        if found.get("name") == identity.name:
            reason = f"the study {identity.name}, or a policy, scenario or population it names, has changed since"
        else:
            reason = f"it holds the search of the study {found.get('name')}, not of {identity.name}"
        raise refusal(path.parent, f"{reason}; name another folder")
