"""Where in its file a policy has what is wrong with it: for faults that show only when it meets something else.

Serves commands and studies, which know by what name or path a policy was read.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from .catalogue import is_path, policy_path
from .document import read_document
from .policy import Policy
from .problems import Problem


def problems_in_file(
    name_or_path: str | os.PathLike[str], policy: Policy, faults: Iterable[tuple[str, str]]
) -> list[Problem]:
    """Return `faults`, addresses and messages, as problems of the file that `policy` was read from, with their lines.

    What ships with memberlab goes by its name instead of its path.
    """
    found = list(faults)
    if not found:
        return []
    document = read_document(policy_path(name_or_path))
    place = os.fspath(name_or_path)
    place = place if is_path(place) else policy.name
    return [Problem(place, document.line_of(tuple(address.split("."))), address, message) for address, message in found]
