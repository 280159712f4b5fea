"""Faults of a log's rows, gathered over all of its blocks: at most 20 examples of each kind, and how many there are.

Serves every check of the import. A message names the file, the line, the column and the value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from memberlab.policies import Problem

from ..calibration.log_table import MOST_EXAMPLES


def place(file: str, position: int, column: str, message: str, *, has_lines: bool) -> Problem:
    """Return a problem at a line of a text file, or at a row (from 0) of another."""
    if has_lines:
        return Problem(file, position, column, message)
    return Problem(file, None, f"{column} (row {position})".strip(), message)


@dataclass(slots=True)
class _Gathered:
    count: int = 0
    examples: list[Problem] = field(default_factory=list)


class Faults:
    """The faults found so far, by file and check."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], _Gathered] = {}

    def add(
        self,
        file: str,
        column: str,
        check: str,
        count: int,
        positions: Iterable[int],
        message: Callable[[int], str],
        *,
        has_lines: bool,
    ) -> None:
        """Note `count` rows that fail a check (`check` ends the sentence "12 rows ..."); `message(i)` is that of the
        i-th of `positions`.
        """
        if not count:
            return
        found = self._found.setdefault((file, column, check), _Gathered())
        found.count += count
        for number, position in enumerate(positions):
            if len(found.examples) == MOST_EXAMPLES:
                break
            found.examples.append(place(file, position, column, message(number), has_lines=has_lines))

    def problems(self) -> list[Problem]:
        """Return the examples of every check; where there are more than 20 a count comes first."""
        problems = []
        for (file, column, check), found in self._found.items():
            if found.count > len(found.examples):
                text = f"{found.count:,} rows {check}; the first {len(found.examples)} are shown"
                problems.append(Problem(file, None, column, text))
            problems += found.examples
        return problems
