"""The small reference rule set in C (reference.c): told the engine's record layouts, built, and loaded through ctypes.

Serves the comparison of the engine with C. The C code works on the engine's own NumPy records; their layout is written
into a header from the NumPy dtypes at each build, with an assertion on every offset, so that C cannot fall out of step
in silence.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from reference_world import Month, Records

from memberlab.sim import ENROLLED, LAPSED, LEDGER, SHOPPER, Purpose, keyed_random, programme_table, shopper
from memberlab.sim.assumptions import BEHAVIOUR
from memberlab.sim.market import MARKET

SOURCE = Path(__file__).with_name("reference.c")
FLAGS = ("-std=c99", "-O3", "-march=native", "-ffp-contract=off", "-fno-math-errno", "-Wall", "-Wextra", "-Werror")
"""IEEE arithmetic without contraction, as in the engine; only the error number of log, unread, is left out."""

RECORDS = {
    "shopper": SHOPPER,
    "terms": programme_table.TERMS,
    "programme": programme_table.PROGRAMME,
    "behaviour": BEHAVIOUR,
    "market": MARKET,
    "ledger": LEDGER,
}
C_TYPES = {"i1": "int8_t", "i2": "int16_t", "i4": "int32_t", "i8": "int64_t", "f4": "float", "f8": "double"}


def c_compiler() -> str | None:
    """Return the path of gcc, or None where there is none."""
    return shutil.which("gcc")


def layout_header() -> str:
    """Return the header that tells C the record layouts and constants of the engine."""
    lines = ["#include <stddef.h>", "#include <stdint.h>"]
    for name, layout in RECORDS.items():
        lines += _record(name, layout)
    constants = {
        "ENROLLED": ENROLLED,
        "LAPSED": LAPSED,
        "NEVER": shopper.NEVER,
        "LAST_DAY": shopper.LAST_DAY,
        "STATES": shopper.STATES,
        "LOT_MONTHS": shopper.LOT_MONTHS,
        "WINDOW_MONTHS": shopper.WINDOW_MONTHS,
        "LARGEST_HOLDING": shopper.LARGEST_HOLDING,
        "TIER_DISCOUNT": programme_table.TIER_DISCOUNT,
        "ATTEMPT_STEP": keyed_random.ATTEMPT_STEP,
        **{purpose.name: int(purpose) for purpose in Purpose},
    }
    lines += [f"#define {name} {value}" for name, value in constants.items()]
    lines += [f"#define {name} {int(getattr(keyed_random, name)):#x}u" for name in ("GOLDEN", "DAY_STEP")]
    return "\n".join(lines) + "\n"


def _record(name: str, layout: np.dtype[np.void]) -> list[str]:
    """Return a C struct of a NumPy layout, and its assertions: a negative array length stops the compiler."""
    fields, checks = [], [f"typedef char {name}_size[sizeof({name}) == {layout.itemsize} ? 1 : -1];"]
    for field, (kind, offset, *_) in (layout.fields or {}).items():
        base, shape = kind.subdtype or (kind, ())
        fields.append(f"    {C_TYPES[base.str[1:]]} {field}{f'[{shape[0]}]' if shape else ''};")
        checks.append(f"typedef char {name}_{field}[offsetof({name}, {field}) == {offset} ? 1 : -1];")
    return ["typedef struct {", *fields, f"}} {name};", *checks]


def build_month_in_c(folder: Path) -> Month:
    """Build reference.c in `folder` and return it as a month of living.

    Raise RuntimeError with the compiler's words when it cannot be built.
    """
    compiler = c_compiler()
    if compiler is None:
        raise RuntimeError("gcc is needed to build benchmarks/reference.c; install it (apt-get install gcc)")
    (folder / "layout.h").write_text(layout_header())
    library = folder / "reference.so"
    command = [compiler, *FLAGS, "-shared", "-fPIC", f"-I{folder}", "-o", str(library), str(SOURCE), "-lm"]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    if built.returncode:
        raise RuntimeError(f"gcc refused benchmarks/reference.c:\n{built.stderr}")
    live = ctypes.CDLL(str(library)).live
    live.restype = None
    word, address = ctypes.c_int64, ctypes.c_void_p
    live.argtypes = [address, address, word, *[address] * 5, word, word, word, ctypes.c_uint64]

    def month_in_c(r: Records, day: int, until: int, origin: int) -> None:
        live(
            _address(r.shoppers), _address(r.due), len(r.shoppers), _address(r.terms), _address(r.programme),
            _address(r.behaviour), _address(r.market), _address(r.ledger), day, until, origin, int(r.hashed_seed),
        )  # fmt: skip

    return month_in_c


def _address(array: NDArray[Any]) -> int:
    return int(array.ctypes.data)
