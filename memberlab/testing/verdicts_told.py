"""What the statements of a run came to, in words: for the failing test, and for the end of the terminal's report.

Serves whoever changed a policy and now reads why the run is red.
"""

from __future__ import annotations

from collections.abc import Sequence

from .settling import Settled
from .statement import Verdict


def verdict_told(one: Settled) -> str:
    """Return one statement with its figures in a sentence."""
    from memberlab.results import KPIS, written, written_difference

    said = one.statement
    kpi = KPIS[said.kpi]
    side = "higher" if one.look.mean > 0 else "lower"
    moved = "does not move" if one.look.mean == 0 else f"is {_size(kpi.unit, one.look.mean)} {side}"
    words = {
        Verdict.HOLDS: "which is within what is allowed",
        Verdict.FAILS: "which is more than is allowed",
        Verdict.UNDECIDED: f"and {one.look.seeds} seeds do not tell whether that is within what is allowed",
    }[one.verdict]
    interval = f"{written_difference(kpi, one.lowest)} to {written_difference(kpi, one.highest)}"
    return (
        f"{kpi.title} of {said.policy} in {said.scenario} {moved} than {written(said.level, kpi.unit)} under "
        f"{said.against}, {words}: {interval}, allowed {_allowed(one)}"
    ).replace("does not move than", "does not move from")


def details_told(one: Settled) -> list[str]:
    """Return seeds, correlation and the command that shows both figures again."""
    said = one.statement
    correlation = "" if said.correlation is None else f", correlation of the pairs {said.correlation:.3f}"
    lines = [f"{one.look.seeds} seeds, {said.planned_looks} looks planned{correlation}"]
    return [*lines, *([f"again: {said.replay}"] if said.replay else [])]


def counts_told(settled: Sequence[Settled], budget: float) -> str:
    """Return how many statements hold, fail or are undecided, and the probability of a false alarm."""
    number = {verdict: sum(one.verdict is verdict for one in settled) for verdict in Verdict}
    tests = len({one.statement.test for one in settled})
    of = f"{len(settled)} statement{'' if len(settled) == 1 else 's'} in {tests} test{'' if tests == 1 else 's'}"
    return (
        f"{of}, judged together: {number[Verdict.HOLDS]} hold, {number[Verdict.FAILS]} fail, "
        f"{number[Verdict.UNDECIDED]} undecided (a run without any change fails with probability {budget:.2g} at most)"
    )


def _size(unit: str, difference: float) -> str:
    from memberlab.results import written

    size = abs(difference)
    return f"{size * 100:.2f} pp" if unit == "share" else written(size, "money" if unit == "money" else "count")


def _allowed(one: Settled) -> str:
    from memberlab.results import KPIS, written_difference

    kpi, said = KPIS[one.statement.kpi], one.statement
    if said.lower is not None and said.upper is not None:
        return f"{written_difference(kpi, said.lower)} to {written_difference(kpi, said.upper)} ({said.allowed})"
    if said.lower is not None:
        return f"{written_difference(kpi, said.lower)} or better ({said.allowed})"
    return f"{written_difference(kpi, said.upper or 0.0)} or less ({said.allowed})"
