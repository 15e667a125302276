"""The hash chain of a journal: each entry carries the hash of the one before it."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

import msgspec

from tui.session.snapshot import Action

Struct = TypeVar("Struct", bound=msgspec.Struct)
LENGTH = 32
"""Hexadecimal digits of a hash."""


def digest(struct: msgspec.Struct) -> str:
    """The hash of all that a file holds of something."""
    return _hash(msgspec.json.encode(as_in_file(struct)))


def as_in_file(struct: Struct) -> Struct:
    """A struct as it is read from a file that it was written to: an integer in place of a number is one no more."""
    return msgspec.json.decode(msgspec.json.encode(struct), type=type(struct))


def link(journal: Sequence[Action], run: str) -> str:
    """What the next entry of a journal carries: the hash of the last one; of the first that of the run's own name."""
    return digest(journal[-1]) if journal else _hash(run.encode())


def break_in(journal: Sequence[Action], run: str) -> int | None:
    """The number, from 0, of the first entry that does not follow the one before it; None where all do.

    Entries of versions that chained nothing may stand at the beginning.
    """
    chained = False
    for number, entry in enumerate(journal):
        chained = chained or bool(entry.after)
        if chained and entry.after != link(journal[:number], run):
            return number
    return None


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()[:LENGTH]
