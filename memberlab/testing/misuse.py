"""What the author of a test wrote wrong: told in one message, without a traceback.

Serves the fixture and the contract.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest


class MisuseError(ValueError):
    """A test asks for something that does not exist or could not fail; the message says what would be right."""


@contextmanager
def told_to_the_author() -> Iterator[None]:
    """Fail the test with the message alone for a misuse and for every fault of a document."""
    try:
        yield
    except ValueError as fault:
        from memberlab.policies import DocumentError

        if not isinstance(fault, (MisuseError, DocumentError)):
            raise
        raise pytest.fail.Exception(str(fault), pytrace=False) from None
