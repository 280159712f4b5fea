"""The Pareto fronts of searches: those named by whoever started the page, and those that its run store has.

Serves the front panel. A browser chooses among these by number; it never names a folder of the server.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memberlab.policies import DocumentError, Policy, Problem, load_model_text, load_policy, notation_of
from memberlab.results import KPIS, FoundRun, read_run, runs_below
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


@dataclass(frozen=True, slots=True)
class Search:
    """A search that may be opened: its line in the list, and its folder."""

    title: str
    folder: Path


def stored_searches(named: Sequence[Path] = ()) -> list[Search]:
    """Return the searches of the run store that are not among those `named`, newest first; damaged ones too.

    The run store is what `memberlab runs` lists: below the folders of MEMBERLAB_RUNS, or below the current one.
    """
    from memberlab.optimize import PLAN_FILE

    known = {folder.resolve() for folder in named}
    found = [one for one in runs_below() if one.kind == "study" or (one.folder / PLAN_FILE).is_file()]
    return [Search(_listed(one), one.folder) for one in found if one.folder.resolve() not in known]


def _listed(run: FoundRun) -> str:
    """Return a search's line in the list: its folder as seen from here, when it was written, and what is wrong."""
    here, folder = Path.cwd(), run.folder.resolve()
    shown = folder.relative_to(here) if folder.is_relative_to(here) and folder != here else folder.name
    wrong = "" if run.is_complete else f" ({run.state.partition(':')[0]})"
    return f"{shown}, {run.created:%Y-%m-%d}{wrong}"


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
    run = read_run(folder)
    if run is not None and run.value_at("format") is not None and not run.is_complete:
        raise _refusal(folder, f"cannot be read: {run.state}; update memberlab to open it")
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
        if not points or not worlds:
            raise ValueError("it has no points")
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
    for aim in study.objectives:
        if not math.isfinite(differences[aim]):
            raise ValueError(f"{name} has no {aim}")
    return FrontPoint(policy, str(row["role"]), bool(row["on_front"]), bool(row["feasible"]), differences)


def value_of(told: str) -> object:
    """Return a lever's value as the table of a front tells it: a number, `5 %`, on or off, or a word."""
    from memberlab.policies import parse_document

    if told in ("True", "False"):
        return told == "True"
    if told == "None":
        return None
    return parse_document(f"value: {told}\n", "pareto.csv").data["value"]


def _refusal(path: Path, message: str) -> DocumentError:
    return DocumentError([Problem(str(path), None, "", message)])
