"""Writing members as a file that reads back to the same: with hashed ids only, and nothing that a world has no use for.

Serves run folders, which keep everything that a run was made from, and worlds that are told as a member file.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from memberlab.policies import dump_model

from .manifest import MemberManifest
from .members import Members
from .not_given import NO_DAY, NOT_GIVEN, Integers
from .schema import MEMBERS


def write_members(members: Members, manifest: Path) -> None:
    """Write `members` as a manifest (.yaml) and the Parquet tables beside it; their `sha256` stays as it is."""
    tables = {"members": member_table(members)}
    if members.has_lots:
        tables["lots"] = lot_table(members)
    names = {name: f"{manifest.stem}.parquet" if name == "members" else f"{manifest.stem}-{name}.parquet"
             for name in tables}  # fmt: skip
    for name, table in tables.items():
        table.to_parquet(manifest.with_name(names[name]), index=False)
    document = MemberManifest(
        name=members.name, as_of=members.as_of, currency=members.currency, members=names["members"],
        lots=names.get("lots"), ids="hashed",
    )  # fmt: skip
    manifest.write_text(dump_model(document), encoding="utf-8")


def member_table(members: Members) -> pd.DataFrame:
    """Return the table of members as a file has it, one row a member."""
    columns: dict[str, object] = {}
    for column in MEMBERS.columns:
        values: Any = getattr(members, "id" if column.name == "member_id" else column.name)
        columns[column.name] = values if column.kind in ("id", "text") else _written(values, column.kind)
    return pd.DataFrame(columns)


def lot_table(members: Members) -> pd.DataFrame:
    """Return the table of lots as a file has it, one row a lot."""
    return pd.DataFrame({
        "member_id": members.id[members.lot_member],
        "points": members.lot_points,
        "expires_on": _written(members.lot_expires_on, "day"),
        "earned_on": _written(members.lot_earned_on, "day"),
    })  # fmt: skip


def _written(values: Integers, kind: str) -> list[str]:
    """Return values as texts: days in ISO 8601, money with two decimals, nothing where nothing is given."""
    if kind == "day":
        return ["" if value == NO_DAY else datetime.date.fromordinal(value).isoformat() for value in values.tolist()]
    if kind in ("money", "sum"):
        return ["" if value == NOT_GIVEN else f"{value // 100}.{value % 100:02d}" for value in values.tolist()]
    if kind == "flag":
        return [{NOT_GIVEN: "", 0: "false", 1: "true"}[value] for value in np.asarray(values).tolist()]
    return ["" if value == NOT_GIVEN else str(value) for value in values.tolist()]
