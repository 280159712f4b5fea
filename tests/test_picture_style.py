"""One style for all pictures: no module has colours or sizes of its own, readers who see fewer colours and printers
without any can tell all signs apart, and Chinese names are written.

How colours look without one kind of cones: matrices of severity 1.0 of Machado, Oliveira and Fernandes (2009), applied
to linear RGB; distances in CIELAB (CIE 1976), where 2.3 is just noticeable.
"""

from __future__ import annotations

import ast
import re
import runpy
import warnings
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from memberlab.results import (
    BRIDGE_STEPS,
    COLOURS,
    SERIES,
    MissingSigns,
    fonts,
    margin_bridge_picture,
    missing_signs,
)

ROOT = Path(__file__).parent.parent
STYLE = ROOT / "results" / "picture_style.py"
DRAWING = [
    file for file in [*(ROOT / "results").rglob("*.py"), *(ROOT / "benchmarks").glob("*.py")]
    if file != STYLE and "new_figure(" in file.read_text(encoding="utf-8")
]  # fmt: skip
SIZES = ("fontsize", "labelsize", "titlesize", "figsize", "dpi", "fontweight", "family")
CHINESE = "京东PLUS会员"

MACHADO = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
    "all cones": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
}
SRGB_TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
WHITE = (0.95047, 1.0, 1.08883)


def linear(colour: str) -> NDArray[np.float64]:
    share = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def lab(colour: str, eyes: str = "all cones") -> NDArray[np.float64]:
    """Return lightness and two axes of colour as these eyes see it."""
    seen = np.clip(np.array(MACHADO[eyes]) @ linear(colour), 0, 1)
    ratio = np.array(SRGB_TO_XYZ) @ seen / np.array(WHITE)
    x, y, z = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def own_looks(file: Path) -> Iterator[str]:
    """Yield every colour and size that a module writes itself."""
    from matplotlib.colors import is_color_like

    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.keyword) and isinstance(node.value, ast.Constant):
            value, name = node.value.value, str(node.arg)
            is_colour = name.removesuffix("s").endswith(("color", "cmap", "palette")) and value != "none"
            if (isinstance(value, str) and is_colour) or name in SIZES:
                yield f"{file.name}:{node.value.lineno} {name}={value!r}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("#"):
            if is_color_like(node.value):
                yield f"{file.name}:{node.lineno} {node.value}"
        elif isinstance(node, ast.Attribute) and node.attr in ("rcParams", "color_palette", "set_theme", "suptitle"):
            yield f"{file.name}:{node.lineno} {node.attr}"


def test_every_module_that_draws_is_looked_at() -> None:
    names = {file.name for file in DRAWING}
    assert {"pictures.py", "pareto_picture.py", "validation_pictures.py", "search_quality_page.py"} <= names
    assert len(DRAWING) >= 18


@pytest.mark.parametrize("file", DRAWING, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_picture_takes_colours_and_sizes_from_the_style(file: Path) -> None:
    assert [one for one in own_looks(file) if not (file.name == "pictures.py" and "fontweight" in one)] == []


def test_the_search_for_own_looks_finds_them(tmp_path: Path) -> None:
    bad = tmp_path / "bad_picture.py"
    bad.write_text('axis.plot(x, color="red")\nBAR = "#ff0000"\naxis.text(0, 0, "a", fontsize=7)\nsns.set_theme()\n')
    assert len(list(own_looks(bad))) == 4


@pytest.mark.parametrize("eyes", MACHADO)
def test_colours_stay_apart_for_all_eyes(eyes: str) -> None:
    first = [COLOURS["total"], *(one.colour for one in SERIES[:4])]
    for one, other in combinations(first, 2):
        assert np.linalg.norm(lab(one, eyes) - lab(other, eyes)) > 15, (one, other)
    for one, other in combinations(dict.fromkeys([COLOURS["total"], *(one.colour for one in SERIES)]), 2):
        assert np.linalg.norm(lab(one, eyes) - lab(other, eyes)) > 12, (one, other)


def test_red_and_green_would_not() -> None:
    pair = "#c44e52", "#55a868"  # seaborn's `deep`
    near, far = (np.linalg.norm(lab(pair[0], eyes) - lab(pair[1], eyes)) for eyes in ("deuteranopia", "all cones"))
    assert near < far / 3


def test_print_without_colour_keeps_signs_apart() -> None:
    light = [lab(COLOURS[name])[0] for name in ("total", "up", "down")]
    assert all(abs(one - other) > 15 for one, other in combinations(light, 2))
    assert len({one.marker for one in SERIES}) == len({one.line for one in SERIES}) == len(SERIES)


def bridge_of(path: Path, name: str) -> None:
    amounts = {line: 0 for line, _, _ in BRIDGE_STEPS} | {"list_value": 900_00, "gmv": 900_00, "net_revenue": 900_00}
    margin_bridge_picture({name: amounts | {"margin": 900_00}}, path, "CNY")


def test_a_chinese_name_is_written(tmp_path: Path) -> None:
    if len(fonts()) == 1:
        pytest.skip("no font with Chinese signs is installed here")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        bridge_of(tmp_path / "bridge.png", CHINESE)
    assert missing_signs([CHINESE], fonts()) == []


def test_without_such_a_font_the_picture_comes_with_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("memberlab.results.picture_style.fonts", lambda: ["DejaVu Sans"])
    with pytest.warns(MissingSigns, match=r"bridge\.png: no installed font has 4 of its signs .*fonts-noto-cjk"):
        bridge_of(tmp_path / "bridge.png", CHINESE)
    assert (tmp_path / "bridge.png").stat().st_size > 5_000


def test_pictures_have_one_width(tmp_path: Path) -> None:
    from matplotlib import image

    bridge_of(tmp_path / "one.png", "gold")
    wide = image.imread(tmp_path / "one.png").shape[1]
    assert abs(wide - 10 * 150) < 60, "10 inches at 150 dots an inch"


def test_every_stored_picture_is_told_how_it_is_made_and_shown() -> None:
    """In one of two tables of benchmarks/stored_pictures.py; and on a page of the manual or in the README."""
    told = runpy.run_path(str(ROOT / "benchmarks" / "stored_pictures.py"))
    stored = {file.name for file in (ROOT / "docs" / "pictures").iterdir()}
    assert set(told["DRAWN"]).isdisjoint(told["SHOTS"])
    assert stored == {*told["DRAWN"], *told["SHOTS"]}
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    shown = {name for page in pages for name in re.findall(r"pictures/([\w-]+\.png)", page.read_text(encoding="utf-8"))}
    assert shown == stored
