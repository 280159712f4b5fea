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

from memberlab.policies import DocumentError, Problem, dump_model

from ..calibration.transaction_log import IdenticalRows
from .adapters import ADAPTERS
from .checking import check_rows
from .currencies import CurrencyPlan, plan_currency
from .customer_observations import wholesale_customers
from .database import LogDatabase
from .faults import Faults
from .identical_rows import settle_identical_rows
from .imported_tables import define_sales, write_table
from .log_facts import LogFacts, log_facts
from .manifest import ImportRecord, LogManifest, TableRecord
from .notices import Notice, Window, counted
from .observations import observe
from .retail_log import MANIFEST, RetailLog, open_retail_log
from .salt import read_salt, salt_beside, write_salt
from .schema import TABLES
from .source_table import Progress
from .sources import Source, open_source
from .staging import StagedTable, looks_personal, stage


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
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.absolute().parent) as work:
        result = Path(work) / "result"
        result.mkdir()
        options = _Options(currency, identical_rows, leave_out_wholesale, command)
        notices, facts = _import(opened, Path(work), salt, options, progress)
        log = open_retail_log(result)
        yield ImportedLog(log, tuple(notices), facts, salt_path, is_new)
        if is_new:
            write_salt(salt_path, salt)
        try:
            _move(result, target)
        except OSError:
            if is_new:
                salt_path.unlink(missing_ok=True)
            raise


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
        notices = [*_reading_notices(source, staged, plan), *doubles, *observe(database, source.manifest, window)]
        some_left = options.leave_out_wholesale and wholesale_customers(database) > 0
        if some_left:
            database.execute("CREATE TEMP TABLE left_out AS SELECT customer_id FROM wholesale")
            notices.append(Notice("wholesale left out", "the wholesale customers are left out of every table"))
        kept = {}
        for number, table in enumerate(staged):
            progress(f"writing {table.name}", number, len(staged))
            kept[table.name] = write_table(database, table, work / "result", plan, some_left=some_left)
        progress("summing up", 0, 0)
        manifest = _recorded(database, source, plan, window, staged, kept, notices, options.command, work / "result")
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


def _reading_notices(source: Source, staged: list[StagedTable], plan: CurrencyPlan) -> list[Notice]:
    """Return what was noticed while the tables were read."""
    notices = [Notice("adapter", text) for text in source.notices]
    if plan.notice:
        notices.append(Notice("currency", plan.notice))
    for table in staged:
        personal = [name for name in table.dropped if looks_personal(name)]
        other = [name for name in table.dropped if name not in personal]
        if personal:
            message = f"{table.name}: personal columns are not kept: {', '.join(personal)}"
            notices.append(Notice("personal columns", message))
        if other:
            message = f"{table.name}: columns that no table of a log has are not kept: {', '.join(other)}"
            notices.append(Notice("unknown columns", message))
        if table.fractions:
            message = f"{table.name}: {counted(table.fractions, 'amount')} with fractions of a cent, rounded"
            notices.append(Notice("fractions of a cent", message))
    trips = staged[0]
    if not trips.has("trip_id"):
        message = "trips have no trip_id: receipts are numbered by their rows, and doubled rows cannot be told"
        notices.append(Notice("no trip_id", message))
    if source.manifest.time_zone is None and trips.has_times:
        notices.append(Notice("no time zone", "the manifest has no time zone; times are taken as the shop's own"))
    return notices


def _recorded(
    database: LogDatabase,
    source: Source,
    plan: CurrencyPlan,
    window: Window,
    staged: list[StagedTable],
    kept: Mapping[str, int],
    notices: list[Notice],
    command: str,
    result: Path,
) -> LogManifest:
    """Return the manifest with the record of what was done."""
    counts = database.row(f"""
        SELECT count(DISTINCT customer_id) FILTER (NOT is_return) AS customers,
               count(*) FILTER (customer_id IS NULL) AS anonymous, count(*) FILTER (is_return) AS returns
        FROM read_parquet('{result / "trips.parquet"}')""")
    tables = {}
    for table in staged:
        query = f"DESCRIBE SELECT * FROM read_parquet('{result / table.name}.parquet')"
        columns = tuple(row["column_name"] for row in database.rows(query))
        tables[table.name] = TableRecord(
            source=Path(table.source.file).name, sha256=table.source.sha256, rows=table.rows,
            kept=kept[table.name], columns=columns, dropped=table.dropped,
        )  # fmt: skip
    record = ImportRecord(
        command=command, adapter=source.adapter, first_day=window.first, last_day=window.last,
        customers=counts["customers"], anonymous=counts["anonymous"], returns=counts["returns"],
        has_times=staged[0].has_times, tables=tables, notices=tuple(notice.message for notice in notices),
    )  # fmt: skip
    return source.manifest.model_copy(update={"currency": plan.currency, "rates": {}, "record": record})


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
