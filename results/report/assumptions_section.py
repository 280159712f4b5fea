"""What the run assumes about shoppers and the market, with value, range, grade of the evidence and source.

Serves whoever is asked why the figures should be believed.
"""

from __future__ import annotations

from collections.abc import Mapping

from memberlab.policies import DocumentError
from memberlab.scenarios import Scenario, load_population, shock_in_words, span_of
from memberlab.sim import FAMILIES, Assumption

from .parts import Cell, DataTable, Group, Part, Section
from .wording import Wording

DECISIVE = "attrition_effect"


def assumptions_section(scenarios: Mapping[str, Scenario], wording: Wording) -> Section:
    """Return the world of the run in figures, what it assumes otherwise than by default, and all assumptions."""
    everything = [one for members in FAMILIES.values() for one in members]
    experiments = sum(one.grade in ("A", "B") for one in everything)
    unknown = sum(one.grade == "prior" for one in everything)
    said = [
        wording.text("Shoppers' behaviour rests on {count} assumptions: {experiments} of them on experiments or "
                     "structural models (grades A and B), {unknown} on no evidence of their size (grade prior). The "
                     "attrition effect decides most margins. All of them, by what they are about, can be opened below.",
                     count=len(everything), experiments=experiments, unknown=unknown),
    ]  # fmt: skip
    changed = [one for one in everything if any(one.name in scenario.assumptions for scenario in scenarios.values())]
    marked = [one for one in everything if one.name == DECISIVE and one not in changed] + changed
    parts: list[Part] = [_world(scenarios, wording)]
    parts.append(_table(
        wording.text("The decisive assumption, and those that this run sets otherwise than by default"), marked,
        scenarios, wording,
    ))  # fmt: skip
    parts += [Group(wording.text(family), [_table(wording.text(family), members, scenarios, wording)], printed=False)
              for family, members in FAMILIES.items()]  # fmt: skip
    shocks = [
        wording.text("{scenario}: {shock}", scenario=name, shock=shock_in_words(
            shock, span_of(shock, scenario.start, scenario.horizon.months)))
        for name, scenario in scenarios.items() for shock in scenario.shocks
    ]  # fmt: skip
    return Section("assumptions", wording.text("What is assumed, and on what evidence"), said, parts, shocks)


def _world(scenarios: Mapping[str, Scenario], wording: Wording) -> DataTable:
    """Return the scenarios side by side."""
    facts = (
        (wording.text("Shoppers"), lambda one: wording.figure(one.population.shoppers, "count")),
        (wording.text("Population"), _population),
        (wording.text("Warm-up, months"), lambda one: str(one.warm_up.months)),
        (wording.text("Horizon, months"), lambda one: str(one.horizon.months)),
        (wording.text("Begins on"), lambda one: f"{one.start}"),
        (wording.text("Gross margin of goods"), lambda one: wording.figure(one.gross_margin / 10_000, "share")),
        (wording.text("Cost of a delivery"), lambda one: wording.figure(one.shipping_cost, "money")),
        (wording.text("Disturbances"), lambda one: wording.text(", ").join(shock.name for shock in one.shocks) or "-"),
    )  # fmt: skip
    rows = [[Cell(head, is_number=False), *(Cell(told(one)) for one in scenarios.values())] for head, told in facts]
    return DataTable(wording.text("The world of the run"), [wording.text("Fact"), *scenarios], rows)


def _population(scenario: Scenario) -> str:
    """Return the population's name; where its file is gone, what the scenario calls it."""
    try:
        return load_population(scenario.population.source).name
    except DocumentError:
        return str(scenario.population.source)


def _table(
    caption: str, assumptions: list[Assumption] | tuple[Assumption, ...], scenarios: Mapping[str, Scenario],
    wording: Wording,
) -> DataTable:  # fmt: skip
    rows = [
        [
            Cell(f"{wording.text(one.meaning)}\n{one.name}", is_number=False),
            Cell(_value(one, scenarios, wording)),
            Cell(wording.text("{low} to {high}", low=f"{one.low:g}", high=f"{one.high:g}")),
            Cell(wording.text(one.grade), is_number=False), Cell(wording.text(one.source), is_number=False),
        ]
        for one in assumptions
    ]  # fmt: skip
    heads = [wording.text("Assumption"), wording.text("Value"), wording.text("Range"), wording.text("Grade"),
             wording.text("Source")]  # fmt: skip
    return DataTable(caption, heads, rows)


def _value(one: Assumption, scenarios: Mapping[str, Scenario], wording: Wording) -> str:
    """Return the value in the run with its unit, the default's beside it where it differs."""
    values = {name: float(scenario.assumptions.get(one.name, one.default)) for name, scenario in scenarios.items()}
    different = set(values.values())
    if different == {one.default}:
        return f"{one.default:g} {wording.text(one.unit)}"
    told = f"{next(iter(different)):g}" if len(different) == 1 else wording.text(", ").join(
        f"{value:g} ({name})" for name, value in values.items())  # fmt: skip
    return wording.text("{value} {unit}, default {default}", value=told, unit=wording.text(one.unit),
                        default=f"{one.default:g}")  # fmt: skip
