"""Files written whole or not at all: under a name of their own beside the target, to disk, then given its name."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO
from unicodedata import normalize

from scenarios.walls import refuse_outside

Content = str | bytes

LONGEST_PART = 60
_UNWANTED = re.compile(r"[^\w.-]+")


class WriteError(OSError):
    """Why a file cannot be written: as text, one line with its name."""

    def __str__(self) -> str:
        return f"cannot write {self.filename}: {self.strerror}"


@contextmanager
def atomic_write(path: Path) -> Iterator[BinaryIO]:
    """A file to write into that takes its name when the block ends well, and is gone when it does not.

    A regular file of that name is replaced; a link stays one, and its target is replaced. Raises WriteError.
    """
    with together([path], replace=True) as (file,):
        yield file


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """The same for a name that nothing has, neither before nor when the block ends, be it a link that leads nowhere."""
    with together([path]) as (file,):
        yield file


@contextmanager
def together(paths: Sequence[Path], replace: bool = False) -> Iterator[list[BinaryIO]]:
    """Several such files, that take their names together; of new ones none is left where one cannot."""
    first = paths[0] if paths else Path()
    with _in_words(first), ExitStack() as stack:  # what is not written yet is when the files are closed
        parts = []
        for path in paths:
            with _in_words(path):
                target = _replaced(path) if replace else _free(path)
                parts.append((path, target, *stack.enter_context(_temporary(target))))
        yield [file for *_, file in parts]
        for path, _, _, file in parts:
            with _in_words(path):
                file.flush()
                os.fsync(file.fileno())
                file.close()
        _name([part[:3] for part in parts], replace)


def _replaced(path: Path) -> Path:
    """What is replaced where a file of that name is written."""
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        raise OSError(errno.EINVAL, "not a regular file")
    return target


def _free(path: Path) -> Path:
    """The path, which nothing has."""
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    return path


def _name(parts: Sequence[tuple[Path, Path, Path]], replace: bool) -> None:
    """Give written files their names: a path, the target it stands for, and the file."""
    named: list[Path] = []
    try:
        for path, target, temporary in parts:
            with _in_words(path):
                os.replace(temporary, target) if replace else _link(temporary, target)
            named.append(target)
    except WriteError:
        for target in [] if replace else named:
            target.unlink(missing_ok=True)
        raise


def write(path: Path, content: Content) -> None:
    """Write a file, and its folder; a regular file of that name is replaced. Raises WriteError."""
    with _in_words(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as file:
        file.write(_bytes(content))


def file_stem(scenario: str, step: int, *parts: str) -> str:
    """The name of an export without its suffix: `gradstep-disc-depth-deep-step128`."""
    return joined("gradstep", scenario, *parts, f"step{step}")


def joined(*parts: str) -> str:
    """Parts as one name for a file: of each what any system takes, at most LONGEST_PART bytes; "" is left out."""
    return "-".join(filter(None, map(_part, parts)))


def _part(text: str) -> str:
    kept = _UNWANTED.sub("-", normalize("NFC", text)).strip("-.").encode()[:LONGEST_PART]
    return kept.decode(errors="ignore").strip("-.")


def new_files(folder: Path, stem: str, make: Callable[[str], Mapping[str, Content]]) -> tuple[Path, ...]:
    """Write the files that `make` gives for a name, by their suffixes, and return their paths.

    The name is the first of stem, stem-2, stem-3, … that none of them has, whoever else writes into the folder.
    Raises WriteError, and then leaves none of them.
    """
    for number in count(1):
        name = stem if number == 1 else f"{stem}-{number}"
        contents = {folder / f"{name}{suffix}": content for suffix, content in make(name).items()}
        if not any(map(os.path.lexists, contents)) and _all_written(contents):
            return tuple(contents)
    raise AssertionError


def _all_written(contents: Mapping[Path, Content]) -> bool:
    """Write new files, all or none; False where something has one of their names by now."""
    try:
        write_together(contents)
    except WriteError as error:
        if error.errno == errno.EEXIST:
            return False
        raise
    return True


def write_together(contents: Mapping[Path, Content], replace: bool = False) -> None:
    """Write files that take their names together, as `together` does. Raises WriteError."""
    with together(list(contents), replace) as files:
        for path, file in zip(contents, files, strict=True):
            with _in_words(path):
                file.write(_bytes(contents[path]))


def _bytes(content: Content) -> bytes:
    return content.encode() if isinstance(content, str) else content


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        refuse_outside(path)
        yield
    except WriteError:
        raise
    except OSError as error:
        raise WriteError(error.errno, error.strerror, str(path)) from None


@contextmanager
def _temporary(target: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A file beside a target, of a name that nobody else takes, until the block ends."""
    temporary = target.with_name(f".gradstep-{token_hex(8)}.part")
    try:
        with temporary.open("xb") as file:
            yield temporary, file
    finally:
        temporary.unlink(missing_ok=True)


def _link(file: Path, name: Path) -> None:
    """Give a file another name that nothing has; raises FileExistsError."""
    try:
        os.link(file, name)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        os.replace(file, name)
