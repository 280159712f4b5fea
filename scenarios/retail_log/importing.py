"""The import of a retailer's log: read, check, hide, sort, write; or leave nothing behind.

Serves `memberlab import` and whoever imports from Python. The steps stand in `_import` in their order. What is written
grows in a folder beside the target, which takes the target's name when everything is there.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from memberlab.policies import DocumentError, Problem, dump_model

from ..calibration.log_table import first_line
from ..calibration.transaction_log import IdenticalRows
from .adapters import ADAPTERS
from .checking import check_rows
from .currencies import plan_currency
from .customer_observations import wholesale_customers
from .database import LogDatabase
from .faults import Faults
from .identical_rows import settle_identical_rows
from .imported_tables import define_sales, write_table
from .log_facts import LogFacts, log_facts
from .notices import Notice, Window
from .observations import observe
from .recording import reading_notices, recorded
from .retail_log import MANIFEST, RetailLog, open_retail_log
from .salt import read_salt, salt_beside, write_salt
from .schema import TABLES
from .source_table import Progress
from .sources import Source, open_source
from .staging import StagedTable, stage


@dataclass(frozen=True, slots=True)
class ImportedLog:
    """An imported log, what was noticed, the facts of its data report, and where the salt is."""

    log: RetailLog
    notices: tuple[Notice, ...]
    facts: LogFacts
    salt_file: Path
    salt_is_new: bool


@contextlib.contextmanager
def importing(
    source: str | Path,
    out: str | Path,
    *,
    adapter: str | None = None,
    said: Mapping[str, object] | None = None,
    currency: str | None = None,
    salt_file: Path | None = None,
    identical_rows: IdenticalRows = "check",
    leave_out_wholesale: bool = False,
    force: bool = False,
    command: str = "",
    progress: Progress = lambda what, done, total: None,
) -> Iterator[ImportedLog]:
    """Give the log imported into a temporary folder, which becomes `out` when the block ends without an error.

    `said` are fields of the manifest that are given beside it (file notation); `currency` chooses one of several.
    Raise DocumentError with everything that is wrong; nothing is left behind then.
    """
    target = Path(out)
    _fail_if_taken(target, force)
    opened = ADAPTERS[adapter](Path(source)) if adapter else open_source(source, said or {}, currency)
    if adapter and said:
        opened = replace(opened, manifest=opened.manifest.with_(dict(said)))
    if salt_file is None:
        salt_path, salt, is_new = salt_beside(target)
    else:
        salt_path, salt, is_new = salt_file, read_salt(salt_file), False
    options = _Options(currency, identical_rows, leave_out_wholesale, command)
    with _working_folder(target) as work:
        result = work / "result"
        result.mkdir()
        with _faults_of_the_disk_told(target):
            notices, facts = _import(opened, work, salt, options, progress)
        yield ImportedLog(open_retail_log(result), tuple(notices), facts, salt_path, is_new)
        with _faults_of_the_disk_told(target):
            if is_new:
                write_salt(salt_path, salt)
            _move(result, target)


@contextlib.contextmanager
def _working_folder(target: Path) -> Iterator[Path]:
    """Give a new folder beside the target, which is gone afterwards."""
    with contextlib.ExitStack() as stack:
        with _faults_of_the_disk_told(target):
            place = tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.absolute().parent)
            work = stack.enter_context(place)
        yield Path(work)


@contextlib.contextmanager
def _faults_of_the_disk_told(target: Path) -> Iterator[None]:
    """Tell a full disk, or one that may not be written to, without a traceback."""
    try:
        yield
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        reason = getattr(error, "strerror", None) or first_line(error)
        message = f"the log cannot be written there: {reason}"
        raise DocumentError([Problem(str(target), None, "--out", message)]) from error


@dataclass(frozen=True, slots=True)
class _Options:
    """What the user chose."""

    currency: str | None
    identical_rows: IdenticalRows
    leave_out_wholesale: bool
    command: str


def _import(
    source: Source,
    work: Path,
    salt: str,
    options: _Options,
    progress: Progress,
) -> tuple[list[Notice], LogFacts]:
    """1. read every value; 2. check rows beside each other; 3. settle the currency; 4. notice; 5. write; 6. sum up."""
    staged = _staged(source, work, progress)
    database = LogDatabase(work, salt, staged)
    try:
        progress("checking rows beside each other", 0, 0)
        faults = Faults()
        check_rows(database, source.manifest, faults)
        doubles = settle_identical_rows(database, options.identical_rows, faults)
        plan = plan_currency(database, source.manifest, options.currency)
        problems = faults.problems()
        if isinstance(plan, Problem):
            raise DocumentError([*problems, plan])
        if problems:
            raise DocumentError(problems)
        define_sales(database, plan)
        window = _window(database, source)
        progress("looking for what is worth knowing", 0, 0)
        notices = [*reading_notices(source, staged, plan), *doubles, *observe(database, source.manifest, window)]
        some_left = options.leave_out_wholesale and wholesale_customers(database) > 0
        if some_left:
            database.execute("CREATE TEMP TABLE left_out AS SELECT customer_id FROM wholesale")
            notices.append(Notice("wholesale left out", "the wholesale customers are left out of every table"))
        kept = {}
        for number, table in enumerate(staged):
            progress(f"writing {table.name}", number, len(staged))
            kept[table.name] = write_table(database, table, work / "result", plan, some_left=some_left)
        progress("summing up", 0, 0)
        manifest = recorded(database, source, plan, window, staged, kept, notices, options.command, work / "result")
        (work / "result" / MANIFEST).write_text(dump_model(manifest), encoding="utf-8")
        return notices, log_facts(database.connection, work / "result", manifest)
    finally:
        database.close()


def _staged(source: Source, work: Path, progress: Progress) -> list[StagedTable]:
    """Read every table; raise DocumentError with the faults of all of them."""
    folder = work / "staged"
    folder.mkdir()
    faults = Faults()
    problems: list[Problem] = []
    staged = []
    for table in source.tables:
        try:
            table.inspect(progress)
            result = stage(TABLES[table.table], table, source.manifest, folder, faults, progress)
        except DocumentError as error:
            problems += error.problems
            continue
        if isinstance(result, StagedTable):
            staged.append(result)
        else:
            problems += result
    problems += faults.problems()
    if problems:
        raise DocumentError(problems)
    return staged


def _window(database: LogDatabase, source: Source) -> Window:
    manifest = source.manifest
    row = database.row("SELECT min(day) AS first, max(day) AS last FROM sales")
    if row["first"] is None:
        raise DocumentError([Problem(source.tables[0].file, None, "", "no row is left; there is nothing to import")])
    return Window(manifest.start or row["first"], manifest.end or row["last"])


def _fail_if_taken(target: Path, force: bool) -> None:
    """Raise DocumentError where the log cannot be written, or would replace something that is no imported log."""
    problem = None
    if not target.absolute().parent.is_dir():
        problem = f"there is no folder '{target.parent}'; make it first"
    elif target.is_file():
        problem = "is a file; give the name of a new folder"
    elif target.is_dir() and any(target.iterdir()):
        if not force:
            problem = "exists already; choose another name, or give --force to replace it"
        elif not (target / MANIFEST).is_file() or not (target / "trips.parquet").is_file():
            problem = "is no imported log, so --force does not replace it; choose another name"
    if problem is not None:
        raise DocumentError([Problem(str(target), None, "--out", problem)])


def _move(result: Path, target: Path) -> None:
    """Put the finished folder in its place; an older log goes only when the new one is there."""
    old = None
    if target.is_dir():
        old = result.with_name("replaced")
        target.rename(old)
    try:
        result.rename(target)
    except OSError:
        if old is not None:
            old.rename(target)
        raise
    target.chmod(0o755)
    if old is not None:
        shutil.rmtree(old, ignore_errors=True)
