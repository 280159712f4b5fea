"""Reading a member file: manifest, tables, checks; then the ids are hashed and nothing personal is left.

Serves scenarios and the command line. Every fault is told at once; columns that no table has are dropped and named.
"""

from __future__ import annotations

import datetime
import os
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from memberlab.policies import DocumentError, Problem, hint, is_path, load_model

from ..calibration.log_table import LogTable, read_table, table_of
from .checks import CHECKS, Rows
from .hashing import hashed_ids, salt_of
from .manifest import MemberManifest
from .members import Members
from .not_given import NOT_GIVEN
from .schema import LOTS, MEMBERS, Table
from .values import read_column, texts

Columns = dict[str, NDArray[np.generic]]

TABLE_ENDINGS = (".csv", ".parquet")


def load_members(
    path: str | os.PathLike[str], *, as_of: datetime.date | None = None, currency: str = "", lots: str | None = None,
    points_unit: int = 1, salt: str | None = None,
) -> Members:  # fmt: skip
    """Read a member file by its manifest (.yaml), or a table alone (.csv, .parquet) with what a manifest would say.

    Raise DocumentError with every fault found: file, line, column, value, what is wrong and the mend.
    """
    name = os.fspath(path)
    if not is_path(name):
        if as_of is None or not currency:
            mend = "a table alone does not say its as-of date and currency; give the path of a manifest (.yaml)"
            raise DocumentError([Problem(name, None, "", mend)])
        manifest = MemberManifest(
            as_of=as_of, currency=currency, members=name, lots=lots, points_unit=points_unit, salt=salt
        )
        return members_of(manifest, Path())
    stamps = [_stamp(Path(name))]
    manifest = load_model(MemberManifest, name)
    stamps += [_stamp(Path(name).parent / table) for table in (manifest.members, manifest.lots) if table]
    return _kept(name, tuple(stamps))


def _stamp(path: Path) -> tuple[int, int]:
    """Return size and time of the last change of a file, by which a file that was read is known again."""
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns


@lru_cache(maxsize=2)
def _kept(name: str, stamps: tuple[tuple[int, int], ...]) -> Members:
    return members_of(load_model(MemberManifest, name), Path(name).parent)


def members_of(manifest: MemberManifest, folder: Path) -> Members:
    """Return the members that a manifest in `folder` speaks of."""
    table = _table(folder / manifest.members, "members")
    lots = None if manifest.lots is None else _table(folder / manifest.lots, "lots")
    salt = "" if manifest.ids == "hashed" else salt_of(None if manifest.salt is None else folder / manifest.salt)
    return _read(manifest, table, lots, salt)


def members_from(manifest: MemberManifest, members: pd.DataFrame, lots: pd.DataFrame | None = None) -> Members:
    """Return the members of data frames with the columns of the tables, with the same checks as a file."""
    salt = "" if manifest.ids == "hashed" else salt_of(None)
    return _read(manifest, table_of(members, "members"), None if lots is None else table_of(lots, "lots"), salt)


def _table(path: Path, what: str) -> LogTable:
    if path.suffix.lower() not in TABLE_ENDINGS:
        raise DocumentError([Problem(str(path), None, what, "is not a table; give a .csv or .parquet file")])
    if not path.is_file():
        raise DocumentError([Problem(str(path), None, what, f"no such file; give the path of the table of {what}")])
    return read_table(path)


def _read(manifest: MemberManifest, table: LogTable, lots: LogTable | None, salt: str) -> Members:
    problems, notices = [*table.faults], []
    columns, found, dropped = _columns(table, MEMBERS, manifest.points_unit)
    problems += found
    notices += dropped
    lot_columns: Columns = {}
    if lots is not None:
        lot_columns, found, dropped = _columns(lots, LOTS, manifest.points_unit)
        problems += [*lots.faults, *found]
        notices += dropped
    if problems:
        raise DocumentError(problems)
    place, problems = _owners(columns["member_id"], lots)
    if problems:
        raise DocumentError(problems)
    members = _members(manifest, columns, lot_columns, place, lots is not None)
    rows = Rows(members, table, lots)
    problems = [problem for check in CHECKS for problem in check(rows)]
    if problems:
        raise DocumentError(problems)
    return _anonymous(members, manifest, salt, (table, lots), notices)


def _columns(table: LogTable, schema: Table, points_unit: int) -> tuple[Columns, list[Problem], list[str]]:
    """Return the columns of a table, its problems, and a notice of the columns that are dropped."""
    present = [str(name) for name in table.frame.columns]
    line = None if table.lines is None else 1
    known = [column.name for column in schema.columns]
    missing = [column.name for column in schema.columns if column.required and column.name not in present]
    if missing:
        spare = [name for name in present if name not in known]
        return {}, [
            Problem(table.file, line, name, f"the column '{name}' is missing{hint(name, spare, 'unused columns')}")
            for name in missing
        ], []  # fmt: skip
    if not len(table.frame) and schema is MEMBERS:
        return {}, [Problem(table.file, line, "", "there is a header but no row; write one row a member")], []
    values: Columns = {}
    problems: list[Problem] = []
    for column in schema.columns:
        values[column.name], found = read_column(table, column, points_unit)
        problems += found
    extra = [name for name in present if name not in known]
    quoted = ", ".join(f"'{name}'" for name in extra)
    notice = f"{Path(table.file).name}: columns that a world has no use for were dropped and are kept nowhere: {quoted}"
    return values, problems, [notice] if extra else []


def _owners(ids: NDArray[np.generic], lots: LogTable | None) -> tuple[NDArray[np.int64], list[Problem]]:
    """Return the place of each lot's member, and a problem for each lot of somebody who is not in the file."""
    if lots is None:
        return np.zeros(0, np.int64), []
    index = pd.Index(ids)
    owners = texts(lots, "member_id")
    place = pd.Series(np.arange(len(index)), index=index)
    place = place[~place.index.duplicated()].reindex(owners).fillna(-1).astype(np.int64)
    wrong = np.flatnonzero(place.to_numpy() < 0).tolist()
    message = "is not in the table of members; add the member, or leave the lot out"
    problems = lots.examples(wrong, "member_id", lambda row: f"'{owners.iloc[row]}' {message}", "belong to nobody")
    return np.asarray(place, dtype=np.int64), problems


def _members(
    manifest: MemberManifest, columns: Columns, lots: Columns, place: NDArray[np.int64], has_lots: bool
) -> Members:
    rest = {name: values for name, values in columns.items() if name != "member_id"}
    empty = np.zeros(0, np.int64)
    return Members(
        name=manifest.name, as_of=manifest.as_of, currency=manifest.currency, id=columns["member_id"],  # type: ignore[arg-type]
        lot_member=place, lot_points=lots.get("points", empty), lot_expires_on=lots.get("expires_on", empty),  # type: ignore[arg-type]
        lot_earned_on=lots.get("earned_on", empty), has_lots=has_lots, **rest,  # type: ignore[arg-type]
    )  # fmt: skip


def _anonymous(
    members: Members,
    manifest: MemberManifest,
    salt: str,
    tables: tuple[LogTable, LogTable | None],
    notices: list[str],
) -> Members:
    """Return members by hashed ids, with notices and the files read."""
    ids = members.id if manifest.ids == "hashed" else np.array(hashed_ids(members.id, salt), dtype=object)
    if manifest.ids == "plain" and manifest.salt is None:
        mend = "name one in the manifest (salt: FILE) to find members again"
        notices = [*notices, f"no salt is named, so ids were hashed with one that is forgotten; {mend}"]
    if (members.points_balance == NOT_GIVEN).all() and not members.has_lots:
        notices = [*notices, "the file has neither points_balance nor lots: nobody has points"]
    files = tuple((Path(table.file).name, table.sha256) for table in tables if table is not None)
    return replace(members, id=ids, files=files, notices=tuple(notices))
