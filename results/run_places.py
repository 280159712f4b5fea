"""Where runs are looked for, and which one a word means: a folder, the beginning of a name, or `last`.

Serves `memberlab runs`, `memberlab open` and the what-if page.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from memberlab.policies import DocumentError, Problem, closest

from .run_index import FoundRun, find_runs

RUNS_VARIABLE = "MEMBERLAB_RUNS"
"""Environment variable that names the folders below which runs are looked for."""

LAST = "last"
"""The word for the newest run."""


def runs_below(folders: Sequence[Path] = ()) -> list[FoundRun]:
    """Return the runs below `folders`; without any, below those of MEMBERLAB_RUNS or the current one. Newest first."""
    said = [Path(one).expanduser() for one in os.environ.get(RUNS_VARIABLE, "").split(os.pathsep) if one]
    return find_runs(folders or said or [Path()])


def run_meant(word: str) -> Path:
    """Return the folder of the run that `word` means.

    Raises DocumentError where no run, or more than one, is meant.
    """
    if Path(word).is_dir():
        return Path(word)
    found = [one for one in runs_below() if one.is_complete]
    if word == LAST and found:
        return found[0].folder
    named = [one for one in found if one.name == word] or [one for one in found if one.name.startswith(word)]
    if len(named) == 1:
        return named[0].folder
    if named:
        places = ", ".join(str(one.folder) for one in named[:5])
        message = f"is the beginning of {len(named)} runs; name one by its folder: {places}"
    else:
        guess = closest(word, [one.name for one in found])
        message = f"no such run{f', did you mean {guess!r}?' if guess else '; `memberlab runs` lists those there are'}"
    raise DocumentError([Problem(word, None, "", message)])
