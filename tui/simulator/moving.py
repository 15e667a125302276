"""The keys that move the cursor by operations and steps."""

from __future__ import annotations

from collections.abc import Callable

from textual import on

from tui.simulator.playing import Playing
from tui.widgets.timeline_bar import StripBar


class Moving(Playing):
    """Short moves are made at once, long ones are errands; both end what was under way."""

    def _move(self, move: Callable[[], None]) -> None:
        self.pause()
        move()
        self.show()

    def walk_to(self, step: int) -> None:
        """Walk to a step, as far from here as it may be."""
        self.run_errand(self.session.walk(step))

    def action_next(self) -> None:
        self._move(self.session.next_step)

    def action_previous(self) -> None:
        self._move(self.session.previous_step)

    def action_into(self) -> None:
        self._move(self.session.into)

    def action_out(self) -> None:
        self._move(self.session.out)

    def action_arrow(self, across: int, down: int) -> None:
        """An arrow moves the selection of the pane that was entered, else the cursor."""
        if self.inside and self.focused_widget:
            self.focused_widget.select(across, down)
            self.show()
            return
        moves = {(1, 0): self.action_next, (-1, 0): self.action_previous, (0, 1): self.action_into}
        moves.get((across, down), self.action_out)()

    def action_ten_on(self) -> None:
        self.walk_to(self.session.cursor.step + 10)

    def action_ten_back(self) -> None:
        self.walk_to(self.session.cursor.step - 10)

    def action_scrub(self, direction: int) -> None:
        """Along the timeline by a fiftieth of it."""
        session = self.session
        stride = max(1, max(session.reached, session.scenario.steps) // 50)
        self.walk_to(session.cursor.step + direction * stride)

    @on(StripBar.Picked)
    def _picked(self, event: StripBar.Picked) -> None:
        self.walk_to(event.step)

    def action_home(self) -> None:
        self.walk_to(0)

    action_restart = action_home

    def action_end(self) -> None:
        self.walk_to(self.session.reached)
