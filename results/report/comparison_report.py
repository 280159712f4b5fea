"""The report of a comparison.

Serves whoever has to decide between policies, and whoever has to agree.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from .assumptions_section import assumptions_section
from .attribution_chart import attribution_chart
from .break_even_section import break_even_section
from .by_scenario import by_scenario
from .cards import comparison_cards
from .finance_sections import finance_sections
from .key_figures import key_figures
from .naive_section import naive_section
from .over_scenarios import over_scenarios_section
from .parts import Part, Report, Section
from .people_sections import people_sections, uplift_section
from .policy_changes import changes_table
from .provenance import provenance
from .stored_run import StoredRun, refusal
from .verdict import comparison_verdict, sentence_on
from .wording import Wording


def comparison_report(run: StoredRun, language: str) -> Report:
    """Return the report of a comparison's folder."""
    table = run.table("comparison")
    if table is None:
        raise refusal(run.folder, "holds no comparison.parquet; write the comparison again")
    scenarios = run.scenarios
    wording = Wording(language, next(iter(scenarios.values())).currency)
    policies, turns = run.policies, run.table("break-even")
    today, *tested = policies
    sections = [
        _figures(run, table, wording, today, tested),
        *_changes(run, wording, today, tested),
        *over_scenarios_section(run.table("over_scenarios"), table, run.manifest.get("weights", {}), wording, today),
        *break_even_section(run.table("margin-by-attrition-effect"), turns, wording, list(scenarios)),
        *finance_sections(run, wording),
        *_attribution(run, wording, tested),
        *uplift_section(run, wording),
        *people_sections(run, wording),
        *(naive_section(run, wording) if tested else []),
        assumptions_section(scenarios, wording),
        provenance(run, wording),
    ]
    world = next(iter(scenarios.values()))
    return Report(
        wording.text("{policies} against {today}", policies=wording.text(", ").join(tested), today=today)
        if tested else wording.text("{policy} by itself", policy=today),
        wording.text("{shoppers} shoppers, {months} months from {start}; scenarios: {scenarios}; {replications} "
                     "replications", shoppers=wording.figure(world.population.shoppers, "count"),
                     months=world.horizon.months, start=world.start,
                     scenarios=wording.text(", ").join(scenarios), replications=run.fact("replications")),
        comparison_verdict(table, wording, today, verdicts=run.table("verdicts"), break_even=turns), sections,
    )  # fmt: skip


def _figures(run: StoredRun, table: pd.DataFrame, wording: Wording, today: str, tested: Sequence[str]) -> Section:
    """Return the cards of every policy, over all scenarios, and each scenario's table."""
    together = run.table("over_scenarios")
    several = len(run.scenarios) > 1 and together is not None and len(together)
    rows = together if several and together is not None else table
    titles = {
        policy: wording.text("{policy} against {today}, mean of all scenarios", policy=policy, today=today) if several
        else wording.text("{policy} against {today}", policy=policy, today=today) for policy in tested
    }  # fmt: skip
    cards: list[Part] = [
        comparison_cards(rows[rows["policy"] == policy], wording, today, titles[policy]) for policy in tested
    ]
    tables = {scenario: [key_figures(table, wording, scenario, today)] for scenario in run.scenarios}
    said = [] if len(tested) < 2 else [
        sentence_on(table, policy, wording, today, run.table("verdicts")) for policy in tested
    ]  # fmt: skip
    return Section("figures", wording.text("Key figures"), (), [*cards, *by_scenario(tables, wording)], said)


def _changes(run: StoredRun, wording: Wording, today: str, tested: Sequence[str]) -> list[Section]:
    if not tested:
        return []
    tables = [changes_table(run.policies[today], run.policies[name], wording) for name in tested]
    return [Section("changes", wording.text("What changes for members"), (), tables)]


def _attribution(run: StoredRun, wording: Wording, tested: Sequence[str]) -> list[Section]:
    """Return what differences are made of; without `--attribute`, how to get it."""
    if not tested:
        return []
    title = wording.text("Which mechanism does it")
    table = run.table("attribution")
    if table is None:
        return [Section("attribution", title, [wording.text(
            "Not asked for: the same command with --attribute splits each difference by mechanism (prices, points "
            "pressure, goals, tiers, slower attrition and others).")])]  # fmt: skip
    parts = {}
    for scenario in run.scenarios:
        own = table[table["scenario"] == scenario]
        parts[scenario] = [
            attribution_chart(rows, wording, f"attribution-{scenario}-{policy}", policy, place)
            for place, policy in enumerate(tested, start=1) if len(rows := own[own["policy"] == policy])
        ]  # fmt: skip
    return [Section("attribution", title, (), by_scenario(parts, wording))]
