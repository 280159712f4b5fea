"""Where the evaluations of searches are kept: a file of one study, or a PostgreSQL server that a team shares."""

from .damage import copied, damage_of, fail_if_damaged
from .database import PATIENCE, Database, FileDatabase, LostLedgerError, made
from .evaluations import LEDGER_FILE, EvaluationLedger, Identity, WorldKey, fail_if_another, fail_if_of_another_study
from .server import ServerDatabase, server_name
from .tables import FORMAT, KEYS, TABLES, agree, checksum

__all__ = [
    "FORMAT",
    "KEYS",
    "LEDGER_FILE",
    "PATIENCE",
    "TABLES",
    "Database",
    "EvaluationLedger",
    "FileDatabase",
    "Identity",
    "LostLedgerError",
    "ServerDatabase",
    "WorldKey",
    "agree",
    "checksum",
    "copied",
    "damage_of",
    "fail_if_another",
    "fail_if_damaged",
    "fail_if_of_another_study",
    "made",
    "server_name",
]
