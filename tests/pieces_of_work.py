"""Pieces of work that tests hand to executors: they live, sleep, fail, and kill the process that does them."""

from __future__ import annotations

import os
import signal
import struct
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any


def load_quickly() -> None:
    """Stand in for the initializer of workers, which loads all of memberlab."""


def square(number: int) -> int:
    return number * number


def process() -> int:
    return os.getpid()


def fail(text: str) -> None:
    raise ValueError(text)


def sleep(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def kill_own_process(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def kill_once(number: int, mark: Path) -> int:
    """Kill the process that does it for the first time, and then be done."""
    if not mark.exists():
        mark.touch()
        kill_own_process(number)
    return square(number)


def kill_while_answering(number: int, mark: Path) -> int:
    """Kill the process that does it for the first time in the midst of sending its answer, and then be done."""

    def send_half(connection: Connection, answer: bytes) -> None:
        os.write(connection.fileno(), struct.pack("!i", len(answer)) + bytes(answer)[: len(answer) // 2])
        kill_own_process(number)

    if not mark.exists():
        mark.touch()
        Connection._send_bytes = send_half  # type: ignore[attr-defined]
    return square(number)


def write_square(number: int, path: Path) -> None:
    temporary = path.with_suffix(".tmp")
    temporary.write_text(str(square(number)), encoding="utf-8")
    temporary.replace(path)


def read_square(path: Path, plus: int) -> int:
    return int(path.read_text(encoding="utf-8")) + plus


def wait_until_told(progress: Callable[[int, int], None], release: Path) -> str:
    """Wait for a file, in steps after which the work can be let go."""
    while not release.exists():
        progress(0, 1)
        time.sleep(0.05)
    return "released"


def pass_on(progress: Callable[[int, int], None], something: Any) -> Any:
    """Return what is given."""
    return something
