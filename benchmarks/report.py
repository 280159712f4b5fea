"""The figures of a benchmark run on the terminal and as docs/benchmarks.md.

Serves `run.py`; the text around the tables of the page is written here and nowhere else.
"""

from __future__ import annotations

from figures import Cell, Figures, Table, written
from rich import box, table
from rich.console import Console

MARKS_NOTE = "Ratios are taken inside one run; seconds hold for this machine only."

PAGE = """# Benchmarks

How fast the engine is, against what, and on which machine. This page is written by `python benchmarks/run.py
--write-docs`; do not edit it. The marks come from issue 2 and section 8 of the design. Ratios are taken inside one
run, because seconds hold for one machine only.

What is compared is the *small reference rule set* (`benchmarks/reference-*.yaml`). A shopper's candidate visits
come at a gamma-distributed rate with a mean of 40 a year, until the shopper leaves for good. At a visit the logit
of buying at the felt price (tier discount, delivery fee below a threshold, points earned and points paid with)
decides; the basket is gamma-distributed; the shopper chooses whether to pay with points, oldest monthly lot first;
points are earned by the tier's multiplier. As a month opens, the lot of 13 months ago expires and the tier is
reviewed by the spend of twelve months. Every other mechanism is switched off. All implementations start from the
same snapshot, after 13 months of warm-up, and live through one year.

- **(a) SimPy** (`simpy_shoppers.py`): a process for each shopper and one for the office, with slots, local
  variables and `random.random`, totals only: the rules as they are written, which is what the marks are against;
  and (a') the same with the engine's own trick, to leave a visit before the basket is drawn when no basket could
  tempt the shopper. Until 2026-11-24 the marks were taken against (a'). With the engine's own numbers drawn in
  plain Python the totals of both are *equal* (a test); with numbers of their own they agree within chance (checked
  in each run).
- **(b) the engine**: `World.run`, books closed and identities checked; and (b') its compiled rules alone under the
  same SimPy calendar, which is what (c) does.
- **(c) C** (`reference.c`, gcc -O3 -march=native -ffp-contract=off): the same rules on the same records, without
  the mechanisms that are switched off. Shoppers and ledger must be equal to the bit, or the run stops.

Times are CPU seconds of the process, candidates in turns, medians; M is a million.

"""


def show(figures: Figures, console: Console) -> None:
    """Print machine, tables and marks."""
    console.print("\n".join(f"{name}: {fact}" for name, fact in figures.machine.items()), highlight=False)
    for one in tables_of(figures):
        console.print(f"[bold]{one.title}[/]\n{one.note}", highlight=False)
        grid = table.Table(box=box.SIMPLE)
        for number, column in enumerate(one.columns):
            grid.add_column(column, justify="left" if number == 0 else "right")
        for row in one.rows:
            grid.add_row(*(coloured(written(cell)) for cell in row))
        console.print(grid)


def coloured(text: str) -> str:
    """Return a verdict in its colour, any other text as it is."""
    colour = {"pass": "green", "MISS": "bold red"}.get(text)
    return f"[{colour}]{text}[/]" if colour else text


def tables_of(figures: Figures) -> list[Table]:
    """Return all tables, the marks last."""
    marks = Table("Marks", MARKS_NOTE, ("", "measured", "mark", ""), [mark.row for mark in figures.marks])
    return [*figures.tables, marks]


def page(figures: Figures) -> str:
    """Return docs/benchmarks.md: the marks first, then how they came about."""
    *tables, marks = tables_of(figures)
    facts = [f"- {name}: {fact}" for name, fact in figures.machine.items()]
    facts.append(f"- command: `{figures.command}`")
    parts = [in_markdown(one) for one in (marks, *tables)]
    return PAGE + "\n".join(facts) + "\n\n" + "\n".join(parts)


def in_markdown(one: Table) -> str:
    """Return a table in Markdown under its title."""
    head = [_line(one.columns), _line(["---", *["---:"] * (len(one.columns) - 1)])]
    body = [_line([written(cell) for cell in row]) for row in one.rows]
    return "\n".join([f"## {one.title}", "", one.note, "", *head, *body, ""])


def _line(cells: tuple[str, ...] | list[str] | list[Cell]) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"
