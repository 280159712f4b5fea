"""The report of a comparison.

Serves whoever has to decide between policies, and whoever has to agree.
"""

from __future__ import annotations

import pandas as pd

from memberlab.scenarios import load_scenario

from ..kpis import KPIS
from .finance_sections import finance_sections
from .key_figures import key_figures, verdict_of
from .parts import Cell, Chart, DataTable, Report, Section
from .policy_changes import changes_table
from .provenance import provenance
from .retention_chart import retention_chart
from .stored_run import StoredRun, refusal
from .tier_flow_chart import tier_flow_chart, tier_flow_table
from .uplift_chart import uplift_chart
from .wording import Wording


def comparison_report(run: StoredRun, language: str) -> Report:
    """Return the report of a comparison's folder."""
    table = run.table("comparison")
    if table is None:
        raise refusal(run.folder, "holds no comparison.parquet; write the comparison again")
    scenarios = list(run.manifest["scenarios"])
    wording = Wording(language, load_scenario(run.folder / f"scenario-{scenarios[0]}.yaml").currency)
    policies = run.policies
    today = next(iter(policies))
    figures = [key_figures(table, wording, scenario, today) for scenario in scenarios]
    sections = [
        Section("figures", wording.text("Key figures"), (), figures),
        Section("changes", wording.text("What changes for members"), (), [
            changes_table(policies[today], policy, wording) for name, policy in policies.items() if name != today
        ]),
        *_over_scenarios(run.table("over_scenarios"), wording, today),
        *finance_sections(run.books(), wording),
        *_people(run, wording, scenarios),
        provenance(run, wording),
    ]  # fmt: skip
    names = wording.text(", ").join(list(policies)[1:])
    return Report(
        wording.text("{policies} against {today}", policies=names, today=today),
        wording.text("{count} scenarios, {replications} replications each", count=len(scenarios),
                     replications=run.manifest["replications"]),
        verdict_of(table, wording, today), sections,
    )  # fmt: skip


def _over_scenarios(table: pd.DataFrame | None, wording: Wording, today: str) -> list[Section]:
    """Return the mean over scenarios with worst case and regret, where there are several."""
    if table is None or not len(table):
        return []
    rows = []
    for row in table.itertuples():
        if row.policy == today or row.kpi not in ("gmv", "retention", "margin"):
            continue
        unit = KPIS[row.kpi].unit
        rows.append([
            Cell(f"{row.policy}: {wording.text(KPIS[row.kpi].title)}", is_number=False),
            Cell(wording.difference(row.difference, unit)),
            Cell(wording.interval(row.simultaneous_low, row.simultaneous_high, unit)),
            Cell(f"{wording.difference(row.worst_difference, unit)} ({row.worst_scenario})"),
            Cell(wording.figure(row.regret, unit)),
        ])  # fmt: skip
    heads = [
        wording.text("Policy and figure"), wording.text("Mean difference"), wording.text("95 % interval"),
        wording.text("Worst scenario"), wording.text("Regret"),
    ]  # fmt: skip
    note = wording.text(
        "Regret: what is lost against the best policy of each scenario, mean by the scenarios' weights."
    )
    return [Section("scenarios", wording.text("Over all scenarios"), (),
                    [DataTable(wording.text("Mean, worst case and regret"), heads, rows, note)])]  # fmt: skip


def _people(run: StoredRun, wording: Wording, scenarios: list[str]) -> list[Section]:
    """Return retention, tier flows and uplift by decile, as far as the comparison has broken them down."""
    found = []
    for name, title, build in (
        ("retention", wording.text("Retention"), lambda own, scenario: [
            retention_chart(own, wording, f"retention-{scenario}")]),
        ("by_decile", wording.text("Uplift by decile of prior spend"), lambda own, scenario: [
            uplift_chart(own, "decile", wording, f"deciles-{scenario}", wording.text("Decile of prior spend"))]),
        ("tier_flows", wording.text("Tier flows"), lambda own, scenario: [
            part for policy, rows in own.groupby("policy", sort=False)
            for part in (tier_flow_chart(rows, wording, f"tiers-{scenario}-{policy}", str(policy)),
                         tier_flow_table(rows, wording, str(policy)))]),
    ):  # fmt: skip
        table = run.table(name)
        if table is None or not len(table):
            continue
        parts: list[DataTable | Chart] = []
        for scenario in scenarios:
            parts += build(table[table["scenario"] == scenario], scenario)
        found.append(Section(name.replace("_", "-"), title, (), parts))
    return found
