"""Decides when the run is kept on the way; who shows the screen writes it, by `archive.autosave`."""

from __future__ import annotations

from tui.session.session import Session
from tui.simulator.host import Host

UNCHANGED = (0, (), (), None)
"""What was done to a run that nothing was done to."""


class RunKeeper:
    """Hands the run to its host when something has happened since it did so last."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._kept: tuple[object, ...] = ()
        self._changes: tuple[object, ...] = UNCHANGED

    def note(self, session: Session) -> None:
        """Keep a change at once; what else has come waits for the next second."""
        if _changes(session) != self._changes:
            self.keep(session)

    def keep_on(self, session: Session) -> None:
        """Keep what has come since; after a failure try again, as the disk may have room by now."""
        if not self._host.keeping():
            self._kept = ()
        self.keep(session)

    def keep(self, session: Session) -> None:
        """Keep the run, if anything happened since it was kept last."""
        changes = _changes(session)
        now = (session, session.cursor, session.reached, session.view, *changes)
        if now != self._kept and (session.reached or changes != UNCHANGED):
            self._kept, self._changes = now, changes
            self._host.keep(session.saved())


def _changes(session: Session) -> tuple[object, ...]:
    """What was done to a run besides going through it."""
    watched = None if session.watched == session.scenario.watch else session.watched
    return len(session.journal), session.breakpoints, session.places, watched
