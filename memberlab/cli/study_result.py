"""What the terminal says of a finished search: its blocks as tables, the verdict last.

Serves `memberlab optimize`; `--json` gives the same as data.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .break_even_tables import study_table
from .tables import console

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from memberlab.optimize import Block, StudyResult


def show_result(result: StudyResult, out: Path, seconds: float) -> None:
    """Print the confirmed policies, what each change does, how far to trust all of it, and the verdict."""
    from memberlab.optimize import all_blocks, break_evens_note, changes_block, shown, summary

    screen = console()
    if shown(result) is not None:
        screen.print(policies_table(result))
        if note := break_evens_note(result):
            screen.print(note, highlight=False, markup=False)
        show_block(screen, changes_block(result))
        for block in all_blocks(result):
            show_block(screen, block)
        screen.print(study_table(result))
    for row, sentence in enumerate(summary(result)):
        tell = screen.print if row else screen.verdict
        tell(sentence, style=None if row else "bold", highlight=False, markup=False)
    files = ", ".join(["report.md", *policy_files(out), "pareto.csv"])
    screen.verdict(f"Written to {out} in {seconds:.0f} s: {files} and pictures; docs/search-report.md tells what each "
                 "file holds.", highlight=False, markup=False)  # fmt: skip


def policy_files(out: Path) -> list[str]:
    """Return the names of the policies in a study's folder that can be run."""
    names = ("recommended-policy.yaml", "simplest-policy.yaml", "best-trade-off-policy.yaml", "nearest-policy.yaml")
    return [name for name in names if (out / name).exists()]


def show_block(screen: Console, block: Block) -> None:
    """Print one block of the report: its table, and how to read it."""
    from rich.table import Table

    if block.rows:
        table = Table(title=block.title, title_justify="left", title_style="bold", show_lines=False)
        for number, head in enumerate(block.heads):
            first = number == 0 or head in ("policy", "scenario", "recommended")
            table.add_column(head, justify="left" if first else "right", overflow="fold", no_wrap=first)
        for row in block.rows:
            table.add_row(*(cell.replace(" (", "\n(") for cell in row))
        screen.print(table)
    for note in block.notes:
        if note:
            screen.print(note, style="dim" if block.rows else None, highlight=False, markup=False)


def policies_table(result: StudyResult) -> Table:
    """Return the confirmed policies with their changes against the incumbent."""
    from rich.table import Table

    from memberlab.optimize import break_even_of, effect, held_at, role_of
    from memberlab.results import KPIS

    names = ", ".join(scenario.name for scenario in result.plan.scenarios)
    fresh = result.plan.study.confirmation.replications
    title = (
        f"Against {result.plan.incumbent.name}, mean over {names}; {fresh} fresh populations each, {held_at(result)}"
    )
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("Policy", no_wrap=True)
    for objective in result.goals.objectives:
        table.add_column(KPIS[objective.kpi].title.replace(" ", "\n", 1), justify="right", no_wrap=True)
    table.add_column("Margin pays at attrition effect")
    for standing in result.recommendation.standings[1:]:
        uplifts = [standing.confirmed.overall[objective.kpi] for objective in result.goals.objectives]
        role = role_of(standing, result)
        cells = [effect(uplift).replace(" (", "\n(") for uplift in uplifts]
        cells.append(break_even_of(standing, result).where)
        name = f"{standing.confirmed.policy.name}\n{role}"
        table.add_row(name, *cells, style="bold" if role == "recommended" else "")
    return table


def as_data(result: StudyResult) -> dict[str, Any]:
    """Return the result as plain data: money in cents, shares 0 to 1, tables as docs/search-report.md has them."""
    from memberlab.optimize import (
        DECISIVE_ASSUMPTION,
        break_even_of,
        break_even_rows,
        named,
        result_digest,
        shown,
        study_tables,
        summary,
        unmet,
    )

    subject, missed = shown(result), unmet(result)
    changes = [] if subject is None else result.plan.incumbent.diff(subject.confirmed.policy)
    tables = {name: json.loads(table.to_json(orient="records")) for name, table in study_tables(result).items()}
    simplest = result.simplification.simplest
    return {
        "study": result.plan.study.name,
        "verdict": result.recommendation.verdict.name.lower(),
        "recommended": named(result),
        "policies_tried": len(result.tried),
        "result_digest": result_digest(result),
        "nearest": None if missed is None else missed.nearest.confirmed.policy.name,
        "limits_that_bind": [] if missed is None else [one.bound.name for one in missed.limits if one.binds],
        "summary": summary(result),
        DECISIVE_ASSUMPTION: result.tested.own,
        "break_even": [] if subject is None else break_even_rows(break_even_of(subject, result)),
        "margin_by_attrition_effect": tables.pop("margin-by-attrition-effect"),
        "changes": [{"address": one.address, "before": str(one.before), "after": str(one.after)} for one in changes],
        "simplest": None if simplest is None else {
            "policy": simplest.policy.name, "changes": list(result.simplification.kept)
        },
        "flips": [
            {"assumption": choice.name, "from_value": left, "to_value": right, "from": before, "to": after}
            for choice in result.choices for left, right, before, after in choice.flips
        ],
        "confirmed": tables.pop("pareto"),
        **{name.replace("-", "_"): rows for name, rows in tables.items() if name != "search"},
    }  # fmt: skip
