"""The same small rule set as (a) a SimPy process per shopper, (b) the engine, and (c) C, in turns in one run.

Serves the first two marks of the engine: how many times it is as fast as plain SimPy, and how near it comes to C.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from agreement import agreement_with_engine
from figures import Cell, Figures, Mark, Table
from measuring import Candidate, take_turns
from reference_in_c import build_month_in_c, c_compiler
from reference_world import month_of_engine, prepare_year, reference_snapshot, year_of_engine
from simpy_shoppers import RandomDraws, year_of_simpy

from memberlab.sim import Snapshot

SIMPY, SIMPY_EARLY = "(a) SimPy", "(a') SimPy with the engine's early end of a visit"
WORLD, RULES, IN_C = "(b) engine, World.run", "(b') engine, rules alone", "(c) C"
LEAST_TIMES_SIMPY = {10_000: 75.0, 100_000: 100.0}
MOST_TIMES_C = 1.15


def compare_implementations(figures: Figures, shoppers: int, simpy_rounds: int, rounds: int, folder: Path) -> None:
    """Add the table of all implementations at one number of shoppers, and its marks."""
    snapshot = reference_snapshot(shoppers)
    quick = quick_candidates(snapshot, folder)
    for prepare in quick.values():
        prepare()()  # compiled and in the cache
    seconds: dict[str, list[float]] = {}
    results: dict[str, Any] = {}
    for turn in range(simpy_rounds):
        results |= take_turns(simpy_candidates(snapshot, turn), 1, seconds)
        results |= take_turns(quick, rounds, seconds)
    days = len(results[WORLD].ledger)
    visits = {name: total_visits(results[name]) for name in seconds}
    each = {name: median(times) / visits[name] * 1e9 for name, times in seconds.items()}
    rows: list[list[Cell]] = [
        [name, len(times), median(times), visits[name], each[name], 1e3 / each[name],
         shoppers * days / median(times) / 1e6, each[SIMPY] / each[name], ratio_to(each.get(IN_C), each[name])]
        for name, times in seconds.items()
    ]  # fmt: skip
    columns = (
        "",
        "runs",
        "CPU s",
        "visits",
        "ns/visit",
        "visits/ms",
        "shopper-days/us",
        "times SimPy",
        "C's time x",
    )
    figures.tables.append(Table(f"{shoppers:,} shoppers, a year", agreement_note(snapshot, results), columns, rows))
    if shoppers in LEAST_TIMES_SIMPY:
        ratio, least = each[SIMPY] / each[WORLD], LEAST_TIMES_SIMPY[shoppers]
        figures.marks.append(
            Mark(f"engine as fast as SimPy, {shoppers:,} shoppers", ratio, least, "times", at_least=True)
        )
    against_c = ratio_to(each.get(IN_C), each[RULES])
    figures.marks.append(Mark(f"engine's rules against C, {shoppers:,} shoppers", against_c, MOST_TIMES_C, "times"))


def ratio_to(base: float | None, figure: float) -> float | None:
    """Return `figure` in units of `base`; None without a base."""
    return None if base is None else figure / base


def simpy_candidates(snapshot: Snapshot, turn: int) -> dict[str, Candidate]:
    """Return the SimPy model as its rules are written, and with the engine's early end, seeded by the turn."""
    return {
        SIMPY: lambda: year_of_simpy(snapshot, RandomDraws(turn)),
        SIMPY_EARLY: lambda: year_of_simpy(snapshot, RandomDraws(turn), ends_early=True),
    }


def quick_candidates(snapshot: Snapshot, folder: Path) -> dict[str, Candidate]:
    """Return the engine, its rules alone, and C where there is a compiler, built in a folder of its own in `folder`."""
    candidates: dict[str, Candidate] = {
        WORLD: lambda: year_of_engine(snapshot),
        RULES: lambda: prepare_year(snapshot, month_of_engine),
    }
    if c_compiler():
        month_in_c = build_month_in_c(Path(tempfile.mkdtemp(dir=folder)))
        candidates[IN_C] = lambda: prepare_year(snapshot, month_in_c)
    return candidates


def total_visits(result: Any) -> int:
    """Return the visits of a year, whichever implementation lived it."""
    return int(result["visits"]) if isinstance(result, dict) else int(result.ledger["visits"].sum())


def agreement_note(snapshot: Snapshot, results: dict[str, Any]) -> str:
    """Return in words that all implementations did the same. Raise RuntimeError when one did not."""
    engine = results[WORLD]
    notes = []
    if IN_C in results:
        if not same_bits(results[IN_C], engine):
            raise RuntimeError("reference.c and the engine differ: no figure of this run can be trusted")
        notes.append("C and the engine end with the same bits in every shopper and ledger line.")
    if not same_bits(results[RULES], engine):
        raise RuntimeError("the engine's rules alone and World.run differ: the benchmark's driver is out of step")
    for simpy in (SIMPY, SIMPY_EARLY):
        agreement = agreement_with_engine(snapshot, results[simpy], seeds=30)
        if not agreement.holds:
            raise RuntimeError(f"{simpy} and the engine differ: {agreement}")
        notes.append(
            f"{simpy} draws its own numbers; its totals agree: the furthest, {agreement.measure}, is "
            f"{agreement.distance:.1f} standard errors from the engine's mean ({agreement.allowed:.1f} allowed)."
        )
    return " ".join(notes)


def same_bits(left: Any, right: Any) -> bool:
    """Return whether two years left the same shoppers and the same ledger, to the bit."""
    return np.array_equal(left.ledger, right.ledger) and left.shoppers.tobytes() == right.shoppers.tobytes()
