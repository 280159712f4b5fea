"""The face of a room that loads a file when one of its names is first asked for (PEP 562 says it for modules).

Serves the rooms above, whose files bring large libraries: a command waits for those that it uses. A room writes its
imports below `if TYPE_CHECKING`, where type checkers see them, and they are read off there.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any


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
    source = pkgutil.get_data(room, "__init__.py") or b""
    seen_by_checkers = (node for node in ast.parse(source).body if isinstance(node, ast.If))
    files = {
        name.asname or name.name: (found.module, name.name)
        for block in seen_by_checkers
        for found in block.body
        if isinstance(found, ast.ImportFrom) and found.module is not None
        for name in found.names
    }
    module = sys.modules[room]
    module.__dict__["_files"] = files
    module.__class__ = LazyFace
