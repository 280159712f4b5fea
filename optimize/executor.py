"""Where work is done: in this process, or in worker processes, behind the one interface of concurrent.futures.

Serves comparisons and the search. Work is cut by region, replication and policy; results do not depend on who did it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import ParamSpec, TypeVar

from .execution import ProcessPool

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


def open_executor(workers: int) -> Executor:
    """Return an executor with `workers` worker processes; 1 works in this process. Raises ValueError below 1."""
    return SerialExecutor() if workers == 1 else ProcessPool(workers)
