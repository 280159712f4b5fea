"""Experiments: comparing policies, searching for better ones, and the executors that do the work.

Each idea is a folder with a face of its own, through which the other folders see it. The room's face is all of them
together: `from memberlab.optimize import compare` loads the folder that has the name, and what that needs.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .break_even import *
    from .check import *
    from .claims import *
    from .comparison import *
    from .evidence import *
    from .execution import *
    from .fee import *
    from .finance import *
    from .findings import *
    from .ledger import *
    from .lives import *
    from .notebook import *
    from .pilot import *
    from .preview import *
    from .rollout import *
    from .search import *
    from .study import *
    from .uncertainty import *
    from .validation import *
    from .verdict import *


def _face(folder: str) -> Iterator[str]:
    """Give the names on a folder's face, read off its text, which is quicker than loading it
    (not parsed: see policies/lazy_face.py)."""
    source = (pkgutil.get_data(__name__, f"{folder}/__init__.py") or b"").decode()
    written = re.search(r"^__all__ = \[(.*?)\]$", source, re.MULTILINE | re.DOTALL)
    yield from () if written is None else re.findall(r'"(\w+)"', written[1])


@cache
def _folders() -> Mapping[str, str]:
    """Return the folder of each name."""
    folders = (module.name for module in pkgutil.iter_modules(__spec__.submodule_search_locations) if module.ispkg)
    return {name: folder for folder in folders for name in _face(folder)}


def __getattr__(name: str) -> object:
    """Return a name on the face of a folder, which is loaded when it is first asked for; or all names, as `__all__`."""
    if name == "__all__":
        return __dir__()
    folder = None if name.startswith("_") else _folders().get(name)
    if folder is None:
        raise AttributeError(f"module '{__name__}' has no attribute {name!r}")
    return getattr(importlib.import_module(f".{folder}", __name__), name)


def __dir__() -> list[str]:
    """Return the names of all faces, constants first and then classes."""
    return sorted(_folders(), key=lambda name: (not name.isupper(), name[0].islower(), name))
