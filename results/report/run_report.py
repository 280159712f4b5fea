"""The report of one policy's run.

Serves whoever wants to see what a policy does before comparing it.
"""

from __future__ import annotations

from memberlab.policies import Policy, told

from ..kpis import KPIS
from ..run_store import MANIFEST
from .assumptions_section import assumptions_section
from .cards import run_cards
from .finance_sections import finance_sections
from .key_figures import run_figures
from .naive_section import naive_section
from .parts import Report, Section
from .people_sections import people_sections
from .policy_changes import levers_table
from .provenance import provenance
from .stored_run import StoredRun, refusal
from .wording import Wording


def run_report(run: StoredRun, language: str) -> Report:
    """Return the report of a run's folder."""
    kpis = run.fact("kpis")
    if not isinstance(kpis, dict) or not set(KPIS) <= set(kpis):
        raise refusal(run.folder / MANIFEST, "lacks key figures under kpis; write the run again")
    (policy,), (scenario,) = run.policies.values(), run.scenarios.values()
    wording = Wording(language, scenario.currency)
    shoppers, months = wording.figure(scenario.population.shoppers, "count"), scenario.horizon.months
    sections = [
        Section("figures", wording.text("Key figures"), (),
                [run_cards(kpis, wording, wording.text("At a glance")), run_figures(kpis, wording)]),
        _promises(policy, wording),
        *finance_sections(run, wording),
        *people_sections(run, wording),
        *naive_section(run, wording),
        assumptions_section(run.scenarios, wording),
        provenance(run, wording),
    ]  # fmt: skip
    return Report(
        wording.text("{policy} in {scenario}", policy=policy.name, scenario=scenario.name),
        wording.text("{shoppers} shoppers, {months} months from {start}, seed {seed}", shoppers=shoppers,
                     months=months, start=scenario.start, seed=run.manifest.get("seed", scenario.seed)),
        _verdict(run, wording, policy, shoppers, months), sections,
    )  # fmt: skip


def _verdict(run: StoredRun, wording: Wording, policy: Policy, shoppers: str, months: int) -> list[str]:
    """Return what the run has brought, and under which assumption, in two sentences."""
    kpis = run.manifest["kpis"]
    first = wording.text(
        "Under {policy} {shoppers} shoppers spend {gmv} in {months} months and leave {margin} of contribution margin "
        "after "
        "{cost} of benefits; {retention} of those who bought in the year before launch still buy in the last "
        "half-year.",
        policy=policy.name, shoppers=shoppers, months=months, margin=wording.figure(kpis["margin"], "money"),
        gmv=wording.figure(kpis["gmv"], "money"), cost=wording.figure(kpis["benefit_cost"], "money"),
        retention=wording.figure(kpis["retention"], "share"),
    )  # fmt: skip
    effect = run.manifest.get("attrition_effect")
    return [first, wording.text(
        "Whether that is more than another policy would bring, only a comparison can say; how far the programme keeps "
        "customers is assumed (attrition effect {effect}), and no order log can tell it.", effect="-"
        if effect is None else f"{effect:g}")]  # fmt: skip


def _promises(policy: Policy, wording: Wording) -> Section:
    """Return what the policy promises, as a member would be told it; another language has the levers as a table."""
    if wording.language != "en":
        return Section("promises", wording.text("What members are promised"), (), [levers_table(policy, wording)])
    sentences = [sentence.removeprefix("- ") for sentence in told(policy)]
    return Section("promises", wording.text("What members are promised"), (), (), sentences)
