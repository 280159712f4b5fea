"""What a report is made of: sections of sentences, tables and charts.

Serves the sections, which build them, and the page, which shows them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; `tone` is good, bad or empty, and never the only sign of what it says."""

    text: str
    tone: str = ""
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table with a caption; the first cell of a row is its heading."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of Plotly's with the sentence that says what it shows, for those who do not see it, and its `table`."""

    name: str
    title: str
    alternative: str
    figure: dict[str, Any]
    note: str = ""
    table: DataTable | None = None
    """The same figures, to be opened below the chart."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """What is neither a plain table nor a chart: a template of its own, and what it reads as `part`."""

    template: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that few readers need, behind a title that opens them; paper shows them where they are `printed`."""

    title: str
    parts: Sequence[DataTable | Chart | Fragment]
    printed: bool = True


Part = DataTable | Chart | Fragment | Group


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, what is said below it, and the tables and charts that show it, in order."""

    anchor: str
    title: str
    sentences: Sequence[str] = ()
    parts: Sequence[Part] = field(default_factory=tuple)
    listed: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report."""

    title: str
    subtitle: str
    verdict: Sequence[str]
    sections: Sequence[Section]

    @property
    def charts(self) -> Iterator[Chart]:
        """Return all charts, those of groups as well."""
        for section in self.sections:
            for part in section.parts:
                yield from (
                    one for one in (part.parts if isinstance(part, Group) else [part]) if isinstance(one, Chart)
                )
