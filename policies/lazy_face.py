"""The face of a room that loads a file when one of its names is first asked for (PEP 562 says it for modules).

Serves the rooms above, whose files bring large libraries: a command waits for those that it uses. A room writes its
imports below `if TYPE_CHECKING`, where type checkers see them, and they are read off there.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any

# read as text: CPython 3.11 fails where two threads make syntax trees at once, and NumPy makes one for each array
IMPORTS = re.compile(r"^ +from \.([\w.]+) import (?:\(([^)]*)\)|([^(\n]+)$)", re.MULTILINE)
"""The file and the names of an import, in brackets or on one line."""
COMMENT = re.compile(r"#.*")


class LazyFace(ModuleType):
    """A room with the files of the names on its face."""

    _files: Mapping[str, tuple[str, str]]
    """For each name on the face the file that has it, and what it is called there."""

    def __getattr__(self, name: str) -> Any:
        """Return a name of the face, loading its file."""
        if name not in self._files:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        file, own_name = self._files[name]
        found = getattr(importlib.import_module(f".{file}", self.__name__), own_name)
        self.__dict__[name] = found
        return found

    def __setattr__(self, name: str, value: object) -> None:
        """Set an attribute; a file called like its function, which Python would put here, leaves the place to that."""
        if not (isinstance(value, ModuleType) and name in self._files):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        """Return the names of the face as well."""
        return sorted({*super().__dir__(), *self._files})


def lazy_face(room: str) -> None:
    """Give the room of that name, in its own `__init__.py`, the face that stands below its `if TYPE_CHECKING`."""
    source = (pkgutil.get_data(room, "__init__.py") or b"").decode()
    seen_by_checkers = source.partition("\nif TYPE_CHECKING:\n")[2].partition("\nelse:\n")[0]
    files: dict[str, tuple[str, str]] = {}
    for file, several, one in IMPORTS.findall(seen_by_checkers):
        for written in COMMENT.sub("", several or one).split(","):
            own_name, _, name = written.strip().partition(" as ")
            if own_name:
                files[name or own_name] = file, own_name
    module = sys.modules[room]
    module.__dict__["_files"] = files
    module.__class__ = LazyFace
