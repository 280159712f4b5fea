"""Where the evaluations of searches are kept: a file of one study, or a PostgreSQL server that a team shares."""

from .damage import copied, damage_of, fail_if_damaged
from .database import PATIENCE, Database, FileDatabase, LostLedgerError, made
from .server import ServerDatabase, server_name
from .tables import FORMAT, KEYS, TABLES, agree, checksum

__all__ = [
    "FORMAT",
    "KEYS",
    "PATIENCE",
    "TABLES",
    "Database",
    "FileDatabase",
    "LostLedgerError",
    "ServerDatabase",
    "agree",
    "checksum",
    "copied",
    "damage_of",
    "fail_if_damaged",
    "made",
    "server_name",
]
