"""Undo as the key does it, without a screen."""

from tui.session.actions import Undo, do


def undo(session):
    """Take the last change or new seed back; what it was, or "" if there was none that is recalled."""
    note = session.undoable
    if note:
        do(session, Undo())
    return note
