"""A sentence with gaps whose pattern another language can replace.

Serves whoever writes sentences below the reports, which alone know languages: a report looks the pattern up in its
catalogue and fills the same gaps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sentence:
    """A pattern in English and what fills its gaps; a gap may hold a sentence itself."""

    pattern: str
    gaps: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.pattern.format(**self.gaps) if self.gaps else self.pattern


@dataclass(frozen=True, slots=True)
class Listing:
    """Sentences that stand in a list within another one."""

    items: tuple[Sentence, ...]

    def __str__(self) -> str:
        """Return the list as English has it: `a, b and c`."""
        words = [str(one) for one in self.items]
        return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
