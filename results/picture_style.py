"""The one style of all static pictures: their width, letters, colours, markers and lines, and fonts with Chinese signs.

Serves every module that draws; none has a colour or a size of its own (a test sees to it). Colours are of seaborn's
`colorblind` palette, ordered so that the first stay apart for all three kinds of colour blindness; as none is ever the
only sign, a series has a marker and a line of its own too, which also holds in print without colour. How readers with
two kinds of cones see them is simulated in tests/test_picture_style.py after Machado, Oliveira and Fernandes (2009).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 10.0
"""Inches of every picture: what is shown at one width has letters of one size."""
DOTS = 150
"""Dots an inch."""
TITLE, HEADING, TEXT, NOTE, SMALL = 12.0, 11.0, 10.0, 9.0, 8.0
"""Typographic points of a picture's title, a panel's, axes, notes and legends, and of figures within a panel."""

COLOURS = {"total": "#33475b", "up": "#0173b2", "down": "#de8f05"}
"""What is as it is (totals, today's policy, truth, zero), what adds or stays, what takes or is missed."""
QUIET, GUIDE, BAND = "#b8bec6", "#8a939e", "#e3e9f0"
"""What is not told apart from chance, lines that only lead the eye, and areas behind everything."""
FACE, EDGE = "#ffffff", "#000000"
DARKER, TWO_WAYS, ORDERED = "Blues", "PuOr", "cividis"
"""Scales of colour: shares, differences around zero, and a figure without a middle."""


class Series(NamedTuple):
    """How one of several lines is drawn."""

    colour: str
    marker: str
    line: str | tuple[int, tuple[int, ...]]


SERIES = (
    Series("#0173b2", "o", "-"),
    Series("#de8f05", "s", "--"),
    Series("#029e73", "D", "-."),
    Series("#56b4e9", "^", (0, (5, 1, 1, 1, 1, 1))),
    Series("#cc78bc", "v", (0, (3, 1))),
    Series("#d55e00", "P", (0, (1, 1))),
)
"""Looks of what is compared with `COLOURS["total"]`, in order; a seventh begins anew."""

LATIN = "DejaVu Sans"
CHINESE = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC", "Hiragino Sans GB",
    "Microsoft YaHei", "SimHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Noto Sans CJK JP", "Arial Unicode MS",
)  # fmt: skip
"""Fonts with Chinese signs, best first; the first that is installed writes what the Latin font has no sign for."""
CHINESE_FILES = ("notosanscjk", "notosanssc", "sourcehansans", "pingfang", "msyh", "simhei", "wqy-")
"""Beginnings of their files, for fonts that were installed after Matplotlib had listed all."""


class MissingSigns(UserWarning):
    """A picture holds signs that no installed font has."""


def series(place: int) -> Series:
    """Return the look of the series at a place, from 0."""
    return SERIES[place % len(SERIES)]


def apply_style() -> None:
    """Set Matplotlib's defaults for the pictures that are drawn from here on."""
    import matplotlib as mpl
    import seaborn as sns

    mpl.use("Agg")
    sns.set_theme(context="notebook", style="whitegrid", palette="colorblind", rc=_settings())
    warnings.filterwarnings("ignore", message="Glyph .* missing from")  # told once, in words, by `warn_of_missing`


def _settings() -> dict[str, Any]:
    return {
        "font.family": fonts(), "font.size": TEXT, "axes.unicode_minus": False,
        "figure.titlesize": TITLE, "figure.titleweight": "bold",
        "axes.titlesize": HEADING, "axes.titleweight": "bold", "axes.titlelocation": "left", "axes.labelsize": TEXT,
        "xtick.labelsize": NOTE, "ytick.labelsize": NOTE, "legend.fontsize": NOTE, "legend.title_fontsize": NOTE,
        "legend.frameon": False, "lines.linewidth": 1.8, "lines.markersize": 4.5, "grid.linewidth": 0.8,
    }  # fmt: skip


@lru_cache
def fonts() -> list[str]:
    """Return the families that write, the Latin one first; one with Chinese signs follows where any is installed."""
    from matplotlib import font_manager

    known = set(font_manager.get_font_names())
    if known.isdisjoint(CHINESE):
        for file in font_manager.findSystemFonts():
            if Path(file).name.lower().startswith(CHINESE_FILES):
                font_manager.fontManager.addfont(file)
        known = set(font_manager.get_font_names())
    return [LATIN, *[name for name in CHINESE if name in known][:1]]


def missing_signs(texts: Iterable[str], families: Iterable[str]) -> list[str]:
    """Return the signs of `texts` that no font of these families has, in order."""
    from matplotlib.font_manager import FontProperties, fontManager, get_font

    held: set[int] = set()
    for family in families:
        held |= set(get_font(fontManager.findfont(FontProperties(family=[family]))).get_charmap())
    return sorted({sign for text in texts for sign in text if sign.isprintable() and ord(sign) not in held})


def warn_of_missing(figure: Figure, name: str) -> None:
    """Warn where a figure holds signs that would be drawn as empty boxes."""
    from matplotlib.text import Text

    texts = [text.get_text() for text in figure.findobj(Text) if isinstance(text, Text)]
    if all(text.isascii() for text in texts):
        return
    if signs := missing_signs(texts, fonts()):
        shown = " ".join(signs[:5])
        warnings.warn(
            f"{name}: no installed font has {len(signs)} of its signs ({shown}), which are drawn as boxes; install a "
            f"font with Chinese signs, such as {CHINESE[0]} (Debian: fonts-noto-cjk), and draw it again",
            MissingSigns, stacklevel=3,
        )  # fmt: skip
