"""From a document to a model, or to the list of everything that is wrong with it: the one way every room loads YAML."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, InitErrorDetails

from .document import Document, open_document, parse_document
from .notation import fault, shown
from .problems import DocumentError, Problem, hint
from .shapes import known_keys
from .yaml_reader import Path

Model = TypeVar("Model", bound=BaseModel)
Value = TypeVar("Value")


def load_model(model: type[Model], path: str | os.PathLike[str]) -> Model:
    """Read the YAML file at *path* as *model*; raise DocumentError with every fault, each with file, line and field."""
    return model_from(model, open_document(path))


def load_model_text(model: type[Model], text: str, name: str = "text") -> Model:
    """Read YAML *text* as *model*; *name* stands for the file in the messages of DocumentError."""
    return model_from(model, parse_document(text, name))


def model_from(model: type[Model], document: Document) -> Model:
    """Return *document* as *model*; raise DocumentError with the faults of its text and of its content together."""
    try:
        valid = model.model_validate(document.data)
    except ValidationError as error:
        raise DocumentError([*document.problems, *_problems(model, document, error)]) from None
    if document.problems:
        raise DocumentError(document.problems)
    return valid


def read_with_faults(written: object, read: Callable[[object], Value], faults: Mapping[Path, str]) -> Value:
    """Return what *read* makes of *written*; where it fails, or there are *faults*, raise everything together.

    It is for wrap validators that check parts against each other: *faults* are found in what can be read of *written*,
    each under its path, so that one wrong part does not hide what is wrong between the others.
    """
    try:
        value = read(written)
    except ValidationError as error:
        raise _joined(error.errors(include_url=False), faults, written) from None
    if faults:
        raise _joined([], faults, written)
    return value


def fail_with(faults: Mapping[Path, str], written: object) -> None:
    """Raise the error of a validator with *faults* found in what was read of *written*, each under its path."""
    raise _joined([], faults, written)


def _joined(details: Sequence[ErrorDetails], faults: Mapping[Path, str], written: object) -> ValidationError:
    lines = [_again(one) for one in details]
    lines += [InitErrorDetails(type=fault(message), loc=path, input=written) for path, message in faults.items()]
    return ValidationError.from_exception_data("document", lines)


def _again(details: ErrorDetails) -> InitErrorDetails:
    """Return the details of an error as they went in, so that it can be raised again beside others."""
    context = details.get("ctx", {})
    kind: Any = fault(context["message"]) if details["type"] == "fault" else details["type"]
    return InitErrorDetails(type=kind, loc=details["loc"], input=details["input"], ctx=context)


def _problems(model: type[BaseModel], document: Document, error: ValidationError) -> list[Problem]:
    found = []
    for details in error.errors(include_url=False):
        path = _path(model, details, document.data)
        if any(path[:end] in document.unreadable for end in range(1, len(path) + 1)):
            continue
        address = ".".join(str(step) for step in path)
        message = _message(model, path, details, document.data)
        found.append(Problem(document.name, document.line_of(path), address, message))
    return found


def _path(model: type[BaseModel], details: ErrorDetails, data: Mapping[str, object]) -> Path:
    """Return the path of an error in the document: pydantic's, without its tags of unions and marks of keys."""
    path: list[str | int] = []
    value: Any = data
    for step in details["loc"]:
        if _holds(value, step):
            value = value[step]
            path.append(step)
        elif step in known_keys(model, tuple(path), data):
            path.append(step)  # a key that is missing
            value = None
    return tuple(path)


def _holds(value: object, step: str | int) -> bool:
    if isinstance(value, Mapping):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)


def _message(model: type[BaseModel], path: Path, details: ErrorDetails, data: Mapping[str, object]) -> str:
    kind = details["type"]
    if kind == "extra_forbidden":
        return f"unknown key '{path[-1]}'{hint(str(path[-1]), known_keys(model, path[:-1], data))}"
    if kind in {"model_type", "dict_type", "mapping_type", "model_attributes_type"}:
        keys = known_keys(model, path, data)
        wanted = f"the keys {', '.join(keys)}" if keys else "'key: value' lines"
        return f"{shown(details['input'])} is not a section; write {wanted} below it, indented"
    if kind in _MESSAGES:
        return _MESSAGES[kind](details["input"], details.get("ctx", {}))
    return f"{shown(details['input'])}: {details['msg'][:1].lower()}{details['msg'][1:]}"


def _not_text(written: object, context: Mapping[str, Any]) -> str:
    mend = "write text" if isinstance(written, dict | list | None) else f"write it in quotes: '{shown(written)}'"
    return f"{shown(written)} is not text; {mend}"


_MESSAGES: dict[str, Callable[[object, Mapping[str, Any]], str]] = {
    "fault": lambda written, context: str(context["message"]),
    "missing": lambda written, context: "missing; this key is required",
    "string_type": _not_text,
    "string_too_short": lambda written, context: (
        f"{shown(written)} is too short; write {context['min_length']} character or more"
    ),
    "string_too_long": lambda written, context: (
        f"{shown(written)} is too long; write {context['max_length']} characters or less"
    ),
    "bool_type": lambda written, context: f"{shown(written)} is neither true nor false; write one of them",
    "list_type": lambda written, context: f"{shown(written)} is not a list; write each entry on a line after '- '",
    "tuple_type": lambda written, context: f"{shown(written)} is not a list; write each entry on a line after '- '",
    "literal_error": lambda written, context: f"{shown(written)} is not allowed here; write {context['expected']}",
    "union_tag_invalid": lambda written, context: (
        f"{context['discriminator']} {shown(context['tag'])} is unknown; write one of {context['expected_tags']}"
    ),
    "union_tag_not_found": lambda written, context: f"the key {context['discriminator']} is missing; it is required",
}
"""Pydantic's kinds of error in the words of a document; a kind not listed is told in pydantic's words."""
