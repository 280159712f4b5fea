"""`memberlab import`: a retailer's own data, checked, hidden behind hashes and told what it can teach.

Serves whoever brings a log. What is checked stands in scenarios/retail_log/, the report in `import_report.py`.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .output_options import print_json, result_options
from .progress import steps

if TYPE_CHECKING:
    from rich.table import Table

    from memberlab.scenarios import ImportedLog, Lesson, calibration

FORMS = ("complete-journey", "cdnow")


@click.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FOLDER",
              help="Write the imported log to this new folder.")  # fmt: skip
@click.option("--from", "form", type=click.Choice(FORMS), help="Data set with a form of its own.")
@click.option("--currency", metavar="CODE",
              help="Currency, where there is no manifest; of a log in several, the one to keep.")  # fmt: skip
@click.option("--time-zone", metavar="ZONE", help="The shop's time zone, such as Asia/Shanghai.")
@click.option("--timestamps", type=click.Choice(["local", "utc"]), help="What times without a zone mean.")
@click.option("--customers", type=click.Choice(["all", "sample", "new", "active", "members"]),
              help="How customers were chosen.")  # fmt: skip
@click.option("--salt-file", type=click.Path(path_type=Path), metavar="FILE",
              help="Salt that hides customer ids; without it a random one is put beside FOLDER.")  # fmt: skip
@click.option("--identical-rows", type=click.Choice(["check", "keep", "drop"]), default="check", show_default=True,
              help="What to do with rows that stand twice in trips without trip_id.")  # fmt: skip
@click.option("--leave-out-wholesale", is_flag=True, help="Leave out customers with an extreme share of sales.")
@click.option("--force", is_flag=True, help="Replace FOLDER if it is an imported log.")
@result_options("counts, notices and what the log can teach as JSON")
def import_log(
    source: Path, out: Path, form: str | None, currency: str | None, time_zone: str | None, timestamps: str | None,
    customers: str | None, salt_file: Path | None, identical_rows: calibration.IdenticalRows,
    leave_out_wholesale: bool, force: bool, as_json: bool,
) -> None:  # fmt: skip
    """Check a retailer's log, and write it as tables that a calibration can trust, with a report of what it can teach.

    SOURCE is a folder with manifest.yaml and trips.csv (or .parquet), and customers, lines, offers, exposures,
    redemptions, points_ledger and status_history where there are any; or one file of trips, with --currency.
    docs/log-reference.md has the columns. Customer ids are hashed, and no other personal column is kept. With any
    error nothing is written.
    """
    from memberlab.scenarios import importing

    said = {"time_zone": time_zone, "timestamps": timestamps, "customers": customers}
    with (
        steps() as progress,
        importing(
            source,
            out,
            adapter=form,
            said={key: value for key, value in said.items() if value is not None},
            currency=currency,
            salt_file=salt_file,
            identical_rows=identical_rows,
            leave_out_wholesale=leave_out_wholesale,
            force=force,
            command=shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]]),
            progress=progress,
        ) as imported,
    ):
        from .import_report import write_report

        progress("drawing the report", 0, 0)
        write_report(imported)
    if as_json:
        print_json(as_data(imported, out))
    else:
        _show(imported, out)


def as_data(imported: ImportedLog, out: Path) -> dict[str, object]:
    """Return what was imported as plain data."""
    from memberlab.scenarios import open_retail_log, what_can_be_learnt

    from .import_report import sizes

    lessons = what_can_be_learnt(open_retail_log(out).manifest, imported.facts)
    return {
        "log": imported.log.manifest.name, "folder": str(out), "report": str(out / "report.md"),
        "salt_file": str(imported.salt_file), "salt_is_new": imported.salt_is_new, "sizes": dict(sizes(imported)),
        "notices": [notice.message for notice in imported.notices],
        "lessons": [{"part": one.part, "learnt": one.verdict, "why": one.why} for one in lessons],
    }  # fmt: skip


def _show(imported: ImportedLog, out: Path) -> None:
    """Print the counts, what can be learnt, the notices, and where everything is."""
    from memberlab.scenarios import open_retail_log, what_can_be_learnt

    from .tables import console

    log, screen = open_retail_log(out), console()
    screen.print(_sizes(imported))
    screen.print(_lessons(what_can_be_learnt(log.manifest, imported.facts)))
    for notice in imported.notices:
        screen.print(f"Note: {notice.message}.", highlight=False)
    salt = "new, random; keep it" if imported.salt_is_new else "used again"
    screen.verdict(f"Salt: {imported.salt_file} ({salt}: whoever has it can try ids)", highlight=False)
    screen.verdict(f"Written: {out} (data report: {out / 'report.md'})", highlight=False)
    screen.print(f"Next: memberlab calibrate {shlex.quote(str(out))} --out population.yaml", highlight=False)


def _sizes(imported: ImportedLog) -> Table:
    from rich.table import Table

    from .import_report import sizes

    table = Table(title=f"Imported log {imported.log.manifest.name}", title_justify="left", title_style="bold")
    table.add_column("What")
    table.add_column("Value", justify="right", no_wrap=True)
    for what, value in sizes(imported):
        table.add_row(what, value)
    return table


def _lessons(lessons: list[Lesson]) -> Table:
    from rich.table import Table

    table = Table(title="What this log can teach", title_justify="left", title_style="bold")
    table.add_column("Part of the model")
    table.add_column("Learnt")
    table.add_column("Why")
    for lesson in lessons:
        style = {"yes": "", "partly": "yellow", "no": "dim"}[lesson.verdict]
        table.add_row(lesson.part, lesson.verdict, lesson.why, style=style)
    return table
