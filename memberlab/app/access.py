"""Who may talk to the page: this machine by default, and whoever knows the token where another host was asked for.

Serves every request and every WebSocket of the server, before NiceGUI sees them. A page on another site cannot reach
the server through the user's browser: neither under a name of its own that points here (DNS rebinding: the Host header
is checked) nor by a WebSocket or a form sent across sites (the Origin header is).
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
"""Names under which a browser on this machine reaches a server that listens here only."""

SHORTEST_TOKEN = 16
"""Characters of a token; a shorter one could be guessed."""

PROTECTION = {
    "content-security-policy": "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; form-action 'self'; base-uri 'self'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""Headers of every answer: nothing is loaded from elsewhere, no other site may frame the page or learn its address."""


def is_loopback(host: str) -> bool:
    """Return whether `host` is this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True, slots=True)
class Doors:
    """What is let in: the host and port that the server listens on, and the token, if one is asked for."""

    host: str
    port: int
    token: str | None = None

    @property
    def cookie(self) -> str:
        """Return the name of the cookie that holds the token; browsers share cookies between ports, names do not."""
        return f"memberlab-{self.port}"

    def names_us(self, host: str) -> bool:
        """Return whether a Host header names this server; behind a token any name may, as no stranger knows it."""
        if not is_loopback(self.host):
            return True
        name = _host_name(host)
        return name in LOCAL_NAMES or name == self.host

    def is_token(self, given: str | None) -> bool:
        """Return whether `given` is the token, in a time that tells nothing of it."""
        return self.token is None or hmac.compare_digest((given or "").encode(), self.token.encode())


class Access:
    """ASGI middleware that refuses what does not come through the `doors`."""

    def __init__(self, app: AsgiApp, doors: Doors) -> None:
        self.app, self.doors = app, doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, answer it with 403, or take a token out of the address into a cookie."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self.doors.names_us(host):
            await _refuse(scope, send, 403, "This page answers to localhost only; open it as http://localhost.")
        elif origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            await _refuse(scope, send, 403, "This request came from another site's page.")
        elif self.doors.token is None or self.doors.is_token(_cookie(headers.get("cookie", ""), self.doors.cookie)):
            await self.app(scope, receive, _protected(send))
        else:
            await self._ask_for_token(scope, send)

    async def _ask_for_token(self, scope: Scope, send: Send) -> None:
        query = parse_qsl(scope.get("query_string", b"").decode("latin-1"))
        given = next((value for name, value in query if name == "token"), None)
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or not given:
            await _refuse(scope, send, 403, "Open the address with ?token=..., as `memberlab app` printed it.")
        elif not self.doors.is_token(given):
            await _refuse(scope, send, 403, "That is not the token of this page.")
        else:
            rest = urlencode([(name, value) for name, value in query if name != "token"])
            cookie = f"{self.doors.cookie}={given}; Path=/; HttpOnly; SameSite=Strict"
            place = f"{scope['path']}?{rest}" if rest else scope["path"]
            # One slash only: a browser reads //elsewhere as another host.
            await _answer(send, 303, "", {"location": "/" + place.lstrip("/"), "set-cookie": cookie})


def _host_name(host: str) -> str:
    """Return the name in a Host header, without its port."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _cookie(header: str, name: str) -> str | None:
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return None
    return None if found is None else found.value


def _protected(send: Send) -> Send:
    """Return `send` with the protecting headers added to an answer."""

    async def send_on(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {name.lower() for name, _ in message.get("headers", [])}
            own = [(name.encode(), value.encode()) for name, value in PROTECTION.items() if name.encode() not in there]
            message = {**message, "headers": [*message.get("headers", []), *own]}
        await send(message)

    return send_on


async def _refuse(scope: Scope, send: Send, status: int, why: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": why})
    else:
        await _answer(send, status, why, {})


async def _answer(send: Send, status: int, text: str, headers: dict[str, str]) -> None:
    all_headers = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store", **PROTECTION, **headers}
    lines = [(name.encode(), value.encode("latin-1")) for name, value in all_headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": text.encode()})
