"""`memberlab lift`: what campaigns and discounts did, as far as a log can tell, and why most differences are no lift.

Serves the strategist who wants to know what a campaign brought before the next one is planned.
"""

from __future__ import annotations

import csv
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import out_option
from .output_options import print_json, result_options
from .report_options import leaves_report

if TYPE_CHECKING:
    from rich.table import Table

    from memberlab.policies import Section
    from memberlab.scenarios import response

PICTURE, PAGE, FILE, ASSUMPTIONS_FILE = "lift.png", "lift.md", "lift.yaml", "assumptions.yaml"
DOCS_PICTURE = "pictures/campaign-response.png"
"""Where the picture of docs/campaign-response.md stands, seen from the page."""


@click.command()
@click.argument("log", type=click.Path(path_type=Path), metavar="LOG")
@click.option("--offer", "offers", multiple=True, metavar="ID",
              help="Read this offer alone; may be given several times. Without it, all that were sent.")  # fmt: skip
@click.option("--planned-share", metavar="SHARE",
              help="Share of customers that a trial was to target (80 %); else the nearest usual one.")  # fmt: skip
@click.option("--product-weeks", type=click.Path(path_type=Path), metavar="FILE",
              help="Sales by product and week (product_id, week, units, paid, shelf) in place of lines.")  # fmt: skip
@click.option("--conversion", default="10 %", show_default=True, metavar="SHARE",
              help="Assumed share of visits that end in an order, to set assumptions from a trial.")  # fmt: skip
@click.option("--beside", type=click.Path(path_type=Path), metavar="FILE.csv",
              help="Figures of another analysis to print beside (columns row, figure).")  # fmt: skip
@out_option()
@click.option("--force", is_flag=True, help="Replace an earlier run in DIR.")
@result_options("the figures as JSON")
@click.option("--page", is_flag=True, help="Print the page in Markdown instead of tables.")
@leaves_report
def lift(
    log: Path, offers: tuple[str, ...], planned_share: str | None, product_weeks: Path | None, conversion: str,
    beside: Path | None, out: Path | None, force: bool, as_json: bool, page: bool,
) -> None:  # fmt: skip
    """Tell what the offers of LOG, a folder that `memberlab import` has written, did to spend, visits and orders.

    Only a trial (assigned_by: random, with controls) has a lift. For other offers the naive figures, matched
    comparisons, and those around the first exposure stand beside the same on a fake date, with a verdict on what is
    ruled out. Logs with lines tell the price response as well.
    """
    from memberlab.scenarios import response

    started = time.time()
    if out is not None:
        from memberlab.results import fail_if_not_usable

        fail_if_not_usable(out, force=force)
    share = None if planned_share is None else _share(planned_share, "--planned-share")
    converted = _share(conversion, "--conversion")
    title, figures = _read_beside(beside)
    found = _found(log, offers, share, product_weeks)

    from memberlab.results import lift_assumptions, lift_page  # here, so that a fault of the log is told at once

    learnt, mapping = lift_assumptions(found, converted)
    command = " ".join(["memberlab", *sys.argv[1:]])
    document = response.learnt_response(found, source=command)
    name = f"Campaign and discount response: {log.name}"
    if out is not None:
        text = lift_page(found, name, command, picture=PICTURE, beside=figures, beside_title=title)
        _write(out, found, document, learnt, text, started, force)
    if as_json:
        content = {"response": document.model_dump(), "answers": _answers(found), "assumptions": mapping}
        print_json(content, default=_plain)
    elif page:
        click.echo(lift_page(found, name, command, picture=DOCS_PICTURE, beside=figures, beside_title=title), nl=False)
    else:
        _show(found, mapping, out)


def _plain(value: object) -> object:
    """Return a number that JSON does not know as one that it does, and anything else as text."""
    return float(value) if isinstance(value, Decimal) else str(value)


def _found(
    log: Path, offers: tuple[str, ...], share: float | None, product_weeks: Path | None
) -> response.CampaignResponse:
    """Read the log and return its response."""
    from memberlab.scenarios import open_retail_log, response

    imported = open_retail_log(log)
    campaigns = response.campaign_log(imported)
    campaigns.offers_named(offers)  # tell a wrong name before anything that takes time
    table = response.product_weeks_of(imported) if product_weeks is None else response.read_product_weeks(product_weeks)
    lines = response.basket_lines_of(imported, campaigns, response.weekly_panel(campaigns, ()).first_day)
    return response.campaign_response(campaigns, offers, planned_share=share, product_weeks=table, basket_lines=lines)


def _share(written: str, option: str) -> float:
    """Return a share between 0 and 1. Raise DocumentError for anything else."""
    from memberlab.policies import DocumentError, Problem

    text = written.strip()
    try:
        value = float(text.removesuffix("%")) / (100.0 if text.endswith("%") else 1.0)
    except ValueError:
        value = -1.0
    if not 0.0 < value < 1.0:
        raise DocumentError(
            [Problem(option, None, "", f"'{written}' is no share between 0 and 1; write for example 80 %")]
        )
    return value


def _read_beside(path: Path | None) -> tuple[str, dict[str, str]]:
    """Return the title and figures of a file of two columns. Raise DocumentError for one that is none."""
    from memberlab.policies import DocumentError, Problem

    if path is None:
        return "", {}
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError) as fault:
        raise DocumentError([Problem(str(path), None, "", f"cannot be read: {fault}")]) from None
    for line, row in enumerate(rows, 1):
        if len(row) != 2:
            raise DocumentError([Problem(str(path), line, "", f"has {len(row)} columns; write row,figure")])
    return (rows[0][1], {row[0]: row[1] for row in rows[1:]}) if rows else ("", {})


def _answers(found: response.CampaignResponse) -> list[dict[str, object]]:
    """Return every answer with its figures, for JSON and the table of the folder."""
    from memberlab.results import lift_rows

    answers: list[dict[str, object]] = []
    for row in lift_rows(found):
        answer: dict[str, object] = {"row": row.key, "kind": row.kind, "method": row.says, "exposed": row.exposed,
                                     "others": row.others}  # fmt: skip
        for name, estimate in row.effects.items():
            answer |= {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
        answers.append(answer)
    return answers


def _write(
    out: Path, found: response.CampaignResponse, document: Section, learnt: Section | None, page: str, started: float,
    force: bool,
) -> None:  # fmt: skip
    """Write the folder of a run: manifest, learnt effects, assumptions, page, picture and the table of answers."""
    import pandas as pd

    from memberlab.policies import dump_model
    from memberlab.results import lift_picture, lift_rows, new_run, write_manifest

    with new_run(out, force=force) as folder:
        (folder / FILE).write_text(dump_model(document), encoding="utf-8")
        if learnt is not None:
            (folder / ASSUMPTIONS_FILE).write_text(dump_model(learnt), encoding="utf-8")
        rows = lift_rows(found)
        answers = pd.DataFrame(_answers(found))
        answers.to_csv(folder / "answers.csv", index=False)
        answers.to_parquet(folder / "answers.parquet", index=False)
        lift_picture(rows, folder / PICTURE, "What did the campaigns do to spend? One question, many answers")
        (folder / PAGE).write_text(page, encoding="utf-8")
        write_manifest(folder, started, kind="lift", log=found.log.name)


def _show(found: response.CampaignResponse, mapping: list[str], out: Path | None) -> None:
    """Print the answers, the verdicts in words, and what is set or not."""
    from memberlab.scenarios import response

    from .tables import console

    screen = console()
    screen.print(_table(found))
    sentences = [words for one in found.randomised for words in response.lift_in_words(one, found.log)]
    if found.observational is not None:
        sentences += response.observational_in_words(found.observational)
    if found.price is not None:
        sentences += response.price_in_words(found.price)
    sentences += [f"Not told: {notice}." for notice in found.notices]
    for words in [*sentences, *mapping]:
        screen.verdict(words.replace("[", r"\["), highlight=False)
    if out is not None:
        screen.verdict(f"Written: {out}", highlight=False)


def _table(found: response.CampaignResponse) -> Table:
    """Return one row an answer."""
    from rich.table import Table

    from memberlab.results import lift_rows
    from memberlab.scenarios import response

    table = Table(title=f"Campaigns of {found.log.name}", title_justify="left", title_style="bold")
    table.add_column("Method")
    for heading in ("Spend [95 %]", "Visits", "Exposed", "Others"):
        table.add_column(heading.replace("[", r"\["), justify="right", no_wrap=True)
    table.add_column("")
    styles = {"own": "bold", "trial": "bold", "fake": "yellow"}
    for row in lift_rows(found):
        spend, visits = (response.share_told(row.effects[name]).replace("[", r"\[") for name in ("spend", "visits"))
        table.add_row(
            row.says, spend, visits, f"{row.exposed:,}", f"{row.others:,}", row.remark, style=styles.get(row.kind)
        )
    return table
