"""Ctrl-C is Ctrl-C, whatever a library made of it on the way."""

from __future__ import annotations

import signal

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


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_that_python_swallowed_stops_the_search_at_its_next_step() -> None:
    told: list[int] = []
    with one_interrupt() as interrupt:
        progress = Progress(interrupt, lambda stage, done, total: told.append(done))
        progress("searching", 1, 3)
        Careless()
        with pytest.raises(KeyboardInterrupt):
            progress("searching", 2, 3)
    assert told == [1]
