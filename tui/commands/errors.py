"""The error of a call that cannot be done as it was given."""

from __future__ import annotations


class CommandError(Exception):
    """What is wrong with a call, on one line."""
