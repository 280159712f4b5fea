"""Who does the work of an experiment: processes of this machine or a cluster, and what is kept when they stop."""

from .process_pool import LostWorker, ProcessPool

__all__ = ["LostWorker", "ProcessPool"]
