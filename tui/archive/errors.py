"""The errors of what cannot be saved, opened or exported."""

from __future__ import annotations

from scenarios.errors import printable


class SharingError(Exception):
    """Says in one line why not."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(map(printable, message.split())))


class ArchiveError(SharingError):
    """Says in one line why a file is no saved run that can be opened here."""
