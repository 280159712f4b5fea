"""Which of a population's figures were learnt from a log, which are priors, and what the log could not tell.

Serves readers of a population file. It rules nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from pydantic.json_schema import JsonSchemaValue

from memberlab.policies import Notation, fault, shown

LOG, PRIOR, UNKNOWN = "log", "prior", "not identified: "


@dataclass(frozen=True, slots=True)
class OriginNotation(Notation[str]):
    """`log`, `prior`, or `not identified: ` and why."""

    def read(self, written: object) -> str:
        """Return the origin."""
        known = written in (LOG, PRIOR) or (isinstance(written, str) and written.startswith(UNKNOWN))
        if not known or not str(written).removeprefix(UNKNOWN).strip():
            raise fault(f"{shown(written)} is no origin; write log, prior or 'not identified: why'")
        return str(written)

    def write(self, value: str) -> str:
        """Return the origin."""
        return value

    def json_schema(self) -> JsonSchemaValue:
        """Return the choices as a pattern."""
        return {"type": "string", "pattern": "^(log|prior|not identified: .+)$"}


Learnt = Mapping[Annotated[str, Field(min_length=1, max_length=100)], Annotated[str, OriginNotation()]]
"""Origins by address of a figure or section: `purchases.s: prior`."""
