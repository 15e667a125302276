"""The files that commands write: whole or not at all, and an error of one line where they cannot."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from scenarios.atomic_write import whole_file
from tui.commands.errors import CommandError


@contextmanager
def binary_file(path: str) -> Iterator[BinaryIO]:
    """A file that takes its name when the block ends well; raises CommandError where it cannot be written."""
    try:
        with whole_file(Path(path)) as file:
            yield file
    except OSError as error:
        raise CommandError(f"cannot write {path}: {error.strerror}") from None


@contextmanager
def text_file(path: str) -> Iterator[TextIO]:
    """The same for UTF-8 text."""
    with binary_file(path) as file:
        text = io.TextIOWrapper(file, "utf-8", newline="")
        yield text
        text.detach()
