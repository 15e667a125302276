"""The errors of what cannot be saved, opened or exported."""

from __future__ import annotations


class SharingError(Exception):
    """Says in one line why not."""


class ArchiveError(SharingError):
    """Says in one line why a file is no saved run that can be opened here."""
