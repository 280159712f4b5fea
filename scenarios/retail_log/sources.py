"""What an import starts from: the manifest and the tables of a folder, or one file of trips.

Serves the import. Adapters make the same of data sets with a form of their own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from memberlab.policies import DocumentError, Problem, hint, load_model, load_model_text

from .manifest import LogManifest
from .schema import TABLES
from .source_table import SourceTable

MANIFEST_NAMES = ("manifest.yaml", "manifest.yml")
SUFFIXES = (".csv", ".parquet")


@dataclass(frozen=True, slots=True)
class Source:
    """A manifest and the tables it speaks of; `adapter` says what translated them."""

    manifest: LogManifest
    tables: tuple[SourceTable, ...]
    adapter: str = "none"
    notices: tuple[str, ...] = ()
    """What the adapter has to say."""


def open_source(path: str | Path, said: Mapping[str, object], currency: str | None) -> Source:
    """Return the source at a folder, or at one file of trips; `said` are fields of the manifest given beside it, and
    `currency` is that of a source without a manifest.

    Raise DocumentError for a path that is neither, for faults of the manifest, for files that are no table of a log
    and for a log without trips or currency.
    """
    place = Path(path)
    if place.is_dir():
        return _folder(place, said, currency)
    if not place.exists():
        raise DocumentError([Problem(str(path), None, "", "no such file or folder; give trips.csv or a log's folder")])
    manifest = _manifest_of(place, None, said, currency)
    return Source(manifest, (SourceTable("trips", str(path), place),))


def _folder(place: Path, said: Mapping[str, object], currency: str | None) -> Source:
    files: dict[str, Path] = {}
    problems = []
    for file in sorted(place.iterdir()):
        if file.suffix.lower() not in SUFFIXES:
            continue
        if file.stem not in TABLES:
            message = f"'{file.stem}' is no table of a log{hint(file.stem, list(TABLES), 'the tables are')}"
            problems.append(Problem(str(file), None, "", f"{message} (move the file away if it is something else)"))
        elif file.stem in files:
            message = f"the table stands in {files[file.stem].name} as well; keep one of the two files"
            problems.append(Problem(str(file), None, "", message))
        else:
            files[file.stem] = file
    if "trips" not in files:
        problems.append(Problem(str(place), None, "", "there is no trips.csv or trips.parquet, the one required table"))
    if "offers" not in files:
        needing = [name for name in ("exposures", "redemptions") if name in files]
        message = "names offers, but there is no table offers; add offers.csv"
        problems += [Problem(str(files[name]), None, "offer_id", message) for name in needing]
    manifests = [place / name for name in MANIFEST_NAMES if (place / name).is_file()]
    try:
        manifest = _manifest_of(place, manifests[0] if manifests else None, said, currency)
    except DocumentError as error:
        raise DocumentError([*error.problems, *problems]) from None
    if problems:
        raise DocumentError(problems)
    if manifest.record is not None:
        message = "this log has been imported already; give the folder that it was imported from"
        raise DocumentError([Problem(str(manifests[0]), None, "record", message)])
    tables = tuple(SourceTable(name, str(files[name]), files[name]) for name in TABLES if name in files)
    return Source(manifest, tables)


def _manifest_of(place: Path, file: Path | None, said: Mapping[str, object], currency: str | None) -> LogManifest:
    """Return the manifest of a folder, or one made of what was said instead."""
    if file is not None:
        manifest = load_model(LogManifest, file)
        if "name" not in manifest.model_fields_set:
            manifest = manifest.model_copy(update={"name": _slug(place.resolve().name)})
        return manifest.with_(dict(said)) if said else manifest
    if currency is None:
        what = "there is no manifest.yaml" if place.is_dir() else "a file of trips says nothing of its currency"
        message = f"{what}; give --currency, such as --currency CNY (docs/own-data.md shows a manifest)"
        raise DocumentError([Problem(str(place), None, "currency", message)])
    return manifest_from({"name": _slug(place.resolve().stem), "currency": currency, **said}, str(place))


def manifest_from(said: Mapping[str, object], name: str) -> LogManifest:
    """Return a manifest made of fields in file notation; DocumentError names the options that are wrong."""
    try:
        return load_model_text(LogManifest, json.dumps(said), name)
    except DocumentError as error:
        raise DocumentError([replace(problem, line=None) for problem in error.problems]) from None


def _slug(name: str) -> str:
    """Return a name as documents spell them."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.lower())
    return "-".join(part for part in plain.split("-") if part)[:64].strip("-") or "log"
