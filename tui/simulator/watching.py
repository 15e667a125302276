"""Looks through the run for what is watched, in slices between keys, while the pane is in view."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from nncore.slices import Slices
from tui.session.cursor import Cursor
from tui.session.frame import WatchRow
from tui.session.session import Session

if TYPE_CHECKING:  # loaded once somebody watches
    from tui.session.watch import Watch

AT_ONCE_SECONDS = 0.004
"""How long a frame may wait for what it shows of the watch."""
SLICE_SECONDS = 0.01
"""How long a slice of the rest takes: so long a key waits at most, as no other begins before it is answered."""
BETWEEN_SECONDS = 0.001
"""How far apart slices are at least, so that what was drawn is painted."""
SHOW_SECONDS = 0.25
"""How far apart what has come meanwhile is shown."""


class Watching:
    """What is known of a session's watch.

    clock gives seconds; after calls back in some. looked_at: whether the pane is in view. waits: whether a key waits
    to be answered. changed: called when there is more to show.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        after: Callable[[float, Callable[[], None]], object],
        looked_at: Callable[[], bool],
        waits: Callable[[], bool],
        changed: Callable[[], object],
    ) -> None:
        self._clock = clock
        self._after, self._looked_at, self._waits, self._changed = after, looked_at, waits, changed
        self._session: Session | None = None
        self._watch: Watch | None = None
        self._at_hand: Slices[None] | None = None
        self._beyond: Slices[None] | None = None
        self._place: tuple[Cursor, int] | None = None
        self._ticking = False
        self._shown = 0.0

    def rows(self, session: Session) -> tuple[WatchRow, ...] | None:
        """What is watched, as far as it is known at once; None where nobody looks."""
        if self._session is not session:
            self._session, self._watch = session, None
            self._stop()
        if not self._looked_at():
            self._stop()
            return None
        from tui.session.watch import Watch
        from tui.session.watch_rows import places, rows

        if self._watch is None:
            self._watch = Watch()
        place = session.cursor, session.reached
        if self._watch.keep(session.watched, session.lane_runs) or place != self._place:
            steps = places(session.cursor)
            self._place, self._at_hand, self._beyond = place, self._watch.at_hand(steps), self._watch.beyond(steps)
        if not session.large:
            self._go_on(AT_ONCE_SECONDS, at_once=True)
        if self._watch.is_complete(places(session.cursor)):
            self._at_hand = self._beyond = None
        self._shown = self._clock()
        self._tick_soon()
        return rows(session, self._watch)

    def _stop(self) -> None:
        """Leave what is under way; what is known stays."""
        self._at_hand = self._beyond = self._place = None
        if self._watch is not None:
            self._watch.rest()

    @property
    def _work(self) -> Slices[None] | None:
        return self._at_hand or self._beyond

    def _go_on(self, seconds: float, at_once: bool = False) -> None:
        """Work for some seconds, at once only on what is at hand."""
        until = self._clock() + seconds
        while (work := self._at_hand if at_once else self._work) is not None and self._clock() < until:
            if next(work, _ENDED) is not _ENDED:
                continue
            if work is self._at_hand:
                self._at_hand = None
            else:
                self._beyond = None

    def _tick_soon(self) -> None:
        if self._work is not None and not self._ticking:
            self._ticking = True
            self._after(BETWEEN_SECONDS, self._tick)

    def _tick(self) -> None:
        self._ticking = False
        if self._work is None or not self._looked_at():
            return
        before = self._at_hand
        if not self._waits():
            self._go_on(SLICE_SECONDS)
        if self._work is None or self._at_hand is not before or self._clock() - self._shown >= SHOW_SECONDS:
            self._changed()
        self._tick_soon()


_ENDED = object()
