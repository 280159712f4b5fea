"""The verdict of a search in two sentences, and the key figures of the policy that it is about.

Serves whoever has to decide; figures are those of the populations held out, with intervals that hold together.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from .cards import Card
from .parts import Cell, DataTable, Fragment, Part, Section
from .relative_figures import NO_BREAK, change_told, figure_told, interval_told, title_of
from .stored_study import StoredStudy
from .wording import Wording, with_minus


def study_verdict(study: StoredStudy, wording: Wording) -> list[str]:
    """Return the verdict: what to do, and what it brings or why nothing is to be done."""
    aims = wording.text(", ").join(title_of(wording, kpi) for kpi in study.objectives)
    if study.recommended is not None:
        return [_recommendation(study, wording, aims), _effects(study, wording, study.recommended)]
    if not bool(study.pareto["feasible"].any()):
        return [
            wording.text("Keep {today}: nothing that was found keeps all limits, today's policy included.",
                         today=study.today),
            wording.text("Which limit stands in the way, and which policy comes nearest, is told under the limits."),
        ]  # fmt: skip
    first = wording.text("Keep today's policy, {today}: nothing that was found beats it on {aims} together.",
                         today=study.today, aims=aims)  # fmt: skip
    if study.shown is None:
        return [first, wording.text("No other policy that was confirmed keeps the limits.")]
    return [first, wording.text("The best trade-off is {policy}. {effects}", policy=study.shown,
                                effects=_effects(study, wording, study.shown))]  # fmt: skip


def _recommendation(study: StoredStudy, wording: Wording, aims: str) -> str:
    if study.run.manifest.get("verdict") == "certain":
        return wording.text("Replace {today} by {policy}: it is better on {aims}, and that is certain for each of "
                            "them (95 % intervals leave out zero).", policy=study.recommended, today=study.today,
                            aims=aims)  # fmt: skip
    return wording.text("Replace {today} by {policy}: it is better on {aims} on average, though not every one of "
                        "these gains is certain.", policy=study.recommended, today=study.today,
                        aims=aims)  # fmt: skip


def _effects(study: StoredStudy, wording: Wording, name: str) -> str:
    """Return what the policy brings against today's, as one sentence."""
    said = [
        wording.text("{figure} {change} ({interval})", figure=title_of(wording, kpi),
                     change=change_of(study, wording, name, kpi), interval=interval_of(study, wording, name, kpi))
        for kpi in study.objectives
    ]  # fmt: skip
    kept = wording.figure(study.figure(name, "probability_feasible"), "share")
    return wording.text("Mean over {count} scenarios: {effects}; it keeps the limits with a probability of {kept}.",
                        count=len(study.scenarios), effects=wording.text("; ").join(said), kept=kept)  # fmt: skip


def change_of(study: StoredStudy, wording: Wording, name: str, kpi: str) -> str:
    """Return a confirmed policy's change of a KPI against today."""
    return change_told(wording, kpi, study.figure(name, f"{kpi}_difference"), _baseline(study, kpi))


def interval_of(study: StoredStudy, wording: Wording, name: str, kpi: str) -> str:
    """Return its interval, which holds for all policies and objectives together."""
    low, high = (study.figure(name, f"{kpi}_{end}") for end in ("low", "high"))
    return interval_told(wording, kpi, low, high, _baseline(study, kpi))


def figures_section(study: StoredStudy, wording: Wording) -> Section:
    """Return the key figures of the policy that the report is about, beside today's."""
    name = study.shown or study.today
    parts: list[Part] = [] if name == study.today else [_cards(study, wording, name)]
    return Section("figures", wording.text("Key figures"), (), [*parts, figures_table(study, wording, name)])


def _cards(study: StoredStudy, wording: Wording, name: str) -> Fragment:
    """Return the objectives of a policy as cards: the change, its interval, and today's figure."""
    better = senses_of(study)
    cards = []
    for kpi in study.objectives:
        low, high = (study.figure(name, f"{kpi}_{end}") for end in ("low", "high"))
        tone = "" if low <= 0 <= high else "good" if (low > 0) == (better[kpi] > 0) else "bad"
        beside = wording.text(
            "95 %: {interval}", interval=interval_of(study, wording, name, kpi).replace(NO_BREAK, " ")
        )
        today = wording.text("{today}: {figure}", today=study.today,
                             figure=figure_told(wording, kpi, _baseline(study, kpi)))  # fmt: skip
        cards.append(Card(title_of(wording, kpi), change_of(study, wording, name, kpi), f"{beside}\n{today}", tone,
                          {"good": "▲", "bad": "▼"}.get(tone, "")))  # fmt: skip
    return Fragment("cards.html.j2", {"cards": cards, "title": wording.text("Objectives of {policy}", policy=name)})


def senses_of(study: StoredStudy) -> dict[str, int]:
    """Return by KPI 1 where more is better and -1 where less is: of objectives, and of limits."""
    limits = study.table("limits")
    senses = {} if not len(limits) else {
        str(kpi): -1 if relation == "at_most" else 1
        for kpi, relation in zip(limits["kpi"], limits["relation"], strict=True)
    }  # fmt: skip
    senses |= dict.fromkeys(study.objectives, 1)
    criteria = study.table("robustness")
    if len(criteria):
        own = criteria[criteria["criterion"] == "mean"]
        senses |= {str(kpi): 1 if more else -1 for kpi, more in zip(own["kpi"], own["more_is_better"], strict=True)}
    return senses


def figures_table(study: StoredStudy, wording: Wording, name: str) -> DataTable:
    """Return a policy's figures, objectives first, then those with a limit."""
    rows = []
    for kpi in study.kpis:
        cells = [Cell(title_of(wording, kpi), is_number=False),
                 Cell(figure_told(wording, kpi, _baseline(study, kpi)))]  # fmt: skip
        if name != study.today:
            cells += [
                Cell(figure_told(wording, kpi, study.figure(name, kpi))),
                Cell(change_of(study, wording, name, kpi)), Cell(interval_of(study, wording, name, kpi)),
            ]  # fmt: skip
        rows.append(cells)
    heads = [wording.text("Key figure"), study.today]
    if name != study.today:
        heads += [name, wording.text("Difference"), wording.text("95 % interval")]
    note = wording.text(
        "On populations that the search never used, mean over scenarios by weight, paired by shopper. Intervals hold "
        "with 95 % for all policies and objectives together."
    )
    return DataTable(wording.text("{policy} against {today}", policy=name, today=study.today), heads, rows, note)


def chances_table(study: StoredStudy, wording: Wording) -> DataTable:
    """Return how likely each confirmed policy keeps the limits, is beaten by another, and beats today's."""
    columns = ("probability_feasible", "probability_dominated", "probability_on_front", "probability_beats_incumbent",
               "share_of_weightings")  # fmt: skip
    rows = [
        [Cell(labelled(study, wording, name), is_number=False),
         *(Cell(wording.figure(study.figure(str(name), column), "share")) for column in columns)]
        for name in study.pareto.index
    ]  # fmt: skip
    heads = [
        wording.text("Policy"), wording.text("Keeps the limits"), wording.text("Another beats it in everything"),
        wording.text("On the Pareto front"), wording.text("Beats today's in every objective"),
        wording.text("Best of these weightings"),
    ]  # fmt: skip
    note = wording.text("Shares of 1,000 draws of the populations held out; the last column: of 5,000 weightings of "
                        "the objectives, those by which it is the best.")  # fmt: skip
    return DataTable(wording.text("How sure this is"), heads, rows, note)


def role_told(wording: Wording, role: str) -> str:
    """Return what a confirmed policy is, in words."""
    return {
        "incumbent": wording.text("today's policy"),
        "recommended": wording.text("recommended"),
        "front": wording.text("on the Pareto front"),
        "other": wording.text("beaten by another"),
        "infeasible": wording.text("breaks a limit"),
    }.get(role, role)


def labelled(study: StoredStudy, wording: Wording, name: str) -> str:
    """Return a policy's name with its role, where that says something."""
    role = str(study.pareto.loc[name, "role"]) if name in study.pareto.index else ""
    if role in ("", "front", "other"):
        return name
    return wording.text("{policy} ({role})", policy=name, role=role_told(wording, role))


def shrinkage_table(study: StoredStudy, wording: Wording) -> DataTable:
    """Return what the search had estimated beside what held on populations that it never used."""
    table = study.table("shrinkage")
    rows = []
    for name in dict.fromkeys(table["policy"]):
        own = table[table["policy"] == name].set_index("kpi")
        cells = [Cell(labelled(study, wording, str(name)), is_number=False)]
        for kpi in study.objectives:
            line: Any = own.loc[kpi]
            search = change_told(wording, kpi, float(line["search_difference"]), study.today_in_search[kpi])
            held = change_told(wording, kpi, float(line["difference"]), _baseline(study, kpi))
            said = wording.text("{search}, now {held}", search=search, held=held).replace(" ", NO_BREAK)
            cells.append(Cell(f"{said}\n{_luck(wording, line)}"))
        rows.append(cells)
    heads = [wording.text("Policy"), *(title_of(wording, kpi) for kpi in study.objectives)]
    note = wording.text("The best of many noisy figures is partly luck. Luck: how far the search had flattered a "
                        "policy, in standard errors; negative where it had been too modest.")  # fmt: skip
    return DataTable(wording.text("The search's estimate, and what held"), heads, rows, note)


def _luck(wording: Wording, line: Any) -> str:
    value = line["flattered_errors"]
    return "" if pd.isna(value) else wording.text("luck {errors}", errors=with_minus(f"{float(value):+.1f}"))


def _baseline(study: StoredStudy, kpi: str) -> float:
    """Return the incumbent's figure."""
    return study.figure(study.today, kpi)
