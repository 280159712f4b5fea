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
