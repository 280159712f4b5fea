"""What the terminal says of the decisive assumption beside every margin: under which value it holds, and from which on.

Serves `run`, `compare` and `optimize`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from memberlab.optimize import Arm, StudyResult
    from memberlab.scenarios import Scenario


def margin_note(scenario: Scenario) -> str:
    """Return the line under the figures of a single run: under which attrition effect its margin holds."""
    from memberlab.optimize import own_value_told

    return (
        f"The margin holds {own_value_told(scenario)}, which no order log can tell; "
        "`memberlab compare` against another policy shows from which value on it pays."
    )


def margins_table(arms: Sequence[Arm]) -> Table:
    """Return one scenario's margin uplifts by attrition effect: a column a policy, and the break-even at the end."""
    from memberlab.optimize import DECISIVE_ASSUMPTION
    from memberlab.results import KPIS

    from .tables import interval

    scenario, baseline = arms[0].scenario, arms[0].policy
    tested = [(arm, arm.break_even) for arm in arms if arm.break_even is not None]
    title = f"{KPIS['margin'].title} against {baseline.name} by {DECISIVE_ASSUMPTION}, {scenario.currency}"
    table = Table(title=f"{title} ({scenario.name})", title_justify="left", title_style="bold")
    table.add_column(DECISIVE_ASSUMPTION)
    for arm, _ in tested:
        table.add_column(arm.policy.name, justify="right")
    found = tested[0][1]
    for value in found.margins:
        mark = " (assumed here)" if value == found.own else ""
        table.add_row(f"{value:g}{mark}", *(interval(one.margins[value]) for _, one in tested))
    table.add_section()
    table.add_row("pays", *(one.where for _, one in tested), style="bold")
    return table


EXPLANATION = (
    "attrition_effect is how much a programme slows attrition; no order log can tell it, and most margins hang on it "
    "(plausible: 0 to 0.85). A policy pays where it adds margin; 95 % intervals."
)
"""What a reader of `margins_table` has to know."""


def study_table(result: StudyResult) -> Table:
    """Return what the recommended policy brings against the incumbent by attrition effect."""
    from memberlab.optimize import shown, value_rows

    subject = shown(result)
    name = "" if subject is None else subject.confirmed.policy.name
    heads, rows = value_rows(result)
    table = Table(title=f"{name} by {heads[0]}, which no order log can tell", title_justify="left", title_style="bold")
    table.add_column(heads[0])
    for head in heads[1:]:
        table.add_column(head, justify="right")
    for row in rows:
        table.add_row(row[0], *(cell.replace(" (", "\n(") for cell in row[1:]))
    return table
