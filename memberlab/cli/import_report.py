"""The data report of an imported log: what it holds, what it can teach and what it cannot, in words and pictures.

Serves strategists and analysts: `report.md` and its pictures stand in the folder of the log.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from memberlab.scenarios import ImportedLog

CAPTIONS = {
    "weeks": "Sales and receipts by week from the log's first day; a part of a week at the end is left out.",
    "customers": "How often known customers came, how long they stayed away, and how sales are spread over them.",
    "baskets": "What is paid at once, and when.",
}


def write_report(imported: ImportedLog) -> None:
    """Write `report.md` and the pictures into the folder of the log."""
    from memberlab.results import log_pictures

    folder = imported.log.folder
    pictures = folder / "pictures"
    pictures.mkdir(exist_ok=True)
    drawn = log_pictures(imported.facts, imported.log.manifest.currency, pictures)
    (folder / "report.md").write_text(report(imported, drawn), encoding="utf-8")


def sizes(imported: ImportedLog) -> list[tuple[str, str]]:
    """Return the counts of a log with their names, as people write them."""
    facts, record, manifest = imported.facts, imported.log.record, imported.log.manifest
    days = (record.last_day - record.first_day).days + 1
    rows = [
        ("Time", f"{record.first_day} to {record.last_day} ({days:,} days)"),
        ("Time zone", f"{manifest.time_zone or 'unknown'}; {'times' if record.has_times else 'days only'}"),
        ("Receipts", f"{facts.trips:,}"),
        ("Known customers", f"{facts.customers:,}"),
        ("Visits (days with a purchase)", f"{facts.visits:,}"),
        ("Anonymous sales", _share(record.anonymous, facts.trips)),
        ("Returns", _share(record.returns, facts.trips + record.returns)),
        (f"Net sales, {manifest.currency}", f"{facts.net / 100:,.2f}"),
        ("Sales tax", {None: "unknown", True: "included", False: "not included"}[manifest.tax_included]),
    ]
    if facts.gross:
        rows.append((f"At shelf price, {manifest.currency}", f"{facts.gross / 100:,.2f}"))
        rows += [(f"  {name.replace('_amount', '')}", _share(cents, facts.gross, cents=True))
                 for name, cents in facts.parts.items()]  # fmt: skip
    if facts.amount_quantiles:
        _, half, high, _ = facts.amount_quantiles
        rows.append(
            (f"A receipt, {manifest.currency}", f"median {half / 100:,.2f}, one in ten above {high / 100:,.2f}")
        )
    if facts.median_gap is not None:
        rows.append(("Time between visits", f"median {facts.median_gap:g} days"))
    return rows


def _share(part: int, whole: int, *, cents: bool = False) -> str:
    told = f"{part / 100:,.2f}" if cents else f"{part:,}"
    return f"{told} ({part / whole:.1%})" if whole else told


def report(imported: ImportedLog, pictures: list[Path]) -> str:
    """Return the data report in Markdown."""
    from memberlab.scenarios import what_can_be_learnt

    log = imported.log
    manifest, record = log.manifest, log.record
    lines = [f"# Data report: {manifest.title or manifest.name}", ""]
    lines += [f"Source: {manifest.source}", ""] if manifest.source else []
    lines += ["## What is in it", "", "| | |", "| --- | --- |"]
    lines += [f"| {what.strip()} | {value} |" for what, value in sizes(imported)]
    lines += ["", "## What it can teach", ""]
    lessons = what_can_be_learnt(manifest, imported.facts)
    for verdict, title in (("yes", "Can be learnt"), ("partly", "In part"), ("no", "Cannot be learnt from this log")):
        chosen = [lesson for lesson in lessons if lesson.verdict == verdict]
        if chosen:
            lines += [f"**{title}**", "", *(f"- {lesson.part}: {lesson.why}" for lesson in chosen), ""]
    lines += ["What cannot be learnt is filled by priors, and every result says so.", ""]
    for picture in pictures:
        lines += [f"![{picture.stem}](pictures/{picture.name})", "", f"*{CAPTIONS[picture.stem]}*", ""]
    lines += ["## What was noticed", ""]
    for notice in imported.notices:
        lines += [f"- {notice.message}", *(f"  - {example}" for example in notice.examples)]
    lines += [] if imported.notices else ["Nothing unusual."]
    lines += ["", "## Where it comes from", "", "| table | file | rows | kept | columns not kept | SHA-256 |"]
    lines += ["| --- | --- | --: | --: | --- | --- |"]
    for name, table in record.tables.items():
        dropped = ", ".join(table.dropped) or "none"
        lines.append(
            f"| {name} | {table.source} | {table.rows:,} | {table.kept:,} | {dropped} | `{table.sha256[:16]}` |"
        )
    lines += ["", "Customer ids are hashed with a salt that is not in this folder.", "", f"Made by `{record.command}`."]
    return "\n".join(lines) + "\n"
