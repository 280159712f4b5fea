"""Recalculating a workbook with LibreOffice, for tests that open what memberlab has written."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

OFFICE = shutil.which("soffice")

needs_office = pytest.mark.skipif(
    OFFICE is None,
    reason="LibreOffice (soffice) is not installed, so no workbook is recalculated; apt-get install libreoffice-calc",
)
"""Marks tests that recalculate; `.ci/run` installs what they need."""


def recalculated(folder: Path) -> dict[str, Any]:
    """Return every workbook of a folder by name, its formulas calculated anew by LibreOffice, as openpyxl reads it.

    LibreOffice is started once for all of them, which is what takes its time.
    """
    assert OFFICE is not None
    files, out = sorted(folder.glob("*.xlsx")), folder / "recalculated"
    assert files, f"there is no workbook in {folder}"
    profile = (folder / "office").absolute().as_uri()
    command = [OFFICE, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    done = subprocess.run(
        [*command, "--outdir", str(out), *map(str, files)], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {file.stem: openpyxl.load_workbook(out / file.name, data_only=True) for file in files}


def formulas_of(workbook: Path) -> dict[tuple[str, str], str]:
    """Return every formula by sheet and cell."""
    book = openpyxl.load_workbook(workbook)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book for row in sheet.iter_rows() for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("=")
    }  # fmt: skip
