"""Steps made while nobody presses a key: playing, and walks to a step, both in slices with a time budget."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic

from tui.simulator.placing import Placing

WORK_SECONDS = 0.03
"""How long a tick may train before keys are looked at again."""
PAINT_SECONDS = 0.1
"""How far apart frames are painted while training flat out, at least."""
PAINT_SHARE = 0.2
"""How much of the time painting may take then."""
MOST_PAINT_SECONDS = 0.2
"""What one frame is taken to cost at most, so that frames go on coming."""


class Playing(Placing):
    """The player and the errand under way, moved on by a tick. An errand is a walk to a step."""

    _then: Callable[[], object] | None = None
    _ticking = False
    _painting: float | None = None
    _paint_cost = 0.0

    def pause(self) -> None:
        """Stop playing, and whatever is under way."""
        self._stop_errand()
        self.player = self.player.pause()

    def action_play(self) -> None:
        self._toggle_play(1)

    def action_play_back(self) -> None:
        self._toggle_play(-1)

    def _toggle_play(self, direction: int) -> None:
        self._stop_errand()
        if self.player.playing and self.player.direction == direction:
            self.player = self.player.pause()
        else:
            self.player = self.player.start(monotonic(), direction)
            self._tick_soon()
        self.show()

    def action_faster(self) -> None:
        self.player = self.player.faster(1)
        self.show()

    def action_slower(self) -> None:
        self.player = self.player.faster(-1)
        self.show()

    def run_errand(self, errand: Iterator[int], then: Callable[[], object] | None = None) -> None:
        """Walk to a step in slices between which keys are answered; `then` follows once it has ended by itself."""
        self.player = self.player.pause()
        self._errand, self._then = errand, then
        self._work()
        if self._errand:
            self._tick_soon()
        self.show()

    def _stop_errand(self) -> None:
        self._errand = self._then = None

    def _end_errand(self) -> None:
        then = self._then
        self._stop_errand()
        if then is not None:
            then()

    def _tick_soon(self, delay: float = 0.001) -> None:
        if not self._ticking:
            self._ticking = True
            self.app.after(delay, self._tick)

    def _tick(self) -> None:
        self._ticking = False
        painting, self._painting = self._painting, None
        if not self.under_way or not self.is_open:
            return
        if painting is not None:  # a frame was shown since the last tick: what that took is known now
            self._paint_cost = min(max(monotonic() - painting, self._paint_cost / 2), MOST_PAINT_SECONDS)
        flat = self._errand is not None or self.player.flat_out
        moved = self._work()
        apart = max(PAINT_SECONDS, self._paint_cost / PAINT_SHARE)
        if moved and (not flat or not self.under_way or monotonic() - self._painted >= apart):
            self._painting = monotonic() if self.under_way else None
            self.show()
        if self.under_way:
            self._tick_soon(0.001 if flat else 1 / 60)

    def _work(self) -> bool:
        """Train for at most WORK_SECONDS; whether the cursor moved."""
        until = monotonic() + WORK_SECONDS
        if self._errand is not None:
            while (errand := self._errand) is not None and monotonic() < until:
                if next(errand, None) is None and self._errand is errand:  # it may have begun another
                    self._end_errand()
            return True
        before = self.session.cursor
        while self.player.playing and monotonic() < until:
            due, self.player = self.player.due(monotonic())
            if not due:
                break
            self._play(due)
        return self.session.cursor != before

    def _play(self, due: int) -> None:
        """Make the steps that are due; pause at the scenario's last one, at step 0, and at a dead end."""
        session, direction = self.session, self.player.direction
        step, last = session.cursor.step, session.scenario.steps
        if self.player.flat_out and direction > 0:
            due = session.slice_length
        target = max(0, step + direction * due)
        if step < last:
            target = min(target, last)
        watch = session.watch()
        if direction > 0:
            for _ in session.run(target, watch):
                pass
        else:
            session.back(target, watch)
        if session.hit or session.cursor.step in (0, last) or session.cursor.step == step:
            self.player = self.player.pause()
        if session.hit:
            self._tell_hit()

    def _tell_hit(self, otherwise: str = "", title: str = "breakpoint") -> None:
        """Say which condition stopped the run, and where; a lane that it is about comes to the front."""
        hit = self.session.hit
        if hit is not None:
            ids = [track.lane.id for track in self.session.tracks]
            self.bring_to_front(ids.index(hit.lane) if hit.lane in ids else self.front)
            self.notify(f"step {hit.step}: {hit.text}\n{hit.why}".strip(), title=title, timeout=6)
        elif otherwise:
            self.notify(otherwise, timeout=4)
