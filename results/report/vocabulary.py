"""What a report translates that stands in registries of other rooms: key figures, ledger lines, levers, assumptions.

Serves Babel, which finds only what is written literally: `extract` is a method of its own (babel.cfg), so that a new
lever or a new ledger line is missed in the catalogue by the test of it, like any new sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from memberlab.policies import Policy, meanings
from memberlab.scenarios import SHOCK_WORDS, calibration
from memberlab.sim import ASSUMPTIONS, FAMILIES, MONEY_LINES

from ..bridge import BRIDGE_STEPS
from ..kpis import KPIS


def vocabulary() -> dict[str, str]:
    """Return every term and sentence of the registries, and what it is."""
    found: dict[str, str] = {}
    for what, terms in _terms():
        found.setdefault(terms, what)
    return found


def extract(*_of_file: object, options: object) -> Iterator[tuple[Any, ...]]:
    """Yield the vocabulary as Babel's extraction methods do: line, function, message, comments."""
    for term, what in vocabulary().items():
        yield 1, None, term, [what]


def _terms() -> Iterator[tuple[str, str]]:
    for kpi in KPIS.values():
        yield "A key figure", kpi.title
        yield "What a key figure is", kpi.meaning
    for line in MONEY_LINES:
        yield "A line of the ledger", line.title
    for _, title, _ in BRIDGE_STEPS:
        yield "A line of the margin bridge", title
    for meaning in meanings(Policy):
        yield "What a lever of a policy is", meaning
    for family, assumptions in FAMILIES.items():
        yield "A family of assumptions", family
        for one in assumptions:
            yield "What an assumption is", one.meaning
    for statistic in calibration.STATISTICS:
        yield "A statistic of a log", statistic.words
    for words in SHOCK_WORDS.values():
        yield "What a shock changes", words
    for one in ASSUMPTIONS:
        yield "A unit of assumptions", one.unit
        yield "Where an assumption comes from", one.source
        yield "A grade of evidence", one.grade
        yield "From what an assumption can be learnt", one.learnt_from
        if one.mechanism:
            yield "A mechanism", one.mechanism
