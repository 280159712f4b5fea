"""Where work is done: in this process, worker processes or a cluster, behind the one interface of concurrent.futures.

Serves comparisons and the search. Work is cut by region, replication and policy; results do not depend on who did it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from .cluster import open_cluster
from .process_pool import ProcessPool

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class SerialExecutor(Executor):
    """Does each piece of work at once in the calling process."""

    def submit(
        self, fn: Callable[Parameters, Result], /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Future[Result]:
        """Run the function now and return its finished future."""
        future: Future[Result] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as fault:
            future.set_exception(fault)
        return future


@dataclass(frozen=True, slots=True)
class Workers:
    """Who does the work: `count` processes of this machine, or of a `cluster` if one is named.

    A cluster is the address of a Dask scheduler, such as `tcp://host:8786`, or `local` for one of `count` processes.
    """

    count: int = 1
    cluster: str | None = None


def open_executor(workers: int | Workers) -> Executor:
    """Return an executor with that many worker processes; 1 without a cluster works in this process.

    Raises ValueError below 1 worker, and DocumentError for a cluster that cannot be reached or worked with.
    """
    asked = Workers(workers) if isinstance(workers, int) else workers
    if asked.count < 1:
        raise ValueError(f"workers ({asked.count}) must be at least 1")
    if asked.cluster is not None:
        return open_cluster(asked.cluster, asked.count)
    return SerialExecutor() if asked.count == 1 else ProcessPool(asked.count)
