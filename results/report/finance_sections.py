"""Finance in a report: the bridge, benefit cost by tier, and the points liability with its ageing.

Serves finance. Bridges are means over the replications; all else comes from the books that a run keeps of its first
one, as `memberlab finance` shows them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from ..bridge import BRIDGE_STEPS
from ..finance import margin_statements, points_statements
from ..finance.books import RunBooks
from ..finance.statements import in_order
from ..run_store import MANIFEST
from .benefit_chart import benefit_chart, costs_of
from .bridge_chart import bridge_of, bridge_of_totals, difference_chart, waterfall_chart
from .by_scenario import by_scenario
from .liability_charts import Statements, ageing_chart, liability_chart, roll_forward
from .parts import Chart, DataTable, Section
from .stored_run import StoredRun, refusal
from .wording import Wording

Statement = Mapping[tuple[str, str], Statements]
Parts = list[DataTable | Chart]


def finance_sections(run: StoredRun, wording: Wording) -> list[Section]:
    """Return bridge, benefit cost and liability of every arm, scenario by scenario; only what the run holds."""
    own = all_statements(run.books)
    note = [] if run.kind == "run" else [
        wording.text("Of the first replication, whose books `memberlab finance` tells in full.")
    ]  # fmt: skip
    bridges = by_scenario(waterfalls(run, own, wording), wording)
    found = [Section("bridge", wording.text("Margin bridge"), (), bridges)] if bridges else []
    return found + statement_sections(own, wording, note)


def waterfalls(run: StoredRun, own: Statement, wording: Wording) -> dict[str, Parts]:
    """Return the waterfalls of every scenario by its name."""
    return {scenario: bridge_parts(arms, wording, scenario) for scenario, arms in bridges_of(run, own).items()}


def statement_sections(own: Statement, wording: Wording, note: Sequence[str]) -> list[Section]:
    """Return benefit cost and liability of every arm, scenario by scenario, with a note on whose books they are."""
    found = []
    scenarios = list(dict.fromkeys(scenario for scenario, _ in own))
    arms = {name: {arm: tables for (one, arm), tables in own.items() if one == name} for name in scenarios}
    benefits = {name: benefit_parts(tables, wording, name) for name, tables in arms.items()}
    if any(benefits.values()):
        found.append(Section("benefits", wording.text("Benefit cost by tier"), note, by_scenario(benefits, wording)))
    liability = {name: liability_parts(tables, wording, name) for name, tables in arms.items()}
    if any(liability.values()):
        found.append(Section("liability", wording.text("Points liability"), note, by_scenario(liability, wording)))
    return found


def all_statements(books: Sequence[RunBooks]) -> dict[tuple[str, str], Statements]:
    """Return the statements of every arm by scenario and policy."""
    return {(one.scenario, one.arm): statements_told(one) for one in books}


def statements_told(books: RunBooks) -> dict[str, pd.DataFrame]:
    """Return the statements that a report shows, as `statements_of` makes them; all of them would take far longer."""
    lines = margin_statements.lines_by_state(books)
    by_month = margin_statements.benefits_by_month(lines, has_twin=books.twin is not None)
    return {
        "bridge": margin_statements.bridge(lines, books.months),
        "benefits": in_order(margin_statements.benefits(by_month, books, books.months), books),
        "points": points_statements.points(books), "ageing": points_statements.ageing(books),
    }  # fmt: skip


def bridges_of(run: StoredRun, own: Statement) -> dict[str, dict[str, pd.DataFrame]]:
    """Return the bridge of every policy by scenario: a run's own, a comparison's means, else those of the books."""
    if "bridge" in run.manifest:
        bridge = bridge_of_totals(_totals(run))
        return {name: dict.fromkeys(run.policies, bridge) for name in run.scenarios}
    table = run.table("bridge")
    found: dict[str, dict[str, pd.DataFrame]] = {}
    if table is not None:
        for scenario in run.scenarios:
            for policy in run.policies:
                rows = table[(table["scenario"] == scenario) & (table["policy"] == policy)]
                found.setdefault(scenario, {})[policy] = rows.reset_index(drop=True)
        return found
    for (scenario, policy), tables in own.items():
        found.setdefault(scenario, {})[policy] = bridge_of(tables["bridge"])
    return found


def _totals(run: StoredRun) -> dict[str, int]:
    """Return a run's amounts by measure. Raises DocumentError where one is missing."""
    totals: dict[str, int] = run.fact("bridge")
    missing = [name for name, _, sign in BRIDGE_STEPS if sign and name not in totals]
    if missing:
        raise refusal(run.folder / MANIFEST, f"has no {', '.join(missing)} under bridge; write the run again")
    return totals


def bridge_parts(bridges: Mapping[str, pd.DataFrame], wording: Wording, scenario: str) -> Parts:
    """Return one scenario's waterfalls: of every difference to the first policy, or of the only one."""
    first, *others = bridges
    if not others:
        return [waterfall_chart(bridges[first], wording, f"bridge-{scenario}", first)]
    return [difference_chart(bridges, wording, f"bridge-{scenario}-{policy}", policy) for policy in others]


def benefit_parts(arms: Mapping[str, Statements], wording: Wording, scenario: str) -> Parts:
    """Return one scenario's benefit costs, a chart a policy that has benefits."""
    costs = {arm: costs_of(tables["benefits"]) for arm, tables in arms.items()}
    return [
        benefit_chart(table, wording, f"benefits-{scenario}-{arm}", arm) for arm, table in costs.items() if len(table)
    ]


def liability_parts(arms: Mapping[str, Statements], wording: Wording, scenario: str) -> Parts:
    """Return one scenario's liability, roll-forwards and ageing; nothing where nobody owes points."""
    chart = liability_chart(arms, wording, f"liability-{scenario}")
    if chart is None:
        return []
    ageing = ageing_chart(arms, wording, f"ageing-{scenario}")
    return [
        chart,
        *(roll_forward(tables["points"], wording, arm) for arm, tables in arms.items()
          if tables["points"]["issued"].sum() or tables["points"]["opening"].iloc[0]),
        *([] if ageing is None else [ageing]),
    ]  # fmt: skip
