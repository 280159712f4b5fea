"""The plain report of a run of any other kind: its pictures and every table that its folder holds.

Serves whoever forwards a sweep, a pilot, a cut-over and the like before they have a page of their own making.
"""

from __future__ import annotations

import base64
from pathlib import Path

import pandas as pd
from babel import numbers

from .parts import Cell, DataTable, Fragment, Group, Part, Report, Section
from .provenance import provenance
from .stored_run import StoredRun, refusal
from .wording import Wording, with_minus

MOST_ROWS = 200
"""Rows of a table that are shown; the file has all."""
OPEN_ROWS = 30
"""Tables with more rows are behind their title."""
LARGEST_PICTURE = 400_000
"""Bytes of a picture that goes onto the page."""


def tables_report(run: StoredRun, language: str) -> Report:
    """Return the report of a folder with its pictures and tables as they are."""
    wording = Wording(language)
    pictures = [
        Fragment("picture.html.j2", {"title": _words(file), "name": file.name, "data": _embedded(file)})
        for file in sorted(run.folder.glob("*.png")) if file.stat().st_size <= LARGEST_PICTURE
    ]  # fmt: skip
    tables: list[Part] = []
    for file in _files(run.folder):
        shown = _table(_read(file), _words(file), file.name, wording)
        tables.append(shown if len(shown.rows) <= OPEN_ROWS else Group(shown.caption, [shown]))
    said = wording.text("As they stand in the folder: money in cents, shares from 0 to 1.")
    sections = [
        *([Section("pictures", wording.text("Pictures"), (), pictures)] if pictures else []),
        *([Section("tables", wording.text("Tables"), [said], tables)] if tables else []),
        provenance(run, wording),
    ]  # fmt: skip
    kind = {
        "sweep": wording.text("Sweep"), "discovery": wording.text("Scenario discovery"), "lift": wording.text("Lift"),
        "fee": wording.text("Fee"), "pilot": wording.text("Pilot"), "rollout": wording.text("Rollout"),
        "cutover": wording.text("Cut-over"), "claims": wording.text("Claims"),
        "global sensitivity": wording.text("Global sensitivity"), "finance": wording.text("Finance statements"),
    }.get(run.kind, run.kind)  # fmt: skip
    return Report(
        wording.text("{kind}: {folder}", kind=kind, folder=run.folder.resolve().name),
        wording.text("{tables} tables and {pictures} pictures", tables=len(tables), pictures=len(pictures)),
        [wording.text("This page shows the run's pictures and tables as they are."),
         wording.text("What decides is said by the command that wrote them, and it comes again with the command at the "
                      "end.")], sections,
    )  # fmt: skip


def _files(folder: Path) -> list[Path]:
    """Return the tables of a folder, each once: as Parquet where there is that, otherwise as CSV."""
    parquet = {file.stem: file for file in sorted(folder.glob("*.parquet"))}
    return sorted({**{file.stem: file for file in sorted(folder.glob("*.csv"))}, **parquet}.values())


def _read(file: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(file) if file.suffix == ".parquet" else pd.read_csv(file)
    except (OSError, ValueError) as fault:
        raise refusal(file, f"cannot be read ({fault}); write the run again") from None


def _table(table: pd.DataFrame, caption: str, file: str, wording: Wording) -> DataTable:
    rows = [[_cell(value, wording) for value in row] for row in table.head(MOST_ROWS).itertuples(index=False)]
    note = "" if len(table) <= MOST_ROWS else wording.text("The first {shown} of {all} rows; all are in {file}.",
                                                           shown=MOST_ROWS, all=len(table), file=file)  # fmt: skip
    return DataTable(caption, [str(column).replace("_", " ") for column in table.columns], rows, note)


def _cell(value: object, wording: Wording) -> Cell:
    """Return a value as it is told: numbers to five digits."""
    if isinstance(value, bool):
        return Cell(wording.text("yes") if value else wording.text("no"), is_number=False)
    if isinstance(value, int | float):
        if pd.isna(value):
            return Cell("")
        shown = value if float(value).is_integer() else float(f"{value:.5g}")
        return Cell(with_minus(numbers.format_decimal(shown, format="#,##0.########", locale=wording.locale)))
    return Cell("" if value is None or value is pd.NA else str(value), is_number=False)


def _words(file: Path) -> str:
    return file.stem.replace("-", " ").replace("_", " ").capitalize()


def _embedded(file: Path) -> str:
    return f"data:image/png;base64,{base64.b64encode(file.read_bytes()).decode('ascii')}"
