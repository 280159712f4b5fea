"""What every key of a document is for: the docstring below its field, read off the source when it is asked for.

Serves the JSON Schema, the reference page and `explain`. Pydantic would read all sources whenever a class is made,
which is half of the time that a command takes to start.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

from pydantic import BaseModel


@cache
def help_texts(model: type[BaseModel]) -> Mapping[str, str]:
    """Return the help text of each field of *model* that has one, by the field's name."""
    texts: dict[str, str] = {}
    for name, field in model.model_fields.items():
        owner = next((one for one in model.__mro__ if name in inspect.get_annotations(one)), model)
        written = field.description or _docstrings(owner.__module__).get(owner.__qualname__, {}).get(name)
        if written:
            texts[name] = written
    return texts


@cache
def _docstrings(module: str) -> Mapping[str, Mapping[str, str]]:
    """Return the docstrings of the fields of every class of a module, by class and field; none without a source."""
    try:
        source = inspect.getsource(sys.modules[module])
    except (OSError, TypeError):
        return {}
    return dict(_classes(ast.parse(source), ""))


def _classes(node: ast.Module | ast.ClassDef, within: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    for inner in node.body:
        if isinstance(inner, ast.ClassDef):
            name = f"{within}{inner.name}"
            yield name, dict(_fields(inner))
            yield from _classes(inner, f"{name}.")


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, below in pairwise(node.body):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, inspect.cleandoc(text)
