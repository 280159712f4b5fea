"""Work done by a Dask cluster, behind the same interface as by processes, with the same bits.

Serves `--cluster`. Dask knows which workers are alive, and does a piece again whose worker has died; memberlab adds
what Dask does not: files travel with the pieces that read them, workers that would come to other figures are refused,
and a cluster without workers is said to be lost where Dask would wait for ever. Needs the extra `memberlab[dask]`.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
import warnings
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from memberlab.policies import DocumentError, Problem
from memberlab.scenarios import Scenario

from .cluster_worker import Done, Lacking, Sent, Wanted, arithmetic, difference, work
from .pieces import Piece
from .process_pool import LostWorker, interrupts_held_back

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

LOCAL = "local"
CONNECT_SECONDS = 10.0
PATIENCE_SECONDS = 30.0
"""Time without any worker after which a cluster is taken for lost."""
SILENCE_SECONDS = 30.0
"""Time without an answer of the scheduler after which a cluster is taken for lost."""
DEATHS_ALLOWED = 3
"""Workers that may die while they do one piece before it is given up; a foreign scheduler has a number of its own."""


class LostCluster(BrokenExecutor):
    """The cluster has lost its scheduler, or has had no worker for a while."""


def open_cluster(address: str, count: int = 1, *, patience: float = PATIENCE_SECONDS) -> ClusterExecutor:
    """Return an executor over the cluster at `address`, or one of `count` processes of this machine for `local`.

    Raises DocumentError when Dask is not installed, or the cluster cannot be reached, has no workers, or has some that
    would come to other figures.
    """
    try:
        import dask
        import distributed
    except ImportError:
        raise _refusal(address, "needs Dask, which is not installed: pip install 'memberlab[dask]'") from None
    warnings.filterwarnings("ignore", message="Sending large graph")  # warm-ups are large, and travel once a worker
    warnings.filterwarnings("ignore", category=distributed.versions.VersionMismatchWarning)  # told below, and refused
    for name in [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is told by the exceptions here
    cluster: LocalCluster | None = None
    settings = {
        "distributed.scheduler.allowed-failures": DEATHS_ALLOWED,
        "distributed.scheduler.worker-saturation": 1.0,
        "distributed.comm.timeouts.connect": f"{CONNECT_SECONDS:g}s",
        "distributed.admin.low-level-log-length": 1000,
    }
    dask.config.set(settings)
    with interrupts_held_back():  # processes that start inside never hear Ctrl-C
        if address == LOCAL:
            cluster = distributed.LocalCluster(
                n_workers=count, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
            )
        try:
            client = distributed.Client(cluster or address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TypeError) as fault:
            why = str(fault).partition("\n")[0]
            raise _refusal(address, f"cannot be reached: {why}") from None
    try:
        fail_if_not_usable(client, address)
    except BaseException:
        _close(client, cluster)
        raise
    return ClusterExecutor(client, address, cluster, patience=patience)


def fail_if_not_usable(client: Client, address: str) -> None:
    """Raise DocumentError when a cluster has no workers, or one that would come to other figures than this process."""
    try:
        with suppress(TimeoutError):
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        answers = client.run(arithmetic, on_error="return")
    except OSError as fault:
        raise _refusal(address, f"does not answer any more: {str(fault).partition(chr(10))[0]}") from None
    if not answers:
        raise _refusal(address, f"has no workers; start one with: dask worker {address}")
    own, problems = arithmetic(), []
    for worker, answer in answers.items():
        if isinstance(answer, BaseException):
            problems.append(f"worker {worker} cannot work, is the same memberlab installed there? {answer}")
        elif told := difference(own, answer):
            problems.append(f"worker {worker} would come to other figures: {told}")
    if problems:
        raise DocumentError([Problem(address, None, "", told) for told in problems])


class ClusterExecutor(Executor):
    """An executor over a Dask client. A piece whose worker dies is done again; one that kills worker after worker
    fails with `LostWorker`, which names it, and all that are left with `LostCluster` when nobody is there to do them.

    Pieces that open a world with a member file are done in this process, since the file is here.
    """

    def __init__(
        self, client: Client, address: str, cluster: LocalCluster | None = None, *, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._client, self._address, self._cluster, self._patience = client, address, cluster, patience
        self._dask = client.get_executor(pure=False)
        self._arithmetic = arithmetic()
        self._pending: set[Future[Any]] = set()
        self._turn = threading.RLock()
        self._digests: dict[tuple[Path, int, int], str] = {}
        self._here = ThreadPoolExecutor(1, "memberlab-here")
        self._hands = ThreadPoolExecutor(1, "memberlab-cluster")  # Dask's own thread must not wait for a disk
        self._is_closed = threading.Event()
        self._lost: LostCluster | None = None
        threading.Thread(target=self._watch, daemon=True).start()

    def submit(
        self, fn: Callable[Parameters, Result], /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Future[Result]:
        """Return the future of a piece of work. Raises RuntimeError after `shutdown`, LostCluster after a loss."""
        if self._lost is not None:
            raise LostCluster(*self._lost.args)
        if self._is_closed.is_set():
            raise RuntimeError("the cluster takes no more work: it has been shut down")
        piece = Piece(fn, args, kwargs)
        if any(isinstance(one, Scenario) and one.population.members is not None for one in args):
            return self._here.submit(fn, *args, **kwargs)
        future: Future[Result] = Future()
        with self._turn:
            self._pending.add(future)
        self._send(piece, future)
        return future

    def least_memory(self) -> int | None:
        """Return the bytes that the worker with the least memory has for each piece at a time; None without limits."""
        with suppress(Exception):
            known = self._client.scheduler_info(n_workers=-1)["workers"].values()
            shares = [one["memory_limit"] // max(one["nthreads"], 1) for one in known if one["memory_limit"]]
            return min(shares, default=None)
        return None

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work and leave the cluster; a local one ends. With `cancel_futures` no result is awaited."""
        if self._is_closed.is_set():
            return
        if cancel_futures:
            with self._turn:
                for future in list(self._pending):
                    future.cancel()
        else:  # with or without `wait`: leaving a cluster drops what it has not finished
            with self._turn:
                left = self._pending.copy()
            wait_for(left)
        self._is_closed.set()
        self._here.shutdown(wait=False, cancel_futures=True)
        self._hands.shutdown(wait=False, cancel_futures=True)
        _close(self._client, self._cluster)

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.shutdown(cancel_futures=kind is not None)

    def _send(self, piece: Piece, future: Future[Any], lacking: Lacking | None = None) -> None:
        """Hand a piece to the cluster; with its files for a worker that lacks them."""
        sent: dict[str, Path] = {}
        wanted: dict[str, Path] = {}

        def named(path: Path) -> Sent | Wanted:
            if path.exists():
                digest = self._digest(path)
                sent[digest] = path
                return Sent(path.name, digest)
            wanted[path.name] = path
            return Wanted(path.name)

        try:
            packed = piece.with_files(named)
            contents = {digest: path.read_bytes() for digest, path in sent.items()} if lacking else {}
            where: dict[str, Any] = {}
            if lacking is not None:  # before what has not begun, which would lack the same
                where = {"priority": 1}
            if lacking is not None and lacking.worker is not None:
                where |= {"workers": [lacking.worker], "allow_other_workers": True}
            doing = self._dask.submit(work, self._arithmetic, packed, contents, **where)
        except Exception as fault:
            self._settle(future, fault=fault)
            return
        future.add_done_callback(lambda one: doing.cancel() if one.cancelled() else None)

        def take(done: Future[Any]) -> None:
            with suppress(RuntimeError):  # shut down meanwhile
                self._hands.submit(self._take, piece, future, wanted, done, is_second=lacking is not None)

        doing.add_done_callback(take)

    def _digest(self, path: Path) -> str:
        known = path.stat()
        key = (path, known.st_mtime_ns, known.st_size)
        if key not in self._digests:
            self._digests[key] = hashlib.sha256(path.read_bytes()).hexdigest()
        return self._digests[key]

    def _take(
        self, piece: Piece, future: Future[Any], wanted: dict[str, Path], done: Future[Any], *, is_second: bool
    ) -> None:
        """Take what the cluster has made of a piece: write its files, then hand over its result."""
        try:
            answer = done.result()
            if isinstance(answer, Lacking):
                if is_second:
                    raise LostWorker(f"{piece} was given up: a worker of {self._address} cannot keep its files")
                self._send(piece, future, answer)
                return
            assert isinstance(answer, Done)
            for name, content in answer.files.items():
                temporary = wanted[name].with_name(f".{name}.received")
                temporary.write_bytes(content)
                temporary.replace(wanted[name])
            self._settle(future, answer.result)
        except CancelledError:
            if not future.cancelled():
                self._lose("has dropped its work: its scheduler has ended, or was started again")
        except Exception as fault:
            self._settle(future, fault=_told(fault, piece, self._address))

    def _settle(self, future: Future[Any], result: object = None, fault: BaseException | None = None) -> None:
        with self._turn:
            self._pending.discard(future)
            if future.done():
                return
            if fault is None:
                future.set_result(result)
            else:
                future.set_exception(fault)

    def _watch(self) -> None:
        """Notice when nobody is left who would do the work, which Dask does not tell."""
        answered, without_workers = time.monotonic(), 0.0
        while not self._is_closed.wait(min(1.0, self._patience / 4)):
            before = answered
            with suppress(Exception):
                there = self._client.sync(self._client.scheduler.ncores, callback_timeout=SILENCE_SECONDS / 3)
                answered = time.monotonic()
                without_workers = 0.0 if there else without_workers + answered - before
            if self._client.status == "closed" or time.monotonic() - answered > SILENCE_SECONDS:
                self._lose("cannot be reached any more: its scheduler has ended, or the network has")
            elif without_workers > self._patience:
                self._lose(f"has had no workers for {self._patience:g} seconds")
            if self._lost is not None:
                return

    def _lose(self, why: str) -> None:
        with self._turn:
            self._lost = self._lost or LostCluster(f"the cluster {self._address} {why}; what was finished is not lost")
            for future in list(self._pending):
                self._settle(future, fault=self._lost)


def _told(fault: Exception, piece: Piece, address: str) -> Exception:
    """Return a fault in words where it is Dask's own."""
    from distributed import KilledWorker

    if not isinstance(fault, KilledWorker):
        return fault
    told = LostWorker(
        f"{piece} was given up: {fault.allowed_failures + 1} workers of the cluster {address} died while they did it, "
        "perhaps for lack of memory; try fewer shoppers or more regions"
    )
    told.__cause__ = fault
    return told


def _close(client: Client, cluster: LocalCluster | None) -> None:
    """Leave the cluster, and end a local one; one that does not answer is not waited for."""
    with suppress(Exception):
        client.close(timeout=5)
    if cluster is not None:
        with suppress(Exception):
            cluster.close(timeout=10)


def _refusal(address: str, message: str) -> DocumentError:
    return DocumentError([Problem(f"the cluster {address}", None, "", message)])
