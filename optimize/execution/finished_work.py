"""What is finished is kept: every piece of work by its content, in a file, so that an interrupted run goes on.

Serves every experiment whose work goes through an executor: `RememberingExecutor` stands before the one that does the
work, and whoever submits need not know of it. A result counts only while the files that its piece names are there.
"""

from __future__ import annotations

import io
import pickle
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from .ledger_file import LedgerFile
from .pieces import Piece
from .work_ahead import WatchedExecutor

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

FINISHED_FILE = "finished.sqlite"
FILES = "warm-ups"
TABLES = "CREATE TABLE finished (key TEXT PRIMARY KEY, piece TEXT NOT NULL, result BLOB NOT NULL);"

ROOMS = ("memberlab.policies", "memberlab.scenarios", "memberlab.sim", "memberlab.results", "memberlab.optimize")
LIBRARIES = {
    "builtins": {"complex", "frozenset", "set", "slice", "range", "bytearray"},
    "collections": {"OrderedDict", "Counter", "deque"},
    "copyreg": {"_reconstructor", "__newobj__"},
    "datetime": {"date", "datetime", "timedelta"},
    "decimal": {"Decimal"},
    "fractions": {"Fraction"},
    "pathlib": {"Path", "PosixPath", "WindowsPath", "PurePosixPath"},
}


class FinishedWork(LedgerFile):
    """The results of finished pieces by their key."""

    def result(self, key: str) -> tuple[Any] | None:
        """Return the result of a piece, alone in a tuple, or None if it is not finished."""
        packed = self.value("SELECT result FROM finished WHERE key = ?", key)
        return None if packed is None else (_Reader(io.BytesIO(packed)).load(),)

    def record(self, key: str, piece: Piece, result: object) -> None:
        """Keep the result of a piece. Raises DocumentError when the disk refuses."""
        packed = pickle.dumps(result, protocol=5)
        try:
            self.write("INSERT OR IGNORE INTO finished VALUES (?, ?, ?)", key, str(piece), packed)
        except (sqlite3.DataError, OverflowError):
            return  # above SQLite's limit of a gigabyte: this piece would have to be done again

    def count(self) -> int:
        """Return how many pieces are finished."""
        return int(self.value("SELECT count(*) FROM finished"))


class _Reader(pickle.Unpickler):
    """Reads results that memberlab has written: its own records and numbers, and nothing that a stranger could run."""

    def find_class(self, module: str, name: str) -> Any:
        """Return a class by its name, if results consist of such."""
        is_own = any(module == room or module.startswith(f"{room}.") for room in ROOMS)
        is_array = module.partition(".")[0] == "numpy" and name in {
            "ndarray", "dtype", "_reconstruct", "scalar", "_frombuffer", "float64", "int64", "bool",
        }  # fmt: skip
        if not (is_own or is_array or name in LIBRARIES.get(module, ())):
            raise pickle.UnpicklingError(f"a finished result holds {module}.{name}, which memberlab never writes")
        found = super().find_class(module, name)
        if is_own and not isinstance(found, type):
            raise pickle.UnpicklingError(f"a finished result calls {module}.{name}, which is no record")
        return found


class RememberingExecutor(Executor):
    """An executor that keeps every result of another in `finished`, and does nothing twice.

    `folder` is for the files of the work, such as warm-ups: `working_folder` gives it.
    """

    def __init__(self, executor: Executor, finished: FinishedWork, folder: Path) -> None:
        self.folder = folder
        self._executor, self._finished = executor, finished

    def submit(
        self, fn: Callable[Parameters, Result], /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Future[Result]:
        """Return the future of a piece of work, done already when its result is known."""
        piece = Piece(fn, args, kwargs)
        key = piece.key()
        known = None
        if key is not None and all(path.exists() for path in piece.files()):
            known = self._finished.result(key)
        if known is not None:
            future: Future[Result] = Future()
            future.set_result(known[0])
            return future
        doing = self._executor.submit(fn, *args, **kwargs)
        return doing if key is None else _Remembered(doing, lambda result: self._finished.record(key, piece, result))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Shut down the executor that does the work."""
        self._executor.shutdown(wait=wait, cancel_futures=cancel_futures)

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._executor.__exit__(kind, fault, at)


class _Remembered(Future[Any]):
    """The future of a piece whose result is kept before anybody sees it."""

    def __init__(self, doing: Future[Any], record: Callable[[Any], None]) -> None:
        super().__init__()
        self._doing, self._record = doing, record
        doing.add_done_callback(self._take)

    def cancel(self) -> bool:
        """Cancel the piece if it has not begun."""
        return self._doing.cancel() and super().cancel()

    def _take(self, done: Future[Any]) -> None:
        if done.cancelled():
            super().cancel()
            self.set_running_or_notify_cancel()
            return
        fault = done.exception()
        if fault is None:
            try:
                self._record(done.result())
            except Exception as refused:
                fault = refused
        if fault is None:
            self.set_result(done.result())
        else:
            self.set_exception(fault)


@contextmanager
def working_folder(executor: Executor | None) -> Iterator[Path]:
    """Give the folder for the files of an experiment's work: one that outlives an interrupt where the executor
    remembers, and a temporary one elsewhere.
    """
    while isinstance(executor, WatchedExecutor):
        executor = executor.executor
    if isinstance(executor, RememberingExecutor):
        executor.folder.mkdir(parents=True, exist_ok=True)
        yield executor.folder
    else:
        with tempfile.TemporaryDirectory(prefix="memberlab-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
