"""Who does the work of an experiment: processes of this machine or a cluster, and what is kept when they stop."""

from .cluster import ClusterExecutor, LostCluster, open_cluster
from .finished_work import FinishedWork, RememberingExecutor, working_folder
from .interrupted_run import Unfinished, partial_folder, question, unfinished_run
from .ledger_file import LedgerFile, identity_of, make_ledger, refusal, sole_connection
from .pieces import Piece
from .process_pool import LostWorker, ProcessPool
from .work_ahead import WatchedExecutor, WorkAhead, memory, work_ahead

__all__ = [
    "ClusterExecutor",
    "FinishedWork",
    "LedgerFile",
    "LostCluster",
    "LostWorker",
    "Piece",
    "ProcessPool",
    "RememberingExecutor",
    "Unfinished",
    "WatchedExecutor",
    "WorkAhead",
    "identity_of",
    "make_ledger",
    "memory",
    "open_cluster",
    "partial_folder",
    "question",
    "refusal",
    "sole_connection",
    "unfinished_run",
    "work_ahead",
    "working_folder",
]
