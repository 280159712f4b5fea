"""What has been run and written: the run folders below some folders, told from their manifests alone.

Serves whoever looks for a run. A folder that is damaged, was interrupted or was written by a newer memberlab is told
as such; it never hides the others.
"""

from __future__ import annotations

import csv
import datetime
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from .kpis import KPIS
from .money import written
from .run_store import FORMAT, MANIFEST

PARTIAL = ".partial"
"""How the folder of an interrupted run ends."""

DEPTH = 6
"""Folders below a root that are looked into."""

COMPLETE, INTERRUPTED = "complete", "interrupted"


@dataclass(frozen=True)
class FoundRun:
    """A run folder; `state` is "complete", "interrupted", or what is wrong with it."""

    folder: Path
    state: str
    manifest: Mapping[str, Any]
    created: datetime.datetime
    """When it was written, in UTC; the folder's own time where no manifest can be read."""

    @property
    def name(self) -> str:
        """Return the folder's name."""
        return self.folder.name

    @property
    def is_complete(self) -> bool:
        """Return whether the run can be read."""
        return self.state == COMPLETE

    @property
    def kind(self) -> str:
        """Return what wrote the run, such as run, comparison or study; empty where that cannot be told."""
        return str(self.manifest.get("kind", ""))

    @cached_property
    def policies(self) -> tuple[str, ...]:
        """Return the names of the policies."""
        return self._names("policies", "policy*.yaml", ("policy", "candidate"))

    @cached_property
    def scenarios(self) -> tuple[str, ...]:
        """Return the names of the scenarios."""
        return self._names("scenarios", "scenario*.yaml", ("scenario",))

    @property
    def seed(self) -> int | None:
        """Return the seed, of a study the study's own; None where none is written, or each scenario has its own."""
        seeds = self.manifest.get("seeds")
        seed = seeds.get("study") if isinstance(seeds, dict) else self.manifest.get("seed")
        return seed if isinstance(seed, int) else None

    @cached_property
    def size(self) -> int:
        """Return the bytes of all files in the folder."""
        return sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())

    @cached_property
    def headline(self) -> str:
        """Return the verdict or the key figure in a line; empty where the manifest has none."""
        try:
            return _headline(self)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, OSError):
            return ""

    def value_at(self, key: str) -> object:
        """Return what the manifest has at a dotted key such as `kpis.margin`; None where it has nothing."""
        value: object = self.manifest
        for part in key.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        return value

    def _names(self, several: str, files: str, one: Sequence[str]) -> tuple[str, ...]:
        written_down = self.manifest.get(several)
        if isinstance(written_down, dict):
            return tuple(written_down)
        named = [name for file in sorted(self.folder.glob(files)) if (name := _name_in(file))]
        said = [str(self.manifest[key]) for key in one if isinstance(self.manifest.get(key), str)]
        return tuple(dict.fromkeys(named)) or tuple(text for text in said if not _is_digest(text))


def find_runs(roots: Iterable[Path]) -> list[FoundRun]:
    """Return the runs in and below `roots`, newest first; a root may be a run itself."""
    found = {folder.resolve(): run for root in roots for folder in _folders(root) if (run := read_run(folder))}
    return sorted(found.values(), key=lambda run: (run.created, run.name), reverse=True)


def read_run(folder: Path) -> FoundRun | None:
    """Return the run in `folder`, None where it holds something else."""
    file = folder / MANIFEST
    if folder.name.endswith(PARTIAL) and (folder / "finished.sqlite").is_file():
        return FoundRun(folder, INTERRUPTED, {}, _time_of(folder))
    if not file.is_file():
        return None
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        text = ""
    try:
        manifest = json.loads(text)
    except ValueError as fault:
        ours = "memberlab" in text or any(folder.glob("policy*.yaml")) or any(folder.glob("scenario*.yaml"))
        return FoundRun(folder, f"damaged: {MANIFEST} is no JSON ({fault})", {}, _time_of(file)) if ours else None
    if not isinstance(manifest, dict) or not {"kind", "versions"} <= manifest.keys():
        return None
    made, state = manifest.get("format", 1), COMPLETE
    if not isinstance(made, int) or made > FORMAT:
        state = f"newer format: {made}, this memberlab reads up to {FORMAT}"
    return FoundRun(folder, state, manifest, _created(manifest) or _time_of(file))


def _folders(root: Path) -> Iterator[Path]:
    """Give `root` and the folders below it, hidden ones left out; a run is not looked into."""
    top = len(root.parts)
    for place, folders, files in os.walk(root, onerror=None):
        here = Path(place)
        yield here
        is_run = MANIFEST in files or here.name.endswith(PARTIAL)
        below = [] if is_run or len(here.parts) - top >= DEPTH else folders
        folders[:] = sorted(one for one in below if not one.startswith((".", "__")) and one != "node_modules")


def _created(manifest: Mapping[str, Any]) -> datetime.datetime | None:
    try:
        moment = datetime.datetime.fromisoformat(str(manifest.get("created")))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def _time_of(file: Path) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(int(file.stat().st_mtime), datetime.UTC)


def _name_in(file: Path) -> str:
    """Return the name that stands in a document, without reading the rest."""
    try:
        found = re.search(r"^name:\s*(\S+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    except (OSError, ValueError):
        return ""
    return found[1].strip("'\"") if found else ""


def _is_digest(text: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{16,}", text) is not None


def _headline(run: FoundRun) -> str:
    """Return what a run of this kind comes to."""
    found, folder = run.manifest, run.folder
    match run.kind:
        case "run":
            currency = _line_in(folder / "scenario.yaml", "currency")
            return f"margin {written(found['kpis']['margin'], KPIS['margin'].unit)} {currency}".rstrip()
        case "comparison":
            with (folder / "tables" / "verdicts.csv").open(encoding="utf-8", newline="") as rows:
                return next(csv.DictReader(rows))["verdict"]
        case "study":
            return f"{found['verdict']}; {found['policies_tried']:,} policies tried, {found['feasible']:,} keep limits"
        case "budget":
            return "every ceiling passes" if found["kept"] else "a ceiling fails"
        case "fee":
            return f"best fee {found['best_fee']:g}"
        case "pilot":
            return str(found["told"]["recommendation"])
        case "discovery":
            return str(found["told"][0])
        case _:
            return ""


def _line_in(file: Path, key: str) -> str:
    found = re.search(rf"^{key}:\s*(\S+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1].strip("'\"") if found else ""
