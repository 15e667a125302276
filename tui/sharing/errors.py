"""The error of what cannot be saved, opened or exported."""

from __future__ import annotations


class SharingError(Exception):
    """Says in one line why not."""
