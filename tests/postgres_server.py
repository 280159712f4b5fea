"""A real PostgreSQL server for tests, in a temporary folder, that can be stopped and started.

It skips a test, with the reason, where no server can be had. The server refuses to run as root; there it runs as the
user `postgres` or `nobody`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass
class PostgresServer:
    """A server over a folder; its databases survive a stop."""

    programs: Path
    folder: Path
    user: str
    port: int

    def address(self, database: str = "postgres") -> str:
        """Return the address of a database of the server."""
        return f"postgresql://tester@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-w", "-l", f"{self.folder}/log", "-o", options, "start")

    def stop(self, how: str = "immediate") -> None:
        """Stop the server, by default without a goodbye."""
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-w", "-m", how, "stop")

    def run(self, program: str, *arguments: str) -> None:
        """Run one of the server's programs as its user."""
        command = [str(self.programs / program), *arguments]
        if os.getuid() == 0:
            command = ["runuser", "-u", self.user, "--", *command]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd="/",
                              check=False, timeout=120)  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.strip()}")

    def database(self, name: str) -> str:
        """Make an empty database and return its address."""
        import psycopg

        with psycopg.connect(self.address(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.address(name)


def programs_of_postgres() -> Path | None:
    """Return the folder of `initdb` and `pg_ctl`, None where there is none."""
    found = [shutil.which("initdb"), *sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)]
    return next((Path(one).parent for one in found if one and (Path(one).parent / "pg_ctl").exists()), None)


def user_for_server() -> str | None:
    """Return a user other than root who may run a server."""
    if os.getuid() != 0:
        return pwd.getpwuid(os.getuid()).pw_name
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            pwd.getpwnam(name)
            return name if shutil.which("runuser") else None
    return None


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Give a running server of its own."""
    pytest.importorskip("psycopg", reason="needs psycopg (pip install 'memberlab[postgres]')")
    programs, user = programs_of_postgres(), user_for_server()
    if programs is None:
        pytest.skip("no PostgreSQL server here: initdb and pg_ctl are not found")
    if user is None:
        pytest.skip("PostgreSQL refuses to run as root, and there is no other user to run it as")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="memberlab-postgres-"))
    server = PostgresServer(programs, folder, user, port)
    try:
        if os.getuid() == 0:
            shutil.chown(folder, user)
        try:
            server.run("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "tester", "-E", "UTF8", "--no-sync")
            server.start()
        except (RuntimeError, subprocess.SubprocessError) as fault:
            pytest.skip(f"PostgreSQL cannot be started here: {fault}")
        yield server
    finally:
        with suppress(RuntimeError, subprocess.SubprocessError):
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
