"""The reference page of a log: its tables, column by column, and its manifest, made from the schema.

Serves `memberlab schema log --page` and docs/log-reference.md, which a test keeps equal to it.
"""

from __future__ import annotations

from memberlab.policies import reference_page

from .manifest import LogManifest
from .schema import KINDS, TABLES, Column, Table

HEAD = """\
# Reference: a retailer's log

A folder with `trips.csv` (or `.parquet`), a `manifest.yaml`, and as many of the other tables as there are. CSV is
UTF-8 with commas and a header; days are `2026-01-31`, amounts decimal numbers with a point in currency units, discounts
positive. Columns stand in any order; those that are not listed here are not kept. [How to import a log](own-data.md).
"""


def log_page() -> str:
    """Return the page in Markdown: one table for each table of a log, and those of the manifest."""
    lines = [HEAD]
    for table in TABLES.values():
        lines += [f"## {table.name}", "", f"{table.help}{'' if table.required else ' Optional.'}", ""]
        lines += _columns(table)
    manifest = reference_page(LogManifest, "manifest.yaml").replace("\n## ", "\n### ").replace("# ", "## ", 1)
    return "\n".join([*lines, manifest.replace("#### ", "### ")])


def _columns(table: Table) -> list[str]:
    rows = ["| column | what it is | written | rule |", "| --- | --- | --- | --- |"]
    return [*rows, *(_row(column) for column in table.columns), ""]


def _row(column: Column) -> str:
    name = f"`{column.name}`" + "".join(f" or `{other}`" for other in column.also)
    written = ", ".join(f"`{word}`" for word in column.choices) or KINDS[column.kind]
    if column.unit:
        written += f"; {column.unit}"
    rules = ["required" if column.required else "optional"]
    rules += ["never empty"] * column.filled
    rules += ["0 or more" + (", on returns also below" if column.kind == "money" else "")] * (column.sign != "any")
    rules += [column.rule] * bool(column.rule)
    return f"| {name} | {column.help} | {written} | {'; '.join(rules)} |"
