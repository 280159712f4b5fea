"""A search of a few seconds for tests that run many of them: nine policies of two worlds of 150 shoppers."""

from __future__ import annotations

from pathlib import Path

from tests.studies import STUDY, write_study

SMALL = (
    STUDY.replace("policies: 14, replications: 2, start: 6, wave: 4", "policies: 9, replications: 2, start: 4, wave: 2")
    .replace("shortlist: 5, start: 2, replications: 4", "shortlist: 3, start: 2, replications: 2")
    .replace("shortlist: 3}", "shortlist: 2}")
    + "shoppers: 150\n"
)


def write_small_study(folder: Path) -> Path:
    """Write the study and its two scenarios into `folder` and return the study's path."""
    return write_study(folder, SMALL)
