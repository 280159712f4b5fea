"""What finance and members see of the policy that a search shows, beside today's: bridge, benefits, liability, tiers.

Serves the report of a search. The bridge of all scenarios is that of the confirmation; the rest is read from the
comparison in the study's folder, which lived both policies again on the same populations.
"""

from __future__ import annotations

import pandas as pd

from ..run_store import AGAINST_TODAY
from .bridge_chart import bridge_chart
from .finance_sections import all_statements, statement_sections, waterfalls
from .parts import Group, Part, Section
from .people_sections import tier_flow_section
from .stored_study import StoredStudy
from .wording import Wording


def beside_today(study: StoredStudy, wording: Wording) -> list[Section]:
    """Return bridge, benefit cost by tier, points liability and tier flows, as far as the folder has them."""
    run = study.against_today
    if run is None:
        return _bridge(study, wording, [])
    own = all_statements(run.books)
    each = waterfalls(run, own, wording)
    groups = [Group(wording.text("Scenario: {scenario}", scenario=scenario), parts) for scenario, parts in each.items()]
    # a folder with the books of several arms asks which one is meant
    one_arm = f"--policy {study.shown} --scenario {next(iter(each), '')}"
    books = wording.text("Of the first population held out, whose books `{command}` tells in full.",
                         command=f"memberlab finance DIR/{AGAINST_TODAY} {one_arm}")  # fmt: skip
    flows = wording.text("Mean over {count} populations held out.", count=run.fact("replications"))
    return [
        *_bridge(study, wording, groups if len(groups) > 1 else []), *statement_sections(own, wording, [books]),
        *tier_flow_section(run, wording, [flows]),
    ]  # fmt: skip


def _bridge(study: StoredStudy, wording: Wording, groups: list[Group]) -> list[Section]:
    """Return the margin bridge of today's policy and the one shown, where the folder has it, then by scenario."""
    table = study.table("bridge")
    if not len(table):
        return []
    names = [name for name in (study.today, study.shown) if name is not None]
    bridges: dict[str, pd.DataFrame] = {
        name: table[table["policy"] == name].reset_index(drop=True) for name in names if (table["policy"] == name).any()
    }
    note = wording.text("Mean over the scenarios by weight and over the populations held out.")
    parts: list[Part] = [bridge_chart(bridges, wording, "bridge-of-all"), *groups]
    return [Section("bridge", wording.text("Margin bridge"), [note], parts)]
