"""Starts the process that runs a learner's file, and reads what it reports; nothing of the file comes in here."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scenarios.own_code import worker
from scenarios.own_code.worker import About, Arrays

SECONDS = 10.0
"""How long a file may run in all."""

_GRACE = 2.0
_PRINTED = 4096
"""So many bytes are kept of what a file prints."""


@dataclass(frozen=True, eq=False)
class Ran:
    """What became of a file that was run.

    replies: to the calls, by their numbers, as far as it came. error: what ended it, as `worker` describes it, with
    the `function` in which it was, None where it came to its end; `slow` is whether the time was up. at: the number of
    the call that it was in. printed: the beginning of what it printed.
    """

    replies: tuple[tuple[int, About, Arrays], ...]
    error: About | None
    at: int | None
    printed: str


def run(file: Path, calls: Sequence[bytes], seconds: float = SECONDS) -> Ran:
    """Run a file and have its functions called; its own folder is the working directory."""
    file = file.absolute()
    with tempfile.TemporaryDirectory(prefix="gradstep-check-") as folder:
        asked, report, printed = (Path(folder, name) for name in ("calls", "report", "printed"))
        asked.write_bytes(b"".join(calls))
        command = [sys.executable, "-P", "-B", "-u", worker.__file__, str(file), str(asked), str(report), str(seconds)]
        with printed.open("wb") as out:
            status = _wait(command, file.parent, out.fileno(), seconds + _GRACE)
        hang = Path(f"{report}.hang")
        where = hang.read_text(errors="replace") if hang.exists() else ""
        content = report.read_bytes() if report.exists() else b""
        with printed.open("rb") as out:
            beginning = out.read(_PRINTED).decode(errors="replace")
    return _read(content, status, where, file, beginning)


def _wait(command: Sequence[str], folder: Path, out: int, seconds: float) -> int | None:
    """The status with which it ended, None if it had to be ended; none of its processes is left."""
    with subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except AttributeError:  # Windows
        process.kill()
    except (ProcessLookupError, PermissionError):
        pass


def _read(content: bytes, status: int | None, where: str, file: Path, printed: str) -> Ran:
    replies: list[tuple[int, About, Arrays]] = []
    at: int | None = None
    begun, error = "", None
    try:
        for about, arrays in worker.frames(content):
            at = about.pop("call")
            if at is None:
                return Ran((), {**about["error"], "function": None, "slow": False}, None, printed)
            if "begins" in about:
                begun = about["begins"]
            else:
                begun = ""
                replies.append((at, about, arrays))
    except (ValueError, KeyError, TypeError, RecursionError):  # cut off when it ended, or disturbed
        error = _ended(status, where, file)
    if begun or status != 0 or not content:
        error = _ended(status, where, file)
    return Ran(tuple(replies), error and {**error, "function": begun or None}, at, printed)


def _ended(status: int | None, where: str, file: Path) -> dict[str, Any]:
    """How a process ended that did not come to its end."""
    found = re.search(rf'File "{re.escape(str(file))}", line (\d+)', where)
    line = int(found[1]) if found else None
    slow = status is None or bool(where) or status == -getattr(signal, "SIGXCPU", 0)
    if slow:
        return {"type": "", "message": "", "line": line, "slow": True}
    how = f"signal {-status}" if status and status < 0 else f"exit status {status}"
    return {"type": "", "message": f"it ended the process ({how})", "line": None, "slow": False}
