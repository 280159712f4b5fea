"""What a browser may send: one small YAML file, read and checked as `memberlab lint` would read it from disk.

Serves the upload buttons. A file is refused with a sentence, never with a traceback, and what was on the page stays.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TypeVar

from pydantic import BaseModel

from memberlab.policies import Document, DocumentError, Problem, is_path, model_from, parse_document, read_document
from memberlab.scenarios import Scenario, load_scenario

from .access import AsgiApp, Message, Receive, Scope, Send

MOST_UPLOADED = 256_000
"""Bytes of a file that a browser may send; a policy is a few thousand."""

MOST_SHOPPERS = 100_000
"""Shoppers of a scenario that a browser may send."""

SHIPPED_ONLY = "'{}' is a file of yours, which the page does not have; name one that ships with memberlab"

MOST_IN_A_REQUEST = MOST_UPLOADED + 16_000
"""Bytes of a request: the file, and the form around it."""

Model = TypeVar("Model", bound=BaseModel)


class UploadError(ValueError):
    """A file that cannot be used; its text says why, a line a fault."""


def uploaded_document(model: type[Model], name: str, content: bytes) -> Model:
    """Return the document in an uploaded file. Raises UploadError with every fault and its line, as for one on disk.

    YAML is read by the reader of all documents: no anchors, aliases or tags, so nothing can unfold into more.
    """
    shown = file_name(name)
    if len(content) > MOST_UPLOADED:
        raise UploadError(f"{shown}: {len(content):,} bytes; the most that may be sent is {MOST_UPLOADED:,}")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise UploadError(f"{shown}: is not UTF-8 text; save it as a YAML file in UTF-8") from None
    try:
        document = parse_document(text, shown)
        if document.problems:
            raise DocumentError(document.problems)
        return model_from(model, document)
    except DocumentError as fault:
        raise UploadError(str(fault)) from None


def uploaded_scenario(name: str, content: bytes) -> Scenario:
    """Return the scenario in an uploaded file, with what it extends. Raises UploadError with every fault and its line.

    It may name only policies, populations and scenarios that ship with memberlab: a path would be one of the server.
    """
    shown = file_name(name)
    if len(content) > MOST_UPLOADED:
        raise UploadError(f"{shown}: {len(content):,} bytes; the most that may be sent is {MOST_UPLOADED:,}")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scenario.yaml"
        file.write_bytes(content)
        try:
            document = read_document(file)
            if problems := [Problem(shown, document.line_of(place), ".".join(place), SHIPPED_ONLY.format(path))
                            for place, path in paths_in(document)]:  # fmt: skip
                raise DocumentError(problems)
            scenario = load_scenario(file)
        except DocumentError as fault:
            own = [replace(one, file=shown) if one.file == str(file) else one for one in fault.problems]
            raise UploadError(str(DocumentError(own)).replace(str(file), shown)) from None
    if scenario.population.shoppers > MOST_SHOPPERS:
        found = f"{scenario.population.shoppers:,} are more than this page lives"
        raise UploadError(f"{shown} population.shoppers: {found}; write {MOST_SHOPPERS:,} or less")
    return scenario


def paths_in(document: Document) -> list[tuple[tuple[str, ...], str]]:
    """Return where a scenario names files, and which; a member file counts whatever it is called."""
    places = [("extends",), ("incumbent",), ("population", "source"), ("population", "members", "file")]
    found = []
    for place in places:
        value: object = document.data
        for key in place:
            value = value.get(key) if isinstance(value, Mapping) else None
        if isinstance(value, str) and (is_path(value) or "/" in value or place[-1] == "file"):
            found.append((place, value))
    return found


def file_name(name: str) -> str:
    """Return the last part of a file's name, cut if it is long, without what cannot be printed."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(character for character in last if character.isprintable())[:80] or "the file"


class SizeLimit:
    """ASGI middleware that answers 413 to a request larger than `most` bytes, whether or not it says its length."""

    def __init__(self, app: AsgiApp, most: int = MOST_IN_A_REQUEST) -> None:
        self.app, self.most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body counted."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        told = dict(scope["headers"]).get(b"content-length", b"0")
        if not told.isdigit() or int(told) > self.most:
            await self._refuse(send)
            return
        counted, begun = 0, False

        async def receive_counted() -> Message:
            nonlocal counted
            message = await receive()
            counted += len(message.get("body", b""))
            if counted > self.most:
                raise _TooLargeError
            return message

        async def send_noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive_counted, send_noted)
        except _TooLargeError:
            if not begun:
                await self._refuse(send)

    async def _refuse(self, send: Send) -> None:
        text = f"The most that may be sent is {MOST_UPLOADED:,} bytes.".encode()
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": text})


class _TooLargeError(Exception):
    """The body went beyond the limit."""
