"""What looks for the places where a run stops: breakpoints that are looked at after steps, and those inside them."""

from __future__ import annotations

from collections.abc import Sequence

from nncore.slices import Slices
from tui.session.breakpoints import Hit, Watch
from tui.session.cursor import Cursor
from tui.session.lane_run import LaneRun
from tui.session.operation_search import OperationSearch
from tui.session.seen import order


class StopSearch:
    """Finds where one of several conditions becomes true: texts after steps, inside after operations."""

    def __init__(self, lane_runs: Sequence[LaneRun], texts: Sequence[str], inside: Sequence[str] = ()) -> None:
        self.after_steps = Watch(lane_runs, texts)
        self.inside = OperationSearch(lane_runs, inside)

    def __bool__(self) -> bool:
        return bool(self.after_steps) or bool(self.inside)

    @property
    def window(self) -> int:
        """How many steps a look takes at once."""
        return self.inside.window if self.inside else self.after_steps.window

    def first(self, after: Cursor, last: int) -> Slices[Hit | None]:
        """The first place behind `after`, up to the rest after step `last`; trains where that is needed."""
        hits = [
            (yield from self.after_steps.first(after.step, last)) if self.after_steps else None,
            (yield from self.inside.first(after, last)) if self.inside else None,
        ]
        return min((hit for hit in hits if hit), key=_order, default=None)

    def last(self, first: int, before: Cursor) -> Slices[Hit | None]:
        """The last place before `before`, from the rest after step `first` on."""
        last = before.step - (before.position is None)
        hits = [
            (yield from self.after_steps.last(max(first - 1, 0), last)) if self.after_steps else None,
            (yield from self.inside.last(first, before)) if self.inside else None,
        ]
        return max((hit for hit in hits if hit), key=_order, default=None)

    def last_before(self, before: Cursor) -> Slices[Hit | None]:
        """The last place before one, however far back."""
        while order(before) > (0, 0):
            first = max(0, before.step - self.window)
            hit = yield from self.last(first, before)
            if hit is not None:
                return hit
            before = Cursor(first)
            yield
        return None


def _order(hit: Hit) -> tuple[int, int]:
    return order(hit.place)
