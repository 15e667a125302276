"""Steps made while nobody presses a key: playing, and errands, both in slices with a time budget. No widget in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tui.session.cursor import Cursor
from tui.session.player import Player
from tui.session.session import Session
from tui.simulator.task import Errand

WORK_SECONDS = 0.03
"""How long a tick may train before keys are looked at again: of the processor's time, so that what a key does at once
on a machine that is free is done at once on one that is busy."""
MOST_SECONDS = 0.2
"""How long it may take, also where it waits for others."""
PAINT_SECONDS = 0.1
"""How far apart frames are painted while training flat out, at least."""
PAINT_SHARE = 0.2
"""How much of the time painting may take then."""
MOST_PAINT_SECONDS = 0.2
"""What one frame is taken to cost at most, so that frames go on coming."""


class Playback:
    """Moves a session on by ticks, while it plays or an errand is under way.

    clock gives seconds, spent those of the processor; after calls back in some seconds. moved: called when there is
    something new to show; stopped: when a breakpoint stopped playing.
    """

    def __init__(
        self,
        session: Session,
        clock: Callable[[], float],
        spent: Callable[[], float],
        after: Callable[[float, Callable[[], None]], object],
        moved: Callable[[], object],
        stopped: Callable[[], object],
    ) -> None:
        self.session, self.player = session, Player()
        self._clock, self._spent, self._after = clock, spent, after
        self._moved, self._stopped = moved, stopped
        self._errand: Errand | None = None
        self._then: Callable[[], object] | None = None
        self._steps: Iterator[object] = iter(())
        self._parts: tuple[Cursor, int] = session.cursor, 0
        self._ticking = False
        self._shown = 0.0
        self._showing: float | None = None
        self._cost = 0.0

    @property
    def under_way(self) -> bool:
        """Whether the cursor moves by itself: the run plays, or an errand goes on."""
        return self.player.playing or self._errand is not None

    @property
    def errand(self) -> str | None:
        """What the errand under way does, in words; None without one."""
        if self._errand is None:
            return None
        words = self._errand.words
        return words() if callable(words) else words or f"going… {self.session.cursor.step}"

    @property
    def busy(self) -> str:
        """What the errand under way does, and how many slices of it are made where nothing else tells; or ""."""
        if self._errand is None:
            return ""
        place, parts = self._parts
        untold = parts > 0 and place == self.session.cursor and not callable(self._errand.words)
        return f"{self.errand}{f', part {parts:,}' * untold} (esc stops)"

    def pause(self) -> None:
        """Stop playing, and whatever is under way."""
        self.stop_errand()
        self.player = self.player.pause()

    def stop_errand(self) -> None:
        """Leave the errand under way; what was to follow does not."""
        self._errand = self._then = None
        self._steps = iter(())

    def toggle(self, direction: int) -> None:
        """Play forwards or backwards; pause where it does so already."""
        self.stop_errand()
        if self.player.playing and self.player.direction == direction:
            self.player = self.player.pause()
        else:
            self.player = self.player.start(self._clock(), direction)
            self._tick_soon()
        self._moved()

    def faster(self, levels: int) -> None:
        """Change the speed by some levels."""
        self.player = self.player.faster(levels)

    def run(self, errand: Errand, then: Callable[[], object] | None = None) -> None:
        """Begin an errand in place of what is under way; `then` follows once it has ended by itself."""
        self.player = self.player.pause()
        self._errand, self._then = errand, then
        self._parts = self.session.cursor, 0
        self._work()
        if self._errand:
            self._tick_soon()
        self._moved()

    def _end_errand(self) -> None:
        then = self._then
        self.stop_errand()
        if then is not None:
            then()

    def _tick_soon(self, delay: float = 0.001) -> None:
        if not self._ticking:
            self._ticking = True
            self._after(delay, self._tick)

    def _tick(self) -> None:
        self._ticking = False
        showing, self._showing = self._showing, None
        if not self.under_way:
            return
        if showing is not None:  # a frame was shown since the last tick: what that took is known now
            self._cost = min(max(self._clock() - showing, self._cost / 2), MOST_PAINT_SECONDS)
        flat = self._errand is not None or self.player.flat_out
        moved = self._work()
        apart = max(PAINT_SECONDS, self._cost / PAINT_SHARE)
        if moved and (not flat or not self.under_way or self._clock() - self._shown >= apart):
            self._shown = self._clock()
            self._showing = self._shown if self.under_way else None
            self._moved()
        if self.under_way:
            self._tick_soon(0.001 if flat else 1 / 60)

    def _work(self) -> bool:
        """Train for at most WORK_SECONDS; whether the cursor moved."""
        until, latest = self._spent() + WORK_SECONDS, self._clock() + MOST_SECONDS

        def time_left() -> bool:
            return self._spent() < until and self._clock() < latest

        if self._errand is not None:
            while (errand := self._errand) is not None and time_left():
                ended = next(errand.slices, _ENDED) is _ENDED
                self._parts = self._parts[0], self._parts[1] + 1
                if ended and self._errand is errand:  # it may have begun another
                    self._end_errand()
            return True
        before = self.session.cursor
        while self.player.playing and time_left():
            if next(self._steps, _ENDED) is _ENDED:
                due, self.player = self.player.due(self._clock())
                if not due:
                    break
                self._steps = self._play(due)
        return self.session.cursor != before

    def _play(self, due: int) -> Iterator[object]:
        """Make the steps that are due; pause at the scenario's last one, where the guide waits, at step 0, and at a
        dead end."""
        session, direction = self.session, self.player.direction
        step, stops = session.cursor.step, {session.scenario.steps}
        if session.bounds.pause is not None:
            stops.add(session.bounds.pause)
        if self.player.flat_out and direction > 0:
            due = session.slice_length
        target = max(0, step + direction * due)
        target = min([target, *(stop for stop in stops if stop > step)])
        search = session.stop_search()
        if direction > 0:
            yield from session.run(target, search)
        else:
            yield from session.back(target, search)
        if session.hit or session.cursor.step in {0, *stops} or session.cursor.step == step:
            self.player = self.player.pause()
        if session.hit:
            self._stopped()


_ENDED = object()
