"""What is wrong with a document, said once, at its place: for everyone who reads a file written by a person."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_PROBLEMS = 100  # a report longer than this is not read; the rest is counted


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a document: where it stands, what is wrong and what would be right."""

    file: str
    """The path as the user gave it, or the name of the object that was changed in code."""
    line: int | None
    """Line in the file, counted from 1; None when the fault has no line."""
    field: str
    """Dotted address of the field, such as `tiers.gold.threshold`; empty for the document as a whole."""
    message: str
    """The value, what is wrong with it, and the mend."""

    def __str__(self) -> str:
        """Return `policies/gold.yaml:14 tiers.gold.threshold: 800 is below silver's 1000`."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place} {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


class DocumentError(ValueError):
    """A document cannot be used; `problems` lists every fault found, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = _shortened(sorted(problems, key=_place))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most like *word*, or None when nothing is alike."""
    matches = difflib.get_close_matches(word, list(known), n=1, cutoff=0.65)
    return matches[0] if matches else None


def hint(word: str, known: Sequence[str], what: str = "known keys") -> str:
    """Return the end of a message about an unknown *word*: the closest known one, or the list of all."""
    if guess := closest(word, known):
        return f", did you mean '{guess}'?"
    return f"; {what}: {', '.join(known)}" if known else f"; there are no {what}"


def _place(problem: Problem) -> tuple[str, int]:
    return problem.file, problem.line or 0


def _shortened(problems: list[Problem]) -> tuple[Problem, ...]:
    if len(problems) <= MOST_PROBLEMS:
        return tuple(problems)
    rest = len(problems) - MOST_PROBLEMS
    last = Problem(problems[-1].file, None, "", f"and {rest} more problems; mend these first")
    return (*problems[:MOST_PROBLEMS], last)
