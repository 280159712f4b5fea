"""A study's policies by the value of the decisive assumption, in rows and words.

Serves the report and the terminal, which must say the same: under which value a figure holds, and from
which on it pays.
"""

from __future__ import annotations

from collections.abc import Sequence

from memberlab.results import KPIS

from ..break_even import DECISIVE_ASSUMPTION, MARGIN, VALUES_SHOWN
from .study_run import StudyResult
from .summary import effect, shown


def value_rows(result: StudyResult) -> tuple[Sequence[str], list[Sequence[str]]]:
    """Return heads and rows of the policy shown by attrition effect: objectives and margin against the incumbent."""
    tested = result.tested
    kpis = list(dict.fromkeys([*(objective.kpi for objective in result.goals.objectives), MARGIN]))
    rows: list[Sequence[str]] = [
        (f"{value:g} (assumed)" if value == tested.own else f"{value:g}", *(effect(one.overall[kpi]) for kpi in kpis))
        for value, one in tested.shown.items()
    ]
    return (DECISIVE_ASSUMPTION, *(KPIS[kpi].title for kpi in kpis)), rows


def break_evens_note(result: StudyResult) -> str:
    """Say how the break-evens of the confirmed policies were found, where some were not searched."""
    if all(found.refined or not found.crossings for found in result.tested.break_evens.values()):
        return ""
    *values, last = (f"{value:g}" for value in VALUES_SHOWN)
    note = f'A value called "about" is read between {", ".join(values)} and {last}'
    subject = shown(result)
    return f"{note}." if subject is None else f"{note}; that of {subject.confirmed.policy.name} was searched."
