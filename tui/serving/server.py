"""The server: one page, and for each tab a process of the app, which textual-serve starts and speaks with."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from shlex import join
from socket import socket
from subprocess import list2cmdline
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aiohttp.web import Application, Request, StreamResponse, WebSocketResponse
    from textual_serve.app_service import AppService

HEARTBEAT = 15.0
"""Seconds between looks whether a tab is still there."""
ENDING_SECONDS = 5.0
"""How long the app may take to end in all tabs."""
CLOSING_SECONDS = 1.0
"""How long a tab may take to say that it has heard of its end."""
LOCAL = ("localhost", "127.0.0.1", "::1")
"""What a browser on this machine may call it."""
_SOURCES = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{kind} {source}" for kind, source in _SOURCES.items()),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""The page loads nothing from elsewhere, and is shown in no other page."""


class Server:
    """Serves a command that runs the app. names: what its host may be called by a browser, () for any."""

    def __init__(self, command: Sequence[str], names: Sequence[str]) -> None:
        self._command, self._names = _as_shells_have_it(command), names
        self._visits: set[asyncio.Task[Any]] = set()

    def run(self, at: socket) -> None:
        """Serve at a bound socket until ctrl+c or SIGTERM; then the app ends in all tabs."""
        from aiohttp import web

        web.run_app(self._application(), sock=at, print=None, access_log=None, shutdown_timeout=ENDING_SECONDS)

    def _application(self) -> Application:
        import textual_serve
        from aiohttp import web

        application = web.Application()
        statics = Path(textual_serve.__path__[0]) / "static"
        application.add_routes([web.get("/", self._page), web.get("/ws", self._visit), web.static("/static", statics)])
        application.on_shutdown.append(self._end)
        return application

    @cached_property
    def _text(self) -> str:
        return files("tui.serving").joinpath("page.html").read_text(encoding="utf-8")

    async def _page(self, request: Request) -> StreamResponse:
        from aiohttp import web

        self._refuse_strangers(request)
        return web.Response(text=self._text, content_type="text/html", headers=HEADERS)

    def _refuse_strangers(self, request: Request) -> None:
        """Refuse requests by another name, and those that another page makes in the same browser."""
        from aiohttp import web
        from yarl import URL

        origin = request.headers.get("Origin")
        if self._names and request.url.host not in self._names:
            raise web.HTTPForbidden(text=f"served as {', '.join(self._names)} only")
        if origin is not None and URL(origin).authority != request.url.authority:
            raise web.HTTPForbidden(text="asked for by another page")

    async def _visit(self, request: Request) -> StreamResponse:
        """A tab: its own process, until either of them ends."""
        from aiohttp import web
        from textual_serve.app_service import AppService
        from textual_serve.download_manager import DownloadManager

        self._refuse_strangers(request)
        tab = web.WebSocketResponse(heartbeat=HEARTBEAT, timeout=CLOSING_SECONDS)
        await tab.prepare(request)

        async def close() -> None:
            await tab.close()

        app = AppService(
            self._command,
            write_bytes=tab.send_bytes,
            write_str=tab.send_str,
            close=close,
            download_manager=DownloadManager(),
        )
        visit = asyncio.current_task()
        assert visit is not None
        self._visits.add(visit)
        try:
            await app.start(_cells(request, "width", 80), _cells(request, "height", 24))
            await _pass_on(tab, app)
        finally:
            await _ended(app)
            self._visits.discard(visit)
        return tab

    async def _end(self, application: Application) -> None:
        """End the app in all tabs."""
        for visit in self._visits:
            visit.cancel()
        if self._visits:
            await asyncio.wait(self._visits, timeout=2 * ENDING_SECONDS)


def _as_shells_have_it(command: Sequence[str]) -> str:
    """A command in words of a shell that does not stay beside it."""
    return f"exec {join(command)}" if os.name == "posix" else list2cmdline(command)


async def _ended(app: AppService) -> None:
    """Have the app end, and wait until its process is gone."""
    process = app._process
    with suppress(TimeoutError):
        async with asyncio.timeout(ENDING_SECONDS):
            await app.stop()  # which is when it has said its last
            if process is not None:
                await process.wait()
    if process is not None and process.returncode is None:
        process.kill()
        await process.wait()


def _cells(request: Request, name: str, usual: int) -> int:
    """A number of columns or rows that a tab asks for."""
    text = request.query.get(name, "")
    return min(max(int(text), 1), 1000) if text.isdecimal() and len(text) < 6 else usual


async def _pass_on(tab: WebSocketResponse, app: AppService) -> None:
    """Pass on what is done in a tab, as the page's script tells it."""
    from aiohttp import WSMsgType

    async for message in tab:
        match message.json() if message.type is WSMsgType.TEXT else None:
            case ["stdin", str(keys)]:
                await app.send_bytes(keys.encode("utf-8", errors="ignore"))
            case ["resize", {"width": int(width), "height": int(height)}]:
                await app.set_terminal_size(width, height)
            case ["ping", sent]:
                await tab.send_json(["pong", sent])
            case ["focus", *_]:
                await app.focus()
            case ["blur", *_]:
                await app.blur()
