"""The Pareto fronts of searches that whoever started the page has named: figures of each point, and its policy.

Serves the front panel. A browser chooses among these by number; it never names a folder of the server.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memberlab.policies import DocumentError, Policy, Problem, load_model_text, load_policy, notation_of
from memberlab.results import KPIS
from memberlab.scenarios import Population, Scenario, load_population, load_scenario

if TYPE_CHECKING:
    from memberlab.optimize import Study


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
    note: str = ""
    """What is to be known of it, such as that another version of the model made it."""


Fronts = Sequence[Front]
"""Those that may be opened, in the order given."""


def read_front(folder: Path) -> Front:
    """Return the front of the search in `folder`. Raises DocumentError for a folder without one.

    It may be of another version of the model, which `note` says: its policies are the same, its figures need not be.
    """
    import pandas as pd

    from memberlab.optimize import PLAN_FILE, Study, model_version

    if not folder.is_dir():
        raise _refusal(folder, "is no folder; name one that `memberlab optimize` wrote with --out")
    if not (folder / PLAN_FILE).is_file():
        raise _refusal(folder, "holds no search of memberlab; name a folder that `memberlab optimize` wrote with --out")
    if not (folder / "pareto.csv").is_file():
        raise _refusal(folder, "holds a search that has not ended; go on with the search's own command")
    try:
        plan = json.loads((folder / PLAN_FILE).read_text(encoding="utf-8"))
        study = load_model_text(Study, plan["study"], str(folder / PLAN_FILE))
        made_by = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["model"]
        incumbent = load_policy(folder / "incumbent-policy.yaml")
        worlds = tuple(
            (load_scenario(folder / f"scenario-{one['scenario']}.yaml"),
             load_population(folder / f"population-{one['population']}.yaml"))
            for one in plan["worlds"]
        )  # fmt: skip
        table = pd.read_csv(folder / "pareto.csv", dtype=dict.fromkeys(study.levers, str))
        points = tuple(_point(row, study, incumbent) for row in table.to_dict("records"))
    except (OSError, ValueError, KeyError, TypeError) as fault:
        if isinstance(fault, DocumentError):
            raise
        raise _refusal(folder, f"cannot be read ({fault}); the search's own command writes it anew") from None
    note = "" if made_by == model_version() else f"Its figures are of {made_by}; this is {model_version()}."
    return Front(study.name, study.title or study.name, tuple(study.objectives), points, incumbent, worlds, note)


def _point(row: Mapping[Any, object], study: Study, incumbent: Policy) -> FrontPoint:
    name, fixed = str(row["policy"]), notation_of(study)["fixed"]
    levers = {address: value_of(str(row[address])) for address in study.levers}
    policy = incumbent if name == incumbent.name else incumbent.with_({**fixed, **levers, "name": name})
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
