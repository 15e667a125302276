"""The command `gradstep`: reads its arguments, runs what they ask for, and ends with the right status."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from types import FrameType
from typing import TextIO

from tui.commands.errors import CommandError
from tui.commands.parser import parse

DONE, FAILED, BAD_INPUT = 0, 1, 2
_SIGNALLED = 128
_PIPE = 13
"""SIGPIPE, which not every system names."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is 0 when done, 1 if a check failed, 2 for bad input."""
    for library in ("OPENBLAS", "OMP", "MKL"):  # before NumPy is imported: results are to be the same bits
        os.environ[f"{library}_NUM_THREADS"] = "1"
    if "_ARGCOMPLETE" in os.environ:  # a shell asks what could stand where the cursor is
        from tui.commands.complete import complete

        complete()
    sys.stdout, sys.stderr = _stream(sys.stdout), _stream(sys.stderr)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _end)
    try:
        status = _run(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return _SIGNALLED + signal.SIGINT
    except BrokenPipeError:
        _discard(sys.stdout)
        return _SIGNALLED + _PIPE
    except OSError as error:
        _discard(sys.stdout)
        _complain(f"cannot write to the output: {error.strerror or error}")
        return BAD_INPUT


def _run(arguments: Sequence[str]) -> int:
    from scenarios.atomic_write import WriteError
    from scenarios.errors import ScenarioError

    try:
        options = parse(arguments)
        status: int = options.run(options)
        return status
    except (CommandError, ScenarioError, WriteError) as error:
        _complain(str(error))
    except MemoryError:
        _complain("there is not enough memory for this")
    return BAD_INPUT


def _complain(text: str) -> None:
    """Say what is wrong on one line; where it cannot be said the exit status says it."""
    try:
        print(f"gradstep: {text}", file=sys.stderr)
    except OSError:
        _discard(sys.stderr)


def _discard(stream: TextIO) -> None:
    """Let nothing of a stream be left that could fail when it is written at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _stream(stream: TextIO | None) -> TextIO:
    """A stream that takes any character and may have been closed by the caller."""
    if stream is None:
        return open(os.devnull, "w")
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    return stream


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(_SIGNALLED + number)
