"""The Pareto fronts of searches that whoever started the page has named: figures of each point, and its policy.

Serves the front panel. A browser chooses among these by number; it never names a folder of the server.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memberlab.policies import DocumentError, Policy, Problem, notation_of
from memberlab.results import KPIS
from memberlab.scenarios import Population, Scenario

if TYPE_CHECKING:
    from memberlab.optimize import Plan


@dataclass(frozen=True, slots=True)
class FrontPoint:
    """One confirmed policy of a search: its differences from the incumbent by key figure, over the study's worlds."""

    policy: Policy
    role: str
    is_on_front: bool
    is_feasible: bool
    differences: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Front:
    """A search: its aims, its points, and the world in which a point is opened."""

    name: str
    title: str
    aims: tuple[str, ...]
    points: tuple[FrontPoint, ...]
    incumbent: Policy
    worlds: tuple[tuple[Scenario, Population], ...]


Fronts = Sequence[Front]
"""Those that may be opened, in the order given."""


def read_front(folder: Path) -> Front:
    """Return the front of the search in `folder`. Raises DocumentError for a folder without one."""
    import pandas as pd

    from memberlab.optimize import plan_in

    if not folder.is_dir():
        raise _refusal(folder, "is no folder; name one that `memberlab optimize` wrote with --out")
    plan = plan_in(folder)
    file = folder / "pareto.csv"
    if not file.is_file():
        raise _refusal(folder, "holds a search that has not ended; go on with the search's own command")
    try:
        table = pd.read_csv(file, dtype=dict.fromkeys(plan.study.levers, str))
        points = tuple(_point(row, plan) for row in table.to_dict("records"))
    except (ValueError, KeyError) as fault:
        if isinstance(fault, DocumentError):
            raise
        raise _refusal(file, f"cannot be read: {fault}") from None
    aims = tuple(plan.study.objectives)
    worlds = tuple(zip(plan.scenarios, plan.populations, strict=True))
    return Front(plan.study.name, plan.study.title or plan.study.name, aims, points, plan.incumbent, worlds)


def _point(row: Mapping[Any, object], plan: Plan) -> FrontPoint:
    name, fixed = str(row["policy"]), notation_of(plan.study)["fixed"]
    levers = {address: value_of(str(row[address])) for address in plan.study.levers}
    own = name == plan.incumbent.name
    policy = plan.incumbent if own else plan.incumbent.with_({**fixed, **levers, "name": name})
    differences = {kpi: float(str(row[f"{kpi}_difference"])) for kpi in KPIS if f"{kpi}_difference" in row}
    return FrontPoint(policy, str(row["role"]), bool(row["on_front"]), bool(row["feasible"]), differences)


def value_of(told: str) -> object:
    """Return a lever's value as the table of a front tells it: a number, `5 %`, on or off, or a word."""
    from memberlab.policies import parse_document

    if told in ("True", "False"):
        return told == "True"
    if told == "None":
        return None
    return parse_document(f"value: {told}\n", "pareto.csv").data["value"]


def front_picture(front: Front) -> str:
    """Return the points over two aims as an SVG picture; the table beside it says the same in figures."""
    x, y = (front.aims * 2)[:2]
    spots = [(one.differences.get(x, 0.0), one.differences.get(y, 0.0), one) for one in front.points]
    across, up = _scale([spot[0] for spot in spots]), _scale([spot[1] for spot in spots])
    circles = [
        f'<circle cx="{44 + 300 * across(a):.1f}" cy="{180 - 160 * up(b):.1f}" r="5" class="point'
        f'{" on" if one.is_on_front else ""}{" today" if one.role == "incumbent" else ""}"/>'
        for a, b, one in spots
    ]
    return (
        '<svg viewBox="0 0 360 212" aria-hidden="true"><path class="axis" d="M40 10V186H354" fill="none"/>'
        f'<text x="354" y="203" text-anchor="end">{KPIS[x].title}, difference</text>'
        f'<text x="12" y="10" text-anchor="end" transform="rotate(-90 12 10) translate(-2 12)">{KPIS[y].title}</text>'
        f"{''.join(circles)}</svg>"
    )


def _scale(values: Sequence[float]) -> Callable[[float], float]:
    low, high = min(values), max(values)
    return lambda value: 0.5 if high == low else (value - low) / (high - low)


def _refusal(path: Path, message: str) -> DocumentError:
    return DocumentError([Problem(str(path), None, "", message)])
