"""`gradstep serve` as it is started, and a tab that speaks with it as the page's script does."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pyte

from tests.terminal import _UNKNOWN, KEYS, gradstep

PATIENCE = 120.0
"""Seconds after which what was waited for will not come any more."""


class Served:
    """A server that listens. url: where; process: its own."""

    def __init__(self, process: subprocess.Popen[str], said: str) -> None:
        self.process, self.said = process, said
        self.url = re.search(r"http://\S+", said)[0]

    def end(self, sign: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """Its exit status after a signal, and what it wrote as errors."""
        self.process.send_signal(sign)
        _, errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, errors

    @property
    def children(self) -> list[int]:
        """The processes that it started and that are still there."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(one) for one in path.read_text().split()]


@contextmanager
def served(folder: Path, *arguments: str, **env: str) -> Iterator[Served]:
    """A server at a free port, started in a folder."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    command = [*gradstep("serve", *arguments), "--port", "0"]
    root = str(Path(__file__).parents[3])
    environment = {**os.environ, **env, "PYTHONPATH": root}
    process = subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True, **pipes)
    try:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        yield Served(process, line)
    finally:
        with process:
            process.kill()


class Tab:
    """A tab on a server; use it as an asynchronous context manager."""

    def __init__(self, url: str, columns: int = 100, rows: int = 30) -> None:
        self._url = f"{url}/ws?width={columns}&height={rows}"
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.closed = False

    async def __aenter__(self) -> Tab:
        self._client = aiohttp.ClientSession()
        self._socket = await self._client.ws_connect(self._url)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()
        await self._client.close()

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    async def press(self, *keys: str) -> None:
        """Send keys by name, or texts."""
        for key in keys:
            await self._socket.send_str(json.dumps(["stdin", KEYS.get(key, key)]))

    async def resize(self, columns: int, rows: int) -> None:
        self.screen.resize(rows, columns)
        await self._socket.send_str(json.dumps(["resize", {"width": columns, "height": rows}]))

    async def until(self, pattern: str) -> re.Match[str]:
        """The match of a regular expression on the screen, once it is there; AssertionError with the screen."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not (found := re.search(pattern, self.text)) and not self.closed:
                    await self._read()
        except TimeoutError:
            found = None
        assert found, f"{pattern!r} is not on the screen:\n{self.text}"
        return found

    async def end(self) -> None:
        """Wait until the server has closed it."""
        async with asyncio.timeout(PATIENCE):
            while not self.closed:
                await self._read()

    async def _read(self) -> None:
        message = await self._socket.receive()
        if message.type is aiohttp.WSMsgType.BINARY:
            self._stream.feed(_UNKNOWN.sub(b"", message.data))
        self.closed = self._socket.closed
