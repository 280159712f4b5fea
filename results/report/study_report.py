"""The report of a search: what to do, the Pareto explorer, and how far to trust all of it.

Serves the strategist who recommends a policy, and whoever has to agree.
"""

from __future__ import annotations

from .assumptions_section import assumptions_section
from .pareto_explorer import explorer_section
from .parts import Chart, DataTable, Report, Section
from .provenance import provenance
from .stored_run import StoredRun
from .stored_study import StoredStudy
from .study_beside_today import beside_today
from .study_figures import chances_table, figures_section, shrinkage_table, study_verdict
from .study_levers import changes_section, levers_section
from .study_scenarios import limits_section, scenarios_section
from .study_values import values_section
from .wording import Wording


def study_report(run: StoredRun, language: str) -> Report:
    """Return the report of a search's folder."""
    study = StoredStudy(run)
    wording = Wording(language, study.currency)
    trust: list[DataTable | Chart] = [chances_table(study, wording)]
    if len(study.table("shrinkage")):
        trust.append(shrinkage_table(study, wording))
    sections = [
        figures_section(study, wording), explorer_section(study, wording), changes_section(study, wording),
        Section("trust", wording.text("How far to trust it"), (), trust), values_section(study, wording),
        limits_section(study, wording), scenarios_section(study, wording), levers_section(study, wording),
        *beside_today(study, wording), assumptions_section(run.scenarios, wording), provenance(run, wording),
    ]  # fmt: skip
    title = wording.text("What the search {study} found for {today}", study=run.manifest["study"], today=study.today)
    subtitle = wording.text("{tried} policies tried, {kept} of them within the limits; {confirmed} confirmed in "
                            "{count} scenarios on populations held out", tried=run.manifest["policies_tried"],
                            kept=run.manifest["feasible"], confirmed=len(study.others),
                            count=len(study.scenarios))  # fmt: skip
    return Report(title, subtitle, study_verdict(study, wording), [one for one in sections if one is not None])
