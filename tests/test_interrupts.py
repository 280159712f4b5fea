"""Ctrl-C is Ctrl-C, whatever a library made of it on the way."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, field_serializer
from pydantic_core import PydanticSerializationError

from memberlab.cli.interrupts import was_interrupted


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
