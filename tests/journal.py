"""Journals without what differs from one run to the next: how far it had been seen, and the hash chain."""

from msgspec.structs import replace


def bare(journal):
    """What was done, and where."""
    return [replace(action, seen=None, after="") for action in journal]
