"""Who does the work of an experiment: processes of this machine or a cluster, and what is kept when they stop."""

from .cluster import ClusterExecutor, LostCluster, open_cluster
from .executor import SerialExecutor, Workers, open_executor
from .finished_work import FinishedWork, RememberingExecutor, working_folder
from .interrupted_run import Unfinished, partial_folder, question, unfinished_run
from .ledger_file import LedgerFile, identity_of, make_ledger, refusal, sole_connection
from .model_version import model_version, outcome_sources
from .pieces import Piece
from .process_pool import LostWorker, ProcessPool
from .progress import Progress, Steps
from .work_ahead import WatchedExecutor, WorkAhead, memory, work_ahead

__all__ = [
    "ClusterExecutor",
    "FinishedWork",
    "LedgerFile",
    "LostCluster",
    "LostWorker",
    "Piece",
    "ProcessPool",
    "Progress",
    "RememberingExecutor",
    "SerialExecutor",
    "Steps",
    "Unfinished",
    "WatchedExecutor",
    "WorkAhead",
    "Workers",
    "identity_of",
    "make_ledger",
    "memory",
    "model_version",
    "open_cluster",
    "open_executor",
    "outcome_sources",
    "partial_folder",
    "question",
    "refusal",
    "sole_connection",
    "unfinished_run",
    "work_ahead",
    "working_folder",
]
