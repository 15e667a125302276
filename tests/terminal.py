"""The installed command in a real pseudo-terminal, its screen kept by pyte."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from fcntl import ioctl
from pathlib import Path

import pyte

KEYS = {
    "space": " ",
    "enter": "\r",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "esc": "\x1b",
    "backspace": "\x7f",
    "delete": "\x1b[3~",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pgup": "\x1b[5~",
    "pgdn": "\x1b[6~",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
    "ctrl+c": "\x03",
    "ctrl+g": "\x07",
    "ctrl+p": "\x10",
    "ctrl+n": "\x0e",
    "ctrl+q": "\x11",
}
_UNKNOWN = re.compile(rb"\x1b\[[<>=?][0-9;]*(?:\$p|u)|\x1b\[>[0-9;]*[a-zA-Z]|\x1bP.*?\x1b\\|\x1b_.*?\x1b\\", re.DOTALL)
"""Sequences that pyte would print: keyboard protocols and queries."""


class Terminal:
    """A program in a pseudo-terminal of a given size; use it as a context manager."""

    def __init__(
        self,
        argv: Sequence[str],
        columns: int = 120,
        rows: int = 40,
        env: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._cut = b""
        self.raw = b""
        self.status: int | None = None
        self.pid, self._file = pty.fork()
        if self.pid == 0:
            try:  # whatever goes wrong, no second process runs the tests
                own = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", **(env or {})}
                os.chdir(folder or ".")
                os.execvpe(argv[0], list(argv), {**os.environ, **own})
            finally:
                os._exit(127)
        self.started = time.perf_counter()
        self._resize(columns, rows)

    @property
    def file(self) -> int:
        """The descriptor of the terminal's other end."""
        return self._file

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._file)

    def _resize(self, columns: int, rows: int) -> None:
        ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns: int, rows: int) -> None:
        """Change the size, as a window manager does."""
        self.screen.resize(rows, columns)
        self._resize(columns, rows)
        os.kill(self.pid, signal.SIGWINCH)

    def press(self, *keys: str) -> None:
        """Send keys by name, or single characters."""
        for key in keys:
            os.write(self._file, KEYS.get(key, key).encode())

    def read(self, seconds: float) -> bytes | None:
        """What comes within some seconds, not drawn; None if nothing does, no bytes once the program has closed it."""
        if not select.select([self._file], [], [], seconds)[0]:
            return None
        try:
            data = os.read(self._file, 1 << 16)
        except OSError:
            data = b""
        self.raw = (self.raw + data)[-(1 << 16) :]
        return data

    def pump(self, seconds: float) -> bool:
        """Read what comes within some seconds; False once the program has closed the terminal."""
        read = self.read(seconds)
        if read is None:
            return True
        data = self._cut + read
        escape = data.rfind(b"\x1b", -32)
        whole = escape < 0 or re.match(rb"\x1b(\[[0-?]*[ -/]*[@-~]|[^\[P_\]])", data[escape:])
        end = len(data) if whole else escape
        self._cut = data[end:]
        self._stream.feed(_UNKNOWN.sub(b"", data[:end]))
        return bool(read)

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    def wait_for(self, pattern: str, seconds: float = 300.0) -> re.Match[str]:
        """The match of a regular expression on the screen, once it is there; AssertionError with the screen."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            found = re.search(pattern, self.text)
            if found:
                return found
            if not self.pump(0.02):
                break
        found = re.search(pattern, self.text)
        assert found, f"{pattern!r} is not on the screen:\n{self.text}"
        return found

    def wait_gone(self, pattern: str, seconds: float = 300.0) -> None:
        """Wait until a regular expression is no longer on the screen; AssertionError with the screen."""
        end = time.perf_counter() + seconds
        while re.search(pattern, self.text) and time.perf_counter() < end and self.pump(0.02):
            pass
        assert not re.search(pattern, self.text), f"{pattern!r} is still on the screen:\n{self.text}"

    def wait(self, seconds: float = 10.0) -> int:
        """The exit status of a program that ends by itself."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self.pump(0.02)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
                return self.status
        raise AssertionError(f"still running after {seconds} s:\n{self.text}")

    def kill(self, sign: signal.Signals) -> None:
        os.kill(self.pid, sign)


def gradstep(*arguments: str) -> list[str]:
    """The command line of this installation's gradstep."""
    return [sys.executable, "-m", "tui", *arguments]
