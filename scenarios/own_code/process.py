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

    replies: to the calls, by their numbers, as far as it came. error: what ended it too early, as `worker` describes
    an error, with `function`, the one that was called then, None before any, and if it was too slow, `slow`, the
    seconds that it had. printed: the beginning of what it printed.
    """

    replies: tuple[tuple[int, About, Arrays], ...]
    error: About | None
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
    return _read(content, _end(status, where, file, seconds), beginning)


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
    process.wait()


def _read(content: bytes, end: About, printed: str) -> Ran:
    """What a process reported; `end` is how it ended, which is told if it did so before all calls were made."""
    replies: list[tuple[int, About, Arrays]] = []
    function = None
    try:
        for about, arrays in worker.frames(content):
            if "ends" in about:
                return Ran(tuple(replies), None, printed)
            if "raised" in about:
                return Ran((), {**about["raised"], "function": None}, printed)
            if "begins" in about:
                function = about["begins"]
            else:
                replies.append((about["call"], about, arrays))
    except (ValueError, KeyError, TypeError, RecursionError):  # cut off in the middle of a frame
        pass
    return Ran(tuple(replies), {**end, "function": function}, printed)


def _end(status: int | None, where: str, file: Path, seconds: float) -> About:
    """How a process ended: by itself, or None because its time was up; `where` it was then, as far as it is known."""
    found = re.search(rf'File "{re.escape(str(file))}", line (\d+)', where)
    if status is None or where or status == -getattr(signal, "SIGXCPU", 0):
        return {"type": "", "message": "", "line": int(found[1]) if found else None, "slow": seconds}
    how = f"signal {-status}" if status < 0 else f"exit status {status}"
    return {"type": "", "message": f"it ended the process ({how})", "line": None}
