"""Fetching a record from memory before it is needed, while the processor still works on another.

Serves the drivers and the announcement of campaigns: a day's shoppers lie scattered in memory, and of a card only parts
are read. It changes no result.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from llvmlite import ir
from numba import config, types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

FETCH_AHEAD = 6
"""Records fetched ahead of use in a day's list (the best of those tried when the design was measured)."""

CACHE_LINES = (0, 64)
"""Bytes into a shopper's record at which the fetched cache lines begin."""

CARD_LINES = (0, 64, 128, 192, 256, 320)
"""The same of a card."""


def _emit_prefetch(records: Any, index: Any, lines: tuple[int, ...]) -> Any:
    """Return the signature of a prefetch and the code that asks the processor for the `lines` of a record."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        stride = builder.extract_value(array.strides, 0)
        address = builder.add(builder.ptrtoint(array.data, stride.type), builder.mul(stride, arguments[1]))
        byte, word = ir.IntType(8).as_pointer(), ir.IntType(32)
        form = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
        insert = cast(Callable[..., Any], cgutils.get_or_insert_function)
        fetch = insert(builder.module, form, "llvm.prefetch.p0")
        for line in lines:
            target = builder.inttoptr(builder.add(address, ir.Constant(address.type, line)), byte)
            builder.call(fetch, [target, word(0), word(3), word(1)])  # to read, keep close, data
        return context.get_dummy_value()

    return types.void(records, types.int64), emit


def _prefetch(typingctx: Any, shoppers: Any, index: Any) -> Any:
    return _emit_prefetch(shoppers, index, CACHE_LINES)


def _prefetch_card(typingctx: Any, cards: Any, index: Any) -> Any:
    return _emit_prefetch(cards, index, CARD_LINES)


def _fetch_nothing(shoppers: NDArray[np.void], index: int) -> None:
    """Stand in for `prefetch` in plain Python, which has no say in what the processor fetches."""


IS_COMPILED = not getattr(config, "DISABLE_JIT")  # noqa: B009 - numba makes the name at import

Prefetch = Callable[[NDArray[np.void], int], None]
prefetch = cast(Prefetch, intrinsic(_prefetch) if IS_COMPILED else _fetch_nothing)
prefetch_card = cast(Prefetch, intrinsic(_prefetch_card) if IS_COMPILED else _fetch_nothing)
