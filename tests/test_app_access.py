"""Who may talk to the what-if page: hosts, origins, tokens and sizes, asked of the doors without a server."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import MutableMapping
from typing import Any

import pytest
from click.testing import CliRunner

from memberlab.app import MOST_UPLOADED, Access, Doors, SizeLimit, is_loopback
from memberlab.cli import main

TOKEN = "a-token-that-nobody-guesses"
HERE = Doors("127.0.0.1", 8080)
OPEN = Doors("0.0.0.0", 8080, TOKEN)


async def inner(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
    """Stand for the page: read the whole body, and answer."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"the page"})


def asked(
    app: Any, path: str = "/", *, kind: str = "http", method: str = "GET", query: str = "",
    chunks: tuple[bytes, ...] = (), **headers: str,
) -> list[MutableMapping[str, Any]]:  # fmt: skip
    """Return what an ASGI app sends back; header names are written with underscores."""
    sent: list[MutableMapping[str, Any]] = []
    left = list(chunks)

    async def receive() -> MutableMapping[str, Any]:
        body = left.pop(0) if left else b""
        return {"type": "http.request", "body": body, "more_body": bool(left)}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    lines = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": kind, "method": method, "path": path, "query_string": query.encode(), "headers": lines}
    asyncio.run(app(scope, receive, send))
    return sent


def status(sent: list[MutableMapping[str, Any]]) -> int:
    return int(sent[0].get("status", sent[0].get("code", 0)))


def headers_of(sent: list[MutableMapping[str, Any]]) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "LOCALHOST:8080", "[::1]:8080", "localhost"])
def test_this_machine_is_let_in(host: str) -> None:
    assert status(asked(Access(inner, HERE), host=host)) == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "", "[", "10.0.0.7:8080"]
)
def test_a_name_that_was_made_to_point_here_is_refused(host: str) -> None:
    assert status(asked(Access(inner, HERE), host=host)) == 403


def test_another_sites_page_is_refused_by_http_and_websocket() -> None:
    door = Access(inner, HERE)
    ours, theirs = "http://127.0.0.1:8080", "http://evil.example"
    assert status(asked(door, method="POST", host="127.0.0.1:8080", origin=ours)) == 200
    assert status(asked(door, method="POST", host="127.0.0.1:8080", origin=theirs)) == 403
    assert status(asked(door, method="POST", host="127.0.0.1:8080", origin="null")) == 403
    assert status(asked(door, method="POST", host="127.0.0.1:8080", origin="http://127.0.0.1:9999")) == 403
    assert asked(door, kind="websocket", host="127.0.0.1:8080", origin=ours)[0]["type"] == "websocket.accept"
    refused = asked(door, kind="websocket", host="127.0.0.1:8080", origin=theirs)
    assert refused[0]["type"] == "websocket.close"
    assert asked(door, kind="websocket", host="evil.example")[0]["type"] == "websocket.close"


def test_a_token_is_taken_into_a_cookie_and_out_of_the_address() -> None:
    door = Access(inner, OPEN)
    assert status(asked(door, host="10.0.0.7:8080")) == 403
    assert status(asked(door, host="10.0.0.7:8080", query="token=wrong-wrong-wrong")) == 403
    assert status(asked(door, host="10.0.0.7:8080", query="token=%C3%BC")) == 403
    let_in = asked(door, "//evil.example", host="10.0.0.7:8080", query=f"a=1&token={TOKEN}")
    assert status(let_in) == 303
    assert headers_of(let_in)["location"] == "/evil.example?a=1"
    cookie = headers_of(let_in)["set-cookie"]
    assert cookie == f"memberlab-8080={TOKEN}; Path=/; HttpOnly; SameSite=Strict"
    own = cookie.partition(";")[0]
    assert status(asked(door, host="10.0.0.7:8080", cookie=f"other=1; {own}")) == 200
    assert status(asked(door, host="10.0.0.7:8080", cookie=own.replace(TOKEN, TOKEN[:-1]))) == 403
    assert asked(door, kind="websocket", host="10.0.0.7:8080")[0]["type"] == "websocket.close"
    assert asked(door, kind="websocket", host="10.0.0.7:8080", cookie=own)[0]["type"] == "websocket.accept"


def test_the_address_does_not_open_a_websocket_or_a_form() -> None:
    door = Access(inner, OPEN)
    assert asked(door, kind="websocket", host="a", query=f"token={TOKEN}")[0]["type"] == "websocket.close"
    assert status(asked(door, method="POST", host="a", query=f"token={TOKEN}")) == 403


def test_tokens_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[bytes] = []

    def compare(given: bytes, own: bytes) -> bool:
        compared.append(given)
        return given == own

    monkeypatch.setattr(hmac, "compare_digest", compare)
    assert OPEN.is_token(TOKEN)
    assert not OPEN.is_token(None)
    assert compared == [TOKEN.encode(), b""]


def test_every_answer_is_protected() -> None:
    for sent in (asked(Access(inner, HERE), host="localhost"), asked(Access(inner, HERE), host="evil")):
        told = headers_of(sent)
        assert told["x-frame-options"] == "DENY"
        assert told["referrer-policy"] == "no-referrer"
        assert "default-src 'self'" in told["content-security-policy"]


def test_a_body_beyond_the_limit_is_refused_whether_or_not_it_says_its_length() -> None:
    limit = SizeLimit(inner, 1_000)
    assert status(asked(limit, method="POST", chunks=(b"x" * 900,), content_length="900")) == 200
    assert status(asked(limit, method="POST", chunks=(b"x" * 900,), content_length="1001")) == 413
    assert status(asked(limit, method="POST", chunks=(b"x" * 900,), content_length="-5")) == 413
    assert status(asked(limit, method="POST", chunks=(b"x" * 600, b"x" * 600))) == 413
    assert MOST_UPLOADED == 256_000


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "127.9.9.9", "localhost"])
def test_only_this_machine_is_loopback(host: str) -> None:
    assert is_loopback(host)
    assert not is_loopback("0.0.0.0")
    assert not is_loopback("10.0.0.7")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--host", "0.0.0.0"], "set a token with MEMBERLAB_TOKEN"),
        (["--token", "short"], "16 characters or more"),
        (["--token", "with spaces, and a semicolon;"], "letters, digits, - and _"),
        (["--host", "no-such-host.invalid", "--token", TOKEN], "no address of this machine"),
        (["--port", "70000"], "70000"),
        (["/no/such/folder"], "is no folder"),
    ],
)
def test_the_command_refuses_in_one_line_with_exit_code_2(options: list[str], says: str) -> None:
    done = CliRunner().invoke(main, ["app", "--no-open", *options])
    assert done.exit_code == 2, done.output
    assert says in done.output
    assert "Traceback" not in done.output


def test_a_port_in_use_is_told() -> None:
    import socket

    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        done = CliRunner().invoke(main, ["app", "--no-open", "--port", str(held.getsockname()[1])])
    assert done.exit_code == 2
    assert "is in use; choose another with --port" in done.output
