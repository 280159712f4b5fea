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

FETCH_AHEAD = 8
"""Records fetched ahead of use in a day's list; half as many ahead, what the office's business reads beside."""

NEXT_DUE_AHEAD = 2
"""The same where shoppers are lived one after the other, as they lie in memory."""

VISIT_LINES, VISIT_CARD_LINES = (0, 64), (0, 64, 128, 176)
"""Bytes into the record of a shopper and into a card at which the cache lines lie that a visit reads."""

ORDER_LINES, ORDER_CARD_LINES = (128, 192), (192, 256, 320, 384, 448)
"""The same of what is read beside when an order is placed, or the office has business with the shopper."""


def _ask_for(builder: Any, address: Any, lines: tuple[int, ...]) -> None:
    """Ask the processor for the cache lines at `lines` bytes from an address."""
    byte, word = ir.IntType(8).as_pointer(), ir.IntType(32)
    form = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
    insert = cast(Callable[..., Any], cgutils.get_or_insert_function)
    fetch = insert(builder.module, form, "llvm.prefetch.p0")
    for line in lines:
        target = builder.inttoptr(builder.add(address, ir.Constant(address.type, line)), byte)
        builder.call(fetch, [target, word(0), word(3), word(1)])  # to read, keep close, data


def _of_array(records: Any, lines: tuple[int, ...]) -> Any:
    """Return the signature of a prefetch of a place in an array, and its code."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        stride = builder.extract_value(array.strides, 0)
        address = builder.add(builder.ptrtoint(array.data, stride.type), builder.mul(stride, arguments[1]))
        _ask_for(builder, address, lines)
        return context.get_dummy_value()

    return types.void(records, types.int64), emit


def _of_record(record: Any, lines: tuple[int, ...]) -> Any:
    """Return the signature of a prefetch of one record that is at hand, and its code."""

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _ask_for(builder, builder.ptrtoint(arguments[0], ir.IntType(64)), lines)
        return context.get_dummy_value()

    return types.void(record), emit


def _prefetch(typingctx: Any, shoppers: Any, index: Any) -> Any:
    return _of_array(shoppers, VISIT_LINES)


def _prefetch_card(typingctx: Any, cards: Any, index: Any) -> Any:
    return _of_array(cards, VISIT_CARD_LINES)


def _prefetch_all(typingctx: Any, shoppers: Any, index: Any) -> Any:
    return _of_array(shoppers, VISIT_LINES + ORDER_LINES)


def _prefetch_all_of_card(typingctx: Any, cards: Any, index: Any) -> Any:
    return _of_array(cards, VISIT_CARD_LINES + ORDER_CARD_LINES)


def _prefetch_for_order(typingctx: Any, s: Any) -> Any:
    return _of_record(s, ORDER_LINES)


def _prefetch_card_for_order(typingctx: Any, c: Any) -> Any:
    return _of_record(c, ORDER_CARD_LINES)


def _fetch_nothing(shoppers: NDArray[np.void], index: int) -> None:
    """Stand in for `prefetch` in plain Python, which has no say in what the processor fetches."""


def _fetch_nothing_of(record: Any) -> None:
    """Stand in for the prefetch of a record that is at hand."""


IS_COMPILED = not getattr(config, "DISABLE_JIT")  # noqa: B009 - numba makes the name at import

Prefetch = Callable[[NDArray[np.void], int], None]
prefetch = cast(Prefetch, intrinsic(_prefetch) if IS_COMPILED else _fetch_nothing)
prefetch_card = cast(Prefetch, intrinsic(_prefetch_card) if IS_COMPILED else _fetch_nothing)
prefetch_all = cast(Prefetch, intrinsic(_prefetch_all) if IS_COMPILED else _fetch_nothing)
prefetch_all_of_card = cast(Prefetch, intrinsic(_prefetch_all_of_card) if IS_COMPILED else _fetch_nothing)

PrefetchOfRecord = Callable[[Any], None]
prefetch_for_order = cast(PrefetchOfRecord, intrinsic(_prefetch_for_order) if IS_COMPILED else _fetch_nothing_of)
prefetch_card_for_order = cast(
    PrefetchOfRecord, intrinsic(_prefetch_card_for_order) if IS_COMPILED else _fetch_nothing_of
)
