"""What the report of the claims translates: what slides say, who is compared, and what is counted.

Serves Babel (babel.cfg); the report, which knows nothing of this room, looks them up as they stand in its folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .claims import CLAIMS


def extract(*_of_file: object, options: object) -> Iterator[tuple[Any, ...]]:
    """Yield the terms as Babel's extraction methods do: line, function, message, comments."""
    for claim in CLAIMS:
        yield 1, None, claim.says, ["What a slide says"]
        for one in (claim.among, claim.label, claim.placebo, claim.outcome):
            yield 1, None, one.words, ["Who is compared, or what is counted"]
