"""The face of a room that loads its files late: a name is what the file says, whichever is imported first."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOM = """
from typing import TYPE_CHECKING

from memberlab.policies import lazy_face

if TYPE_CHECKING:
    from .inner.far import FAR
    from .near import near, other as another
else:
    lazy_face(__name__)

__all__ = ["FAR", "another", "near"]
"""


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    folder = tmp_path / "a_late_room"
    (folder / "inner").mkdir(parents=True)
    (folder / "__init__.py").write_text(ROOM, encoding="utf-8")
    (folder / "near.py").write_text("def near(): return 1\n\n\ndef other(): return 2\n", encoding="utf-8")
    (folder / "inner" / "__init__.py").touch()
    (folder / "inner" / "far.py").write_text("FAR = 3\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("a_late_room")
    for name in [name for name in sys.modules if name.startswith("a_late_room")]:
        del sys.modules[name]


def test_nothing_is_loaded_until_it_is_asked_for(room: ModuleType) -> None:
    assert {"FAR", "another", "near"} <= set(dir(room))
    assert "a_late_room.near" not in sys.modules and "a_late_room.inner" not in sys.modules
    assert (room.FAR, room.another()) == (3, 2)
    assert "a_late_room.inner.far" in sys.modules
    with pytest.raises(AttributeError, match="'a_late_room' has no attribute 'nobody'"):
        _ = room.nobody


def test_a_file_does_not_hide_the_name_that_it_is_called_by(room: ModuleType) -> None:
    file = importlib.import_module("a_late_room.near")
    assert isinstance(file, ModuleType) and room.near() == 1
