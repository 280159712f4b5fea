"""Records: one class says a record's fields, their types for the reader and the checker, and their layout in memory.

Serves every array of the room. The compiled rules see NumPy records of the layout; the type checker sees the class.
"""

from __future__ import annotations

from typing import Annotated, Any, get_type_hints

import numpy as np

Float64 = Annotated[float, "f8"]
Float32 = Annotated[float, "f4"]
Int64 = Annotated[int, "i8"]
Int32 = Annotated[int, "i4"]
Int16 = Annotated[int, "i2"]
Int8 = Annotated[int, "i1"]


class Record:
    """Base of record classes; fields are annotated with the widths above, rings with `Annotated[list[int], "i4",
    12]`.
    """


def layout(record: type[Record]) -> np.dtype[np.void]:
    """Return the NumPy layout of a record class, fields in the order written."""
    fields: list[Any] = []
    for name, hint in get_type_hints(record, include_extras=True).items():
        width, *length = hint.__metadata__
        fields.append((name, width, tuple(length)) if length else (name, width))
    return np.dtype(fields)
