"""The server of the what-if page in a process of its own, for tests in a browser."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path


class Server:
    """A page server in a process of its own."""

    def __init__(self, *options: str, runs: Path | None = None) -> None:
        """Start it; `runs` is the folder below which it looks for searches, by default where the tests are run."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}/"
        command = [sys.executable, "-m", "memberlab", "app", "--no-open", "--port", str(port), *options]
        own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "NICEGUI"))}
        if runs is not None:
            own["MEMBERLAB_RUNS"] = str(runs)
        self.process = subprocess.Popen(command, env=own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        until = time.monotonic() + 120
        while not self._answers():
            assert self.process.poll() is None, self.process.stdout.read() if self.process.stdout else ""
            assert time.monotonic() < until, "the page did not come up"
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.address, timeout=30) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, TimeoutError):
            return False

    def children(self) -> list[int]:
        """Return the numbers of the processes that the server has started."""
        listed = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        return [int(number) for number in listed.stdout.split()]

    def end(self) -> tuple[int, str]:
        """Press Ctrl-C; return exit code and what was written."""
        self.process.send_signal(signal.SIGINT)
        written, _ = self.process.communicate(timeout=60)
        return self.process.returncode, written
