"""A search written into a storage of Optuna's, so that optuna-dashboard and notebooks can show it.

Serves whoever likes those tools. The storage is a copy: it can be thrown away and written again at any time, and the
search never reads it.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memberlab.policies import DocumentError, Problem
from memberlab.results import KPIS

from ..execution import Progress, model_version
from ..ledger import LEDGER_FILE
from ..study import Level, Lever, Plan, Quantity, as_written, level_told
from .goals import SEARCH_CAUTION, Goals, Objective, goals_of
from .proposals import quiet_optuna
from .search import Tried

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.storages import BaseStorage
    from optuna.study import Study
    from optuna.trial import FrozenTrial

OWNER = "memberlab study"
"""User attribute by which a study in a storage is known as an export, and as whose."""
LONGEST_TEXT = 2_000
"""Characters of a user attribute; a database of Optuna's holds 2,045 of its JSON."""
AT_ONCE = 16
"""Trials written between two reports of progress."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote."""

    study: str
    """Name of the study in the storage."""
    trials: int
    """Policies in it."""
    fresh: int
    """Those that were not there before."""


def export_study(plan: Plan, tried: Sequence[Tried], to: str, *, progress: Progress | None = None) -> Exported:
    """Write every policy that was `tried` as a trial into the storage `to`: a URL of a database or a journal's file.

    Parameters are the levers (an increment where one stands above another), values the objectives (money in units of
    the currency), constraints the limits as the search saw them, at half a standard error: 0 or less keeps one. What
    is there already stays, and is written anew only where it has changed. Raises DocumentError when the storage cannot
    be written or holds another study of the name.
    """
    import optuna
    from sqlalchemy.exc import SQLAlchemyError

    goals = goals_of(plan.study)
    name = f"{plan.study.name}-{plan.digest()[:8]}"
    owner = f"{plan.digest()} {model_version()}"
    trials = [_trial(plan, goals, one) for one in tried]
    try:
        with quiet_optuna():
            storage = _storage(to)
            ways = optuna.study.StudyDirection
            directions = [ways.MAXIMIZE if one.aim > 0 else ways.MINIMIZE for one in goals.objectives]
            names = [study.study_name for study in optuna.get_all_study_summaries(storage)]
            study = optuna.load_study(study_name=name, storage=storage) if name in names else None
            if study is not None and study.user_attrs.get(OWNER, "").partition(" ")[0] != plan.digest():
                raise _refusal(to, f"holds a study {name} that is no export of this search; name another storage")
            known = 0 if study is None else _known(study, trials, owner)
            if study is not None and known is None:
                optuna.delete_study(study_name=name, storage=storage)
                study = None
            if study is None:
                study = optuna.create_study(study_name=name, storage=storage, directions=directions)
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # Optuna calls names of objectives experimental
                    study.set_metric_names([_title(plan, goal) for goal in goals.objectives])
                for key, value in {OWNER: owner, **_attributes(plan)}.items():
                    study.set_user_attr(key, value)
            done = known or 0
            for start in range(done, len(trials), AT_ONCE):
                if progress is not None:
                    progress(start, len(trials))
                study.add_trials(trials[start : start + AT_ONCE])
            if progress is not None:
                progress(len(trials), len(trials))
    except DocumentError:
        raise
    except (SQLAlchemyError, OSError, ValueError, RuntimeError, ImportError) as error:
        reason = str(getattr(error, "orig", None) or error.__cause__ or error).strip().splitlines()
        raise _refusal(to, f"cannot be written: {reason[0] if reason else type(error).__name__}") from None
    return Exported(name, len(trials), len(trials) - done)


def fail_if_own_ledger(folder: Path, to: str) -> None:
    """Raise DocumentError when an export would be written into the ledger of the search in `folder`."""
    path = Path(to.partition(":///")[2] or to)
    if path.absolute() == (folder / LEDGER_FILE).absolute():
        raise _refusal(to, "is the ledger of the search itself; name another file")


def _known(study: Study, trials: Sequence[FrozenTrial], owner: str) -> int | None:
    """Return how many of the trials an earlier export has written; None when what is there is not the same."""
    there = study.get_trials(deepcopy=False)
    same = len(there) <= len(trials) and study.user_attrs.get(OWNER) == owner
    for old, new in zip(there, trials, strict=False):
        same = same and (old.values, old.params, old.constraints) == (new.values, new.params, new.constraints)
        same = same and old.user_attrs == new.user_attrs
    return len(there) if same else None


def _storage(to: str) -> BaseStorage:
    """Return the storage: a database where `to` is a URL, a journal elsewhere."""
    from optuna.storages import JournalStorage, RDBStorage
    from optuna.storages.journal import JournalFileBackend

    if "://" not in to:
        _fail_if_no_journal(Path(to))
        return JournalStorage(JournalFileBackend(to))
    scheme, rest = to.split("://", 1)
    return RDBStorage(f"{'postgresql+psycopg' if scheme in ('postgres', 'postgresql') else scheme}://{rest}")


def _fail_if_no_journal(path: Path) -> None:
    """Raise DocumentError when a file is there that is no whole journal, to which Optuna would add all the same."""
    if not path.exists() or path.stat().st_size == 0:
        return
    with path.open("rb") as file:
        first = file.readline()
        file.seek(-1, 2)
        whole = file.read() == b"\n"
    if not (whole and first.startswith(b"{") and b'"op_code"' in first):
        raise _refusal(str(path), "is no journal of Optuna's, or a torn one; name another file")


def _trial(plan: Plan, goals: Goals, one: Tried) -> FrozenTrial:
    from optuna.trial import create_trial

    candidate, figures = one.candidate, one.figures
    spread = {
        f"standard error of {goal.figure}": figures[goal.figure].error / _per_unit(goal) for goal in goals.objectives
    }
    point = candidate.point if candidate.number > 0 else None  # the incumbent need not stand on the grid
    chosen = {} if point is None else plan.space.values(point)
    stacked = {
        f"value of {address}": str(chosen[address])[:LONGEST_TEXT]
        for address, lever in plan.space.levers.items()
        if point is not None and lever.above is not None
    }
    axes = [] if point is None else [_axis(address, lever) for address, lever in plan.space.levers.items()]
    return create_trial(
        params={name: values[level] for (name, values, _), level in zip(axes, point or (), strict=True)},
        distributions={name: distribution for name, _, distribution in axes},
        values=[figures[goal.figure].mean / _per_unit(goal) for goal in goals.objectives],
        constraints={bound.name: bound.excess(figures, SEARCH_CAUTION) for bound in goals.bounds} or None,
        user_attrs={
            "policy": candidate.policy.name,
            "policy digest": candidate.policy.digest(),
            "incumbent": candidate.number == 0,
            "keeps all limits": goals.is_feasible(figures, SEARCH_CAUTION),
            **stacked,
            **spread,
        },
    )


def _axis(address: str, lever: Lever) -> tuple[str, list[Any], BaseDistribution]:
    """Return a lever's name, its values by level, and its distribution as Optuna knows it."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    above = "" if lever.above is None else f" above {lever.above}"
    if lever.low is None or lever.high is None or lever.step is None:
        choices = [_plain(level) for level in lever.levels]
        return f"{address}{above}", choices, CategoricalDistribution(choices)
    numbers = [level.number for level in lever.levels if isinstance(level, Quantity)]
    name = f"{address}{above}{' (%)' if lever.low.percent else ''}"
    if all(number == int(number) for number in numbers):
        whole = [int(number) for number in numbers]
        return name, whole, IntDistribution(whole[0], whole[-1], step=int(lever.step.number))
    decimals = [float(number) for number in numbers]
    return name, decimals, FloatDistribution(decimals[0], decimals[-1], step=float(lever.step.number))


def _plain(level: Level) -> bool | int | float | str:
    """Return a level as one of the kinds of value that a storage can hold."""
    written = as_written(level)
    return written if isinstance(written, bool | int | str) else level_told(level)


def _per_unit(goal: Objective) -> float:
    """Return by what a figure is divided so that money is in units of the currency."""
    return 100.0 if KPIS[goal.kpi].unit == "money" else 1.0


def _title(plan: Plan, goal: Objective) -> str:
    """Return the name of an objective with its unit."""
    unit = plan.scenarios[0].currency if KPIS[goal.kpi].unit == "money" else KPIS[goal.kpi].unit
    return f"{goal.figure} ({unit})"


def _attributes(plan: Plan) -> dict[str, str]:
    """Return what the study in the storage says of itself."""
    return {
        "memberlab version": model_version(),
        "incumbent": plan.incumbent.name,
        "scenarios": ", ".join(scenario.name for scenario in plan.scenarios)[:LONGEST_TEXT],
        "figures": "means over scenarios on the seeds of the search, never to be reported: see report.md",
    }


def _refusal(place: str, message: str) -> DocumentError:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        shown = make_url(place).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        shown = place
    return DocumentError([Problem(shown, None, "", message)])
