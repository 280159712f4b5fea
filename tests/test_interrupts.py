"""Ctrl-C is Ctrl-C, whatever a library made of it on the way."""

from __future__ import annotations

import signal
import sys

import pytest
from pydantic import BaseModel, field_serializer
from pydantic_core import PydanticSerializationError

from memberlab.cli.interrupts import was_interrupted
from memberlab.cli.study_progress import Progress, one_interrupt


class Interrupted(BaseModel):
    """A document whose writing meets Ctrl-C."""

    fee: int = 1

    @field_serializer("fee")
    def write(self, fee: int) -> int:
        raise KeyboardInterrupt


def test_an_interrupt_that_pydantic_wrapped_is_known() -> None:
    with pytest.raises((KeyboardInterrupt, PydanticSerializationError)) as caught:
        Interrupted().model_dump()
    assert was_interrupted(caught.value)


def test_a_fault_is_no_interrupt() -> None:
    assert not was_interrupted(ValueError("a fault"))
    assert not was_interrupted(None)


class Careless:
    """An object whose end is interrupted, as any may be; Python tells and swallows what a finalizer raises."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


def test_an_interrupt_that_python_swallowed_stops_the_search_at_its_next_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[int] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda swallowed: told.append(-1))
    before = signal.getsignal(signal.SIGINT)
    with one_interrupt() as interrupt:
        progress = Progress(interrupt, lambda stage, done, total: told.append(done))
        progress("searching", 1, 3)
        Careless()
        with pytest.raises(KeyboardInterrupt):
            progress("searching", 2, 3)
    assert told == [1]
    assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    signal.signal(signal.SIGINT, before)


def test_without_an_interrupt_everything_is_as_it_was() -> None:
    before = signal.getsignal(signal.SIGINT), sys.unraisablehook
    with one_interrupt():
        assert signal.getsignal(signal.SIGINT) != before[0]
    assert (signal.getsignal(signal.SIGINT), sys.unraisablehook) == before
